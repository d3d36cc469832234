"""The same figure in several places, and the same number for different things."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from bianwang.audit import units
from bianwang.audit.arithmetic import Interval, is_exact, is_slip, plain
from bianwang.audit.facts import Facts
from bianwang.audit.labels import alias
from bianwang.audit.model import Figure, Relation, Role, Verdict
from bianwang.audit.reading import Reading

_STAGES: Final = {"budget": "年初预算", "adjusted": "调整预算", "executed": "决算（执行）数", "carry_over": "结转结余"}
_SHORTEST_LABEL: Final = 4
_SMALLEST_COPY: Final = 100
_TIMES_AND_NIGHTS: Final = re.compile(r"(\d{1,2})天(\d{1,2})夜")


def check(facts: Facts) -> Iterator[Relation]:
    """Totals of the budget, labels that come again, numbers copied to another thing, days and nights."""
    yield from _totals(facts)
    yield from _again(facts)
    yield from _copied(facts.reading)
    yield from _days_and_nights(facts.reading)


def _totals(facts: Facts) -> Iterator[Relation]:
    for stage, name in _STAGES.items():
        figures = [figure for figure in facts.budget.totals.get(stage, []) if not _is_of_part(figure)]
        if len({figure.section for figure in figures}) < 2 or len({figure.period for figure in figures} - {""}) > 1:
            continue
        told = _compared(facts.reading, "cross_section_equal", name, figures, is_sure=len(figures) < 4)
        if told is not None:
            yield told


def _is_of_part(figure: Figure) -> bool:
    """Whether a total is that of a project, whose budget is not the unit's."""
    return "项目" in figure.section.rsplit(" / ", 1)[-1]


def _again(facts: Facts) -> Iterator[Relation]:
    """A long label with one number each in two sections."""
    inside = {part.start for listing in facts.listings for part in listing.parts}
    groups: dict[tuple[str, str, str, str], list[Figure]] = {}
    for figure in facts.reading.figures:
        if _may_repeat(figure) and figure.start not in inside:
            year = figure.period[:4] if figure.period[:2] in ("19", "20") else ""
            groups.setdefault((alias(figure.label), figure.kind, figure.scope, year), []).append(figure)
    for (name, _, _, _), figures in groups.items():
        if len(figures) == 2 and len({figure.section for figure in figures}) == 2:
            told = _compared(facts.reading, "repeat_equal", name, figures, is_sure=False)
            if told is not None:
                yield told


def _may_repeat(figure: Figure) -> bool:
    if not is_exact(figure) or figure.role in (Role.TARGET, Role.WEIGHT, Role.SCORE, Role.CHANGE, Role.SHARE):
        return False
    shortest = _SHORTEST_LABEL - (figure.kind == units.RATIO)
    known = len(alias(figure.label)) >= shortest and figure.kind not in (units.SCORE, "")
    return known and not re.search(
        "[较比每均]|其他|合计|小计|支出$|一般公共预算|^(?:完成|执行|达成|得分|支出)率$", figure.label
    )


def _compared(reading: Reading, kind: str, name: str, figures: Sequence[Figure], *, is_sure: bool) -> Relation | None:
    """What figures of one name say; None where they are so different that they are of different things."""
    values = " / ".join(dict.fromkeys(f"{plain(figure.value)}{figure.unit}" for figure in figures))
    if all(Interval.of(one).meets(Interval.of(other)) for one, other in combinations(figures, 2)):
        same = len({figure.base for figure in figures}) == 1
        return reading.relation(kind, Verdict.HOLDS if same else Verdict.ROUNDED, figures, f"{name}各处都是 {values}")
    if not any(is_slip(one, other) for one, other in combinations(figures, 2)):
        return None
    verdict = Verdict.CONTRADICTION if is_sure else Verdict.SUSPICIOUS
    return reading.relation(kind, verdict, figures, f"{name}前后不一：{values}")


def _copied(reading: Reading) -> Iterator[Relation]:
    """314家 that reached a standard and 314家次 of visits: related units, one number, different things."""
    groups: dict[tuple[str, str], list[Figure]] = {}
    for figure in reading.figures:
        if figure.base >= _SMALLEST_COPY and is_exact(figure) and figure.kind not in (units.MONEY, units.RATIO, ""):
            groups.setdefault((plain(figure.base), figure.kind[:1]), []).append(figure)
    for (number, _), figures in groups.items():
        first = figures[0]
        other = next((f for f in figures if f.kind != first.kind and f.section != first.section), None)
        if other is not None:
            text = f"“{first.label}”与“{other.label}”是两回事，数字都是 {number}，请核对是否误抄"
            yield reading.relation("same_number_other_thing", Verdict.SUSPICIOUS, [first, other], text)


def _days_and_nights(reading: Reading) -> Iterator[Relation]:
    """4天3夜: nights are as many as days or one fewer or more."""
    for found in _TIMES_AND_NIGHTS.finditer(reading.plain):
        if abs(int(found[1]) - int(found[2])) > 1:
            yield reading.relation(
                "repeat_equal", Verdict.SUSPICIOUS, [found.span()], f"{found[1]} 天不会有 {found[2]} 夜"
            )
