"""The three rules of `bench.rules` in Reelay, in RTAMT and in plain Python: readings per second of one thread

Devices report once a second, in turn; each device has a monitor of its own for each rule, as in our table. Reelay and
RTAMT take one step for each reading, a second long, so what falls between two readings is spared them. Making the
monitors is not measured. Times are CPU time of the one thread.
"""

from __future__ import annotations

import random
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import reelay as past

Judge = Callable[[int, int, float], Any]
"""What a peer does with a reading: device, second, value."""

SEQUENCE_S = 1_800
CHANGE_S = 60
HOLD_S = 5


def readings(devices: int, seconds: int) -> Iterator[tuple[int, int, float]]:
    numbers = random.Random(1)
    return ((device, second, numbers.gauss(3.0, 0.7)) for second in range(seconds) for device in range(devices))


def rate(judge: Judge, devices: int, seconds: int) -> float:
    rows = list(readings(devices, seconds))
    begin = time.thread_time()
    for row in rows:
        judge(*row)
    return len(rows) / (time.thread_time() - begin)


def reelay() -> float:
    """Discrete-time monitors that tell changes only.

    It knows no arithmetic, so the change over 60 s is the jump over two fixed limits, which is less work. It has no
    `rise` either: that is written out. It stops reading at what it does not understand, hence the outer brackets.
    Making a monitor takes some 30 ms, therefore few devices, which all fit the caches.
    """
    patterns = (
        f"(historically[0:{HOLD_S}]({{x > 4.5}} since {{x > 5}}))",
        f"({{x > 5}} and once[{CHANGE_S}:{CHANGE_S}]{{x < 1}})",
        f"(({{x > 6}} and not(once[1:1]{{x > 6}})) and not(once[0:{SEQUENCE_S}]{{x < 1}}))",
    )
    devices = 50
    updates = [[past.discrete_timed_monitor(pattern=each).update for each in patterns] for _ in range(devices)]

    def judge(device: int, second: int, value: float) -> None:
        reading = {"time": second, "x": value}
        for update in updates[device]:
            update(reading)

    return rate(judge, devices, seconds=4_000)


def rtamt() -> float | None:
    """Discrete-time online monitors, the pure Python ones that its package brings; None where there is no RTAMT.

    `once[60,60]` of a number is its value 60 s ago, so all three rules can be said. It goes through the whole window
    at each reading, therefore fewer devices.
    """
    if sys.version_info >= (3, 13):
        return None
    import rtamt as stl

    formulas = (
        f"historically[0,{HOLD_S}]((x > 4.5) since (x > 5))",
        f"(x - once[{CHANGE_S},{CHANGE_S}](x)) > 4",
        f"rise(x > 6) and not(once[0,{SEQUENCE_S}](x < 1))",
    )

    def monitor(formula: str) -> Callable[[int, list[tuple[str, float]]], float]:
        specification = stl.StlDiscreteTimeSpecification()
        specification.declare_var("x", "float")
        specification.spec = formula
        specification.parse()
        return specification.update  # type: ignore[no-any-return]

    devices = 20
    updates = [[monitor(each) for each in formulas] for _ in range(devices)]

    def judge(device: int, second: int, value: float) -> None:
        reading = [("x", value)]
        for update in updates[device]:
            update(second, reading)

    return rate(judge, devices, seconds=200)


@dataclass(slots=True)
class Device:
    """What the three rules remember of a device; times in seconds."""

    high_since: int | None = None
    is_alarm: bool = False
    past: deque[tuple[int, float]] = field(default_factory=deque)
    is_changed: bool = False
    was_above: bool = True
    low_until: int = 0  # what was before is not known


def limit(device: Device, second: int, value: float) -> bool:
    """`hysteresis(x > 5, 0.5)` held for 5 s: has the alarm changed?"""
    if value > 5.0 and device.high_since is None:
        device.high_since = second
    elif value <= 4.5:
        device.high_since = None
    was_alarm = device.is_alarm
    device.is_alarm = device.high_since is not None and second - device.high_since >= HOLD_S
    return device.is_alarm != was_alarm


def change(device: Device, second: int, value: float) -> bool:
    """`delta[0, 60s](x) > 4` at the readings: has it changed?"""
    past = device.past
    past.append((second, value))
    while len(past) > 1 and past[1][0] <= second - CHANGE_S:
        past.popleft()
    began, before = past[0]
    was_changed = device.is_changed
    device.is_changed = second - began >= CHANGE_S and value - before > 4.0
    return device.is_changed != was_changed


def sequence(device: Device, second: int, value: float) -> bool:
    """`rise(x > 6) and not once[0, 30min](x < 1)`: does it happen now?"""
    if value < 1.0:
        device.low_until = second + 1
    was_above, device.was_above = device.was_above, value > 6.0
    return value > 6.0 and not was_above and second >= device.low_until + SEQUENCE_S


def plain_python() -> float:
    """A loop as one would write it by hand: one small function a rule, judged at the readings only; 20,000 devices."""
    devices = 20_000
    states = [Device() for _ in range(devices)]
    changes: list[tuple[int, int, str]] = []

    def judge(device: int, second: int, value: float) -> None:
        state = states[device]
        if limit(state, second, value):
            changes.append((device, second, "limit"))
        if change(state, second, value):
            changes.append((device, second, "change"))
        if sequence(state, second, value):
            changes.append((device, second, "sequence"))

    return rate(judge, devices, seconds=75)
