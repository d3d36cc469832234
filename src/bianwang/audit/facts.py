"""What the checks share: a reading and what is found in it once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from bianwang.audit import budget, indicators, lists
from bianwang.audit.budget import Budget
from bianwang.audit.indicators import Indicator
from bianwang.audit.lists import Listing
from bianwang.audit.reading import Reading


@dataclass(frozen=True)
class Facts:
    """A reading with its listings, budget and indicators, each made when it is first asked for."""

    reading: Reading

    @cached_property
    def listings(self) -> tuple[Listing, ...]:
        """Totals with their listed parts."""
        return tuple(lists.listings(self.reading))

    @cached_property
    def budget(self) -> Budget:
        """The unit's own money."""
        return budget.read(self.reading, self.listings)

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """The indicators of the prose."""
        return tuple(indicators.read(self.reading))
