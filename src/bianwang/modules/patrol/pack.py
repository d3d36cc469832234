"""The district's check list of patrols (`patrol.yaml`): what to look for, by kind of place, with basis and dates."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import msgspec

from bianwang.platform import packs
from bianwang.platform.places.models import Zone


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to look for; without `places` at every place."""

    code: str
    text: str
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None
    places: tuple[str, ...] = ()
    """Kinds of `places.Zone`."""


@lru_cache(maxsize=1)
def pack() -> tuple[Item, ...]:
    """Every version of every item. Raises ConfigError that names the file and what is wrong."""
    return packs.load("patrol.yaml", tuple[Item, ...], _check)


def items(place: str, day: date) -> list[Item]:
    """What to look for at a place of this kind on a day: its own items first, then those of every place."""
    rows = [row for row in packs.in_force(pack(), day) if not row.places or place in row.places]
    return sorted(rows, key=lambda row: (not row.places, row.code))


def _check(rows: tuple[Item, ...]) -> None:
    packs.refuse_twice((row.code, row.valid_from) for row in rows)
    kinds = set(Zone.Kind.values)
    for row in rows:
        wrong = set(row.places) - kinds
        if wrong:
            raise ValueError(f"“{row.code}”的区域类别 {sorted(wrong)[0]} 不存在")
