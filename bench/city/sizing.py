"""The smallest layout that keeps the promises, and the machines, disk and network that it takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from bench.city.arriving import INCIDENTS, Incident
from bench.city.batches import EXECUTOR, messages_of
from bench.city.parameters import ASSUMED, Parameters
from bench.city.population import SLOTS, Scale, population
from bench.city.simulation import Layout, Outcome, simulate

CALM_P99, STORM_P99, DRAINED = 5.0, 30.0, 600.0
"""Promises (s): from reading to wall in the calm and in a storm, and until a failure's backlog is gone."""
MOST_BUSY = 0.7
"""Share of its time that a process or machine may be in use in the busiest minute."""
CORES = (8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024)
YEAR = 365 * 86_400
READING, CLOCK, HEAD = 21, 16, 32
"""Bytes in the stream: a reading, an owner's clock each second, the head of a message."""
REASONED, SIMULATED = "由实测推算", "模拟"


@dataclass(frozen=True)
class Sized:
    """A layout, what every incident does to it, and whether it keeps the promises."""

    scale: Scale
    layout: Layout
    outcomes: dict[str, Outcome]
    holds: bool

    @property
    def seconds(self) -> tuple[float, float, float]:
        """The worst p99 in the calm, p99 in the storm, and the longest until a failure's backlog is gone."""
        promised = [self.outcomes[each.code] for each in incidents(self.layout) if each.is_promised]
        return max(each.calm[1] for each in promised), self.outcomes["storm"].after[1], max(o.drained for o in promised)


def incidents(layout: Layout) -> list[Incident]:
    """Those that can happen to a layout: without Spark there is neither an executor nor a broker to lose, and SQLite
    has no second machine."""
    missing = () if layout.cores else ("executor", "broker")
    return [
        each for each in INCIDENTS if each.down not in missing and not (layout.is_sqlite and each.down == "database")
    ]


def measured(scale: Scale, layout: Layout, parameters: Parameters) -> Sized:
    """What every incident does to a layout."""
    outcomes = {each.code: simulate(scale, layout, each, parameters) for each in incidents(layout)}
    return Sized(scale, layout, outcomes, _holds(outcomes, layout))


def smallest(scale: Scale, cells: int, parameters: Parameters, *, spark: bool, is_sqlite: bool = False) -> Sized:
    """Fewest intake processes and web processes by their use, then fewest Spark cores that keep the promises; the most
    that was tried where none do."""
    layout = Layout(cells, webs=ceil(scale.people / cells / parameters.viewers_web), is_sqlite=is_sqlite)
    storm = next(each for each in INCIDENTS if each.code == "storm")
    while (busy := simulate(scale, layout, storm, parameters).busy)["intake"] > MOST_BUSY:
        layout = replace(layout, intakes=max(layout.intakes + 1, ceil(layout.intakes * busy["intake"])))
    layout = replace(layout, webs=max(layout.webs, ceil(layout.webs * busy["web"] / MOST_BUSY)))
    if not spark:
        return measured(scale, layout, parameters)
    for cores in CORES:
        layout = replace(layout, cores=cores)
        # The quick refusals first.
        if cores == CORES[-1] or _keeps(storm, simulate(scale, layout, storm, parameters)):
            found = measured(scale, layout, parameters)
            if found.holds:
                break
    return found


def _holds(outcomes: dict[str, Outcome], layout: Layout) -> bool:
    return all(_keeps(each, outcomes[each.code]) for each in incidents(layout) if each.is_promised)


def _keeps(incident: Incident, outcome: Outcome) -> bool:
    in_time = outcome.calm[1] < CALM_P99 and (not incident.storm or outcome.after[1] < STORM_P99)
    return in_time and outcome.drained <= DRAINED and max(outcome.busy.values()) <= 1.0


@dataclass(frozen=True)
class Tier:
    """What a tier of a whole scale takes; memory in GB."""

    title: str
    machines: int
    cores: int
    memory: float
    basis: str


def tiers(sized: Sized, cells: int, parameters: Parameters) -> list[Tier]:
    """Machines of so many cells like this one, without cameras."""
    scale, layout = sized.scale, sized.layout
    state = parameters.state_memory * scale.signals / layout.cells * parameters.rules / 1e6
    web = layout.webs * parameters.web_memory / 1000
    if layout.cores:
        return _cluster(sized, cells, parameters, state, web)
    busy = sized.outcomes["storm"].busy["intake"]
    cores = max(4, ceil(busy * parameters.intake_cores + layout.webs + 1))
    # Twice the state: a change of rules lays the new one out beside the old.
    memory = ceil(parameters.platform_memory / 1000 + 2 * state + web + 2)
    if layout.is_sqlite:
        return [Tier("平台（SQLite）", cells, cells * cores, cells * memory, REASONED)]
    return [
        Tier("平台与 PostgreSQL", cells, cells * cores, cells * memory, REASONED),
        Tier("PostgreSQL 备机", cells, cells * cores, cells * memory, ASSUMED),
    ]


def cameras(scale: Scale, parameters: Parameters) -> Tier:
    """Machines of 16 cores that analyse the cameras of a scale."""
    cores = ceil(2 * scale.cameras / parameters.camera_pair)
    return Tier(
        "视频分析",
        ceil(cores / 16),
        cores,
        ceil(scale.cameras * parameters.camera_memory / 1000),
        f"{REASONED}，可变码率",
    )


def _cluster(sized: Sized, cells: int, parameters: Parameters, state: float, web: float) -> list[Tier]:
    layout = sized.layout
    intakes, peak = cells * layout.intakes, busiest_rate(sized)
    brokers = cells * peak * READING / 1e6 / parameters.broker / MOST_BUSY
    shards = cells * peak / parameters.shard / MOST_BUSY
    executors = ceil(layout.cores / EXECUTOR)
    # Python workers of an executor, and twice its share of the state.
    executor = 0.3 * EXECUTOR + 2 * state / executors + 4
    return [
        Tier("接入", intakes, 2 * intakes, 2 * intakes, REASONED),
        Tier("Kafka", ceil(brokers), 4 * ceil(brokers), 16 * ceil(brokers), ASSUMED),
        Tier(
            "Spark 执行器",
            cells * executors,
            cells * executors * EXECUTOR,
            ceil(cells * executors * executor),
            SIMULATED,
        ),
        Tier("Spark 驱动", cells, 2 * cells, 8 * cells, ASSUMED),
        Tier("ClickHouse（两副本）", 2 * ceil(shards), 16 * ceil(shards), 64 * ceil(shards), ASSUMED),
        Tier("PostgreSQL（一主一备）", 2 * cells, 8 * cells, 32 * cells, ASSUMED),
        Tier("网页与后台", cells, cells * (layout.webs + 1), ceil(cells * (web + 1)), REASONED),
    ]


def added(*parts: list[Tier]) -> list[Tier]:
    """Tiers of the same name together; Kafka has three brokers at least."""
    found: dict[str, Tier] = {}
    for tier in (tier for part in parts for tier in part):
        known = found.get(tier.title)
        found[tier.title] = (
            tier
            if known is None
            else replace(
                tier,
                machines=known.machines + tier.machines,
                cores=known.cores + tier.cores,
                memory=known.memory + tier.memory,
            )
        )
    if (kafka := found.get("Kafka")) and kafka.machines < 3:
        found["Kafka"] = replace(kafka, machines=3, cores=12, memory=48)
    return list(found.values())


def busiest_rate(sized: Sized) -> float:
    """Readings a second that come to a cell in the busiest minute of the storm."""
    came = sized.outcomes["storm"].came
    return float(np.max(came[600:] - came[:-600]) / 60)


@dataclass(frozen=True)
class Flow:
    """A whole scale's readings a second, bits a second from devices and cameras, and bytes a year on disk by kind."""

    readings: float
    devices_bits: float
    stream_bits: float
    video_bits: float
    disk: dict[str, float]


def flow(scale: Scale, cells: int, parameters: Parameters) -> Flow:
    """What a whole scale takes, in the calm; the stream's heads grow with the cells."""
    people = population(scale, 1, parameters)
    single, batched = people.single.sum(), people.batched.sum()
    rate = float(single + batched)
    clip_seconds = 30
    return Flow(
        readings=rate,
        devices_bits=8 * float(single * parameters.single_wire + batched * parameters.batched_wire),
        stream_bits=8 * (rate * READING + scale.enterprises * CLOCK + SLOTS * cells * HEAD * messages_of(parameters)),
        video_bits=scale.cameras * 8e6 * parameters.clip / clip_seconds,
        disk={
            "原始读数": rate * YEAR * parameters.reading_bytes,
            "分钟汇总": scale.signals * YEAR / 60 * parameters.minute_bytes,
            "小时汇总": scale.signals * YEAR / 3600 * parameters.hour_bytes,
            "告警录像": scale.cameras * parameters.clips * 365 * parameters.clip * 1e6,
            "告警、证据、台账": scale.signals * parameters.episodes * 365 * parameters.alarm_bytes * 1e3,
        },
    )


def state_rate(sized: Sized, parameters: Parameters) -> float:
    """Bytes a second that a whole scale writes as state of buckets."""
    instances = sized.scale.signals * parameters.rules
    period = sized.outcomes["storm"].period
    return 0.0 if period == 0 else instances / parameters.snapshot_instances * parameters.snapshot_bytes / period
