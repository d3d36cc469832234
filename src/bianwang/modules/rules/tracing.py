"""The process that says how the truth of a few formulas went over a stored period: a plan in, spans out.

`python -m bianwang.modules.rules.tracing < PLAN`
"""

from __future__ import annotations

import subprocess
import sys
from typing import Final

import msgspec

from bianwang.modules.rules.past import Plan, changes
from bianwang.telemetry.client import TelemetryError

_TIMEOUT_S: Final = 60.0
_FIRST_KIND: Final = 4
"""`ChangeKind.FALSE`; unknown and true follow."""


class Span(msgspec.Struct, frozen=True, array_like=True):
    """A formula's truth on [begin, end): 0 false, 1 unknown, 2 true."""

    begin: int
    end: int
    truth: int


class Traced(msgspec.Struct, frozen=True):
    """Spans by instance key that fill the plan's period without gaps, or a Chinese sentence why there are none."""

    spans: dict[int, list[Span]] = {}
    error: str = ""


def trace(plan: Plan) -> dict[int, list[Span]]:
    """Carry out a plan in a process of its own. Raises TelemetryError."""
    command = [sys.executable, "-m", "bianwang.modules.rules.tracing"]
    try:
        done = subprocess.run(
            command, input=msgspec.msgpack.encode(plan), capture_output=True, check=True, timeout=_TIMEOUT_S
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise TelemetryError("判定没有算完，请缩短时间后重试") from error
    answer = msgspec.msgpack.decode(done.stdout, type=Traced)
    if answer.error:
        raise TelemetryError(answer.error)
    return answer.spans


def spans(plan: Plan) -> dict[int, list[Span]]:
    """How the truth of every instance went."""
    turns: dict[int, list[tuple[int, int]]] = {instance.key: [] for instance in plan.instances}
    for _, found in changes(plan, range(len(plan.instances)), is_traced=True):
        for key, time, kind in zip(found.key.tolist(), found.time.tolist(), found.kind.tolist(), strict=True):
            turns[key].append((time, kind - _FIRST_KIND))
    return {key: _filled(rows, plan.start_ms, plan.end_ms) for key, rows in turns.items()}


def _filled(turns: list[tuple[int, int]], start_ms: int, end_ms: int) -> list[Span]:
    """From turns (time, truth) to spans within the period; an event of one millisecond is a span of one."""
    turns = sorted(turns, key=lambda turn: turn[0])
    ends = [time for time, _ in turns[1:]] + [end_ms]
    return [
        Span(max(begin, start_ms), min(end, end_ms), truth)
        for (begin, truth), end in zip(turns, ends, strict=True)
        if end > start_ms and begin < end_ms
    ]


if __name__ == "__main__":
    try:
        result = Traced(spans(msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Plan)))
    except TelemetryError as error:
        result = Traced(error=str(error))
    sys.stdout.buffer.write(msgspec.msgpack.encode(result))
