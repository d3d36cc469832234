"""Five kinds of plant as small balance equations, each with the incidents that rules look for.

A plant advances by `step(seconds)` and returns its signals in the units that the demo registers. Noise comes
from the plant's own seeded generator, so a run can be repeated.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import ClassVar


class Plant:
    """Common part: the clock, the noise and the incident that is under way."""

    INCIDENTS: ClassVar[tuple[str, ...]] = ()

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - noise, not a secret
        self.seconds = 0.0
        self.incident = ""
        self._incident_left = 0.0

    def begin(self, incident: str, seconds: float) -> None:
        """Start a scripted incident. Raises ValueError for a name this plant does not have."""
        if incident not in self.INCIDENTS:
            raise ValueError(f"{type(self).__name__} has no incident {incident!r}")
        self.incident, self._incident_left = incident, seconds

    def step(self, seconds: float) -> dict[str, float]:
        """Advance and return every signal's value."""
        self.seconds += seconds
        self._incident_left -= seconds
        if self._incident_left <= 0:
            self.incident = ""
        return self.advance(seconds)

    def advance(self, seconds: float) -> dict[str, float]:
        """The balance equations of one plant."""
        raise NotImplementedError

    def noisy(self, value: float, sigma: float) -> float:
        """A measured value: the true one plus normal noise, with four digits."""
        return round(value + self.random.gauss(0.0, sigma), 4)


def approach(value: float, goal: float, seconds: float, tau: float) -> float:
    """First-order lag: `value` after `seconds` on its way to `goal` with time constant `tau` s."""
    return goal + (value - goal) * math.exp(-seconds / tau)


class Pump(Plant):
    """A centrifugal pump: head H = 42 − 0.018 Q² against a system H = 12 + R Q² (Q in m³/h, H in m)."""

    INCIDENTS: ClassVar = ("valve_closing", "cavitation")

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.opening, self.temperature = 1.0, 42.0

    def advance(self, seconds: float) -> dict[str, float]:
        self.opening = approach(self.opening, 0.25 if self.incident == "valve_closing" else 1.0, seconds, 25.0)
        resistance = 0.012 / self.opening**2
        flow = math.sqrt((42.0 - 12.0) / (0.018 + resistance))
        head = 42.0 - 0.018 * flow**2
        suction = 0.45 if self.incident == "cavitation" else 1.0
        flow, head = flow * (0.6 + 0.4 * suction), head * suction
        power = 1000 * 9.81 * flow / 3600 * head / 0.62  # W at the shaft, efficiency 62 %
        current = power / (math.sqrt(3) * 380 * 0.85) + 3.1
        vibration = 1.6 + (4.5 if self.incident == "cavitation" else 0.8 * (1 - self.opening))
        self.temperature = approach(self.temperature, 42.0 + 18 * (1 - self.opening), seconds, 300.0)
        return {
            "flow": self.noisy(flow, 0.25),
            "pressure": self.noisy(head * 9.81e-3, 0.003),
            "current": self.noisy(current, 0.05),
            "vibration": self.noisy(vibration, 0.08),
            "temperature": self.noisy(self.temperature, 0.1),
        }


class GasStore(Plant):
    """A gas store: concentration balance dC/dt = leak/V − n·C, n in air changes an hour."""

    INCIDENTS: ClassVar = ("leak", "small_leak")

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.lel, self.pressure, self.fan = 1.0, 1.2, False

    def advance(self, seconds: float) -> dict[str, float]:
        leak = {"leak": 150.0, "small_leak": 27.0}.get(self.incident, 0.7)  # %LEL a minute
        self.fan = self.lel > 35.0 or (self.fan and self.lel > 8.0)
        changes_per_minute = (20 if self.fan else 6) / 60
        steady = leak / changes_per_minute / 7
        self.lel = approach(self.lel, steady, seconds, 60 / changes_per_minute / 7)
        self.pressure = approach(self.pressure, 1.05 if self.incident else 1.2, seconds, 240.0)
        return {
            "lel": max(0.0, self.noisy(self.lel, 0.3)),
            "pressure": self.noisy(self.pressure, 0.004),
            "fan_running": float(self.fan),
            "temperature": self.noisy(24 + 3 * math.sin(self.seconds / 3600), 0.1),
        }


class Furnace(Plant):
    """A gas-fired furnace held at 860 ℃ by its burner; first-order heat balance."""

    INCIDENTS: ClassVar = ("runaway", "cooling_loss")

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.temperature = 858.0

    def advance(self, seconds: float) -> dict[str, float]:
        wanted = 55 + 4.0 * (860 - self.temperature)
        burner = 100.0 if self.incident == "runaway" else min(100.0, max(5.0, wanted))
        self.temperature = approach(self.temperature, 25 + 15.2 * burner, seconds, 420.0)
        cooling = 2.1 if self.incident == "cooling_loss" else 8.4
        return {
            "temperature": self.noisy(self.temperature, 0.6),
            "gas_pressure": self.noisy(9.8 - 0.01 * burner, 0.05),
            "burner": self.noisy(burner, 0.2),
            "cooling_flow": self.noisy(cooling, 0.05),
        }


class ConfinedSpace(Plant):
    """A sewage pit: oxygen is used up and H2S released unless the fan runs; people come and go."""

    INCIDENTS: ClassVar = ("fan_failure", "entry_without_ventilation")

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.oxygen, self.h2s = 20.8, 0.8

    def advance(self, seconds: float) -> dict[str, float]:
        working = self.incident != "" or self.seconds % 1800 > 1200
        fan = working and not self.incident
        persons = 2.0 if working else 0.0
        self.oxygen = approach(self.oxygen, 20.8 if fan else (17.6 if self.incident else 20.3), seconds, 90.0)
        self.h2s = approach(self.h2s, 0.6 if fan else (16.0 if self.incident else 2.4), seconds, 120.0)
        return {
            "oxygen": self.noisy(self.oxygen, 0.04),
            "h2s": max(0.0, self.noisy(self.h2s, 0.1)),
            "co": max(0.0, self.noisy(3.0, 0.3)),
            "persons": persons,
            "fan_running": float(fan),
        }


class SprayBooth(Plant):
    """A spray booth: solvent vapour from the gun, carried off by the exhaust fan."""

    INCIDENTS: ClassVar = ("fan_stop", "filter_clogged")

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.lel = 3.0

    def advance(self, seconds: float) -> dict[str, float]:
        spraying = self.incident == "fan_stop" or self.seconds % 600 < 420
        fan = self.incident != "fan_stop"
        clogged = self.incident == "filter_clogged"
        goal = (5.0 if fan else 46.0) if spraying else 1.0
        self.lel = approach(self.lel, goal * (1.8 if clogged else 1.0), seconds, 40.0 if fan else 110.0)
        return {
            "lel": max(0.0, self.noisy(self.lel, 0.25)),
            "fan_running": float(fan),
            "spraying": float(spraying),
            "pressure_drop": self.noisy(410.0 if clogged else (180.0 if fan else 4.0), 3.0),
        }


PLANTS: dict[str, Callable[[int], Plant]] = {
    "pump": Pump,
    "gas_store": GasStore,
    "furnace": Furnace,
    "confined_space": ConfinedSpace,
    "spray_booth": SprayBooth,
}
