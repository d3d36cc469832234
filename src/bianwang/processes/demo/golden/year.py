"""A golden year that is being loaded, and what its subjects share."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeVar

from bianwang.platform import clock
from bianwang.platform.accounts.models import User
from bianwang.platform.ledger.context import acting
from bianwang.processes.demo.cast import Cast
from bianwang.processes.demo.golden.data import Year

T = TypeVar("T")


@dataclass(frozen=True)
class Golden:
    """A year that is being loaded: with whom, from which data, at which scale."""

    cast: Cast
    data: Year
    scale: float = 1.0

    def chance(self, subject: str) -> random.Random:
        """The subject's own dice: what others throw does not move it."""
        return random.Random(f"{self.data.seed} {subject}")  # noqa: S311 - invented rows, not a secret

    def scaled(self, count: int) -> int:
        """So many of the rows that there are in hundreds of thousands."""
        return round(count * self.scale)


@contextmanager
def scene(user: User, moment: datetime) -> Iterator[None]:
    """What a person did at a moment."""
    with clock.at(moment), acting(user, "本机"):
        yield


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A time of a day in Shanghai."""
    return datetime.combine(day, time(hour, minute), clock.SHANGHAI)


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """A total in whole parts as near to the weights as can be: the parts add up to it."""
    whole, done, parts = sum(weights), 0, []
    reached = 0
    for weight in weights:
        reached += weight
        parts.append(total * reached // whole - done)
        done += parts[-1]
    return parts


def pieces(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Rows in lists of a bounded size."""
    piece: list[T] = []
    for row in rows:
        piece.append(row)
        if len(piece) == size:
            yield piece
            piece = []
    if piece:
        yield piece
