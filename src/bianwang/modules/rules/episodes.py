"""Episodes of bindings, from the verdict changes of their levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bianwang.engine.changes import Changes
from bianwang.engine.semantics import ChangeKind

LEVELS: Final = 8
"""key = binding * LEVELS + level."""


@dataclass(frozen=True)
class Episodes:
    """Columns, one row an episode that began in the period; `end` -1 while it lasts beyond it."""

    binding: NDArray[np.int64]
    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    level: NDArray[np.int64]
    """The worst."""

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int, int, int]]) -> Episodes:
        """Columns of (binding, begin, end, level)."""
        return cls(*np.array(rows, np.int64).reshape(-1, 4).T)

    @classmethod
    def together(cls, parts: Sequence[Episodes]) -> Episodes:
        """All of them, by begin."""
        names = ("binding", "begin", "end", "level")
        columns = [np.concatenate([getattr(part, name) for part in parts] or [np.zeros(0, np.int64)]) for name in names]
        order = np.lexsort((columns[0], columns[1]))
        return cls(*(column[order] for column in columns))

    def __len__(self) -> int:
        return len(self.begin)

    def take(self, rows: NDArray[np.bool_]) -> Episodes:
        """Some rows."""
        return Episodes(self.binding[rows], self.begin[rows], self.end[rows], self.level[rows])


class Spans:
    """Episodes of bindings: from the first of its levels that is open to the last."""

    def __init__(self, start_ms: int) -> None:
        self._start_ms = start_ms
        self._open: dict[int, tuple[int, int, int]] = {}
        """By binding: begin, open levels as bits, the worst so far."""
        self._rows: list[tuple[int, int, int, int]] = []

    def add(self, changes: Changes) -> None:
        """Take in further changes, of which those of one key are in order."""
        wanted = (changes.kind == ChangeKind.BEGAN) | (changes.kind == ChangeKind.ENDED)
        keys, times, kinds = changes.key[wanted], changes.time[wanted], changes.kind[wanted]
        # Emission order stays where times are equal: an event without quiet time begins and ends at one instant.
        for row in np.argsort(times, kind="stable").tolist():
            binding, level = divmod(int(keys[row]), LEVELS)
            self._change(binding, level, int(times[row]), int(kinds[row]) == ChangeKind.BEGAN)

    def _change(self, binding: int, level: int, time: int, began: bool) -> None:
        begin, levels, worst = self._open.get(binding, (time, 0, level))
        levels = levels | 1 << level if began else levels & ~(1 << level)
        worst = max(worst, level)
        if levels:
            self._open[binding] = (begin, levels, worst)
        elif self._open.pop(binding, None):
            self._keep(binding, begin, time, worst)

    def _keep(self, binding: int, begin: int, end: int, worst: int) -> None:
        if begin >= self._start_ms:
            self._rows.append((binding, begin, end, worst))

    def episodes(self) -> Episodes:
        """All so far; those still open have no end."""
        for binding, (begin, _, worst) in self._open.items():
            self._keep(binding, begin, -1, worst)
        self._open.clear()
        return Episodes.of(self._rows)
