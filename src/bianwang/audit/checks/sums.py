"""Parts of a total that must make it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from bianwang.audit import units
from bianwang.audit.arithmetic import in_unit, is_one_digit, percent, plain, sum_agreement
from bianwang.audit.facts import Facts
from bianwang.audit.lists import Listing, same_names
from bianwang.audit.model import Figure, Relation, Verdict
from bianwang.audit.reading import Reading

_SMALL_GAP, _LARGE_GAP = Decimal("0.05"), Decimal("0.6")
"""A list that leaves so little of its total is meant to be complete; so is one of several parts that leaves less than
the larger share."""
_SEVERAL = 3


def check(facts: Facts) -> Iterator[Relation]:
    """Sums of listed parts."""
    reading, found = facts.reading, facts.listings
    agreed = [listing for listing in found if _fit(reading, listing) is not None]
    for listing in found:
        relation = _judge(reading, listing, agreed)
        if relation is not None:
            yield relation


def _judge(reading: Reading, listing: Listing, agreed: Sequence[Listing]) -> Relation | None:
    total, place = listing.total, [(reading.quote_of(listing.total).start, listing.end)]
    fit = _fit(reading, listing)
    if not total.base:
        return None
    if fit is not None:
        parts, verdict = fit
        return reading.relation("sum", verdict, place, _working(total, parts))
    computed = sum((part.base for part in listing.parts), Decimal(0))
    gap = computed - total.base
    working = (
        f"{_working(total, listing.parts)}，差 {in_unit(abs(gap), total)}（{percent(abs(gap) / total.base)}）"
        if total.base
        else _working(total, listing.parts)
    )
    proof = _proof(listing, agreed)
    if proof:
        return reading.relation("sum", Verdict.CONTRADICTION, place, f"{working}。{proof}")
    if gap > 0:
        return reading.relation("sum", Verdict.SUSPICIOUS, place, f"{working}。各部分之和超过总数，除非有重叠。")
    if _seems_whole(listing, -gap):
        return reading.relation("sum", Verdict.SUSPICIOUS, place, f"{working}。除非另有未列出的部分。")
    return reading.relation("sum", Verdict.UNKNOWN, place, f"{working}。未列全，不能核对。")


def _fit(reading: Reading, listing: Listing) -> tuple[Sequence[Figure], Verdict] | None:
    """The parts that make the total: all of them, all and the others, or all but what follows them or is inside one."""
    parts = listing.parts
    choices: list[Sequence[Figure]] = [parts]
    if listing.others:
        choices.append(sorted((*parts, *listing.others), key=lambda figure: figure.start))
    choices += [parts[:size] for size in range(len(parts) - 1, 1, -1)]
    sides = _sides(reading, sorted((*parts, *listing.others), key=lambda figure: figure.start))
    if len(sides) > 1 and all(len(side) > 1 and sum_agreement(listing.total, side) for side in sides):
        return sides[0], sum_agreement(listing.total, sides[0]) or Verdict.HOLDS
    for chosen in choices:
        verdict = sum_agreement(listing.total, chosen)
        if verdict is not None:
            return chosen, verdict
    return None


def _sides(reading: Reading, parts: Sequence[Figure]) -> list[list[Figure]]:
    """Parts as semicolons group them: income and outlay may each make the total."""
    found: list[list[Figure]] = [[parts[0]]]
    for before, part in pairwise(parts):
        if "；" in reading.plain[before.end : part.start]:
            found.append([])
        found[-1].append(part)
    return found


def _seems_whole(listing: Listing, gap: Decimal) -> bool:
    total, size = listing.total, len(listing.parts)
    is_count = total.kind != units.MONEY
    if gap <= total.base * _SMALL_GAP or ((size >= _SEVERAL or is_count) and gap <= total.base * _LARGE_GAP):
        return True
    return total.kind == units.MONEY and is_one_digit(gap, total)


def _proof(listing: Listing, agreed: Sequence[Listing]) -> str:
    """Why the list must be complete, "" if that is not known."""
    if listing.is_whole:
        return "文中说明这些就是全部。"
    if listing.is_closed:
        return "这几项合起来就是全部。"
    if any(other is not listing and same_names(other.parts, listing.parts) for other in agreed):
        return "文中另一处同样的各项之和与总数相符，说明各项已列全。"
    return ""


def _working(total: Figure, parts: Sequence[Figure]) -> str:
    numbers = "+".join(plain(part.value) for part in parts)
    same = {part.unit for part in parts} == {total.unit}
    if not same:
        numbers = "+".join(f"{plain(part.value)}{part.unit}" for part in parts)
    computed = in_unit(sum((part.base for part in parts), Decimal(0)), total)
    return f"{numbers} = {computed}，文中为 {plain(total.value)}{total.unit}"
