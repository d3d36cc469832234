"""A small, correct year as the report reads it: every figure, ten indicators, nine met."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from bianwang.modules.indicators.pack import figure_rows, template
from bianwang.modules.reports import drafting, pack
from bianwang.modules.reports.content import Content
from bianwang.modules.reports.drafting import Written
from bianwang.modules.reports.material import Line, Material, Quantity, Rows, points
from bianwang.modules.reports.tree import Document, Paragraph, plain

YEAR = 2022
UNIT = "重庆市璧山区应急管理局"
REASON = "疫情防控资金年底下达"

_MONEY = {
    "opening": "117.07 57.37 74.07 1781.54 2030.05",
    "adjusted": "135.57 2422.95 47.04 1505.49 4111.05",
    "executed": "135.57 1644.01 47.04 1495.52 3322.14",
    "carry_over": "0.00 778.94 0.00 9.97 788.91",
    "execution": "100.00 67.85 100.00 99.34 80.81",
}
_LINES = ("social", "health", "housing", "disaster", "")
_VALUES = {
    "posts": 51, "posts_administrative": 18, "posts_managed": 23, "posts_institution": 10,
    "staff": 45, "staff_administrative": 18, "staff_managed": 22, "staff_institution": 5, "retired": 10,
    "accidents": 11, "deaths": 12, "accidents_before": 15, "deaths_before": 15, "accidents_fewer": 4,
    "deaths_fewer": 3, "large_accidents": 0, "gdp": "1008.40", "gdp_before": "958.00", "death_rate_decline": 24,
    "fires": 52, "floods": 3, "hailstorms": 2, "fires_and_floods": 55, "events": 57, "response_rate": 100,
    "longest_fight": 4, "evacuated": 104, "planned_enterprises": 52, "direct_visits": 316, "plan_completion": 100,
    "visits": 300328, "hazards_found": 229702, "hazards_rectified": 229611, "hazards_left": 91, "hazards_overdue": 20,
    "rectification_rate": "99.96", "certified": 314, "pilots": 1, "news": 697, "screens": 1023, "messages": 2200000,
    "calls": 791, "reports": 58, "consultations": 276, "calls_other": 457, "cases_filed": 13,
    "relief_timeliness": 100, "winter_paid": 19500, "winter_households": 22, "winter_persons": 48,
    "houses_paid": 7500, "severe_households": 2, "severe_rooms": 4, "severe_paid": 6000,
    "light_households": 2, "light_rooms": 3, "light_paid": 1500, "awareness": "85.4", "satisfaction": "83.1",
    "publication_rate": 100, "undisbursed": "35.20", "low_projects": 2, "printed_gaps": 0,
}  # fmt: skip
_PARTS = {"plan_completion": (52, 52), "awareness": (984, 1152), "satisfaction": (482, 580), "publication_rate": (3, 3)}
_NOTES = {
    "longest_fight": "“8·23”森林火灾",
    "death_rate_decline": "按可比价计算",
    "low_projects": "安全生产专项技术服务费、安全生产标准化专项经费",
}


def values() -> dict[str, Decimal]:
    """Every figure by id."""
    found = {name: Decimal(value) for name, value in _VALUES.items()}
    for kind, row in _MONEY.items():
        for line, value in zip(_LINES, row.split(), strict=True):
            name = f"{kind}_{line}" if line else "execution_rate" if kind == "execution" else kind
            found[name] = Decimal(value)
    return found


def material(changes: Mapping[str, Decimal | None] | None = None) -> Material:
    """What the report is written from; `changes` are other values by id."""
    given: dict[str, Decimal | None] = {**values(), **(changes or {})}
    quantities = {row.id: _quantity(row.id, row.label, row.unit, given[row.id], row.places) for row in figure_rows()}
    lines = tuple(_line(row.code, quantities) for row in template("bishan", YEAR).indicators)
    for line in lines:
        name = f"score.{line.code}"
        score = line.score
        quantities[name] = Quantity(
            name, f"{line.name}得分", score, "分", points(score), score, line.weight, line.working
        )
    earned = sum((line.score for line in lines if line.score is not None), Decimal(0))
    working = " + ".join(points(line.score) for line in lines)
    quantities["score.total"] = Quantity(
        "score.total", "自评总分", earned, "分", points(earned), earned, Decimal(100), working
    )
    return Material(UNIT, YEAR, date(YEAR, 12, 31), quantities, lines, "优", earned)


@lru_cache(maxsize=1)
def document() -> Document:
    """The report of that year as the template has it."""
    return written({})


def written(edits: Mapping[str, Written], changes: Mapping[str, Decimal | None] | None = None) -> Document:
    """The same with edits."""
    return drafted(material(changes), edits)


def drafted(given: Material, edits: Mapping[str, Written] | None = None) -> Document:
    """The report of this material."""
    return drafting.document(pack.template_of(YEAR), given, edits or {})


def content() -> Content:
    """What a frozen version of it keeps."""
    return Content("模板", document(), material())


def text() -> str:
    """Its prose, one line a paragraph."""
    lines = list(document().title)
    for block in document().blocks:
        if isinstance(block, Paragraph):
            lines.append(block.mark + plain(block.runs))
        elif block.key and hasattr(block, "runs"):
            lines.append(plain(block.runs))
    return "\n".join(lines) + "\n"


def _quantity(name: str, label: str, unit: str, value: Decimal | None, places: int) -> Quantity:
    part, whole = _PARTS.get(name, (None, None))
    return Quantity(
        name,
        label,
        value,
        unit,
        "—" if value is None else f"{value:.{places}f}",
        None if part is None else Decimal(part),
        None if whole is None else Decimal(whole),
        query=f"query.{name}",
        rows=(Rows("记录", int(value or 0), f"/rows/{name}/"),),
        source="台账",
        note=_NOTES.get(name, ""),
        missing="" if value is not None else "请登记。",
    )


def _line(code: str, quantities: Mapping[str, Quantity]) -> Line:
    row = next(row for row in template("bishan", YEAR).indicators if row.code == code)
    quantity = quantities[row.formula]
    sign = {"at_least": "≥", "at_most": "≤", "equal": "="}[row.direction]
    weight = Decimal(row.weight)
    met = quantity.value is not None and not row.is_execution
    score = None if quantity.value is None else weight if met else Decimal("8.1")
    actual = points(quantity.value) if not row.is_execution else "81"
    return Line(
        code=code,
        name=row.name,
        level1=row.level1,
        level2=row.level2,
        unit=row.unit,
        direction=sign,
        opening=f"{sign}{points(Decimal(str(row.target)))}{row.unit}",
        target=f"{sign}{points(Decimal(str(row.target)))}{row.unit}",
        weight=weight,
        actual=f"{actual}{row.unit}",
        score=score,
        working="达标，得满分" if met else f"10 × 81% = {points(score)}",
        reason="" if met else REASON,
        measures="" if met else "按季度调度",
        office=row.office,
        evidence=1,
        is_core=row.is_core,
        is_execution=row.is_execution,
        figure=quantity.id,
    )
