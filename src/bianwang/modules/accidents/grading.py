"""How grave an accident is: the highest of three counts. Pure: the limits come from the district pack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import msgspec


class Grade(msgspec.Struct, frozen=True):
    """One grade with the counts from which it holds ("以上" includes the number itself); loss in 万元."""

    code: str
    name: str
    deaths: int
    injuries: int
    loss: int
    source: str
    article: str
    valid_from: date
    certainty: str = ""
    valid_to: date | None = None


def valid_on(rows: Iterable[Grade], day: date) -> list[Grade]:
    """The grades in force on a day, in their order."""
    return [row for row in rows if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)]


def grade(deaths: int, injuries: int, loss: Decimal, rows: Sequence[Grade]) -> Grade:
    """The first of `rows`, gravest first, that one of the three counts reaches.

    `injuries` are serious injuries including acute industrial poisoning. Raises ValueError when no row fits:
    the last one must hold from zero.
    """
    for row in rows:
        if deaths >= row.deaths or injuries >= row.injuries or loss >= row.loss:
            return row
    raise ValueError("no grade holds from zero")
