"""What a unit was given, what it spent and what is left: totals, their lines, and what the text says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from bianwang.audit.arithmetic import Interval, agreement, in_unit, percent, plain
from bianwang.audit.budget import Budget, pairs
from bianwang.audit.facts import Facts
from bianwang.audit.lists import Listing
from bianwang.audit.model import Figure, Relation, Verdict
from bianwang.audit.reading import Reading

_LARGE_CHANGE: Final = Decimal("0.1")
_REASON: Final = re.compile("原因|由于|因为|主要是|系|追加")


def check(facts: Facts) -> Iterator[Relation]:
    """What is carried over, lines against each other."""
    reading, budget = facts.reading, facts.budget
    effect = _effect(facts)
    yield from _carried_over(reading, budget, effect)
    yield from _line_by_line(reading, budget)
    yield from _residual(reading, budget, effect)
    yield from _changes(reading, budget)


def _effect(facts: Facts) -> str:
    """What the rate of execution and its points would be by the lines instead of the totals."""
    given, spent = facts.budget.lines.get("adjusted"), facts.budget.lines.get("executed")
    indicator = next((each for each in facts.indicators if "执行率" in each.name), None)
    if given is None or spent is None or not _sum(given) or indicator is None or indicator.actual is None:
        return "影响预算执行率"
    rate, actual = _sum(spent) / _sum(given), indicator.actual
    text = f"按各项合计，执行率为 {percent(rate)}，文中为 {actual.text}"
    return f"{text}，得分不变" if abs(rate - actual.base) <= actual.half else f"{text}，影响得分"


def _first(budget: Budget, stage: str) -> Figure | None:
    found = budget.totals.get(stage)
    return found[0] if found else None


def _sum(listing: Listing) -> Decimal:
    return sum((part.base for part in listing.parts), Decimal(0))


def _carried_over(reading: Reading, budget: Budget, effect: str) -> Iterator[Relation]:
    """Adjusted budget less what was executed is what is carried over."""
    given, spent, left = (_first(budget, stage) for stage in ("adjusted", "executed", "carry_over"))
    if given is None or spent is None or left is None or _has_other_sources(reading, left):
        return
    difference = given.base - spent.base
    within = Interval.of(given).minus(Interval.of(spent))
    working = f"{plain(given.value)}-{plain(spent.value)} = {in_unit(difference, given)}"
    working = f"{working}，文中结转为 {plain(left.value)}{left.unit}"
    verdict = agreement(difference, within, left)
    by_lines = _lines_difference(budget)
    agrees_with_lines = by_lines is not None and by_lines == left.base
    if verdict is not None:
        yield reading.relation("difference", verdict, [given, spent, left], working)
    elif agrees_with_lines:
        note = f"；而各项之差 {in_unit(left.base, left)} 与结转相符，是两个总数与各项不符"
        yield reading.relation("difference", Verdict.CONTRADICTION, [given, spent, left], working + note, effect)
    else:
        gap = in_unit(abs(difference - left.base), left)
        yield reading.relation("difference", Verdict.SUSPICIOUS, [given, spent, left], f"{working}，差 {gap}", effect)
    if agrees_with_lines:
        yield reading.relation(
            "difference_of_items", Verdict.HOLDS, [left], f"各项调整预算之和减各项决算之和 = {in_unit(left.base, left)}"
        )


def _has_other_sources(reading: Reading, left: Figure) -> bool:
    """Whether the text also speaks of what came from the year before, which then counts too."""
    start, end = reading.line_of(left.start)
    return bool(re.search("年初结转|上年结转", reading.plain[start:end]))


def _lines_difference(budget: Budget) -> Decimal | None:
    given, spent = budget.lines.get("adjusted"), budget.lines.get("executed")
    return None if given is None or spent is None else _sum(given) - _sum(spent)


def _line_by_line(reading: Reading, budget: Budget) -> Iterator[Relation]:
    """No line spends more than it was given; what is left of the lines is what is left in all."""
    given, spent, left = budget.lines.get("adjusted"), budget.lines.get("executed"), _first(budget, "carry_over")
    if given is None or spent is None:
        return
    shared = pairs(given, spent)
    over = [(mine, theirs) for mine, theirs in shared if theirs.base > mine.base + mine.half + theirs.half]
    for mine, theirs in over:
        working = f"{mine.label}：支出 {plain(theirs.value)} 大于预算 {plain(mine.value)}"
        yield reading.relation("bound", Verdict.SUSPICIOUS, [mine, theirs], working, "超预算支出须说明")
    if shared and not over:
        yield reading.relation("bound", Verdict.HOLDS, [given.total, spent.total], "各项支出都不超过其调整预算")
    if left is not None and len(shared) == len(given.parts) == len(spent.parts):
        rest = [mine.base - theirs.base for mine, theirs in shared]
        if sum(rest) == left.base:
            places = [figure for pair in shared for figure in pair if pair[0].base != pair[1].base]
            working = "+".join(in_unit(each, left) for each in rest if each) + f" = {in_unit(left.base, left)}"
            yield reading.relation("line_difference", Verdict.HOLDS, places, working)


def _residual(reading: Reading, budget: Budget, effect: str) -> Iterator[Relation]:
    """Could one line that is not listed explain why neither list makes its total?"""
    given, spent = budget.lines.get("adjusted"), budget.lines.get("executed")
    if given is None or spent is None:
        return
    rest_given, rest_spent = given.total.base - _sum(given), spent.total.base - _sum(spent)
    tolerance = (len(given.parts) + 1) * given.total.half
    if rest_given <= tolerance and rest_spent <= tolerance:
        return
    totals = [_first(budget, "adjusted") or given.total, _first(budget, "executed") or spent.total]
    working = f"未列项的预算为 {in_unit(rest_given, given.total)}，支出为 {in_unit(rest_spent, spent.total)}"
    if rest_spent > rest_given + tolerance:
        yield reading.relation(
            "residual_test", Verdict.CONTRADICTION, totals,
            f"{working}，多支出 {in_unit(rest_spent - rest_given, given.total)}：漏列一项不能解释这些差额",
            effect,
        )  # fmt: skip
    else:
        yield reading.relation("residual_test", Verdict.UNKNOWN, totals, f"{working}：可能漏列一项")


def _changes(reading: Reading, budget: Budget) -> Iterator[Relation]:
    """Lines that changed much within the year without a reason, or by a slip of two digits."""
    first, second = budget.lines.get("budget"), budget.lines.get("adjusted")
    if first is None or second is None or _REASON.search(reading.plain, first.start, second.end):
        return
    whole = first.total.base
    for mine, theirs in pairs(first, second):
        change = theirs.base - mine.base
        if not mine.base:
            continue
        percentage = f"{'+' if change > 0 else ''}{percent(change / mine.base)}"
        working = f"{mine.label} {plain(mine.value)} → {plain(theirs.value)}{theirs.unit}（{percentage}）"
        if is_transposed(mine, theirs):
            yield reading.relation(
                "digit_transposition", Verdict.SUSPICIOUS, [mine, theirs], f"{working}，疑为数字颠倒"
            )
        elif abs(change) >= max(whole, mine.base) * _LARGE_CHANGE:
            yield reading.relation("unexplained_change", Verdict.SUSPICIOUS, [mine, theirs], f"{working}，没有说明原因")


def is_transposed(first: Figure, second: Figure) -> bool:
    """Whether the digits before the point of one are those of the other with two neighbours exchanged."""
    one, two = (str(abs(int(figure.value))) for figure in (first, second))
    if len(one) != len(two) or one == two or first.unit != second.unit:
        return False
    places = [place for place, (a, b) in enumerate(zip(one, two, strict=True)) if a != b]
    if len(places) != 2 or places[1] - places[0] != 1:
        return False
    left, right = places
    return one[left] == two[right] and one[right] == two[left]
