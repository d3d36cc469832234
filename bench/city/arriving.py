"""What comes when: a calm beginning, then what the incident does to readings, connections and verdict changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.city.parameters import Parameters
from bench.city.population import CITY, Population, Scale

STEP = 0.1
"""Seconds of a step."""
BEGIN, STORM, END = 300.0, 600.0, 1500.0
"""When the incident begins, how long a storm lasts, when the simulation ends (s)."""
CALM = slice(60, 240)
"""Seconds that nothing of an incident touches: what happens to be on its way when it begins is no part of the calm."""
CUT_AFTER, CUT, RETURN = 30.0, 300.0, 60.0
"""The power fails so long after the storm has begun, for so long, and devices come back within a minute."""
SILENCE = 60.0
"""Rules of silence notice lost devices within this time."""
UPLOAD = 120.0
"""Devices that were cut off send what they kept within this time."""

Series = NDArray[np.float64]


@dataclass(frozen=True)
class Incident:
    """`down`: what fails at BEGIN (executor, intake, broker, database), if anything; `storm`: whether one rages.

    `is_promised`: whether the promises must hold; two misfortunes at once are shown only.
    """

    code: str
    title: str
    storm: bool = False
    down: str = ""
    is_promised: bool = True


INCIDENTS = (
    Incident("storm", "暴雨", storm=True),
    Incident("intake", "一个接入进程退出", down="intake"),
    Incident("executor", "一个 Spark 执行器失联", down="executor"),
    Incident("broker", "一台 Kafka 失联", down="broker"),
    Incident("database", "PostgreSQL 主备切换", down="database"),
    Incident("storm_database", "暴雨中 PostgreSQL 主备切换", storm=True, down="database", is_promised=False),
)


@dataclass(frozen=True)
class Arrivals:
    """By step: `time` at its end (s), factor on the readings that come in time, readings uploaded late (stored, judged
    apart) as a share of one second's readings, connections and verdict changes."""

    time: Series
    factor: Series
    uploaded: Series
    connections: Series
    changes: Series


def arrivals(people: Population, scale: Scale, cells: int, incident: Incident, parameters: Parameters) -> Arrivals:
    """What comes to one of `cells` parts of a scale. A storm lies over whole districts, a share of a city's: over one
    part as much as fits into it."""
    time: Series = STEP * np.arange(1.0, round(END / STEP) + 1)
    stormy = parameters.storm_share * CITY.districts
    hit = min(1.0, stormy * cells / scale.districts) if incident.storm else 0.0
    storm = _between(time, BEGIN, BEGIN + STORM)
    lost, back = BEGIN + CUT_AFTER, BEGIN + CUT_AFTER + CUT
    # How many of the devices that were cut off are away.
    away = _between(time, lost, back) + np.clip(1 - (time - back) / RETURN, 0, 1) * (time > back)
    cut = hit * parameters.storm_cut
    gauges = hit * parameters.storm_gauges * (parameters.storm_rate - 1)
    devices = people.signals / parameters.device_signals
    calm = people.signals * parameters.episodes * 2 / 86_400
    silent = _between(time, lost, lost + SILENCE) / SILENCE + _between(time, back, back + SILENCE) / SILENCE
    return Arrivals(
        time=time,
        factor=1 + storm * gauges - cut * away,
        uploaded=STEP * cut * CUT / UPLOAD * _between(time, back, back + UPLOAD),
        connections=STEP * cut * devices / RETURN * _between(time, back, back + RETURN),
        changes=STEP * (calm * (1 + storm * hit * (parameters.storm_changes - 1)) + cut * devices * silent),
    )


def outage(time: Series, incident: Incident, tier: str, seconds: float) -> Series:
    """1 while the tier works, 0 while it does not."""
    return 1.0 - (_between(time, BEGIN, BEGIN + seconds) if incident.down == tier else np.zeros(len(time)))


def _between(time: Series, begin: float, end: float) -> Series:
    return ((time > begin + STEP / 2) & (time < end + STEP / 2)).astype(float)
