"""Permits as signals: one a zone, type and quantity, whose value is how many permits are so at that moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bianwang.modules.permits.conflicts import conflicts_among
from bianwang.modules.permits.levels import edges, suffices
from bianwang.modules.permits.models import Permit
from bianwang.modules.permits.workflow import IN_FORCE, LIVE
from bianwang.modules.sensing import permit_signals
from bianwang.modules.sensing.models import Signal, SignalEvent
from bianwang.modules.sensing.outbox import note, note_state
from bianwang.platform.clock import from_ms, to_ms
from bianwang.platform.places.models import Zone

PULSE_MS = 1_000
"""How long the outcome of a gas test shows."""

_BRIEFED = frozenset({"applied", *IN_FORCE})
_ISOLATED = frozenset({"applied", *LIVE, "stopped", "expired"})
_GUARDED = frozenset({"ready", "active"})

_STATES: dict[str, Callable[[Permit, datetime], bool]] = {
    "permit_valid": lambda permit, at: permit.is_valid_at(at),
    "guard_present": lambda permit, at: permit.state in _GUARDED,
    "briefing_done": lambda permit, at: permit.briefed_at is not None and permit.state in _BRIEFED,
    "work_active": lambda permit, at: permit.state == "active",
    "blind_plate_done": lambda permit, at: permit.is_isolated and permit.state in _ISOLATED,
    "lock_on": lambda permit, at: permit.is_locked and not permit.state_row.final,
}


def refresh(permit: Permit, at: datetime) -> None:
    """Note every state of the permit's zone and type as it is at a moment."""
    rows = _told(permit)
    for quantity, holds in _STATES.items():
        if quantity in permit.kind_row.signals:
            note_state(signal_of(permit, quantity), to_ms(at), float(sum(holds(row, at) for row in rows)))
    note_state(signal_of(permit, "permit_level_ok"), to_ms(at), _level_ok(rows, at))
    _refresh_conflicts(permit, at)


def _refresh_conflicts(permit: Permit, at: datetime) -> None:
    """Note for this place, and every other of the unit that has told of conflicts, how many permits are in conflict."""
    live = Permit.objects.filter(owner=permit.owner_id, state__in=IN_FORCE).select_related("zone")
    counts: dict[int, set[int]] = {}
    for conflict in conflicts_among(live):
        for party in (conflict.permit, conflict.other):
            counts.setdefault(party.zone_id, set()).add(party.pk)
    told = Signal.objects.filter(owner=permit.owner_id, device=None, quantity="permit_conflict").values("zone")
    for place in Zone.objects.filter(pk__in={permit.zone_id, *counts}) | Zone.objects.filter(pk__in=told):
        signal = permit_signals.ensure(place, permit_signals.ALL, "permit_conflict")
        note_state(signal, to_ms(at), float(len(counts.get(place.pk, ()))))


def refresh_level(permit: Permit, until: datetime) -> None:
    """Note whether levels suffice at each beginning and end of night and rest day since that was last noted."""
    signal = signal_of(permit, "permit_level_ok")
    last = signal.events.order_by("-time_ms").first()
    if last is None:
        return
    rows = _told(permit)
    for edge in edges(from_ms(last.time_ms), until):
        note_state(signal, to_ms(edge), _level_ok(rows, edge))


def pulse(permit: Permit, at: datetime, *, passed: bool) -> None:
    """Note a gas test: its outcome is 1 for a second."""
    signal = signal_of(permit, "gas_test_passed" if passed else "gas_test_failed")
    time = to_ms(at)
    while SignalEvent.objects.filter(signal=signal, time_ms=time).exists():
        time += 1
    note(signal, time, 1.0)
    note(signal, time + PULSE_MS, 0.0)


def signal_of(permit: Permit, quantity: str) -> Signal:
    """The signal of the permit's zone and type, registered when it is first needed."""
    return permit_signals.ensure(permit.zone, permit.kind, quantity)


def _told(permit: Permit) -> list[Permit]:
    rows = Permit.objects.filter(owner=permit.owner_id, zone=permit.zone_id, kind=permit.kind)
    return list(rows.exclude(state__in=("closed", "cancelled")))


def _level_ok(rows: list[Permit], at: datetime) -> float:
    valid = [row for row in rows if row.is_valid_at(at)]
    return float(bool(valid) and all(suffices(row.kind_row, row.base_level, row.level, at) for row in valid))
