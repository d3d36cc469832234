"""What an indicator reports, said once more elsewhere: 改造道路42公里 of the goal and of the table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from bianwang.audit import units
from bianwang.audit.arithmetic import Interval, is_exact
from bianwang.audit.facts import Facts
from bianwang.audit.grids import grids
from bianwang.audit.labels import alias
from bianwang.audit.model import Figure, Relation, Role, Verdict
from bianwang.audit.reading import Reading

_ALIKE: Final = 0.6
_TOO_GENERAL: Final = re.compile("率$|尚|剩余|未|^(?:完成|实际|执行|预算|资金|项目|支出|数量|质量|时效|成本)$")
_MEASURED: Final = re.compile("(?:数量|里程|人数|个数|次数|户数|面积|场次|批次|情况)$")
_HEADS: Final = (re.compile("指标值|目标值"), re.compile("完成值|完成情况|实际"))
_NAME: Final = re.compile("三级指标|指标名称|绩效指标")


class Reported(NamedTuple):
    """An indicator with the numbers that belong to it, and where it stands."""

    name: str
    values: tuple[Figure, ...]
    start: int
    end: int


def check(facts: Facts) -> Iterator[Relation]:
    """Figures elsewhere whose label is much like an indicator's name."""
    reading = facts.reading
    told: set[int] = set()
    by_kind: dict[str, list[Figure]] = {}
    for figure in reading.figures:
        if _has_label(figure):
            by_kind.setdefault(figure.kind, []).append(figure)
    for reported in (*_of_prose(facts), *_of_forms(reading)):
        for kind in {figure.kind for figure in reported.values}:
            values = [figure for figure in reported.values if figure.kind == kind]
            alike = [f for f in by_kind.get(kind, []) if f.start not in told and _may_echo(f, reported)]
            for figure in alike:
                told.add(figure.start)
                yield _told(reading, reported, values, figure)


def _of_prose(facts: Facts) -> Iterator[Reported]:
    for indicator in facts.indicators:
        values = tuple(f for f in (indicator.target, indicator.actual) if f is not None and f.kind != units.MONEY)
        if values:
            yield Reported(indicator.name, values, indicator.section.start, indicator.section.end)


def _of_forms(reading: Reading) -> Iterator[Reported]:
    for grid in grids(reading):
        header = next((row for row in range(grid.rows) if _has(grid.row(row), reading)), None)
        if header is None:
            continue
        cells = grid.row(header)
        name_at = next((cell.column for cell in cells if _NAME.search(grid.text(cell))), None)
        columns = [cell.column for cell in cells if any(head.search(grid.text(cell)) for head in _HEADS)]
        if name_at is None:
            continue
        for row in range(header + 1, grid.rows):
            name = grid.text(grid.covering.get((row, name_at)))
            values = [grid.first_figure(grid.covering.get((row, column))) for column in columns]
            found = tuple(figure for figure in values if figure is not None and figure.kind not in ("", units.MONEY))
            line = grid.row(row)
            if found and len(name) > 2 and line:
                yield Reported(name, found, line[0].start, line[-1].end)


def _has(cells: Sequence[object], reading: Reading) -> bool:
    texts = [reading.plain[cell.start : cell.end] for cell in cells]  # type: ignore[attr-defined]
    return any(_NAME.search(text) for text in texts) and any(_HEADS[1].search(text) for text in texts)


def _has_label(figure: Figure) -> bool:
    """Whether a figure is called something by which it can be known again."""
    if not is_exact(figure) or re.search("尚|剩余|未|还有", figure.label):
        return False
    is_own = figure.role not in (Role.CHANGE, Role.SHARE, Role.SCORE, Role.WEIGHT)
    return is_own and len(alias(figure.label)) >= 2


def _may_echo(figure: Figure, reported: Reported) -> bool:
    is_outside = not reported.start <= figure.start < reported.end
    return is_outside and _likeness(figure.label, reported.name) >= _ALIKE


def _likeness(label: str, name: str) -> float:
    """The share of the label's pairs of characters that the name has, at least two of them."""
    words = alias(label)
    if _TOO_GENERAL.match(words):
        return 0.0
    mine = {words[place : place + 2] for place in range(len(words) - 1)}
    name = _MEASURED.sub("", name)
    theirs = {name[place : place + 2] for place in range(len(name) - 1)}
    common = len(mine & theirs)
    return min(common / len(mine), common / len(theirs) + 0.1) if common >= 2 and theirs else 0.0


def _told(reading: Reading, reported: Reported, values: Sequence[Figure], figure: Figure) -> Relation:
    numbers = "、".join(value.text for value in values)
    for value in values:
        if Interval.of(value).meets(Interval.of(figure)):
            return reading.relation(
                "repeat_equal", Verdict.HOLDS, [figure, value], f"与指标“{reported.name}”的 {numbers} 一致"
            )
    text = f"{figure.text} 与指标“{reported.name}”的 {numbers} 不同"
    return reading.relation("repeat_equal", Verdict.SUSPICIOUS, [figure, *values], text)
