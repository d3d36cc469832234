"""The readings around an alarm, for its curve."""

from __future__ import annotations

from typing import Any

from bianwang.modules.alarms.models import Alarm
from bianwang.modules.sensing.telemetry import TelemetryError, client
from bianwang.platform.clock import now_ms

_POINTS = 1500
_BEFORE_MS = 600_000
_AFTER_MS = 300_000


def curve(alarm: Alarm) -> dict[str, Any]:
    """Readings from ten minutes before to five after, limits, and the judged interval.

    Where telemetry cannot be asked or no longer has the time, the samples kept as evidence stand in;
    `note` says so in Chinese.
    """
    start = alarm.started_ms - _BEFORE_MS
    end = (alarm.ended_ms or now_ms()) + _AFTER_MS
    facts, note = alarm.facts, ""
    try:
        points = _points(alarm.signal_id, start, min(end, now_ms() + 1))
    except TelemetryError as error:
        points, note = [], str(error).partition("，")[0] + "；"
    if not points:
        points = [[row[0], row[1]] for row in facts.get("inputs") or []]
        note += "以下为告警时保存的读数" if points else "没有这段时间的读数"
    return {
        "name": alarm.signal.title,
        "unit": facts.get("unit", ""),
        "points": points,
        "limits": _limits(facts),
        "from": alarm.started_ms,
        "to": alarm.ended_ms,
        "window": [start, end],
        "note": note,
    }


def _points(signal: int, start: int, end: int) -> list[list[float | None]]:
    span = end - start
    bucket = None if span <= 2 * 3600_000 else max(1000, span // _POINTS)
    table = client().series([signal], start, end, bucket)
    values = table["value"] if "value" in table else table["avg"]
    return [
        [int(at), None if value != value else float(value)]
        for at, value in zip(table["time"].tolist(), values.tolist(), strict=True)
    ]


def _limits(facts: dict[str, Any]) -> list[dict[str, Any]]:
    """Threshold lines in the signal's unit; rates and silences have none to draw."""
    words = {"red": "红", "orange": "橙", "yellow": "黄", "blue": "蓝"}
    return [
        {"value": value, "colour": level["severity"], "word": words[level["severity"]]}
        for level in facts.get("limits") or []
        for value in level["lines"]
    ]
