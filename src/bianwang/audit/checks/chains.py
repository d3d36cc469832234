"""Numbers that follow from others by adding and taking away, though the text does not list them as parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from bianwang.audit import units
from bianwang.audit.arithmetic import Interval, agreement, in_unit, is_exact, plain
from bianwang.audit.budget import loose_stage
from bianwang.audit.facts import Facts
from bianwang.audit.model import Figure, Relation, Verdict
from bianwang.audit.reading import Reading

_MORE: Final = re.compile("(?:追加|调增|净增加|净增|增加|新增|下达)[^，。；]{0,8}$")
_LESS: Final = re.compile("(?:调减|压减|收回|核减|净减少|净减|减少|盘活)[^，。；]{0,8}$")
_FARTHEST: Final = 300
_MOST: Final = 20
_VACANT: Final = re.compile("^(?:空编|缺编|空缺编制)$")
_POSTS: Final = re.compile("编制(?:总数|数|总额)?$|核定编制")
_STAFF: Final = re.compile("在岗|在职|实有|在编")
_FAILED: Final = re.compile("^不(?P<what>合格|达标|满意|及格)")
_DEDUCTED: Final = re.compile("(?:共|合计|总共)?扣(?:减|除)?$")
_SCORED: Final = re.compile("得分|自评|评分|计$")


def check(facts: Facts) -> Iterator[Relation]:
    """Budget and its changes, posts and staff, passed and failed, points and deductions."""
    yield from _adjusted(facts)
    for figures in facts.reading.by_sentence.values():
        yield from _vacancies(facts.reading, figures)
        yield from _failed(facts.reading, figures)
        yield from _deducted(facts.reading, figures)


def _adjusted(facts: Facts) -> Iterator[Relation]:
    """年初预算 + 追加 - 调减 = 调整预算."""
    reading = facts.reading
    money = [figure for figure in reading.figures if figure.kind == units.MONEY and is_exact(figure)]
    stages = [loose_stage(figure) for figure in money]
    for place, first in enumerate(money):
        if stages[place] != "budget":
            continue
        steps: list[tuple[int, Figure]] = []
        for figure, stage in zip(money[place + 1 : place + _MOST], stages[place + 1 : place + _MOST], strict=True):
            if figure.start - first.end > _FARTHEST or reading.plain.count("\n", first.end, figure.start) > 1:
                break
            if stage == "adjusted":
                if steps:
                    yield _chain(reading, first, steps, figure)
                break
            sign = _sign(reading, figure, first.end)
            if sign:
                steps.append((sign, figure))


def _sign(reading: Reading, figure: Figure, after: int) -> int:
    """Whether a figure is added or taken away; one in brackets or behind 其中 only tells what another is made of."""
    before = reading.plain[after : figure.start]
    clause = re.split("[，。；]", before)[-1]
    if before.count("（") > before.count("）") or "其中" in re.split("[。；]", before)[-1]:
        return 0
    return 1 if _MORE.search(clause) else -1 if _LESS.search(clause) else 0


def _chain(reading: Reading, first: Figure, steps: Sequence[tuple[int, Figure]], last: Figure) -> Relation:
    computed, within = first.base, Interval.of(first)
    for sign, figure in steps:
        computed += sign * figure.base
        within = within.plus(Interval.of(figure)) if sign > 0 else within.minus(Interval.of(figure))
    working = plain(first.value) + first.unit + "".join(f"{'+' if sign > 0 else '-'}{f.text}" for sign, f in steps)
    return _told(reading, [first, *(figure for _, figure in steps)], last, computed, within, working)


def _told(
    reading: Reading, given: Sequence[Figure], last: Figure, computed: Decimal, within: Interval, working: str
) -> Relation:
    verdict = agreement(computed, within, last)
    text = f"{working} = {in_unit(computed, last)}"
    if verdict is None:
        text = f"{text}，文中为 {last.text}"
    return reading.relation("difference", verdict or Verdict.CONTRADICTION, [*given, last], text)


def _vacancies(reading: Reading, figures: Sequence[Figure]) -> Iterator[Relation]:
    vacant = next((figure for figure in figures if _VACANT.search(figure.label) and is_exact(figure)), None)
    posts = next((figure for figure in figures if _POSTS.search(figure.label) and is_exact(figure)), None)
    staff = next((figure for figure in figures if _STAFF.search(figure.label) and is_exact(figure)), None)
    if vacant is not None and posts is not None and staff is not None:
        within = Interval(posts.base - staff.base, posts.base - staff.base)
        working = f"{plain(posts.value)}-{plain(staff.value)}"
        yield _told(reading, [posts, staff], vacant, posts.base - staff.base, within, working)


def _failed(reading: Reading, figures: Sequence[Figure]) -> Iterator[Relation]:
    """合格4158批次，不合格42批次: together they are what was tested."""
    for figure in figures:
        found = _FAILED.match(figure.label)
        if found is None or not is_exact(figure):
            continue
        passed = next(
            (f for f in figures if f.kind == figure.kind and f.label.endswith(found["what"]) and f != figure), None
        )
        earlier = [f for f in figures if passed and f.start < passed.start and f.kind == figure.kind and is_exact(f)]
        whole = max(earlier, key=lambda each: each.base, default=None)
        if passed is not None and whole is not None and is_exact(passed):
            computed = passed.base + figure.base
            working = f"{plain(passed.value)}+{plain(figure.value)}"
            yield _told(reading, [passed, figure], whole, computed, Interval(computed, computed), working)


def _deducted(reading: Reading, figures: Sequence[Figure]) -> Iterator[Relation]:
    """自评得分97.05分，共扣2.95分."""
    points = [figure for figure in figures if figure.kind == units.SCORE and is_exact(figure)]
    lost = next(
        (
            figure
            for figure in points
            if _DEDUCTED.search(figure.label) and figure.label.startswith(("共", "合计", "总共", "扣"))
        ),
        None,
    )
    scored = next((figure for figure in points if _SCORED.search(figure.label) and 50 < figure.base <= 100), None)
    if lost is not None and scored is not None and lost.start > scored.start and not _is_listed(points, lost):
        computed = Decimal(100) - scored.base
        within = Interval(computed, computed)
        yield _told(reading, [scored], lost, computed, within, f"100-{plain(scored.value)}")


def _is_listed(points: Sequence[Figure], lost: Figure) -> bool:
    """Whether another deduction stands before it, so that it is one of several."""
    return any(figure.start < lost.start and "扣" in figure.label for figure in points)
