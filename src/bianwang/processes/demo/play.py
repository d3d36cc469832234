"""Plays a recording as an ordinary device: registered, commissioned, published over MQTT, judged like any other.

At 1× the recording begins now. Faster, it is shifted so that it ends when the playing ends: the owner's
clock is then that of its readings, which only demo owners may have (DESIGN §9).
"""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from gmqtt.storage import PersistentStorage

from bianwang.modules.alarms.models import Alarm
from bianwang.modules.rules.commissioning import baseline
from bianwang.modules.sensing import services as sensing
from bianwang.modules.sensing.models import Device, Signal
from bianwang.modules.sensing.telemetry import client
from bianwang.platform.clock import SHANGHAI, from_ms, now_ms
from bianwang.platform.config import Config
from bianwang.platform.places import services as places
from bianwang.platform.places.models import Enterprise, Territory, Zone
from bianwang.processes.demo import rules
from bianwang.processes.demo.district import add_signals, enterprise
from bianwang.processes.demo.recording import Recording
from bianwang.processes.simulator.feed import TOPIC, connect

STEP_S = 0.1
"""How often rows that are due are sent."""


@dataclass(frozen=True)
class Player:
    """The device that a recording becomes, and by how much its times are shifted (ms)."""

    device: Device
    token: str
    recording: Recording
    shift_ms: int
    speed: float

    async def play(self, options: Config) -> None:
        """Publish every row when it is due; returns when all are acknowledged."""
        unacknowledged = PersistentStorage()
        session = await connect(self.device.key, self.token, options.mqtt_host, options.mqtt_port, unacknowledged)
        began, first = time.monotonic(), self.recording.times[0]
        for rows in self._pieces():
            due = began + (self.recording.times[rows.start] - first) / 1000 / self.speed
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            session.publish(TOPIC, self._payload(rows), qos=1)
        await unacknowledged.wait_empty()
        await session.disconnect()

    def _pieces(self) -> Iterator[range]:
        """Runs of rows that are due within one step."""
        times, span = self.recording.times, STEP_S * 1000 * self.speed
        start = 0
        for row in range(1, len(times) + 1):
            if row == len(times) or times[row] - times[start] >= span:
                yield range(start, row)
                start = row

    def _payload(self, rows: range) -> bytes:
        cut = slice(rows.start, rows.stop)
        times = [time + self.shift_ms for time in self.recording.times[cut]]
        return msgspec.json.encode(
            {"ts": times, "values": {name: values[cut] for name, values in self.recording.columns.items()}}
        )


def prepare(recording: Recording, name: str, speed: float, commissioning_ms: int) -> Player:
    """The device for a run, its limits set from the recording's beginning.

    At 1× the demo enterprise of that name is used again; a faster run has a clock of its own and so gets an
    enterprise of its own.
    """
    started = now_ms()
    run = name if speed == 1 else f"{name}·{from_ms(started).astimezone(SHANGHAI):%m-%d %H:%M:%S}"
    number = zlib.crc32(run.encode()) % 10**7
    device = Device.objects.filter(key=f"replay-{number}").first() or _register(recording, run, number)
    signals = list(Signal.objects.filter(device=device))
    beginning = recording.first(commissioning_ms)
    baselines = {signal.pk: baseline(beginning[signal.name]) for signal in signals if any(beginning[signal.name])}
    rules.bind(signals, baselines, frozenset(recording.kind.rules))
    token = sensing.issue_token(device)
    # A faster run ends now: it begins so far back that its last row is due when it is played.
    ahead = 0 if speed == 1 else recording.duration_ms * (1 - 1 / speed)
    return Player(device, token, recording, round(now_ms() - ahead - recording.times[0]), speed)


def _register(recording: Recording, run: str, number: int) -> Device:
    kind = recording.kind
    town = Territory.objects.filter(kind=Territory.Kind.TOWN).first()
    owner = enterprise(
        f"演示回放·{run}",
        f"91500120MA{number:07d}",
        sector=Enterprise.Sector.INDUSTRY,
        risk=Enterprise.Risk.BLUE,
        territories=[town] if town else [],
    )
    zone = places.save_zone(Zone(), {"owner": owner, "name": kind.title, "kind": kind.zone})
    device = Device(owner=owner, zone=zone, key=f"replay-{number}", name=kind.title, period_s=0, is_demo=True)
    sensing.register(device)
    add_signals(device, list(kind.signals.values()))
    return device


async def judged(seq: int) -> None:
    """Wait until everything up to `seq` has been judged and its alarms are written. Raises TelemetryError."""
    while True:
        health = await asyncio.to_thread(client().health)
        if int(health["judged_seq"]) >= seq and not health["alarms_waiting"]:
            return
        await asyncio.sleep(STEP_S)


@dataclass(frozen=True)
class Found:
    """One alarm of a run, in the recording's own time (ms from its first row)."""

    rule: str
    severity: str
    begin_ms: int
    end_ms: int | None
    inside: bool
    """Whether it began while the file says that something was wrong."""


def outcome(player: Player) -> list[Found]:
    """The alarms that the run raised, oldest first."""
    zero = player.recording.times[0] + player.shift_ms
    rows = (
        Alarm.objects.filter(signal__device=player.device).select_related("rule_version__rule").order_by("started_ms")
    )
    return [
        Found(
            row.rule_version.rule.name,
            row.get_peak_display(),
            row.started_ms - zero,
            None if row.ended_ms is None else row.ended_ms - zero,
            _labelled(player.recording, row.started_ms - player.shift_ms),
        )
        for row in rows
    ]


def _labelled(recording: Recording, at_ms: int) -> bool:
    """Whether the newest row at a moment carries the label."""
    held = False
    for moment, label in zip(recording.times, recording.label, strict=True):
        if moment > at_ms:
            break
        held = label
    return held
