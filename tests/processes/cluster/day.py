"""A recorded day of eight enterprises: out of order, with repeats, with silence; and rules of every kind on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from bianwang.engine.changes import Changes
from bianwang.engine.formula import SignalSpec, Signature
from bianwang.engine.program import compile_formula
from bianwang.engine.table import Instance
from bianwang.processes.intake.judging import RuleSet
from bianwang.processes.intake.watermark import OwnerIndex
from bianwang.telemetry.columns import Columns

T0 = 1_790_000_000_000
DAY_MS = 86_400_000
EVERY_MS = 60_000
BATCH_MS = 240_000
FIRST_MS = T0 - 2 * BATCH_MS
"""It takes two batches to know that devices are prompt."""
OWNERS = tuple(range(1, 9))
GAS, PEOPLE, TEST = 0, 1, 2
LATE_MS = 20_000
"""Gas detectors of every third owner are allowed to report so late."""


class Told(NamedTuple):
    """One verdict change."""

    key: int
    time: int
    kind: int
    value: float
    margin: float


def signal(owner: int, what: int) -> int:
    return owner * 8 + what


def rules(owners: tuple[int, ...] = OWNERS, limit: float = 25.0) -> list[Instance]:
    """Per owner: a limit that must hold, silence, a change over a window, entry without a test, and a rule without
    bound."""
    signature = Signature({"gas": SignalSpec(), "people": SignalSpec(initial=0.0), "test": SignalSpec(initial=0.0)})
    texts = (
        f"hysteresis(gas > {limit}, 2)",
        "stale(gas, 5min)",
        "delta[0, 10min](gas) > 9",
        "rise(people > 0) and not once[0, 30min](test == 1)",
        "people > 3 and mean[0, 5min](gas) > 20",
        "(people > 0) since (test == 1)",
    )
    programs = [compile_formula(text, signature) for text in texts]
    places = {"gas": GAS, "people": PEOPLE, "test": TEST}
    return [
        Instance(
            key=(owner * len(texts) + number) * 8,
            owner=owner,
            program=program,
            signals=tuple(signal(owner, places[name]) for name in program.signals),
            hold_ms=60_000 if number == 0 else 0,
            quiet_ms=30_000 if number == 3 else 0,
            lateness_ms=lateness(owner) if "gas" in program.signals else 0,
        )
        for owner in owners
        for number, program in enumerate(programs)
    ]


def lateness(owner: int) -> int:
    return LATE_MS if owner % 3 == 0 else 0


def all_owners() -> OwnerIndex:
    """Whose every signal is, as the intake knows it."""
    signals = {signal(owner, what): owner for owner in OWNERS for what in (GAS, PEOPLE, TEST)}
    return OwnerIndex(signals, frozenset(), {owner: lateness(owner) for owner in OWNERS})


def rule_set() -> RuleSet:
    return RuleSet.build(rules(), frozenset())


def readings(seed: int = 7) -> Columns:
    """The day in the order of arrival: delays of up to 15 s (at times 90), repeats, an hour of silence."""
    random = np.random.default_rng(seed)
    parts = []
    for owner in OWNERS:
        for what in (GAS, PEOPLE, TEST):
            time = np.arange(T0, T0 + DAY_MS, EVERY_MS, dtype=np.int64) + random.integers(0, 5_000)
            hour = random.integers(2, 22) * 60
            time = np.delete(time, slice(hour, hour + 60))
            delay = random.integers(0, 15_000, len(time))
            delay[random.random(len(time)) < 0.002] = 90_000
            value = _values(random, what, len(time))
            columns = [
                np.full(len(time), signal(owner, what)),
                time,
                value,
                (random.random(len(time)) < 0.01),
                time + delay,
            ]
            again = np.flatnonzero(random.random(len(time)) < 0.02)
            parts += [columns, [column[again] + (2_000 if n == 4 else 0) for n, column in enumerate(columns)]]
    ids, time, value, quality, received = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(received, kind="stable")
    return Columns.of(ids[order], time[order], value[order], quality[order], received[order])


def _values(random: np.random.Generator, what: int, size: int) -> np.ndarray:
    if what == GAS:
        return 15 + np.cumsum(random.normal(0, 0.8, size)) * 0.3 + random.normal(0, 2, size)
    if what == PEOPLE:
        return np.maximum(0, np.round(np.cumsum(random.choice([-1, 0, 0, 0, 1], size)) % 7 - 2)).astype(float)
    return (random.random(size) < 0.05).astype(float)


def batches(columns: Columns, every_ms: int = BATCH_MS) -> Iterator[tuple[Columns, int]]:
    """The readings as the intake closes its batches, with the time of the closing; batches without readings too."""
    for now in range(FIRST_MS, T0 + DAY_MS + 2 * every_ms, every_ms):
        low, high = np.searchsorted(columns.received, [now - every_ms, now], side="right")
        yield columns.take(np.arange(low, high)), now


def told(changes: Changes) -> list[Told]:
    columns = (
        changes.key,
        changes.time,
        changes.kind,
        np.nan_to_num(changes.value, nan=-1),
        np.nan_to_num(changes.margin, nan=-1),
    )
    return [Told(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]
