"""Readings and alarms through the tiers: devices, intake, stream, judging, business database, wall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.city import batches
from bench.city.arriving import BEGIN, CALM, STEP, STORM, Arrivals, Incident, Series, arrivals, outage
from bench.city.parameters import Parameters
from bench.city.population import SLOTS, Population, Scale, population
from bench.city.queues import backlog, passage, served

TRACED = 40_000
"""Alarms that are followed one by one."""


@dataclass(frozen=True)
class Layout:
    """How a scale is laid out: `cells` platforms with a database and a stream of their own, each with so many intake
    processes, Spark cores (none: the intake judges) and web processes."""

    cells: int = 1
    intakes: int = 1
    cores: int = 0
    webs: int = 1
    is_sqlite: bool = False


@dataclass(frozen=True)
class Outcome:
    """Seconds from reading to wall in the calm before and from the incident's begin (p50, p99, longest); readings that
    waited at most, and how long (s) after the repair until no more waited than before; longest that a device waited
    for its acknowledgement; shares of time in use by tier, at the busiest; seconds from micro-batch to micro-batch (0
    without Spark); readings that had come, and that had been judged, by step."""

    calm: tuple[float, float, float]
    after: tuple[float, float, float]
    backlog: float
    drained: float
    acknowledged: float
    busy: dict[str, float]
    period: float
    came: Series
    judged: Series


def simulate(scale: Scale, layout: Layout, incident: Incident, parameters: Parameters, seed: int = 1) -> Outcome:
    """One cell, the one with the chemical park and, if there is a storm, the one where it rages."""
    people = population(scale, layout.cells, parameters, seed)
    come = arrivals(people, scale, layout.cells, incident, parameters)
    intake = _Intake.of(people, come, layout, incident, parameters)
    random = np.random.default_rng(seed + 10)
    traced = _traced(come, random)
    stream = traced + intake.delay(traced, random)
    busy, period = {"intake": intake.busy}, 0.0
    if layout.cores:
        found = _judge_by_spark(people, come, intake, layout, incident, parameters)
        waits = random.random(TRACED) * (random.random(TRACED) < parameters.clocked)
        batch = np.minimum(np.searchsorted(found.until, stream + waits), len(found.until) - 1)
        written = found.judged[batch] + random.random(TRACED) * (found.written - found.judged)[batch]
        changes = _by_batch(come, found)
        judged = _last(come.time, found.written, np.interp(found.until, come.time, intake.published))
        busy |= {"spark": found.busy, "writer": found.writing}
        period = found.period
    else:
        waits, changes, busy["writer"] = _write(come, layout, incident, parameters)
        written = stream + _at(waits, stream)
        judged = intake.published
    wall, more = _show(changes, scale, layout, parameters)
    delay = written + _at(wall, written) + _usual(layout, parameters, random) - traced
    came = np.cumsum(intake.came)
    return Outcome(
        calm=_percentiles(delay[traced < BEGIN]),
        after=_percentiles(delay[traced >= BEGIN]),
        backlog=float((came - judged).max()),
        drained=_drained(came - judged, BEGIN + _repair(people, layout, incident, parameters)),
        acknowledged=intake.longest,
        busy=busy | more,
        period=period,
        came=came,
        judged=judged,
    )


@dataclass(frozen=True)
class _Intake:
    """What the intake processes of a cell do, by step (and process): readings that came in time, those of them in the
    stream (accumulated), seconds that work waits."""

    came: Series
    published: Series
    waits: NDArray[np.float64]
    weight: NDArray[np.float64]
    store_s: float
    publish_s: float
    acknowledge_s: float
    busy: float

    @classmethod
    def of(
        cls, people: Population, come: Arrivals, layout: Layout, incident: Incident, parameters: Parameters
    ) -> _Intake:
        process = np.arange(SLOTS) % layout.intakes
        single, batched = (np.bincount(process, each, layout.intakes) for each in (people.single, people.batched))
        readings = np.outer(come.factor * STEP, single + batched)
        work = np.outer(come.factor * STEP, single / parameters.intake_single + batched / parameters.intake_batched)
        work += np.outer(come.uploaded, (single + batched) / parameters.intake_batched)
        work += come.connections[:, None] / layout.intakes * parameters.connect / 1000
        capacity = np.full_like(work, STEP) * outage(come.time, incident, "broker", parameters.election)[:, None]
        capacity[:, 0] *= outage(come.time, incident, "intake", _restart(people, layout, parameters))
        done, offered = served(work, backlog(work, capacity)), np.cumsum(work, axis=0)
        published = sum(np.interp(done[:, n], offered[:, n], np.cumsum(readings[:, n])) for n in range(layout.intakes))
        is_cluster, store = layout.cores > 0, (parameters.publish + parameters.insert) / 1000
        return cls(
            came=readings.sum(axis=1),
            published=np.asarray(published),
            waits=np.stack([passage(work[:, n], capacity[:, n], STEP) for n in range(layout.intakes)], axis=1),
            weight=(single + batched) / (single + batched).sum(),
            store_s=store if is_cluster else 0.0,
            publish_s=parameters.publish / 1000 if is_cluster else 0.0,
            acknowledge_s=2 * store if is_cluster else parameters.puback / 1000,
            busy=max(_busiest(work[:, n]) for n in range(layout.intakes)),
        )

    def delay(self, at: Series, random: np.random.Generator) -> Series:
        """Seconds until a reading that comes at these times is in the stream: it waits for its process, for the batch
        before it to be stored, and for its own to be published. Without a stream, until its process has taken it."""
        process = random.choice(len(self.weight), len(at), p=self.weight)
        step = np.minimum((at / STEP).astype(np.intp), len(self.waits) - 1)
        return self.waits[step, process] + random.random(len(at)) * self.store_s + self.publish_s

    @property
    def longest(self) -> float:
        """Seconds that a device waits for its acknowledgement at most."""
        return float(self.waits.max()) + self.acknowledge_s


def _traced(come: Arrivals, random: np.random.Generator) -> Series:
    """Half of them even over the calm, half as verdict changes come afterwards."""
    calm = random.uniform(CALM.start, CALM.stop, TRACED // 2)
    later = np.where(come.time > BEGIN, come.changes, 0.0)
    at = random.choice(come.time, TRACED - len(calm), p=later / later.sum()) - STEP * random.random(TRACED - len(calm))
    return np.sort(np.append(calm, at))


def _judge_by_spark(
    people: Population, come: Arrivals, intake: _Intake, layout: Layout, incident: Incident, parameters: Parameters
) -> batches.Batches:
    count = batches.buckets_of(layout.cores)
    bucket = np.arange(SLOTS) % count
    share = np.bincount(bucket, people.rate, count) / people.rate.sum()
    state = batches.state_seconds(np.bincount(bucket, people.instances, count).astype(float), parameters)
    changes = np.cumsum(come.changes)
    return batches.run(intake.published, changes, share, state, layout.cores, incident, parameters)


def _by_batch(come: Arrivals, found: batches.Batches) -> Series:
    """Verdict changes written by the end of each step, accumulated."""
    until = np.interp(found.until, come.time, np.cumsum(come.changes))
    begins = np.maximum(found.judged, np.append(0.0, found.written[:-1]))
    at = np.ravel([begins, np.maximum(found.written, begins + 1e-6)], "F")
    known = np.interp(come.time, at, np.ravel([np.append(0.0, until[:-1]), until], "F"), left=0.0)
    return known


def _write(come: Arrivals, layout: Layout, incident: Incident, parameters: Parameters) -> tuple[Series, Series, float]:
    """The outbox of an intake that judges: seconds that a change waits there and is written, changes written by the
    end of each step, and the share of the writer's time."""
    begin, end = (
        (parameters.begin_sqlite, parameters.end_sqlite)
        if layout.is_sqlite
        else (parameters.begin_pg, parameters.end_pg)
    )
    each = 2 / (begin + end)
    work = come.changes * each
    capacity = STEP * outage(come.time, incident, "database", parameters.database_failover)
    done = served(work, backlog(work, capacity)) / each
    return passage(work, capacity, STEP) + each, done, _busiest(work)


def _show(changes: Series, scale: Scale, layout: Layout, parameters: Parameters) -> tuple[Series, dict[str, float]]:
    """Seconds that an alarm waits for the sealer and for the web processes, and how busy these are."""
    new = np.diff(changes, prepend=0.0)
    viewers = min(parameters.viewers, scale.people / layout.cells)
    seal = new / (parameters.seal_sqlite if layout.is_sqlite else parameters.seal_pg)
    web = new * viewers / (layout.webs * parameters.sse_clients * parameters.sse_events)
    capacity = np.full(len(new), STEP)
    busy = {"sealer": _busiest(seal), "web": _busiest(web)}
    return passage(seal, capacity, STEP) + passage(web, capacity, STEP), busy


def _usual(layout: Layout, parameters: Parameters, random: np.random.Generator) -> Series:
    """What else an alarm needs where nothing waits, log-normal through the measured p50 and p99: from the ledger to the
    page, sealing included; where the intake judges, all the way from the device."""
    p50, p99 = (
        (parameters.sse_p50, parameters.sse_p99)
        if layout.cores
        else (parameters.end_to_end_p50, parameters.end_to_end_p99)
    )
    spread = np.log(p99 / p50) / 2.326
    usual: Series = p50 / 1000 * np.exp(spread * random.standard_normal(TRACED))
    return usual


def _busiest(work: Series) -> float:
    """The share of the busiest minute."""
    minute = round(60 / STEP)
    return float(work[: len(work) // minute * minute].reshape(-1, minute).sum(axis=1).max() / 60)


def _at(values: Series, at: Series) -> Series:
    return values[np.minimum((at / STEP).astype(np.intp), len(values) - 1)]


def _last(time: Series, at: Series, value: Series) -> Series:
    """The last value by each time; 0 before the first."""
    last = np.searchsorted(at, time + 1e-9, side="right")
    return np.append(0.0, value)[last]


def _restart(people: Population, layout: Layout, parameters: Parameters) -> float:
    """Seconds until an intake process takes readings again; one that judges lays out rules and loads their state."""
    if layout.cores:
        return parameters.intake_back
    instances = float(people.instances.sum())
    state = instances / parameters.snapshot_instances * parameters.restore / 1000
    return parameters.intake_back + instances / 1e6 * parameters.compile + state


def _repair(people: Population, layout: Layout, incident: Incident, parameters: Parameters) -> float:
    """Seconds from the incident's begin until nothing is wrong any more."""
    seconds = {
        "": 0.0,
        "intake": _restart(people, layout, parameters),
        "executor": parameters.executor_lost + parameters.executor_back,
        "broker": parameters.election,
        "database": parameters.database_failover,
    }
    return max(seconds[incident.down], STORM if incident.storm else 0.0)


def _drained(waiting: Series, repaired: float) -> float:
    """Seconds after the repair until about as few wait as before the incident; infinite if never."""
    usual = float(waiting[round(CALM.start / STEP) : round(CALM.stop / STEP)].max()) * 1.5
    late = np.flatnonzero(waiting > usual)
    if not len(late) or (late[-1] + 1) * STEP <= repaired:
        return 0.0
    return float("inf") if late[-1] >= len(waiting) - round(10 / STEP) else (late[-1] + 1) * STEP - repaired


def _percentiles(delay: Series) -> tuple[float, float, float]:
    return float(np.quantile(delay, 0.5)), float(np.quantile(delay, 0.99)), float(delay.max())
