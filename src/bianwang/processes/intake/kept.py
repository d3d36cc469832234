"""What formulas without bound remember, kept with the alarms that begin, so that each can be derived again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Self

import numpy as np

from bianwang.engine.calendar import WEEKENDS, RestDays
from bianwang.engine.changes import Changes
from bianwang.engine.evaluator import Evaluator
from bianwang.engine.semantics import ChangeKind
from bianwang.engine.table import Instance, compile_table
from bianwang.modules.rules.episodes import LEVELS


@dataclass(frozen=True)
class KeptStates:
    """The bindings that look back without bound, as they were when the last snapshot was taken."""

    bindings: dict[int, list[Instance]] = field(default_factory=dict)
    state: bytes = b""
    rest_days: RestDays = WEEKENDS

    @classmethod
    def take(cls, instances: Sequence[Instance], snapshot: bytes, rest_days: RestDays) -> Self:
        """Keep from a snapshot of the whole engine what belongs to those of the instances."""
        grouped = groupby(sorted(instances, key=lambda each: each.key), key=lambda each: each.key // LEVELS)
        found = {binding: list(levels) for binding, levels in grouped}
        found = {binding: levels for binding, levels in found.items() if any(e.horizon_ms is None for e in levels)}
        return cls(found, _only([e for levels in found.values() for e in levels], snapshot, rest_days), rest_days)

    def of(self, changes: Changes) -> dict[int, bytes]:
        """The state of each of the bindings of which a verdict begins in the changes."""
        if not self.bindings:
            return {}
        begun = np.unique(changes.key[changes.kind == ChangeKind.BEGAN] // LEVELS).tolist()
        return {each: _only(self.bindings[each], self.state, self.rest_days) for each in begun if each in self.bindings}


def _only(instances: Sequence[Instance], snapshot: bytes, rest_days: RestDays) -> bytes:
    if not instances:
        return b""
    return Evaluator.restore(compile_table(instances), snapshot, rest_days=rest_days).snapshot()
