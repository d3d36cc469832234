"""Rest days as the kernel reads them: one byte a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class RestDays:
    """Days off from ``first_day`` (days since 1970-01-01, Asia/Shanghai); beyond them Saturdays and Sundays are."""

    first_day: int
    days: NDArray[np.uint8]

    @classmethod
    def of(cls, is_rest_day: Callable[[date], bool], first: date, last: date) -> RestDays:
        """The days from ``first`` to ``last``, both included, as a calendar gives them."""
        count = (last - first).days + 1
        days = [is_rest_day(first + timedelta(days=n)) for n in range(count)]
        return cls((first - _EPOCH).days, np.array(days, np.uint8))


WEEKENDS = RestDays(0, np.zeros(0, np.uint8))
"""No calendar: Saturdays and Sundays only."""
