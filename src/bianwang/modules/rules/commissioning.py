"""Normal value and spread of a signal from a recording of normal running, as an engineer does it.

baseline = median x
spread   = max(1.4826 · median |x - baseline|, (P95 - P5) / 3.29, 0.3 % of |baseline|)

Both first terms estimate the standard deviation of a normal distribution without being moved by a few
outliers: 1.4826 = 1/Φ⁻¹(0.75) (NIST/SEMATECH e-Handbook 1.3.5.6), 3.29 = 2·Φ⁻¹(0.95). The second is needed
where a coarse converter gives the same number most of the time, so that the first is zero; the third is
what a good transmitter drifts, so that a signal that stood still does not alarm at its first change.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

MIN_SAMPLES = 30
"""Fewer good samples say nothing about the 5th and the 95th percentile."""

_MAD = 1.4826
_P5_TO_P95 = 3.29
_DRIFT = 0.003


@dataclass(frozen=True)
class Baseline:
    """Normal value and robust standard deviation, in the signal's unit, from `samples` good readings."""

    median: float
    spread: float
    samples: int


def baseline(values: ArrayLike) -> Baseline:
    """The baseline of good samples (NaN left out). Raises ValueError (Chinese): too few, or all zero."""
    x = np.asarray(values, np.float64)
    x = x[np.isfinite(x)]
    if len(x) < MIN_SAMPLES:
        raise ValueError(
            f"标定时段内只有 {len(x)} 个有效读数，至少需要 {MIN_SAMPLES} 个，请延长时段或检查设备是否上报。"
        )
    median = float(np.median(x))
    low, high = np.percentile(x, (5, 95))
    spread = max(_MAD * float(np.median(np.abs(x - median))), float(high - low) / _P5_TO_P95, _DRIFT * abs(median))
    if spread == 0.0:
        raise ValueError("标定时段内读数始终为 0，请确认设备正在正常运行后重新标定。")
    return Baseline(median, spread, len(x))
