"""Arithmetic of rosters: shifts of days, who is on duty twice, and turns by rotation. No Django, no database."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

_ZONE = ZoneInfo("Asia/Shanghai")
_DAY_HOURS = 24

T = TypeVar("T")


@dataclass(frozen=True)
class Times:
    """One shift of a day: when it begins and how many hours it lasts."""

    code: str
    name: str
    start: time
    hours: int


@dataclass(frozen=True)
class Span:
    """A shift of a certain day, from moment to moment (the end not counted)."""

    day: date
    times: Times
    starts: datetime
    ends: datetime


def check_times(shifts: Sequence[Times]) -> None:
    """Raises ValueError in words unless the shifts follow each other and fit into a day.

    >>> check_times([Times("d", "白班", time(8), 12), Times("n", "夜班", time(20), 12)])
    >>> check_times([Times("d", "白班", time(8), 12), Times("n", "夜班", time(21), 11)])
    Traceback (most recent call last):
    ValueError: “夜班”应从上一班结束的 20:00 开始，不能是 21:00
    """
    if not shifts:
        raise ValueError("至少要有一个班次")
    for row in shifts:
        if not 1 <= row.hours <= _DAY_HOURS:
            raise ValueError(f"“{row.name}”的时长应为1至24小时，不能是 {row.hours}")
    for before, after in itertools.pairwise(shifts):
        end = (datetime.combine(date(2000, 1, 1), before.start) + timedelta(hours=before.hours)).time()
        if after.start != end:
            raise ValueError(f"“{after.name}”应从上一班结束的 {end:%H:%M} 开始，不能是 {after.start:%H:%M}")
    total = sum(row.hours for row in shifts)
    if total > _DAY_HOURS:
        raise ValueError(f"班次合计 {total} 小时，超过24小时")


def spans(first: date, last: date, shifts: Sequence[Times]) -> Iterator[Span]:
    """The shifts of every day of a closed interval, in their order.

    A shift that begins before the day's first belongs to the night after it: 白班 08:30, 夜班 17:30, 后夜班 00:30.

    >>> [str(s.ends)[:16] for s in spans(date(2026, 5, 1), date(2026, 5, 1), [Times("w", "全天", time(8, 30), 24)])]
    ['2026-05-02 08:30']
    """
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        starts = datetime.combine(day, shifts[0].start, _ZONE)
        for row in shifts:
            ends = starts + timedelta(hours=row.hours)
            yield Span(day, row, starts, ends)
            starts = ends


@dataclass(frozen=True)
class Turn:
    """One person in one shift; `shift` tells turns of the same hours apart."""

    person: int
    starts: datetime
    ends: datetime
    shift: int = 0


def clashes(turns: Iterable[Turn]) -> list[tuple[Turn, Turn]]:
    """Pairs of turns of one person at the same time; one that begins as the other ends is no clash."""
    mine: dict[int, list[Turn]] = defaultdict(list)
    for turn in turns:
        mine[turn.person].append(turn)
    found = []
    for rows in mine.values():
        rows.sort(key=lambda turn: (turn.starts, turn.ends))
        longest = rows[0]
        for turn in rows[1:]:
            if turn.starts < longest.ends:
                found.append((longest, turn))
            longest = max(longest, turn, key=lambda row: row.ends)
    return found


def deal(order: Sequence[T], after: int, counts: Sequence[int]) -> list[list[T]]:
    """Turns by rotation: for each shift the next so many people after position `after` (-1: from the beginning).

    >>> deal("甲乙丙", 0, [1, 2])
    [['乙'], ['丙', '甲']]

    Raises ValueError when one shift needs more people than take turns.
    """
    if counts and max(counts) > len(order):
        raise ValueError(f"轮换名单只有 {len(order)} 人，一班需要 {max(counts)} 人")
    dealt, place = [], after + 1
    for count in counts:
        dealt.append([order[(place + step) % len(order)] for step in range(count)])
        place += count
    return dealt
