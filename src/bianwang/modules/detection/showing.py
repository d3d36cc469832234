"""Trials as people read them."""

from __future__ import annotations

from collections.abc import Sequence

from bianwang.modules.detection.models import Trial
from bianwang.modules.detection.scoring import Counts, LabelResult

_COLOURS = {"waiting": "secondary", "running": "blue", "done": "green", "failed": "red"}


class Shown:
    """A finished trial: each class at the model's threshold, and the findings at every threshold.

    Classes that are neither labelled nor found, of which a general model has dozens, are left out.
    """

    def __init__(self, trial: Trial) -> None:
        self.result = trial.read_result()
        self.threshold = trial.model.threshold
        findings = set(trial.model.finding_names)
        rows = [Row(row.label, row.at(self.threshold), row.label in findings) for row in self.result.labels]
        self.labels = [row for row in rows if row.stands_out or row.counts != Counts(row.counts.threshold, 0, 0, 0)]
        self.steps = [
            Row(f"{counts.threshold:.2f}", counts, abs(counts.threshold - self.threshold) < 0.025)
            for counts in _together([row for row in self.result.labels if row.label in findings])
        ]


class Row:
    """One line of a table: a name, counts and their rates."""

    def __init__(self, name: str, counts: Counts, stands_out: bool) -> None:
        self.name, self.counts, self.stands_out = name, counts, stands_out
        self.precision, self.recall = percent(counts.precision), percent(counts.recall)


def percent(share: float | None) -> str:
    """0.8512 → 85.1%."""
    return "—" if share is None else f"{100 * share:.1f}%"


def rate(trial: Trial, name: str) -> str:
    """Precision or recall of the findings at the model's threshold, once there is a result."""
    if trial.state != Trial.State.DONE:
        return ""
    found = min(
        _together([row for row in trial.read_result().labels if row.label in set(trial.model.finding_names)]),
        key=lambda counts: abs(counts.threshold - trial.model.threshold),
    )
    return percent(getattr(found, name))


def trial_colour(trial: Trial) -> str:
    """The colour of its state."""
    return _COLOURS[trial.state]


def _together(rows: Sequence[LabelResult]) -> list[Counts]:
    """The counts of several classes, threshold by threshold."""
    return [
        Counts(
            parts[0].threshold,
            sum(part.right for part in parts),
            sum(part.wrong for part in parts),
            sum(part.missed for part in parts),
        )
        for parts in zip(*(row.counts for row in rows), strict=True)
    ]
