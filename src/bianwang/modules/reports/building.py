"""A report put together: figures and evaluation as of a day, the document, and its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec

from bianwang.modules.indicators import queries as indicators
from bianwang.modules.reports import checking, drafting, pack
from bianwang.modules.reports.drafting import Written
from bianwang.modules.reports.material import Material, Quantity, gathered
from bianwang.modules.reports.models import Edit, Report
from bianwang.modules.reports.rendering import page, pdf, word
from bianwang.modules.reports.tree import Document
from bianwang.platform.clock import today
from bianwang.platform.places.models import Party
from bianwang.platform.workflow.errors import Refused

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS: Final[Mapping[str, str]] = {"docx": DOCX, "pdf": "application/pdf", "html": "text/html; charset=utf-8"}
_JSON: Final = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True)
class Draft:
    """A report as it stands: what it is written from, what people wrote, and the document."""

    template: pack.Template
    material: Material
    written: Mapping[str, Written]
    document: Document

    @property
    def faults(self) -> list[checking.Fault]:
        """What keeps it from being frozen."""
        return checking.faults(self.document, self.material, self.written)


def last_day(year: int, on: date | None = None) -> date:
    """The day as of which a year is told: its last, or today while it runs."""
    return min(on or today(), today(), date(year, 12, 31))


def material(owner: Party, year: int, on: date) -> Material:
    """Everything that the report of a year may refer to. Raises Refused for a year without indicators."""
    scheme = indicators.scheme_of(year)
    if scheme is None:
        raise Refused(f"{year}年度还没有绩效指标，请先在“绩效指标”中编制。")
    figures = indicators.figures(indicators.period(year, on))
    evaluation = indicators.evaluate(scheme, on, figures)
    return gathered(owner.name, year, on, figures.values(), evaluation)


def draft(report: Report, on: date | None = None) -> Draft:
    """A report with what people wrote. Raises Refused."""
    return written_draft(report.owner, report.year, last_day(report.year, on), written(report))


def written_draft(owner: Party, year: int, on: date, edits: Mapping[str, Written]) -> Draft:
    """The report of a year with these edits; none is needed. Raises Refused."""
    template, found = pack.template_of(year), material(owner, year, on)
    return Draft(template, found, edits, drafting.document(template, found, edits))


def written(report: Report) -> dict[str, Written]:
    """What people made of its paragraphs."""
    rows = Edit.objects.filter(report=report).exclude(state=Edit.State.ORIGINAL)
    return {row.key: Written(row.text, row.state == Edit.State.DROPPED) for row in rows}


def render(document: Document, found: Material, kind: str, foot: str) -> bytes:
    """One file of a document: docx, pdf or html."""
    if kind == "docx":
        return word.render(document, pdf.pictures(document.blocks))
    return pdf.render(document) if kind == "pdf" else page.render(document, found, foot).encode()


def foot(found: Material, *more: str) -> str:
    """What stands below the web page."""
    day = f"{found.on.year}年{found.on.month}月{found.on.day}日"
    return "；".join((f"数据截至 {day}，由平台按登记的记录计算", *more)) + "。"


def figures_json(found: Material) -> bytes:
    """Every figure and score with its arithmetic, as JSON; numbers as exact as they are, without idle zeros."""
    return msgspec.json.format(_JSON.encode([_told(row) for row in found.quantities.values()]), indent=1)


def _told(row: Quantity) -> dict[str, Any]:
    return {
        "id": row.id,
        "label": row.label,
        "value": number(row.value),
        "unit": row.unit,
        "numerator": number(row.numerator),
        "denominator": number(row.denominator),
        "query": row.query,
        "rows": [{"name": part.name, "count": part.count, "url": part.url} for part in row.rows],
        "source": row.source,
        "scope": row.scope,
        "note": row.note or row.missing,
    }


def number(value: Decimal | None) -> Decimal | int | None:
    """10.00 → 10, 8.10 → 8.1."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else value.normalize()
