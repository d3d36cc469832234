"""Latest values and curves, through the real socket and the access door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from django.http import Http404
from django.urls import reverse

from bianwang.modules.sensing import queries
from bianwang.modules.sensing.models import Device, Signal
from bianwang.platform.clock import now_ms
from bianwang.telemetry.columns import Columns
from bianwang.telemetry.store import TelemetryStore
from tests.modules.telemetry_server import serving
from tests.people import ClientFor, World


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TelemetryStore]:
    with serving(tmp_path / "telemetry") as opened:
        yield opened


def test_latest_values_and_curves_follow_scope(store: TelemetryStore, signal: Signal, world: World) -> None:
    now = now_ms()
    store.insert(Columns.of([signal.pk] * 3, [now - 2000, now - 1000, now], [1.0, 2.0, 3.0], [0, 2, 0]))
    mine, stranger = world.who("safety"), world.who("safety2")
    assert queries.latest(mine, [signal.pk]) == {signal.pk: queries.Latest(now, 3.0, 0)}
    assert queries.latest(stranger, [signal.pk]) == {}
    points = queries.series(mine, signal, now - 5000, now + 1)
    assert points == [(now - 2000, 1.0, 1.0, 1.0), (now - 1000, None, None, None), (now, 3.0, 3.0, 3.0)]
    with pytest.raises(Http404):
        queries.series(stranger, signal, now - 5000, now + 1)


def test_a_long_span_comes_in_few_buckets_with_their_extremes(
    store: TelemetryStore, signal: Signal, client_for: ClientFor
) -> None:
    now = now_ms()
    times = now - np.arange(20_000, dtype=np.int64)[::-1] * 4000
    store.insert(Columns.of(np.full(20_000, signal.pk), times, np.arange(20_000.0)))
    answer = client_for("safety").get(reverse("sensing:signal_series", args=[signal.pk]) + "?hours=24").json()
    assert answer["unit"] == "m³/h"
    assert 0 < len(answer["points"]) <= 1500
    assert all(low <= value <= high for _, value, low, high in answer["points"])


def test_the_device_page_shows_the_latest_value(
    store: TelemetryStore, device: Device, signal: Signal, client_for: ClientFor
) -> None:
    store.insert(Columns.of([signal.pk], [now_ms()], [31.5]))
    text = client_for("safety").get(device.get_absolute_url()).content.decode()
    assert "31.50 m³/h" in text
    assert "data-series" in text
