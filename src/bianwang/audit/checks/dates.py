"""Events that are called by their dates: “8·11”、“8·20”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Final, NamedTuple

from bianwang.audit.facts import Facts
from bianwang.audit.model import Relation, Verdict
from bianwang.audit.reading import Reading

_DATE: Final = re.compile(r"“(\d{1,2})[·.](\d{1,2})[^”\d]{0,6}”")
_GAP: Final = re.compile("[^，。；：\n“”]{0,12}")
_SAME_LENGTH: Final = 3


class DateSet(NamedTuple):
    """Dates that a text names one after the other."""

    dates: frozenset[str]
    start: int
    end: int


def check(facts: Facts) -> Iterator[Relation]:
    """Dates that exist; two lists of the same events."""
    reading = facts.reading
    for found in _DATE.finditer(reading.plain):
        month, day = int(found[1]), int(found[2])
        if not (1 <= month <= 12 and 1 <= day <= 31):
            yield reading.relation("date", Verdict.SUSPICIOUS, [found.span()], f"没有 {month} 月 {day} 日")
    sets = [each for each in _sets(reading.plain) if len(each.dates) >= _SAME_LENGTH]
    told: set[frozenset[str]] = set()
    for first, second in combinations(sets, 2):
        missing, other = first.dates - second.dates, second.dates - first.dates
        if len(first.dates) == len(second.dates) and len(missing) == len(other) == 1 and missing | other not in told:
            told.add(missing | other)
            yield _one_differs(reading, sets, first, second)


def _sets(text: str) -> Iterator[DateSet]:
    run: list[re.Match[str]] = []
    for found in _DATE.finditer(text):
        if run and not _GAP.fullmatch(text, run[-1].end(), found.start()):
            yield _set(run)
            run = []
        run.append(found)
    if run:
        yield _set(run)


def _set(run: list[re.Match[str]]) -> DateSet:
    return DateSet(frozenset(f"{int(each[1])}·{int(each[2])}" for each in run), run[0].start(), run[-1].end())


def _one_differs(reading: Reading, sets: list[DateSet], first: DateSet, second: DateSet) -> Relation:
    (one,), (other,) = first.dates - second.dates, second.dates - first.dates
    times = {date: sum(date in each.dates for each in sets) for date in (one, other)}
    likely = (
        ""
        if times[one] == times[other]
        else f"，{min(times, key=times.__getitem__)} 只出现 {min(times.values())} 次，疑为误写"
    )
    places = [(each.start, each.end) for each in (first, second)]
    return reading.relation(
        "date_set", Verdict.CONTRADICTION, places, f"两处列的是同样的事，一处有 {one}，另一处有 {other}{likely}"
    )
