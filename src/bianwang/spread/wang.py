"""王正非's law: R = R0 · Kw · Ks · Kφ, in m/min, with the directions of 毛贤敏.

Sources: 王正非《山火初始蔓延速度测算法》(山地研究 1983, 1(2)) and《通用森林火险级系统》(自然灾害学报 1992, 1(3));
毛贤敏《风和地形对林火蔓延速度的作用》(应用气象学报 1993, 4(1)). The formulas are as two published programs state
them (shared/reference/domain.md §6); they differ in R0, so both stand here by name. Fitted to surface fires of
大兴安岭 on slopes up to 60°; beyond that the slope is held at 60°. Ks of the fuel and Kφ of the slope are called the
other way round by some authors.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bianwang.spread.ellipse import Shapes, enclosing
from bianwang.spread.errors import SpreadError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bianwang.spread.conditions import Weather

Floats = NDArray[np.float64]

WIND = 0.1783  # Kw = exp(0.1783 V), V in m/s
SLOPE, SLOPE_POWER = 3.533, 1.2  # Kφ = exp(±3.533 (tan φ)^1.2)
STEEPEST = 60.0  # degrees
FASTEST = 300.0  # m/min. Ours: no surface fire is known to run faster; the formula would, on steep ground in a storm
DIRECTIONS = np.arange(0.0, 360.0, 5.0)
EIGHT = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")

# Ks by code. Source: the fuel table that goes with the law in both programs of domain.md §6.
FUELS: Mapping[int, tuple[str, float]] = MappingProxyType(
    {
        1: ("平铺针叶", 0.8),
        2: ("松林", 1.0),
        3: ("枯枝落叶", 1.2),
        4: ("茅草、杂草", 1.6),
        5: ("莎草、灌木", 1.8),
        6: ("牧场草原", 2.0),
    }
)
# R0 by name. W is the wind FORCE (级), not its speed; "four" has the humidity term, "three" has not.
VARIANTS = MappingProxyType({"four": "0.03T + 0.05W + 0.01(100-h) - 0.3", "three": "0.053T + 0.048W - 0.275"})


def force(wind: float) -> float:
    """风力 of a wind in m/s: V = 0.836 F^1.5 (Beaufort), not rounded, at most 12.

    >>> [round(force(v)) for v in (0, 1.5, 5.4, 10.7, 60)]
    [0, 1, 3, 5, 12]
    """
    return float(min((wind / 0.836) ** (2 / 3), 12.0))


def base_rate(temperature: float, wind_force: float, humidity: float, variant: str = "four") -> float:
    """R0: ℃, 级, % → m/min. Where it comes out negative, nothing spreads.

    >>> round(base_rate(40, 3, 20), 2)
    1.85
    >>> round(base_rate(40, 3, 20, "three"), 3)
    1.989
    """
    if variant == "four":
        return max(0.03 * temperature + 0.05 * wind_force + 0.01 * (100 - humidity) - 0.3, 0.0)
    if variant == "three":
        return max(0.053 * temperature + 0.048 * wind_force - 0.275, 0.0)
    raise SpreadError(f"未知的初始速度公式“{variant}”，可用：{'、'.join(VARIANTS)}。")


def wind_factor(wind: float, angle: ArrayLike = 0.0) -> Floats:
    """Kw in a direction ``angle`` degrees off the wind: below 1 against it."""
    factor: Floats = np.exp(WIND * wind * np.cos(np.radians(angle)))
    return factor


def slope_factor(slope: ArrayLike, angle: ArrayLike = 0.0) -> Floats:
    """Kφ in a direction ``angle`` degrees off the steepest ascent: above 1 uphill, below 1 downhill.

    >>> float(slope_factor(15).round(2)), float(slope_factor(15, 180).round(2)), float(slope_factor(15, 90).round(2))
    (2.07, 0.48, 1.0)
    """
    steep = np.tan(np.radians(np.minimum(slope, STEEPEST))) * np.cos(np.radians(angle))
    factor: Floats = np.exp(SLOPE * np.sign(steep) * np.abs(steep) ** SLOPE_POWER)
    return factor


def eight_directions(base: float, fuel: float, weather: Weather, slope: float, upslope: float) -> dict[str, float]:
    """The rate to each of the eight points of the compass, m/min."""
    angles = np.arange(8) * 45.0
    rates = base * fuel * wind_factor(weather.wind, angles - weather.wind_to) * slope_factor(slope, angles - upslope)
    return dict(zip(EIGHT, np.minimum(rates, FASTEST).tolist(), strict=True))


@dataclass(frozen=True)
class Wang:
    """The law as a model of the spread: rates in 72 directions, and the ellipse of the same length, width and place."""

    variant: str = "four"
    factors: Mapping[int, float] = field(default_factory=lambda: {code: ks for code, (_, ks) in FUELS.items()})

    @property
    def fuels(self) -> frozenset[int]:
        """Codes that burn."""
        return frozenset(self.factors)

    def shapes(self, weather: Weather, fuel: NDArray[np.int64], slope: Floats, upslope: Floats) -> Shapes:
        """One ellipse for each entry; see `conditions.Model`."""
        base = base_rate(weather.temperature, force(weather.wind), weather.humidity, self.variant)
        grounds, which = np.unique(np.stack([slope, upslope]), axis=1, return_inverse=True)
        rates = slope_factor(grounds[0][:, None], DIRECTIONS - grounds[1][:, None])
        rates *= wind_factor(weather.wind, DIRECTIONS - weather.wind_to)
        factor = np.array([self.factors[code] for code in fuel.tolist()])
        return enclosing(DIRECTIONS, rates, *_peak(rates)).taken(which).scaled(base * factor).limited(FASTEST)


def _peak(rates: Floats) -> tuple[Floats, Floats]:
    """Direction and value of the greatest rate, between the directions computed: a parabola through three logs."""
    step = DIRECTIONS[1]
    at = rates.argmax(axis=1)
    entries = np.arange(len(rates))
    before, top, after = (np.log(rates[entries, (at + offset) % len(DIRECTIONS)]) for offset in (-1, 0, 1))
    bend = np.minimum(before - 2 * top + after, -1e-12)
    offset = np.where(bend < -1e-9, (before - after) / (2 * bend), 0.0)
    return DIRECTIONS[at] + offset * step, np.exp(top - (before - after) * offset / 4)
