"""Random tables and streams, small enough that limits, windows and equal times are hit often."""

from __future__ import annotations

import math

from hypothesis import strategies as st

from bianwang.engine.semantics import Kind, Op
from bianwang.engine.table import Instance

SIGNALS = [3, 4, 70_000, 4_294_967_295]
OWNER = {3: 1, 4: 1, 70_000: 2, 4_294_967_295: 2}
VALUES = [-3.0, -1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0, math.inf, -math.inf, math.nan]

Reading = tuple[int, int, float, int]

durations = st.sampled_from([0, 0, 0, 1, 2, 3, 5, 8, 20])


@st.composite
def instances(draw: st.DrawFn, key: int) -> Instance:
    signal = draw(st.sampled_from(SIGNALS))
    kind = draw(st.sampled_from(list(Kind)))
    common = {"hold_ms": draw(durations), "quiet_ms": draw(durations)}
    if kind is Kind.SILENCE:
        window = draw(st.integers(1, 12))
        return Instance(key=key, signal=signal, owner=OWNER[signal], kind=kind, window_ms=window, **common)
    m = draw(st.sampled_from([1, 1, 1, 2, 3, 5, 64]))
    low = draw(st.sampled_from([-1.0, 0.0, 1.0]))
    return Instance(
        key=key,
        signal=signal,
        owner=OWNER[signal],
        kind=kind,
        op=draw(st.sampled_from(list(Op))),
        limit=low,
        limit_high=low + 2.0,
        hysteresis=draw(st.sampled_from([0.0, 0.5, 1.0])),
        window_ms=draw(st.sampled_from([1, 2, 3, 5, 8, 13, 130])) if kind is Kind.RATE else 0,
        n=draw(st.integers(1, min(m, 4))),
        m=m,
        stale_ms=draw(durations),
        **common,
    )


@st.composite
def rule_sets(draw: st.DrawFn) -> list[Instance]:
    return [draw(instances(key)) for key in range(draw(st.integers(1, 6)))]


@st.composite
def streams(draw: st.DrawFn, *, disorder: bool) -> list[Reading]:
    """Readings in order of time over all signals, with gaps; with disorder some step back or repeat."""
    readings: list[Reading] = []
    time = draw(st.integers(-3, 3))
    for _ in range(draw(st.integers(0, 60))):
        time += draw(st.sampled_from([0, 0, 1, 1, 1, 2, 3, 7, 30]))
        at = time - draw(st.sampled_from([0, 0, 0, 1, 4])) if disorder else time
        quality = draw(st.sampled_from([0, 0, 0, 0, 0, 1]))
        readings.append((draw(st.sampled_from([*SIGNALS, 9])), at, draw(st.sampled_from(VALUES)), quality))
    return readings
