"""Rates, shares and scopes: one figure over another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bianwang.audit import units
from bianwang.audit.arithmetic import Interval, agreement, is_exact, is_near_miss, percent, plain
from bianwang.audit.facts import Facts
from bianwang.audit.lists import Listing
from bianwang.audit.model import Figure, Relation, Role, Verdict
from bianwang.audit.reading import Reading
from bianwang.audit.sides import Rate, rate_named

_REMAINING: Final = re.compile("(?:剩余|尚有|尚在|还有|其余|仍有|另有|未整改|未完成|未办结)[^，。；]{0,6}$")
_FOUND: Final = re.compile("发现|排查|查出|受理|收到|接到|交办|应整改|立案")
_DONE: Final = re.compile("整改|办结|销号|答复|完成|处置|办理")


def check(facts: Facts) -> Iterator[Relation]:
    """Named rates with both sides in reach, and shares of listed parts."""
    reading = facts.reading
    shares: set[int] = set()
    for listing in facts.listings:
        for relation, figure in _shares(reading, listing):
            if figure.start not in shares:
                shares.add(figure.start)
                yield relation
    for figures in reading.by_sentence.values():
        yield from _remainder(reading, figures)
        yield from _bounds(reading, figures)
    for figure in reading.figures:
        is_free = figure.start not in shares and figure.role not in (Role.TARGET, Role.CHANGE)
        if figure.kind == units.RATIO and is_exact(figure) and is_free:
            yield from _rate(facts, figure)


def _remainder(reading: Reading, figures: Sequence[Figure]) -> Iterator[Relation]:
    """发现245个，已整改238个，剩余7个."""
    for rest in figures:
        if not is_exact(rest) or not _REMAINING.search(_words_before(reading, rest)):
            continue
        earlier = [
            f for f in figures if f.end <= rest.start and f.kind == rest.kind and is_exact(f) and _may_be_side(f)
        ]
        whole = next((figure for figure in earlier if _FOUND.search(figure.label)), None)
        done = next((f for f in earlier if whole and f.start > whole.end and _DONE.search(f.label)), None)
        if whole is None or done is None:
            continue
        text = f"{plain(whole.value)}-{plain(done.value)} = {plain(whole.base - done.base)}"
        if whole.base - done.base == rest.base:
            yield reading.relation("difference", Verdict.HOLDS, [whole, done, rest], text)
        else:
            yield reading.relation(
                "difference", Verdict.CONTRADICTION, [whole, done, rest], f"{text}，文中为 {rest.text}"
            )


def _bounds(reading: Reading, figures: Sequence[Figure]) -> Iterator[Relation]:
    """What was put right is no more than what was found."""
    for whole in figures:
        if not (_FOUND.search(whole.label) and is_exact(whole) and _may_be_side(whole)):
            continue
        later = [f for f in figures if f.start > whole.end and f.kind == whole.kind and is_exact(f)]
        done = next((figure for figure in later if _DONE.search(figure.label)), None)
        if done is not None:
            text = f"{done.label} {plain(done.value)}，{whole.label} {plain(whole.value)}"
            verdict = Verdict.HOLDS if done.base <= whole.base else Verdict.CONTRADICTION
            yield reading.relation("bound", verdict, [whole, done], text)
            return


def _words_before(reading: Reading, figure: Figure) -> str:
    return reading.plain[max(0, figure.start - 8) : figure.start]


def _rate(facts: Facts, figure: Figure) -> Iterator[Relation]:
    reading = facts.reading
    rate = rate_named(figure.label)
    if rate is None or figure.role is Role.SHARE:
        return
    near = [
        other for other in reading.by_sentence[figure.sentence] if _may_be_side(other) and other.end <= figure.start
    ]
    above = [other for other in near if rate.above.search(other.label) and not _is_only_below(rate, other)]
    below = [other for other in near if rate.below.search(other.label)]
    if above and not below and not _is_budget_rate(figure):
        below = [f for f in near if f not in above and f.kind == above[-1].kind and f.start < above[-1].start][-1:]
    if _is_budget_rate(figure) and not (above and below):
        above, below = _budget_sides(facts, figure)
    pairs = [(a, b) for a in above for b in below if a.start != b.start and a.kind == b.kind and b.base]
    if not pairs:
        yield from _other_units(reading, figure, near)
        return
    yield _told(reading, figure, pairs)


def _may_be_side(figure: Figure) -> bool:
    return (
        is_exact(figure)
        and figure.kind not in (units.RATIO, units.POINT, units.SCORE)
        and figure.role is not Role.CHANGE
    )


def _is_only_below(rate: Rate, figure: Figure) -> bool:
    """预算执行数 is spending, though 预算 stands in it; 年初预算数 is not."""
    label = figure.label
    last_above = max((found.end() for found in rate.above.finditer(label)), default=-1)
    last_below = max((found.end() for found in rate.below.finditer(label)), default=-1)
    return last_below > last_above


def _is_budget_rate(figure: Figure) -> bool:
    return bool(re.search("执行率|执行进度|支出进度", figure.label))


def _budget_sides(facts: Facts, figure: Figure) -> tuple[list[Figure], list[Figure]]:
    """The unit's own totals, wherever the text states them, unless the rate is that of a project."""
    if re.search("项目", figure.label) or (figure.section and re.search("项目", figure.section.rsplit(" / ", 1)[-1])):
        return [], []
    totals = facts.budget.totals
    above, below = totals.get("executed", []), [*totals.get("adjusted", []), *totals.get("budget", [])]
    return (above, below) if above and below else _granted(reading=facts.reading, rate=figure)


def _granted(reading: Reading, rate: Figure) -> tuple[list[Figure], list[Figure]]:
    """Of money that was passed down: what was paid, in the rate's line, and what came."""
    earlier = [f for f in reading.figures if f.end <= rate.start and f.kind == units.MONEY and is_exact(f)]
    line = reading.line_of(rate.start)[0]
    paid = [
        f
        for f in earlier
        if f.start >= line and re.search("拨付|支付|支出|执行|使用", f.label) and "其中" not in f.label
    ]
    came = [figure for figure in earlier if re.search("下达|到位|安排", figure.label)]
    return paid[:1], came[:1]


def _told(reading: Reading, figure: Figure, pairs: Sequence[tuple[Figure, Figure]]) -> Relation:
    """The pair that gives the rate; where none does, the nearest and what it gives."""
    for above, below in reversed(pairs):
        verdict = _agrees(figure, above, below)
        if verdict is not None:
            return reading.relation("rate", verdict, [above, below, figure], _working(figure, above, below))
    above, below = pairs[-1]
    if is_near_miss(above.base / below.base, figure):
        text = f"{_working(figure, above, below)}，文中为 {figure.text}：没有按四舍五入取位"
        return reading.relation("rate", Verdict.SUSPICIOUS, [above, below, figure], text)
    text = f"{_working(figure, above, below)}，文中为 {figure.text}"
    places = [above, below, figure] if len(pairs) == 1 else [*dict.fromkeys(f for pair in pairs for f in pair), figure]
    is_sure = above.sentence == below.sentence == figure.sentence and len(pairs) <= 2
    verdict = Verdict.CONTRADICTION if is_sure else Verdict.SUSPICIOUS
    return reading.relation("rate", verdict, places, text, "影响得分" if "执行率" in figure.label else "")


def _agrees(figure: Figure, above: Figure, below: Figure) -> Verdict | None:
    within = Interval.of(above).over(Interval.of(below))
    return None if within is None else agreement(above.base / below.base, within, figure)


def _working(figure: Figure, above: Figure, below: Figure) -> str:
    places = max(2, len(str(figure.value).partition(".")[2]) + 2)
    same = above.unit == below.unit
    sides = (
        f"{plain(above.value)}/{plain(below.value)}"
        if same
        else f"{plain(above.value)}{above.unit}/{plain(below.value)}{below.unit}"
    )
    return f"{sides} = {percent(above.base / below.base, places)}"


def _other_units(reading: Reading, figure: Figure, near: Sequence[Figure]) -> Iterator[Relation]:
    """计划检查52家，实际检查314家次，完成率100%: enterprises over visits."""
    counts = [other for other in near if other.kind not in (units.MONEY, "人", "")]
    for one in counts:
        for other in counts:
            if one.start < other.start and other.kind.startswith(one.kind) and other.kind != one.kind and one.base:
                ratio = percent(other.base / one.base, 1)
                pair = f"{plain(other.value)}{other.unit} 与 {plain(one.value)}{one.unit}"
                text = f"{pair} 单位不同，不能相除（相除为 {ratio}），文中为 {figure.text}"
                yield reading.relation(
                    "rate_unit", Verdict.SUSPICIOUS, [(reading.quote_of(one).start, figure.end)], text
                )
                return


def _shares(reading: Reading, listing: Listing) -> Iterator[tuple[Relation, Figure]]:
    """基本支出800万元，占80%；项目支出200万元，占20%."""
    if not listing.total.base:
        return
    for part, share in listing.shares(reading):
        verdict = _agrees(share, part, listing.total)
        text = _working(share, part, listing.total)
        if verdict is None:
            text = f"{text}，文中为 {share.text}"
            yield reading.relation("share", Verdict.CONTRADICTION, [listing.total, part, share], text), share
        else:
            yield reading.relation("share", verdict, [part, share], text), share
