"""How an evaluator gets its state from the past: at a start, and when rules change. One way for every judge."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bianwang.engine.calendar import RestDays
from bianwang.engine.changes import Changes
from bianwang.engine.evaluator import Evaluator
from bianwang.engine.semantics import ChangeKind
from bianwang.engine.table import Instance, Table, compile_table
from bianwang.processes.intake.watermark import Clocks
from bianwang.telemetry.columns import DTYPES
from bianwang.telemetry.store import TooManyRows

log = logging.getLogger(__name__)

UNBOUNDED_MS = 86_400_000
"""How far back a formula without bound is warmed: what it asks for (a permit, a test) seldom lies further back."""
SETTLING_MS = 600_000
"""Added to every horizon, for what hysteresis and votes remember."""
_SIGNALS = 500


class History(Protocol):
    """Stored readings, as `TelemetryStore` gives them."""

    def series(self, signals: Sequence[int], start_ms: int, end_ms: int) -> Mapping[str, NDArray[Any]]:
        """Readings of [start_ms, end_ms) by signal and time; raises TooManyRows."""


class NoHistory:
    """Nothing is known of the past."""

    def series(self, signals: Sequence[int], start_ms: int, end_ms: int) -> Mapping[str, NDArray[Any]]:
        """No readings."""
        return {name: np.zeros(0, dtype) for name, dtype in DTYPES.items()}


@dataclass(frozen=True)
class Rules:
    """Instances, laid out for the evaluator, and the days off."""

    instances: tuple[Instance, ...]
    table: Table
    rest_days: RestDays


def from_history(rules: Rules, history: History, now_ms: int, evaluator: Evaluator) -> Iterator[Changes]:
    """Judge again what is stored of the rules' horizon; silence counts from now."""
    yield from _replayed(evaluator, history, rules.instances, now_ms)
    evaluator.forgive_outage(now_ms)


def take_over(
    before: bytes,
    judged: Mapping[int, int],
    added: tuple[Instance, ...],
    rules: Rules,
    history: History,
    clocks: Clocks,
    now_ms: int,
) -> tuple[Evaluator, list[Changes]]:
    """Replace the rules at one moment: kept instances keep their state, those `added` are warmed from the past.

    `before`: snapshot of the evaluator as it judged by the old rules; if it knew the added ones, what it says of them
    would be believed. `judged`: newest time by signal that it has judged.
    """
    snapshots = [before]
    found: list[Changes] = []
    if added:
        fresh, found = _warmed(added, judged, rules.rest_days, history, clocks, now_ms)
        snapshots.insert(0, fresh.snapshot())
    return Evaluator.restore(rules.table, *snapshots, start_ms=now_ms, rest_days=rules.rest_days), found


def horizon_ms(instances: tuple[Instance, ...]) -> int:
    """How far back an instance must look to know its state."""
    return max(map(_horizon_ms, instances), default=0) + SETTLING_MS


def _horizon_ms(instance: Instance) -> int:
    horizon = instance.horizon_ms
    return (UNBOUNDED_MS if horizon is None else horizon) + instance.hold_ms + instance.quiet_ms


def _warmed(
    added: tuple[Instance, ...],
    judged: Mapping[int, int],
    rest_days: RestDays,
    history: History,
    clocks: Clocks,
    now_ms: int,
) -> tuple[Evaluator, list[Changes]]:
    """New instances as if they had listened all along; what stands begins now."""
    fresh = Evaluator(compile_table(added), now_ms - horizon_ms(added), rest_days)
    found = list(_replayed(fresh, history, added, now_ms, judged))
    if len(clocks.owners):
        found.append(fresh.advance(clocks.at, clocks.owners))
    fresh.forgive_outage(now_ms)
    return fresh, [_standing(changes, now_ms) for changes in found]


def _replayed(
    evaluator: Evaluator,
    history: History,
    instances: tuple[Instance, ...],
    now_ms: int,
    until: Mapping[int, int] | None = None,
) -> Iterator[Changes]:
    """Feed the evaluator what is stored of the instances' horizon, some signals at a time.

    `until`: newest time by signal that the running evaluator has judged; later readings are still to come.
    """
    ids = sorted({signal for instance in instances for signal in instance.signals})
    start = now_ms - horizon_ms(instances)
    for chunk in (ids[i : i + _SIGNALS] for i in range(0, len(ids), _SIGNALS)):
        try:
            columns = history.series(chunk, start, now_ms)
        except TooManyRows:
            log.warning("历史读数过多，%d 个信号的规则从现在起判定", len(chunk))
            continue
        if not columns:
            continue
        keep = columns["judged"].astype(np.bool_)
        if until is not None:
            newest = np.array([until.get(signal, now_ms) for signal in chunk], np.int64)
            keep &= columns["time"] <= newest[np.searchsorted(chunk, columns["signal"])]
        yield evaluator.push(*(columns[name][keep] for name in ("signal", "time", "value", "quality")))


def _standing(changes: Changes, now_ms: int) -> Changes:
    """The verdicts that are open after `changes`, as beginning at `now_ms`."""
    _, last = np.unique(changes.key[::-1], return_index=True)
    rows = np.sort(len(changes) - 1 - last)
    rows = rows[changes.kind[rows] != ChangeKind.ENDED]
    return Changes(
        key=changes.key[rows],
        time=np.full(len(rows), now_ms, np.int64),
        kind=np.full(len(rows), ChangeKind.BEGAN, np.uint8),
        value=changes.value[rows],
        margin=changes.margin[rows],
        outcome=np.zeros(0, np.uint8),
    )
