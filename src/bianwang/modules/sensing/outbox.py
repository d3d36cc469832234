"""Readings that the platform itself makes: written with the change that they tell of, then handed to the intake.

Exactly once in effect: what was handed over but not marked is handed over again, and of equal (signal, time) the
store keeps the first.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

from django.db.models import Exists, OuterRef

from bianwang.modules.sensing.models import Signal, SignalEvent
from bianwang.platform.clock import now, now_ms
from bianwang.platform.config import config
from bianwang.telemetry.client import TelemetryClient

AT_ONCE = 500
KEPT = timedelta(days=30)
# The job shares the lane of the ledger's sealer: an intake that does not answer must not hold that up.
_PATIENCE_S = 0.5


def note(signal: Signal, time_ms: int, value: float) -> None:
    """Put one reading on its way, in the caller's transaction. A time ahead is delivered when it has come.

    Nothing if the signal has a reading of that moment already.
    """
    SignalEvent.objects.get_or_create(signal=signal, time_ms=time_ms, defaults={"value": value})


def note_state(signal: Signal, time_ms: int, value: float) -> None:
    """The same for a state: nothing if it did not change, and never before what was noted last."""
    last = signal.events.order_by("-time_ms").first()
    if last is not None and last.value == value:
        return
    note(signal, time_ms if last is None else max(time_ms, last.time_ms + 1), value)


def deliver() -> None:
    """Hand what is due to the intake, then mark it. Raises TelemetryError while the intake does not run."""
    due = SignalEvent.objects.filter(delivered_at__isnull=True, time_ms__lte=now_ms()).order_by("time_ms", "pk")
    rows = list(due[:AT_ONCE])
    if not rows:
        return
    client().record(
        [row.signal_id for row in rows],
        [row.time_ms for row in rows],
        [row.value for row in rows],
        [0] * len(rows),
    )
    SignalEvent.objects.filter(pk__in=[row.pk for row in rows]).update(delivered_at=now())


def forget() -> None:
    """Delete what was delivered long ago, except each signal's last, by which a change is known."""
    later = SignalEvent.objects.filter(signal=OuterRef("signal"), time_ms__gt=OuterRef("time_ms"))
    old = SignalEvent.objects.filter(Exists(later), delivered_at__lt=now() - KEPT).order_by("pk")
    while pks := list(old.values_list("pk", flat=True)[:AT_ONCE]):
        SignalEvent.objects.filter(pk__in=pks).delete()


@lru_cache(maxsize=1)
def client() -> TelemetryClient:
    """A connection of its own, which gives up soon."""
    return TelemetryClient(config().telemetry_socket(), timeout_s=_PATIENCE_S)
