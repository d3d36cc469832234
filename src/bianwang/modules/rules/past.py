"""Rules over stored readings: what to judge as one message, and the readings piece by piece.

Needs neither Django nor the business database, so that a process of its own can do the work: the compiled evaluator
costs 100 MB, which the web process should not carry for pages that few open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
import numpy as np

from bianwang.engine.calendar import RestDays
from bianwang.engine.changes import Changes
from bianwang.engine.formula import Signature
from bianwang.engine.program import Program, compile_formula
from bianwang.engine.table import Instance, compile_table
from bianwang.telemetry.client import TelemetryClient
from bianwang.telemetry.wire import Table

MOST_AT_ONCE: Final = 1_000_000
"""Readings of one answer of the store."""
_TIMEOUT_S: Final = 120.0
_LONGEST_LEAD_MS: Final = 86_400_000
_FIRST_READING_MS: Final = 3_600_000
"""Within which every signal has had a reading, so that what it held is known."""


class Formula(msgspec.Struct, frozen=True):
    """What `compile_formula` takes."""

    text: str
    signature: Signature


class Judged(msgspec.Struct, frozen=True):
    """One `engine.table.Instance`; `formula` is a position in `Plan.formulas`."""

    key: int
    owner: int
    formula: int
    signals: tuple[int, ...]
    parameters: tuple[float, ...]
    hold_ms: int
    quiet_ms: int


class Plan(msgspec.Struct, frozen=True):
    """Instances over [start_ms, end_ms); readings from `lead_ms` before it fill the windows. `socket`: the store's."""

    socket: str
    start_ms: int
    end_ms: int
    lead_ms: int
    formulas: list[Formula]
    instances: list[Judged]
    first_rest_day: int
    rest_days: bytes

    @classmethod
    def of(cls, socket: str, period: tuple[int, int], instances: Sequence[Instance], rest_days: RestDays) -> Plan:
        """The plan for these instances."""
        places: dict[Program, int] = {}
        judged = [
            Judged(
                instance.key,
                instance.owner,
                places.setdefault(instance.program, len(places)),
                instance.signals,
                instance.parameters,
                instance.hold_ms,
                instance.quiet_ms,
            )
            for instance in instances
        ]
        formulas = [Formula(program.text, program.signature) for program in places]
        lead = max(map(lead_ms, instances), default=0)
        return cls(socket, *period, lead, formulas, judged, rest_days.first_day, rest_days.days.tobytes())

    @property
    def signals(self) -> list[int]:
        """Every signal that is looked at."""
        return sorted({signal for instance in self.instances for signal in instance.signals})

    def client(self) -> TelemetryClient:
        """A connection of its own."""
        return TelemetryClient(self.socket, _TIMEOUT_S)


def changes(
    plan: Plan, positions: Sequence[int], *, is_traced: bool = False, only_judged: bool = False, state: bytes = b""
) -> Iterator[tuple[int, Changes]]:
    """How many readings, and the verdict changes of the instances at these positions, by time; a piece at a time.

    `only_judged`: without readings that came too late to be judged as they arrived. `state`: an engine snapshot of
    these instances to go on from, instead of from nothing. Raises TelemetryError, SnapshotError.
    """
    # The web process makes plans and must not carry the compiled code.
    from bianwang.engine.evaluator import Evaluator

    instances = [_instance(plan, plan.instances[position], is_traced) for position in positions]
    begin = plan.start_ms - plan.lead_ms
    rest_days = RestDays(plan.first_rest_day, np.frombuffer(plan.rest_days, np.uint8).copy())
    table = compile_table(instances)
    evaluator = Evaluator.restore(table, state, rest_days=rest_days) if state else Evaluator(table, begin, rest_days)
    begin = evaluator.outstanding_ms if state else begin
    signals = sorted({signal for instance in instances for signal in instance.signals})
    client = plan.client()
    try:
        for rows, until in _read(client, signals, begin, plan.end_ms):
            if only_judged:
                rows = {name: column[rows["judged"]] for name, column in rows.items()}
            pushed = evaluator.push(rows["signal"], rows["time"], rows["value"], rows["quality"])
            yield len(rows["time"]), pushed.followed_by(evaluator.advance(until))
    finally:
        client.close()


def lead_ms(instance: Instance) -> int:
    """For how long before a period readings are fed in: as far as the formula looks back, a day and an hour at most."""
    horizon = instance.horizon_ms
    back = _LONGEST_LEAD_MS if horizon is None else min(horizon + _kept_ms(instance), _LONGEST_LEAD_MS)
    return back + _FIRST_READING_MS


def _kept_ms(instance: Instance) -> int:
    """For how long a verdict remembers what its formula was."""
    return max(instance.hold_ms, instance.quiet_ms)


def _instance(plan: Plan, judged: Judged, is_traced: bool) -> Instance:
    formula = plan.formulas[judged.formula]
    return Instance(
        key=judged.key,
        owner=judged.owner,
        program=compile_formula(formula.text, formula.signature),
        signals=judged.signals,
        parameters=judged.parameters,
        hold_ms=judged.hold_ms,
        quiet_ms=judged.quiet_ms,
        is_traced=is_traced,
    )


def _read(client: TelemetryClient, signals: list[int], start_ms: int, end_ms: int) -> Iterator[tuple[Table, int]]:
    """Readings by signal and time, and up to when they are complete: as much time at once as an answer holds."""
    if end_ms - start_ms > 1 and client.count(signals, start_ms, end_ms) > MOST_AT_ONCE:
        middle = (start_ms + end_ms) // 2
        yield from _read(client, signals, start_ms, middle)
        yield from _read(client, signals, middle, end_ms)
    else:
        yield client.series(signals, start_ms, end_ms), end_ms
