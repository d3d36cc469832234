"""How sure a share of a sample is. Pure: the Wilson score interval, and how many must be asked.

Wilson, JASA 22 (1927) 209; Newcombe, Statistics in Medicine 17 (1998) 857, method 3. The sample size is that of a share
with finite population correction (Cochran, Sampling Techniques, 3rd ed., 4.4), at the worst share, one half.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, sqrt

Z95 = 1.959963984540054
"""The two-sided 95 % quantile of the normal distribution."""


def wilson(successes: int, sample: int, z: float = Z95) -> tuple[float, float]:
    """The interval in which the share of the population lies, each end between 0 and 1.

    >>> [round(end, 4) for end in wilson(81, 263)]
    [0.2553, 0.3662]
    >>> [round(end, 4) for end in wilson(0, 20)]
    [0.0, 0.1611]

    Raises ValueError without a sample.
    """
    if not 0 <= successes <= sample or sample < 1:
        raise ValueError("样本至少 1 份，符合的份数不能多于样本。")
    share, square = successes / sample, z * z / sample
    middle = (share + square / 2) / (1 + square)
    half = z / (1 + square) * sqrt(share * (1 - share) / sample + square / (4 * sample))
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    return low, 1.0 if successes == sample else min(1.0, middle + half)


def needed(margin: float | Fraction, population: int | None = None, z: float = Z95) -> int:
    """How many answers a share needs that is to be known to `margin`, of a population or of very many.

    >>> needed(0.05), needed(0.05, 1000), needed(0.05, 10_000), needed(0.03)
    (385, 278, 370, 1068)

    Raises ValueError for a margin or a population that makes no sense.
    """
    if not 0 < margin < 1:
        raise ValueError("允许误差须在 0 与 1 之间，例如 0.05。")
    endless = z * z / (4 * float(margin) ** 2)
    if population is None:
        return ceil(endless)
    if population < 1:
        raise ValueError("目标人群至少 1 人。")
    return min(population, ceil(endless / (1 + (endless - 1) / population)))
