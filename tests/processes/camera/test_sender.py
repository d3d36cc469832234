"""Readings reach the intake in order and once, also when it was away."""

from __future__ import annotations

from pathlib import Path

from bianwang.platform.clock import now_ms
from bianwang.platform.config import config
from bianwang.processes.camera.sender import Sender
from bianwang.processes.camera.signals import Reading
from bianwang.telemetry.client import TelemetryClient
from tests.instance import patience
from tests.modules.telemetry_server import serving


def test_what_was_said_while_the_intake_was_away_is_sent_when_it_is_back(tmp_path: Path) -> None:
    sender, at = Sender(TelemetryClient(config().telemetry_socket())), now_ms()
    sender.start()
    sender.put([Reading(5, at - 2_000, 1.0), Reading(6, at - 2_000, 0.0, 2)])
    sender.put([Reading(5, at - 1_000, 0.0)])
    with serving(tmp_path / "store") as store:
        for _ in patience("the readings", 30):
            if store.count([5, 6]) == 3:
                break
        sender.put([Reading(5, at, 3.0)])
        sender.stop()
        told = store.since(0, signals=[5])
        assert list(zip(told.time.tolist(), told.value.tolist(), strict=True)) == [
            (at - 2_000, 1.0),
            (at - 1_000, 0.0),
            (at, 3.0),
        ]
        assert store.since(0, signals=[6]).quality.tolist() == [2]
