"""The money of a form: execution by row, its points, and the parts of the whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from bianwang.audit import forms, units
from bianwang.audit.arithmetic import Interval, agreement, is_near_miss, percent, plain, rounded
from bianwang.audit.facts import Facts
from bianwang.audit.grids import Grid, grids
from bianwang.audit.model import Figure, Relation, Verdict
from bianwang.audit.reading import Reading

_WHOLE: Final = re.compile("资金总额|总额|合计|总计|小计")
_PART: Final = re.compile(
    "财政拨款|其他资金|结转|自筹|基本支出|项目支出|人员|公用|中央|省级|市级|区级|县级|上级|本级|一般公共|政府性基金|国有资本|单位资金|社会|贷款|其中"
)
_FINER: Final = re.compile("中央|省级|市级|区级|县级|上级|本级|一般公共|政府性基金|国有资本")
_COLUMNS: Final = (("budget", forms.BUDGET), ("adjusted", forms.ADJUSTED), ("executed", forms.EXECUTED))


def check(facts: Facts) -> Iterator[Relation]:
    """Every table with columns for the budget and its execution."""
    for grid in grids(facts.reading):
        yield from _money(grid)


def _money(grid: Grid) -> Iterator[Relation]:
    for header in forms.headers(grid, (forms.ADJUSTED, forms.EXECUTED)):
        rows = forms.money_rows(grid, header)
        columns = {name: header.column(grid, pattern) for name, pattern in _COLUMNS}
        for row in rows:
            yield from _execution(grid, header, row, columns)
        yield from _money_sums(grid, rows, [column for column in columns.values() if column is not None])


def _execution(grid: Grid, header: forms.Header, row: int, columns: dict[str, int | None]) -> Iterator[Relation]:
    """Execution and its points in one row of a table."""
    rate, weight, score = (
        forms.at(grid, row, header.column(grid, pattern)) for pattern in (forms.RATE, forms.WEIGHT, forms.SCORE)
    )
    spent, given = forms.at(grid, row, columns["executed"]), forms.at(grid, row, columns["adjusted"])
    if spent is None or given is None or given.base <= 0:
        return
    if rate is not None:
        yield from execution(grid.reading, forms.at(grid, row, columns["budget"]), given, spent, rate)
    if weight is not None and score is not None:
        yield from points(grid.reading, given, spent, weight, score)


def execution(
    reading: Reading, initial: Figure | None, given: Figure, spent: Figure, rate: Figure
) -> Iterator[Relation]:
    """Rate = executed / adjusted budget (not 0); `initial` is the budget it may have been taken from by mistake."""
    printed = rate if rate.kind == units.RATIO else _as_ratio(rate)
    within = Interval.of(spent).over(Interval.of(given))
    ratio = spent.base / given.base
    verdict = agreement(ratio, within, printed) if within else None
    text, places = f"{plain(spent.value)}/{plain(given.value)} = {percent(ratio)}", [spent, given, rate]
    if verdict is not None:
        yield reading.relation("rate", verdict, places, text)
    elif is_near_miss(ratio, printed):
        text = f"{text}，表中为 {rate.text}：没有按四舍五入取位"
        yield reading.relation("rate", Verdict.SUSPICIOUS, places, text)
    elif initial is not None and _is_rate_of(spent, initial, printed):
        text = f"{text}；表中的 {rate.text} 是按年初预算 {plain(initial.value)} 算的"
        yield reading.relation("rate", Verdict.SUSPICIOUS, places, text, "影响得分")
    else:
        yield reading.relation("rate", Verdict.CONTRADICTION, places, f"{text}，表中为 {rate.text}", "影响得分")


def _is_rate_of(spent: Figure, whole: Figure, printed: Figure) -> bool:
    within = Interval.of(spent).over(Interval.of(whole))
    return within is not None and agreement(spent.base / whole.base, within, printed) is not None


def _as_ratio(figure: Figure) -> Figure:
    return replace(figure, kind=units.RATIO, base=figure.base / 100, half=figure.half / 100)


def points(reading: Reading, given: Figure, spent: Figure, weight: Figure, score: Figure) -> Iterator[Relation]:
    """Points = rate x weight, or that rounded to a whole number; never more than the weight."""
    ratio, places = spent.base / given.base, [weight, score]
    if score.base > weight.base:
        text = f"得分 {plain(score.value)} 高于分值 {plain(weight.value)}"
        yield reading.relation("bound", Verdict.CONTRADICTION, places, text, "影响总分")
        return
    expected = min(weight.base, weight.base * ratio)
    text = f"{plain(weight.value)} × {percent(ratio)} = {rounded(expected)}"
    is_whole = score.base == score.base.to_integral_value()
    if expected == score.base:
        yield reading.relation("score", Verdict.HOLDS, places, text)
    elif abs(expected - score.base) <= (1 if is_whole else score.half):
        yield reading.relation("score", Verdict.ROUNDED, places, text)
    else:
        text = f"{text}，表中得分 {plain(score.value)}"
        yield reading.relation("score", Verdict.SUSPICIOUS, places, text, "影响得分")


def _money_sums(grid: Grid, rows: Sequence[int], columns: Sequence[int]) -> Iterator[Relation]:
    """The whole and its parts, column by column."""
    labels = {row: forms.label(grid, row, min(columns, default=0)) for row in rows}
    wholes = [row for row in rows if _WHOLE.search(labels[row])]
    if len(wholes) != 1:
        return
    parts = [row for row in rows if row > wholes[0] and _PART.search(labels[row])]
    if len(parts) < 2:
        return
    for column in columns:
        total = forms.at(grid, wholes[0], column)
        figures = [figure for row in parts if (figure := forms.at(grid, row, column)) is not None]
        if total is None or len(figures) < 2:
            continue
        finer = [_FINER.search(labels[row]) is not None for row in parts if forms.at(grid, row, column) is not None]
        yield forms.column_sum(grid.reading, total, figures, finer)
