"""From verdict changes of single levels to episodes of a binding. Asks no database.

A rule may have several levels (50 % LEL yellow, 80 % red); the engine judges each by itself. People want
one alarm: it begins with the first level, its severity is that of the worst level that is true, and it
ends when none is. Each level remembers the time of its last change, and the changes of one level are
ordered in time; so a change that comes again is recognised and does nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

import orjson

from bianwang.engine.changes import Changes
from bianwang.engine.semantics import ChangeKind
from bianwang.modules.rules.episodes import LEVELS


@dataclass(frozen=True, slots=True)
class Change:
    """One verdict change of one level of a binding."""

    binding: int
    level: int
    time: int
    kind: ChangeKind
    value: float
    margin: float


def in_order(changes: Changes) -> Iterator[Change]:
    """The rows of the engine's columns, in order of time."""
    rows = changes.sorted_by_time()
    for key, time, kind, value, margin in zip(
        rows.key.tolist(),
        rows.time.tolist(),
        rows.kind.tolist(),
        rows.value.tolist(),
        rows.margin.tolist(),
        strict=True,
    ):
        binding, level = divmod(key, LEVELS)
        yield Change(binding, level, time, ChangeKind(kind), value, margin)


class What(Enum):
    """What a change means for the episode."""

    BEGAN = "began"
    CHANGED = "changed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Effect:
    """What one change did: the worst true level before and after (-1: none), and the interruption."""

    what: What
    change: Change
    before: int
    after: int
    interrupted: bool
    resumed: bool


@dataclass(slots=True)
class Level:
    """One level's verdict as last heard."""

    is_open: bool
    is_interrupted: bool
    changed_ms: int


@dataclass(slots=True)
class Standing:
    """The verdicts of all levels of one binding."""

    levels: dict[int, Level] = field(default_factory=dict)

    @property
    def worst(self) -> int:
        """The highest level that is true, -1 if none is."""
        return max((index for index, level in self.levels.items() if level.is_open), default=-1)

    @property
    def is_interrupted(self) -> bool:
        """Open, and no level has fresh evidence."""
        known = [level.is_interrupted for level in self.levels.values() if level.is_open]
        return bool(known) and all(known)

    def apply(self, change: Change) -> Effect | None:
        """Take in one change; None if it was known already or has no effect on the episode."""
        level = self.levels.get(change.level)
        if level is not None and _is_known(level, change):
            return None
        before, was_interrupted = self.worst, self.is_interrupted
        self.levels[change.level] = Level(
            is_open=change.kind is not ChangeKind.ENDED,
            is_interrupted=change.kind is ChangeKind.INTERRUPTED,
            changed_ms=change.time,
        )
        after, interrupted = self.worst, self.is_interrupted
        if before < 0:
            what = What.BEGAN
        elif after < 0:
            what = What.ENDED
        else:
            what = What.CHANGED
        if (before, was_interrupted) == (after, interrupted):
            return None
        return Effect(what, change, before, after, interrupted, was_interrupted and not interrupted)

    def close(self, at_ms: int) -> None:
        """Declare all levels false at a moment; changes up to then are known."""
        for level in self.levels.values():
            level.is_open = level.is_interrupted = False
            level.changed_ms = max(level.changed_ms, at_ms)

    def dump(self) -> str:
        """JSON for `Episode.levels`."""
        rows = {str(i): [v.is_open, v.is_interrupted, v.changed_ms] for i, v in sorted(self.levels.items())}
        return orjson.dumps(rows).decode()


def _is_known(level: Level, change: Change) -> bool:
    """Whether the level has heard of it. An event may begin and end at the same instant."""
    ends_at_once = change.kind is ChangeKind.ENDED and level.is_open and change.time == level.changed_ms
    return change.time <= level.changed_ms and not ends_at_once


def load(text: str) -> Standing:
    """A standing from its JSON."""
    return Standing({int(index): Level(*values) for index, values in orjson.loads(text).items()})


def by_binding(changes: Iterable[Change]) -> dict[int, list[Change]]:
    """The changes of each binding, in their order."""
    found: dict[int, list[Change]] = {}
    for change in changes:
        found.setdefault(change.binding, []).append(change)
    return found
