"""Random recordings of three signals, small enough that limits, windows and equal times are hit often."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hypothesis import strategies as st

from bianwang.engine.formula import SignalSpec

SIGNALS = ("a", "b", "c")
VALUES = [0.0, 0.0, 1.0, 1.0, 2.0, 3.0, 5.0, 8.0, -2.0, math.nan]
END = 70


@dataclass(frozen=True)
class Recording:
    """Samples (time ms, value, quality) by signal, in order of time; some times occur twice."""

    samples: dict[str, list[tuple[int, float, int]]]
    specs: dict[str, SignalSpec]

    def known(self, name: str) -> list[tuple[int, float | None]]:
        """What the specification takes: None for what is bad."""
        return [(time, None if quality or math.isnan(value) else value) for time, value, quality in self.samples[name]]


@st.composite
def specs(draw: st.DrawFn) -> SignalSpec:
    initial = draw(st.sampled_from([None, None, 0.0, 2.0]))
    return SignalSpec(initial=initial, believed=draw(st.sampled_from([0, 0, 0, 3, 9])))


@st.composite
def recordings(draw: st.DrawFn) -> Recording:
    samples = {}
    for name in SIGNALS:
        times = sorted(draw(st.lists(st.integers(0, END), max_size=16)))
        samples[name] = [
            (time, draw(st.sampled_from(VALUES)), draw(st.sampled_from([0, 0, 0, 0, 0, 0, 1]))) for time in times
        ]
    return Recording(samples, {name: draw(specs()) for name in SIGNALS})
