"""Numbers that may not be exactly known, as intervals of what is possible, and what the rule language does with them.

Part of the definition (specification.py): written to be read.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from bianwang.engine import formula as f


class Possible(NamedTuple):
    """What a number may be."""

    low: float
    high: float

    @property
    def is_known(self) -> bool:
        return self.low == self.high


UNKNOWN = Possible(-math.inf, math.inf)


def known(value: float | None) -> Possible:
    """Exactly this number; everything where it is none."""
    return UNKNOWN if value is None or not math.isfinite(value) else Possible(value, value)


def arithmetic(op: f.ArithmeticOp, left: Possible, right: Possible) -> Possible:
    """What is possible of a sum, difference, product or quotient."""
    if op == f.ArithmeticOp.ADD:
        return _finite(left.low + right.low, left.high + right.high)
    if op == f.ArithmeticOp.SUBTRACT:
        return _finite(left.low - right.high, left.high - right.low)
    if not (left.is_known and right.is_known) or (op == f.ArithmeticOp.DIVIDE and right.low == 0.0):
        return UNKNOWN
    return known(left.low * right.low if op == f.ArithmeticOp.MULTIPLY else left.low / right.low)


def _finite(low: float, high: float) -> Possible:
    return UNKNOWN if low == high and not math.isfinite(low) else Possible(low, high)


def extreme(kind: f.WindowKind, certain: list[float], *, complete: bool) -> Possible:
    """The largest or smallest of a window of which `certain` are known: all of it if `complete`."""
    if not certain:
        return UNKNOWN
    value = max(certain) if kind == f.WindowKind.MAX else min(certain)
    if complete:
        return Possible(value, value)
    return Possible(value, math.inf) if kind == f.WindowKind.MAX else Possible(-math.inf, value)


def slope(samples: list[tuple[int, float | None]]) -> Possible:
    """Least squares of value over time in ms, per second."""
    if len(samples) < 2:
        return UNKNOWN
    n, t, x = len(samples), sum(t for t, _ in samples), math.fsum(x or 0.0 for _, x in samples)
    tt, tx = sum(t * t for t, _ in samples), math.fsum(t * (x or 0.0) for t, x in samples)
    return known((n * tx - t * x) * 1000.0 / (n * tt - t * t))
