"""How grave an event is and which response it asks for. Pure: the numbers come from the district pack.

>>> rows = [FireGrade("serious", "较大", Decimal(1), 3, 10, "", "", "", date(2009, 1, 1)),
...         FireGrade("general", "一般", Decimal(0), 0, 0, "", "", "", date(2009, 1, 1))]
>>> fire_grade(Decimal("0.99"), 2, 9, rows).name, fire_grade(Decimal(1), 0, 0, rows).name
('一般', '较大')
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

Metric = Literal["deaths", "injuries", "evacuated", "area", "loss"]


class FireGrade(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One grade of a forest fire with the numbers from which it holds; area in ha."""

    code: str
    name: str
    area: Decimal
    deaths: int
    injuries: int
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None


class Threshold(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"kind": "class"}):
    """One response level of a class: any one of the numbers, when reached, asks for it."""

    kind: str
    level: int
    any: Mapping[Metric, Decimal]
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None


def fire_grade(area: Decimal, deaths: int, injuries: int, rows: Sequence[FireGrade]) -> FireGrade:
    """The first of `rows`, gravest first, that one of the numbers reaches. Raises ValueError when none holds."""
    for row in rows:
        if area >= row.area or deaths >= row.deaths or injuries >= row.injuries:
            return row
    raise ValueError("no grade holds from zero")


def reached(figures: Mapping[Metric, Decimal], rows: Iterable[Threshold]) -> Threshold | None:
    """The highest response (1 is the highest) of which one number is reached."""
    found = [row for row in rows if any(figures.get(name, Decimal(0)) >= least for name, least in row.any.items())]
    return min(found, key=lambda row: row.level, default=None)
