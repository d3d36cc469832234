"""Verdict changes as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bianwang.engine.layout import CHANGE
from bianwang.engine.semantics import Outcome


@dataclass(frozen=True)
class Changes:
    """Verdict changes of one call, one row each; the rows of one key are strictly ordered in time.

    ``outcome`` has one entry for each pushed reading (empty after ``advance``), see ``Outcome``.
    """

    key: NDArray[np.int64]
    time: NDArray[np.int64]
    kind: NDArray[np.uint8]
    value: NDArray[np.float64]
    margin: NDArray[np.float64]
    outcome: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.key)

    @property
    def late(self) -> NDArray[np.bool_]:
        """Mask over the pushed readings: too late to be judged in order, to be stored with judged=false."""
        mask: NDArray[np.bool_] = self.outcome == Outcome.LATE
        return mask

    @property
    def late_count(self) -> int:
        return int(np.count_nonzero(self.late))

    @property
    def duplicate_count(self) -> int:
        """Readings dropped because their signal already had one at that time."""
        return int(np.count_nonzero(self.outcome == Outcome.DUPLICATE))

    def followed_by(self, other: Changes) -> Changes:
        """The rows of both, this one's first."""
        return Changes(
            np.concatenate([self.key, other.key]),
            np.concatenate([self.time, other.time]),
            np.concatenate([self.kind, other.kind]),
            np.concatenate([self.value, other.value]),
            np.concatenate([self.margin, other.margin]),
            np.concatenate([self.outcome, other.outcome]),
        )

    def sorted_by_time(self) -> Changes:
        """The same changes in order of (time, key)."""
        order = np.lexsort((self.key, self.time))
        return Changes(
            self.key[order],
            self.time[order],
            self.kind[order],
            self.value[order],
            self.margin[order],
            self.outcome,
        )


def from_records(records: NDArray[np.void], outcome: NDArray[np.uint8]) -> Changes:
    """Columns of an array of CHANGE."""
    return Changes(
        key=records["key"].copy(),
        time=records["time"].copy(),
        kind=records["kind"].copy(),
        value=records["value"].copy(),
        margin=records["margin"].copy(),
        outcome=outcome,
    )


def no_changes() -> Changes:
    """None."""
    return from_records(np.zeros(0, CHANGE), np.zeros(0, np.uint8))
