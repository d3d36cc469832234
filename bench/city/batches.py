"""A Spark job: micro-batches one after the other, each with the state of its buckets, then the alarms it found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.city.arriving import BEGIN, STEP, Incident, Series
from bench.city.parameters import Parameters
from bench.city.population import SLOTS

EVERY, MOST = 1.0, 100_000
"""A batch begins at the earliest so long after the one before (s), and takes at most so many messages: the defaults
of `bian cluster judge`."""
EXECUTOR = 8
"""Cores of an executor."""


@dataclass(frozen=True)
class Batches:
    """By batch: the time (s) up to which the stream is in it, when its judging and its writing of alarms ended, and
    how much of the time the cores judged and the writer wrote; `period`: seconds from batch to batch in the calm."""

    until: Series
    judged: Series
    written: Series
    busy: float
    writing: float
    period: float


def buckets_of(cores: int) -> int:
    """About four buckets a core, a power of two, never more than slots."""
    return int(min(SLOTS, 2 ** np.ceil(np.log2(4 * cores))))


def messages_of(parameters: Parameters) -> float:
    """Messages a second of one slot: one each time its intake stores a batch, which it does not do more often than
    every 20 ms."""
    return min(1000 / (parameters.publish + parameters.insert), 50.0)


def state_seconds(instances: NDArray[np.float64], parameters: Parameters) -> NDArray[np.float64]:
    """Seconds of a core that it takes to load and to keep the state of so many rule instances."""
    each = instances / parameters.snapshot_instances
    moved = 2 * each * parameters.snapshot_bytes / (parameters.state_bandwidth * 1e6)
    seconds: NDArray[np.float64] = each * (parameters.restore + parameters.snapshot) / 1000 + moved
    return seconds


def makespan(tasks: NDArray[np.float64], cores: float) -> float:
    """Longest that tasks handed out in any order take on so many cores (Graham 1969)."""
    longest = float(tasks.max())
    return float(tasks.sum()) / cores + (1 - 1 / cores) * longest


def run(
    published: Series,
    changes: Series,
    share: NDArray[np.float64],
    state: NDArray[np.float64],
    cores: int,
    incident: Incident,
    parameters: Parameters,
    seed: int = 2,
) -> Batches:
    """`published`, `changes`: readings in the stream and verdict changes by the end of each step, both accumulated;
    `share` of the readings and seconds of `state` by bucket."""
    random = np.random.default_rng(seed)
    times = STEP * np.arange(len(published) + 1)
    published, changes = np.append(0.0, published), np.append(0.0, changes)
    most = MOST / SLOTS / messages_of(parameters)
    change_s = 2 / (parameters.begin_pg + parameters.end_pg)
    rows: list[tuple[float, float, float]] = []
    start, until, worked = 0.0, 0.0, 0.0
    while until < times[-1] - 1e-9:
        start = max(start + EVERY, rows[-1][2]) if rows else EVERY
        begun, until = until, min(start, until + most, float(times[-1]))
        readings, found = np.interp([begun, until], times, published), np.interp([begun, until], times, changes)
        tasks = (readings[1] - readings[0]) * share / parameters.spark_readings + state
        tasks *= random.lognormal(0.0, parameters.straggling, len(tasks))
        took = makespan(tasks, _cores(start, cores, incident, parameters))
        end = start + parameters.spark_overhead + took
        if incident.down == "executor" and start <= BEGIN < end:
            # What the lost one had in hand is noticed late and done again by the others.
            end += parameters.executor_lost + makespan(tasks, max(cores - EXECUTOR, 1)) * min(1, EXECUTOR / cores)
        written = _written(end, (found[1] - found[0]) * change_s, incident, parameters)
        worked += float(tasks.sum())
        rows.append((until, end, written))
    columns = np.array(rows).T
    lasted = max(columns[2][-1], times[-1])
    calm = columns[2][columns[2] < BEGIN]
    return Batches(
        until=columns[0],
        judged=columns[1],
        written=columns[2],
        busy=worked / (cores * lasted),
        writing=float((columns[2] - columns[1]).sum() / lasted),
        period=float(np.diff(calm).mean()) if len(calm) > 1 else float(lasted),
    )


def _cores(at: float, cores: int, incident: Incident, parameters: Parameters) -> float:
    away = incident.down == "executor" and BEGIN <= at < BEGIN + parameters.executor_lost + parameters.executor_back
    return max(cores - EXECUTOR, EXECUTOR / 2) if away else cores


def _written(start: float, work: float, incident: Incident, parameters: Parameters) -> float:
    """When work of the alarm writer that begins at `start` is done; it stands still while the database is away."""
    end = start + work
    back = BEGIN + parameters.database_failover
    if incident.down == "database" and end > BEGIN and start < back and work > 0:
        end += back - max(start, BEGIN)
    return end
