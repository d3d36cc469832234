"""Commissioning and back-tests on stored readings, through the real socket."""

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
from tests.modules.rules.conftest import MakeSignal, MakeVersion
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


def test_a_draft_is_tried_on_the_past(
    store: TelemetryStore, make_signal: MakeSignal, make_version: MakeVersion, client_for: ClientFor
) -> None:
    loud, calm = make_signal("a", "combustible_gas", "%LEL"), make_signal("b", "combustible_gas", "%LEL")
    start = now_ms() - HOUR
    # Two leaks far apart, one of them up to the second limit; and one spike shorter than the hold.
    values = np.full(1800, 3.0)
    values[300:400], values[900:1000], values[1500:1502] = 30.0, 60.0, 40.0
    write(store, loud, start, values)
    write(store, calm, start, np.full(1800, 3.0))
    version = make_version("combustible-gas", [loud, calm])
    result = queries.back_test(version, start, start + HOUR)
    assert result.readings == 3600
    assert result.episodes == {version.bindings.get(signal=loud).pk: 2}
    answer = client_for("head").get(reverse("rules:back_test", args=[version.pk]) + "?days=1")
    assert "会产生 <b>2</b> 次告警" in answer.content.decode()


def test_a_back_test_that_is_too_long_is_refused(
    store: TelemetryStore, make_signal: MakeSignal, make_version: MakeVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    signal = make_signal("a", "combustible_gas", "%LEL")
    start = now_ms() - HOUR
    write(store, signal, start, np.full(50, 3.0))
    monkeypatch.setattr(queries, "_MOST_REPLAYED", 49)
    version = make_version("combustible-gas", [signal])
    with pytest.raises(ValueError, match="缩短天数"):
        queries.back_test(version, start, start + HOUR)


def test_pieces_give_the_same_result_as_one(
    store: TelemetryStore, make_signal: MakeSignal, make_version: MakeVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    signals = [make_signal(f"s{n}", "combustible_gas", "%LEL") for n in range(5)]
    start = now_ms() - HOUR
    for signal in signals:
        write(store, signal, start, np.r_[np.full(20, 3.0), np.full(20, 30.0)])
    version = make_version("combustible-gas", signals)
    whole = queries.back_test(version, start, start + HOUR)
    monkeypatch.setattr(queries, "_MOST_AT_ONCE", 90)
    assert queries.back_test(version, start, start + HOUR) == whole
    assert whole.total == 5


def test_a_rule_is_commissioned_from_the_form(
    store: TelemetryStore, make_signal: MakeSignal, client_for: ClientFor
) -> None:
    signal = make_signal("电流", "current", "A", zone="pump_room")
    start = (now_ms() - HOUR) // 60_000 * 60_000
    write(store, signal, start, np.random.default_rng(1).normal(12.0, 0.3, 300))
    data = {
        "name": "泵电流", "p_k": 2, "p_n": 10, "p_m": 30, "p_quiet": 60, "p_stale": 120,
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
