"""Commissioning on stored readings, through the real socket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from django.urls import reverse

from bianwang.modules.rules import queries
from bianwang.modules.rules.models import RuleVersion
from bianwang.modules.sensing.models import Signal
from bianwang.platform.clock import from_ms, now_ms
from bianwang.telemetry.columns import Columns
from bianwang.telemetry.store import TelemetryStore
from tests.modules.rules.conftest import MakeSignal
from tests.modules.telemetry_server import serving
from tests.people import ClientFor

HOUR = 3_600_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TelemetryStore]:
    with serving(tmp_path / "telemetry") as opened:
        yield opened


def write(store: TelemetryStore, signal: Signal, start: int, values: np.ndarray) -> None:
    times = start + np.arange(len(values), dtype=np.int64) * 1000
    store.insert(Columns.of(np.full(len(values), signal.pk), times, values))


def test_a_rule_is_commissioned_from_the_form(
    store: TelemetryStore, make_signal: MakeSignal, client_for: ClientFor
) -> None:
    signal = make_signal("电流", "current", "A", zone="pump_room")
    start = (now_ms() - HOUR) // 60_000 * 60_000
    write(store, signal, start, np.random.default_rng(1).normal(12.0, 0.3, 300))
    data = {
        "name": "泵电流", "p_k": 2, "p_n": 10, "p_m": 30, "p_quiet": 60, "p_stale": 120, "notice": "0",
        "recording_from": from_ms(start + 8 * HOUR).strftime("%Y-%m-%dT%H:%M"), "recording_minutes": 5,
    }  # fmt: skip
    answer = client_for("enforcement").post(reverse("rules:new", args=["pump-current"]), data)
    assert answer.status_code == 302
    binding = RuleVersion.objects.get().bindings.get()
    assert binding.baseline == pytest.approx(12.0, abs=0.1)
    assert binding.span == pytest.approx(0.3, rel=0.2)


def test_a_recording_without_readings_names_the_signal(store: TelemetryStore, make_signal: MakeSignal) -> None:
    signal = make_signal("电流", "current", "A", zone="pump_room")
    with pytest.raises(ValueError, match="“电流”：标定时段内只有 0 个"):
        queries.recorded_baselines([signal], 0, HOUR)
