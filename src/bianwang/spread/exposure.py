"""Who lies in the fire's way, in the order in which they have to leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np

from bianwang.spread.fire import Spread


class Place(Protocol):
    """Anything with a place in local metres: a household, a person, an enterprise."""

    @property
    def x(self) -> float: ...

    @property
    def y(self) -> float: ...


P = TypeVar("P", bound=Place)


@dataclass(frozen=True)
class Exposed(Generic[P]):
    """A place and the minutes until the fire is there; infinite: not within the hours computed."""

    place: P
    earliest: float
    likely: float
    latest: float

    @property
    def hour(self) -> int:
        """The hour of the earliest arrival, 1 = within sixty minutes."""
        return int(self.earliest // 60) + 1


def exposure(result: Spread, places: Iterable[P]) -> list[Exposed[P]]:
    """The places that the fire may reach, the one it may reach first before all others."""
    reached = [Exposed(place, *result.minutes(place.x, place.y)) for place in places]
    return sorted(
        (each for each in reached if np.isfinite(each.earliest)), key=lambda each: (each.earliest, each.likely)
    )
