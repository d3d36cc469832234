"""What the gauges measured, out of the telemetry store, as sums of windows that end now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bianwang.modules.sensing.telemetry import client
from bianwang.modules.weather import rain
from bianwang.modules.weather.models import Gauge
from bianwang.platform.clock import to_ms

_BAD = 2
_BEFORE_MS = 2 * rain.HOUR_MS
"""Read before the longest window: a counter's first difference needs the reading before it."""


@dataclass(frozen=True)
class Measured:
    """One gauge: its sums by hours, its hours one by one, and when it was last heard (ms, None: not in a day)."""

    sums: dict[int, rain.Sum]
    by_hour: list[tuple[int, rain.Sum]]
    """(end of the hour in ms, sum) of the last 24 hours, the oldest first."""
    last: int | None


def measure(gauges: Sequence[Gauge], moment: datetime) -> dict[int, Measured]:
    """The sums of each gauge (by pk) of the windows that end at a moment. Raises TelemetryError."""
    if not gauges:
        return {}
    end = to_ms(moment)
    start = end - max(rain.WINDOWS) * rain.HOUR_MS - _BEFORE_MS
    table = client().series([gauge.signal_id for gauge in gauges], start, end + 1)
    readings: dict[int, list[tuple[int, float]]] = {gauge.signal_id: [] for gauge in gauges}
    for signal, time, value, quality in zip(
        table["signal"], table["time"], table["value"], table["quality"], strict=True
    ):
        if quality < _BAD:
            readings[int(signal)].append((int(time), float(value)))
    return {gauge.pk: _measured(gauge, readings[gauge.signal_id], end) for gauge in gauges}


def _measured(gauge: Gauge, readings: list[tuple[int, float]], end: int) -> Measured:
    step = gauge.step_minutes * rain.MINUTE_MS
    grace = step + gauge.report_minutes * rain.MINUTE_MS
    drops = rain.counter_drops(readings) if gauge.way == Gauge.Way.COUNTER else rain.step_drops(readings, step)
    sums = {hours: rain.window(drops, end, hours, grace) for hours in rain.WINDOWS}
    ends = [end - back * rain.HOUR_MS for back in range(23, -1, -1)]
    hours = [(at, rain.window(drops, at, 1, max(0, grace - (end - at)))) for at in ends]
    return Measured(sums, hours, readings[-1][0] if readings else None)
