"""Which devices are connected, when each was last heard, whose clock is wrong, and who fell silent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bianwang.platform.clock import now_ms
from bianwang.processes.intake.directory import Directory

State = Literal["online", "offline", "silent", "heard", "clock_fault", "clock_ok"]

SILENCE_GRACE_MS = 45_000
"""Silence beyond the promised period before it is a state; with a sweep every 10 s it shows within 60 s."""


@dataclass(frozen=True, slots=True)
class Change:
    """A device changed state at `at_ms`; `detail` says why in Chinese, "" where the state says it all."""

    device: int
    state: State
    at_ms: int
    detail: str = ""


class Presence:
    """States of devices. Listeners get every change once; nothing here is written to the ledger."""

    def __init__(self, clock: Callable[[], int] = now_ms) -> None:
        self._clock = clock
        self._listeners: list[Callable[[Change], None]] = []
        self.started_ms = clock()
        self.heard: dict[int, int] = {}
        """Device id -> when its last message arrived; the device path writes here directly."""
        self.connections: dict[int, int] = {}
        """Device id -> number of live connections."""
        self.silent: set[int] = set()
        self.clock_faults: dict[int, int] = {}
        """Device id -> ms that its clock is ahead."""

    def on_change(self, listener: Callable[[Change], None]) -> None:
        """Call `listener` at each change, on the event loop; it must not block."""
        self._listeners.append(listener)

    def online(self, device: int) -> bool:
        """Whether the device is connected."""
        return self.connections.get(device, 0) > 0

    def connected(self, device: int) -> None:
        """A connection of the device (or of its gateway on its behalf) opened."""
        count = self.connections[device] = self.connections.get(device, 0) + 1
        if count == 1:
            self._tell(device, "online")

    def disconnected(self, device: int, detail: str = "") -> None:
        """A connection of the device ended."""
        count = self.connections.get(device, 0) - 1
        if count > 0:
            self.connections[device] = count
        elif self.connections.pop(device, None):
            self._tell(device, "offline", detail)

    def clock(self, device: int, ahead_ms: int) -> None:
        """The device's newest reading is `ahead_ms` ahead of us; 0 says that its clock is right again."""
        if ahead_ms:
            new = device not in self.clock_faults
            self.clock_faults[device] = ahead_ms
            if new:
                self._tell(device, "clock_fault", f"设备时钟快 {ahead_ms / 1000:.0f} 秒，请校时")
        elif self.clock_faults.pop(device, None) is not None:
            self._tell(device, "clock_ok")

    def sweep(self, directory: Directory) -> None:
        """Notice devices that broke their promised period, and those that are heard again."""
        now = self._clock()
        for device in directory.devices.values():
            if not device.period_s:
                continue
            since = now - max(self.heard.get(device.id, 0), self.started_ms)
            silent = since > device.period_s * 1000 + SILENCE_GRACE_MS
            if silent and device.id not in self.silent:
                self.silent.add(device.id)
                self._tell(device.id, "silent", f"已 {since / 1000:.0f} 秒没有上报")
            elif not silent and device.id in self.silent:
                self.silent.discard(device.id)
                self._tell(device.id, "heard")

    def _tell(self, device: int, state: State, detail: str = "") -> None:
        change = Change(device, state, self._clock(), detail)
        for listener in self._listeners:
            listener(change)
