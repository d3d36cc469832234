"""What the platform itself tells: on its way with the change, at the store once, in order."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bianwang.modules.sensing import outbox
from bianwang.modules.sensing.models import Signal, SignalEvent
from bianwang.platform.clock import now, now_ms
from bianwang.telemetry.client import TelemetryError
from tests.modules.telemetry_server import serving
from tests.people import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def signal(world: World) -> Signal:
    return Signal.objects.create(owner=world.plant, name="permit.hot_work.permit_valid", title="票", quantity="other")


def waiting() -> list[tuple[int, float]]:
    return list(SignalEvent.objects.filter(delivered_at=None).order_by("time_ms").values_list("time_ms", "value"))


def test_a_state_is_noted_when_it_changes_and_never_before_the_last(signal: Signal) -> None:
    at = now_ms()
    for time, value in ((at, 0.0), (at + 5, 0.0), (at + 9, 1.0), (at + 9, 2.0), (at + 3, 0.0)):
        outbox.note_state(signal, time, value)
    assert waiting() == [(at, 0.0), (at + 9, 1.0), (at + 10, 2.0), (at + 11, 0.0)]


def test_what_is_due_reaches_the_store_once_even_if_it_is_handed_over_again(signal: Signal, tmp_path: Path) -> None:
    at = now_ms()
    outbox.note(signal, at - 10, 1.0)
    outbox.note(signal, at + 60_000, 0.0)
    with serving(tmp_path / "telemetry") as store:
        outbox.deliver()
        SignalEvent.objects.update(delivered_at=None)
        outbox.deliver()
        rows = store.series([signal.pk], 0, 2**52)
    assert (rows["time"].tolist(), rows["value"].tolist()) == ([at - 10], [1.0])
    assert waiting() == [(at + 60_000, 0.0)], "not before its time"


def test_without_the_intake_it_waits(signal: Signal) -> None:
    outbox.note(signal, now_ms(), 1.0)
    with pytest.raises(TelemetryError, match="没有响应"):
        outbox.deliver()
    assert len(waiting()) == 1


def test_old_ones_go_but_not_the_last_of_a_signal(signal: Signal) -> None:
    for time in (1, 2, 3):
        outbox.note(signal, time, float(time))
    SignalEvent.objects.update(delivered_at=now() - outbox.KEPT - timedelta(days=1))
    outbox.forget()
    assert list(SignalEvent.objects.values_list("time_ms", flat=True)) == [3]
