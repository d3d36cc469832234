"""The district's report as data: `self_evaluation.yaml`, with outline, texts, tables, charts, rules and forms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal

import msgspec

from bianwang.modules.reports import language
from bianwang.platform import packs
from bianwang.platform.config import config
from bianwang.platform.workflow.errors import Refused

FILE = "self_evaluation.yaml"


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One place of the outline: a heading, a paragraph, a numbered list, a table, a chart, or one paragraph each."""

    key: str = ""
    heading: str = ""
    level: int = 1
    text: str = ""
    items: tuple[str, ...] = ()
    table: str = ""
    chart: str = ""
    each: Literal["", "indicators", "problems", "advice"] = ""
    when: str = ""
    """A figure: the part stands only where it is above zero."""


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the text: its cells are texts with references; the first column holds names."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    unit: str = ""


class Chart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bars of figures, or of all scores in per cent of their points."""

    title: str
    full: Decimal
    bars: tuple[tuple[str, str], ...] = ()
    """(name, figure id)"""
    unit: str = ""
    scores: bool = False


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A figure on one side of a number; a figure without a value meets none."""

    figure: str
    below: Decimal | None = None
    above: Decimal | None = None

    def holds(self, value: Decimal | None) -> bool:
        """Whether a value meets it."""
        if value is None:
            return False
        return (self.below is None or value < self.below) and (self.above is None or value > self.above)


class Shortfall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What fell short, with the sentences that are proposed for it: an indicator without all its points, or
    figures (any of them). `each` is the rule for every other indicator that is not met, or has no evidence."""

    code: str
    problem: str
    advice: str = ""
    indicator: str = ""
    any: tuple[Condition, ...] = ()
    each: Literal["", "unmet", "unproved"] = ""


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of a form: which part of an indicator it shows, and how wide it is."""

    title: str
    field: Literal[
        "level1", "level2", "name", "direction", "unit", "target", "target_number", "opening", "adjusted", "actual",
        "actual_number", "weight", "score", "ratio", "remarks", "core", "office",
    ]  # fmt: skip
    width: int


FormCell = str | tuple[str, int]
"""A text with references, and how many columns it spans."""


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A 自评表: rows above the indicators, the indicators' columns, rows below."""

    code: str
    name: str
    source: str
    certainty: str
    columns: tuple[Column, ...]
    above: tuple[tuple[FormCell, ...], ...] = ()
    below: tuple[tuple[FormCell, ...], ...] = ()
    unit: str = ""
    execution_above: bool = False
    """Whether budget execution has its points above, and so is no row among the indicators."""


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of report, in force on some days."""

    code: str
    name: str
    source: str
    article: str
    certainty: str
    valid_from: date
    title: tuple[str, ...]
    indicator: str
    """The paragraph of one indicator; * is its code, {{story.*}} what is told of it."""
    unmet: str
    """The same for one that has not all its points."""
    unscored: str
    """The same for one that has no score yet."""
    parts: tuple[Part, ...]
    stories: dict[str, str]
    tables: dict[str, Table]
    charts: dict[str, Chart]
    shortfalls: tuple[Shortfall, ...]
    forms: tuple[Form, ...]
    nothing: dict[str, str]
    """What stands where nothing fell short, by `each`."""
    valid_to: date | None = None

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text that is written in it, with where it stands."""
        yield from (("title", line) for line in self.title)
        yield from (("indicator", self.indicator), ("unmet", self.unmet), ("unscored", self.unscored))
        for part in self.parts:
            yield from ((part.key or part.heading, text) for text in (part.heading, part.text, *part.items) if text)
        yield from self.stories.items()
        for rule in self.shortfalls:
            yield from ((rule.code, text) for text in (rule.problem, rule.advice) if text)

    def form(self, code: str) -> Form | None:
        """A form by its code."""
        return next((form for form in self.forms if form.code == code), None)


def template_of(year: int) -> Template:
    """The template for the report of a year. Raises Refused when the district has none."""
    return _template(config().district, date(year, 12, 31))


@lru_cache(maxsize=8)
def _template(_district: str, day: date) -> Template:
    templates: list[Template] = packs.load(FILE, list[Template], _check, strict=False)
    found = packs.latest(templates, day)
    if found is None:
        raise Refused(f"{day.year}年度没有适用的自评报告模板，请系统管理员在地区包文件 {FILE} 中补上。")
    return found


def _check(templates: list[Template]) -> None:
    packs.refuse_twice((row.code, row.valid_from) for row in templates)
    for template in templates:
        for place, text in template.texts():
            if typed := language.typed_numbers(text):
                raise ValueError(f"“{place}”中的“{typed[0]}”是手工写的数字，请改为引用")
        for part in template.parts:
            if part.table and part.table not in template.tables:
                raise ValueError(f"没有名为“{part.table}”的表格")
            if part.chart and part.chart not in template.charts:
                raise ValueError(f"没有名为“{part.chart}”的图")
        for table in template.tables.values():
            if any(len(row) != len(table.head) for row in table.rows) or len(table.widths) != len(table.head):
                raise ValueError(f"表格“{table.title}”各行的列数不同")
        for form in template.forms:
            for row in (*form.above, *form.below):
                if sum(1 if isinstance(cell, str) else cell[1] for cell in row) != len(form.columns):
                    raise ValueError(f"“{form.name}”中以“{row[0]}”开头的行不是 {len(form.columns)} 列")
