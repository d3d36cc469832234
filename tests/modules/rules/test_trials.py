"""Back-test and plot as an officer meets them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from bianwang.modules.rules import services
from bianwang.modules.rules.queries import parameters_of, template_of
from bianwang.modules.rules.schedule import parse
from bianwang.modules.sensing.models import Signal
from bianwang.platform.clock import now_ms
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


def finished(client: Client, version: int) -> str:
    """The fragment once the back-test is over."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        text = client.get(reverse("rules:back_test", args=[version])).content.decode()
        if "hx-get" not in text:
            return text
    raise AssertionError(text)


def test_a_draft_is_compared_with_what_is_live(
    store: TelemetryStore, make_signal: MakeSignal, make_version: MakeVersion, client_for: ClientFor
) -> None:
    signal = make_signal("罐区", "combustible_gas", "%LEL")
    values = np.full(1800, 3.0)
    values[300:400], values[900:1000] = 22.0, 40.0
    write(store, signal, now_ms() - HOUR, values)
    live = make_version("combustible-gas", [signal], first=25)
    services.activate(live, "启用")
    wording = services.Wording(template_of(live), parameters_of(live) | {"first": 20.0}, [signal])
    draft = services.revise(live.rule, wording, None)
    client = client_for("head")

    asked = client.post(reverse("rules:back_test", args=[draft.pk]), {"days": "1"})

    assert asked.status_code == 200
    assert "hx-get" in asked.content.decode()
    text = finished(client, draft.pk)
    assert "按本版会产生 <b>2</b> 次告警" in text
    assert "两版都有 1 次，启用本版会新增 <b>1</b> 次，<b>0</b> 次不再报警" in text
    # Somebody else has asked for nothing yet.
    assert "启用前请先回测" in client_for("duty").get(reverse("rules:back_test", args=[draft.pk])).content.decode()


def test_hours_of_the_rule_count(
    store: TelemetryStore, make_signal: MakeSignal, make_version: MakeVersion, client_for: ClientFor
) -> None:
    signal = make_signal("罐区", "combustible_gas", "%LEL")
    write(store, signal, now_ms() - HOUR, np.r_[np.full(100, 3.0), np.full(100, 40.0)])
    at = time.strftime("%H:%M", time.gmtime(time.time() + 9 * 3600))
    later = time.strftime("%H:%M", time.gmtime(time.time() + 10 * 3600))
    version = make_version("combustible-gas", [signal], windows=parse(f"每天 {at}-{later}"))
    client = client_for("head")
    client.post(reverse("rules:back_test", args=[version.pk]), {"days": "1"})
    assert "按本版会产生 <b>0</b> 次告警" in finished(client, version.pk)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "请填写开始和结束时间"),
        ({"start": "2026-10-02T00:00", "end": "2026-10-01T00:00"}, "结束时间须晚于开始时间"),
        ({"start": "2024-10-02T00:00", "end": "2026-10-01T00:00"}, "最长 400 天"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused(
    make_signal: MakeSignal, make_version: MakeVersion, client_for: ClientFor, data: dict[str, str], words: str
) -> None:
    version = make_version("combustible-gas", [make_signal("罐区", "combustible_gas", "%LEL")])
    answer = client_for("head").post(reverse("rules:back_test", args=[version.pk]), data)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_the_plot_has_curve_limits_and_verdict(
    store: TelemetryStore, make_signal: MakeSignal, make_version: MakeVersion, client_for: ClientFor
) -> None:
    signal = make_signal("罐区", "combustible_gas", "%LEL")
    start = now_ms() - HOUR
    write(store, signal, start, np.r_[np.full(100, 3.0), np.full(100, 60.0), np.full(100, 3.0)])
    version = make_version("combustible-gas", [signal])
    url = reverse("rules:plot", args=[version.bindings.get().pk])

    found = client_for("head").get(f"{url}?from={start}&to={start + 300_000}").json()

    assert found["note"] == ""
    assert [limit["value"] for limit in found["signals"][0]["limits"]] == [25.0, 50.0]
    assert len(found["signals"][0]["points"]) == 300
    assert [verdict["severity"] for verdict in found["verdicts"]] == ["orange", "red"]
    for verdict in found["verdicts"]:
        assert [truth for _, _, truth in verdict["spans"]] == [0, 2, 0]
        assert verdict["spans"][1][:2] == [start + 100_000, start + 200_000]
    assert client_for("head").get(f"{url}?from=5&to=4").status_code == 404


def test_the_page_of_a_version_offers_both(
    make_signal: MakeSignal, make_version: MakeVersion, client_for: ClientFor
) -> None:
    version = make_version("combustible-gas", [make_signal("罐区", "combustible_gas", "%LEL")])
    text = client_for("head").get(version.get_absolute_url()).content.decode()
    assert f'data-url="{reverse("rules:plot", args=[version.bindings.get().pk])}"' in text
    assert f'hx-post="{reverse("rules:back_test", args=[version.pk])}"' in text


def test_pages_do_not_load_the_compiled_evaluator(tmp_path: Path) -> None:
    code = (
        "from bianwang.processes.bootstrap import ready; ready()\n"
        "import sys, bianwang.platform.urls\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        "assert 'bianwang.modules.rules.plot' in sys.modules and 'numba' not in sys.modules"
    )
    env = {**os.environ, "BIAN_HOME": str(tmp_path), "BIAN_MODE": "test"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
