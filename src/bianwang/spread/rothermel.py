"""Rothermel's surface fire with the 13 fuel models of Anderson, beside 王正非's law as a second opinion.

Sources: Rothermel 1972 (INT-115) with the corrections of Albini 1976, as collected by Andrews 2018 (RMRS-GTR-371);
fuel models: Anderson 1982 (INT-122); length to breadth: Anderson 1983 (INT-305), for the midflame wind, at most 8.
Checked against pyretechnics (tools/oracle_rothermel.py). Computed in the units of the sources (ft, lb, Btu, min),
given and returned in m, m/s, m/min. Rates are along the ground, taken for horizontal.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bianwang.spread.ellipse import Shapes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bianwang.spread.conditions import Weather

Floats = NDArray[np.float64]

FOOT = 0.3048
MPH = 0.44704  # m/s
LONGEST_SHAPE = 8.0  # length to breadth
HEAT = 8000.0  # Btu/lb
PARTICLE = 32.0  # lb/ft³
MINERAL, SILICA_FREE = 0.0555, 0.01
SIZE_CLASSES = (1200.0, 192.0, 96.0, 48.0, 16.0)


class Fuel(NamedTuple):
    """A fuel model: loads in lb/ft² and surface to volume in 1/ft of dead 1 h, 10 h, 100 h and live herbs; ft; %."""

    name: str
    loads: tuple[float, float, float, float]
    surfaces: tuple[float, float, float, float]
    depth: float
    extinction: float


FUELS: Mapping[int, Fuel] = MappingProxyType(
    {
        1: Fuel("矮草", (0.034, 0, 0, 0), (3500, 109, 30, 1500), 1.0, 12),
        2: Fuel("疏林下草", (0.092, 0.046, 0.023, 0.023), (3000, 109, 30, 1500), 1.0, 15),
        3: Fuel("高草", (0.138, 0, 0, 0), (1500, 109, 30, 1500), 2.5, 25),
        4: Fuel("密灌丛", (0.230, 0.184, 0.092, 0.230), (2000, 109, 30, 1500), 6.0, 20),
        5: Fuel("矮灌丛", (0.046, 0.023, 0, 0.092), (2000, 109, 30, 1500), 2.0, 20),
        6: Fuel("休眠灌丛、阔叶采伐剩余物", (0.069, 0.115, 0.092, 0), (1750, 109, 30, 1500), 2.5, 25),
        7: Fuel("南方灌木林", (0.052, 0.086, 0.069, 0.017), (1750, 109, 30, 1550), 2.5, 40),
        8: Fuel("郁闭林枯落物（短针叶）", (0.069, 0.046, 0.115, 0), (2000, 109, 30, 1500), 0.2, 30),
        9: Fuel("阔叶枯落物（长针叶）", (0.134, 0.019, 0.007, 0), (2500, 109, 30, 1500), 0.2, 25),
        10: Fuel("林下枯落物和灌木", (0.138, 0.092, 0.230, 0.092), (2000, 109, 30, 1500), 1.0, 25),
        11: Fuel("轻度采伐剩余物", (0.069, 0.207, 0.253, 0), (1500, 109, 30, 1500), 1.0, 15),
        12: Fuel("中度采伐剩余物", (0.184, 0.644, 0.759, 0), (1500, 109, 30, 1500), 2.3, 20),
        13: Fuel("重度采伐剩余物", (0.322, 1.058, 1.288, 0), (1500, 109, 30, 1500), 3.0, 25),
    }
)


class Moisture(NamedTuple):
    """Water by dry weight, %, of dead fuel of 1 h, 10 h, 100 h and of live herbs. The default is a dry day."""

    one: float = 6.0
    ten: float = 7.0
    hundred: float = 8.0
    live: float = 80.0


DRY = Moisture()


class Bed(NamedTuple):
    """What a fuel at its moisture does: rate without wind and slope (ft/min) and how wind and slope add to it."""

    rate: float
    wind_scale: float
    wind_power: float
    slope_scale: float
    strongest: float  # ft/min: stronger winds drive it no further (0.9 of the reaction intensity)


@lru_cache(maxsize=256)
def bed(code: int, moisture: Moisture) -> Bed:
    """Rothermel's equations for one fuel model."""
    fuel = FUELS[code]
    load, surface = np.array(fuel.loads), np.array(fuel.surfaces)
    water = np.array(moisture) / 100
    dead, live = slice(0, 3), slice(3, 4)
    areas = load * surface / PARTICLE
    share = np.array([areas[dead].sum(), areas[live].sum()]) / areas.sum()
    within = np.zeros(4)
    within[dead] = areas[dead] / areas[dead].sum()
    within[live] = float(load[3] > 0)
    sizes = np.searchsorted(-np.array(SIZE_CLASSES), -surface)  # fuels of one size are loaded together
    together = np.array([sum(within[dead][sizes[dead] == size]) for size in sizes[dead]] + [within[3]])
    net = together * load * (1 - MINERAL)
    sigma = share[0] * (within[dead] @ surface[dead]) + share[1] * within[3] * surface[3]
    packing = load.sum() / PARTICLE / fuel.depth
    relative = packing / (3.348 * sigma**-0.8189)
    power = 133 * sigma**-0.7913
    reaction = sigma**1.5 / (495 + 0.0594 * sigma**1.5) * relative**power * np.exp(power * (1 - relative))
    damping = _damped(float(within[dead] @ water[dead]), fuel.extinction / 100) * net[dead].sum()
    if load[3] > 0:
        damping += _damped(water[3], _live_extinction(load, surface, water, fuel.extinction / 100)) * net[3]
    intensity = reaction * HEAT * damping * 0.174 * SILICA_FREE**-0.19
    flux = np.exp((0.792 + 0.681 * sigma**0.5) * (packing + 0.1)) / (192 + 0.2595 * sigma)
    heating = within * np.exp(-138 / surface) * (250 + 1116 * water)
    sink = load.sum() / fuel.depth * (share[0] * heating[dead].sum() + share[1] * heating[3])
    b = 0.02526 * sigma**0.54
    c = 7.47 * np.exp(-0.133 * sigma**0.55)
    e = 0.715 * np.exp(-3.59e-4 * sigma)
    return Bed(
        float(intensity * flux / sink), float(c * relative**-e), float(b), float(5.275 * packing**-0.3), 0.9 * intensity
    )


def _damped(water: float, extinction: float) -> float:
    """What moisture leaves of the reaction: 1 dry, 0 at the moisture of extinction."""
    part = min(water / extinction, 1.0)
    return 1 - 2.59 * part + 5.11 * part**2 - 3.52 * part**3


def _live_extinction(load: Floats, surface: Floats, water: Floats, dead: float) -> float:
    """Live fuel burns as long as the dead fuel beside it can dry it (Albini 1976)."""
    fine = load[:3] * np.exp(-138 / surface[:3])
    ratio = fine.sum() / (load[3] * np.exp(-500 / surface[3]))
    return max(float(2.9 * ratio * (1 - fine @ water[:3] / fine.sum() / dead) - 0.226), dead)


@dataclass(frozen=True)
class Rothermel:
    """The law as a model of the spread. ``midflame``: the wind at the flames over the wind at 10 m.

    0.35 = 0.4 of the wind at 20 ft in open or leafless stands, which is 0.87 of that at 10 m; 0.1 … 0.3 under a canopy.
    """

    moisture: Moisture = DRY
    midflame: float = 0.35
    fuels: frozenset[int] = frozenset(FUELS)

    def shapes(self, weather: Weather, fuel: NDArray[np.int64], slope: Floats, upslope: Floats) -> Shapes:
        """One ellipse for each entry; see `conditions.Model`."""
        beds = np.array([bed(code, self.moisture) for code in fuel.tolist()]).reshape(-1, 5)
        return ellipses(beds, weather.wind * self.midflame, weather.wind_to, slope, upslope)


def ellipses(beds: Floats, wind: float, wind_to: ArrayLike, slope: Floats, upslope: Floats) -> Shapes:
    """Wind (m/s at the flames) and slope (degrees) add as vectors; the sum is a wind that shapes the ellipse."""
    rate, scale, power, steep, strongest = beds.T
    blown = scale * (wind * 60 / FOOT) ** power
    risen = steep * np.tan(np.radians(slope)) ** 2
    to, up = np.radians(wind_to), np.radians(upslope)
    east, north = blown * np.sin(to) + risen * np.sin(up), blown * np.cos(to) + risen * np.cos(up)
    effective = np.minimum((np.hypot(east, north) / scale) ** (1 / power), strongest)
    head = rate * (1 + scale * effective**power) * FOOT
    shape = length_to_breadth(effective * FOOT / 60)
    eccentric = np.sqrt(1 - 1 / shape**2)
    half = head / (1 + eccentric)
    return Shapes(np.degrees(np.arctan2(east, north)) % 360, half, half / shape, half * eccentric, np.zeros(len(half)))


def length_to_breadth(wind: ArrayLike) -> Floats:
    """Of the ellipse, for a wind at the flames in m/s (Anderson 1983): 1 in calm air, at most 8.

    >>> float(length_to_breadth(0.0).round(3)), float(length_to_breadth(2.0).round(2)), float(length_to_breadth(40.0))
    (1.0, 1.5, 8.0)
    """
    mph = np.asarray(wind, float) / MPH
    shape: Floats = 0.936 * np.exp(0.1147 * np.minimum(mph, 30)) + 0.461 * np.exp(-0.0692 * mph) - 0.397
    return np.clip(shape, 1.0, LONGEST_SHAPE)
