"""The queueing simulation against theory, and what it must not lose on the way."""

from __future__ import annotations

import heapq
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as arrays

from bench.city import batches
from bench.city.arriving import BEGIN, INCIDENTS, STEP, Incident
from bench.city.document import DOCUMENT, assumed_table, measured_table
from bench.city.parameters import Parameters
from bench.city.population import CITY, DISTRICT, LARGE, Scale, population
from bench.city.queues import backlog, passage, served
from bench.city.simulation import Layout, Outcome, simulate
from bench.city.sizing import smallest

PARAMETERS = Parameters()
SPARK = Layout(cells=40, cores=96)
Works = arrays.arrays(float, st.integers(1, 60), elements=st.floats(0, 3))


def incident(code: str) -> Incident:
    """By its code."""
    return next(each for each in INCIDENTS if each.code == code)


@pytest.mark.parametrize("load", [0.3, 0.7])
@pytest.mark.parametrize("is_exponential", [False, True], ids=["M/D/1", "M/M/1"])
def test_waiting_times_are_those_of_theory(load: float, is_exponential: bool) -> None:
    """Mean wait of Pollaczek and Khinchine; arrivals are Poisson, so they see what an observer sees."""
    random, step, service = np.random.default_rng(7), 0.02, 1.0
    count = random.poisson(load * step / service, (200_000, 32))
    work = random.gamma(np.maximum(count, 1e-9), service) * (count > 0) if is_exponential else count * service
    waits = backlog(work, np.full_like(work, step))[50_000:]
    second_moment = (2.0 if is_exponential else 1.0) * service**2
    assert waits.mean() == pytest.approx(load * second_moment / (2 * service * (1 - load)), rel=0.04)


@given(Works, st.floats(0, 3))
def test_a_queue_loses_nothing_and_never_idles_while_work_waits(work: np.ndarray, capacity: float) -> None:
    able = np.full(len(work), capacity)
    waits = backlog(work, able)
    done = np.diff(served(work, waits), prepend=0.0)
    assert served(work, waits) + waits == pytest.approx(np.cumsum(work))
    assert (waits >= -1e-9).all()
    before = np.append(0.0, waits[:-1])
    assert done == pytest.approx(np.minimum(before + work, able), abs=1e-9)


@given(Works)
def test_who_came_first_is_served_first(work: np.ndarray) -> None:
    """Padded with free time, so that all is done in the end: leaving times never decrease."""
    work = np.append(work, np.zeros(400))
    leaves = STEP * np.arange(len(work)) + passage(work, np.full(len(work), 0.5), STEP)
    assert (np.diff(leaves) >= -1e-6).all()
    assert passage(work, np.full(len(work), 0.5), STEP)[0] == pytest.approx(STEP * max(0.0, work[0] / 0.5 - 1))


def test_an_outage_is_waited_for_and_then_worked_off() -> None:
    """Half loaded, ten seconds away: who comes first waits ten seconds, and ten seconds later all is as before."""
    time = STEP * np.arange(1, 601)
    away = (time > 20) & (time < 30 + STEP / 2)
    waits = passage(np.full(600, STEP / 2), np.where(away, 0.0, STEP), STEP)
    assert waits[: round(20 / STEP) - 1].max() == 0
    assert waits.max() == pytest.approx(10, abs=2 * STEP)
    assert np.flatnonzero(waits)[-1] * STEP == pytest.approx(40, abs=3 * STEP)


@given(arrays.arrays(float, st.integers(1, 40), elements=st.floats(0.01, 5)), st.integers(1, 12))
def test_a_batch_is_never_longer_than_supposed(tasks: np.ndarray, cores: int) -> None:
    """Whoever is free takes the next task: at most the bound, and that at most double of what cannot be avoided."""
    free = [0.0] * cores
    for task in tasks.tolist():
        heapq.heappush(free, heapq.heappop(free) + task)
    bound = batches.makespan(tasks, cores)
    assert max(free) <= bound + 1e-9
    assert bound <= 2 * max(tasks.sum() / cores, tasks.max()) + 1e-9


@pytest.mark.parametrize("scale", [DISTRICT, LARGE, CITY], ids=lambda scale: scale.code)
def test_who_reports_adds_up_and_nobody_outgrows_the_park(scale: Scale) -> None:
    people = population(scale, scale.districts, PARAMETERS)
    signals = scale.signals / scale.districts
    assert people.instances.sum() == pytest.approx(signals * PARAMETERS.rules)
    assert 0.1 * signals < people.rate.sum() < signals
    if scale is CITY:
        assert people.instances.max() < 1.5 * PARAMETERS.park * PARAMETERS.rules


@pytest.mark.parametrize("code", [each.code for each in INCIDENTS])
def test_every_reading_is_judged_once(code: str) -> None:
    found = simulate(CITY, SPARK, incident(code), PARAMETERS)
    assert (np.diff(found.judged) >= 0).all()
    assert (found.judged <= found.came + 1e-3).all()
    # What has come is judged within a few batches, whatever happened; the last ones are still on their way.
    assert found.judged[-1] >= found.came[-1 - round(10 / STEP)]
    assert found.drained < 600


def test_the_same_seed_gives_the_same_figures() -> None:
    first, again, other = (simulate(CITY, SPARK, incident("storm"), PARAMETERS, seed=seed) for seed in (1, 1, 2))
    assert (first.calm, first.after, first.backlog) == (again.calm, again.after, again.backlog)
    assert other.calm != first.calm
    assert other.calm[1] == pytest.approx(first.calm[1], rel=0.25)


def test_what_is_away_is_waited_for() -> None:
    """As long as the device, the alarm and the backlog should, where the intake judges itself."""
    alone = Layout(cells=40)
    database, intake = (simulate(CITY, alone, incident(code), PARAMETERS) for code in ("database", "intake"))
    longest = max(intake.calm[2], database.calm[2])
    assert PARAMETERS.database_failover - 1 < database.after[2] < PARAMETERS.database_failover + longest
    assert database.acknowledged < 1 < PARAMETERS.intake_back < intake.acknowledged
    rate = intake.came[round(BEGIN / STEP)] / BEGIN
    assert intake.backlog == pytest.approx(rate * intake.acknowledged, rel=0.05)


def test_storms_hurt_and_cores_help() -> None:
    def storm(layout: Layout, parameters: Parameters = PARAMETERS) -> Outcome:
        return simulate(CITY, layout, incident("storm"), parameters)

    few, many = storm(replace(SPARK, cores=16)), storm(SPARK)
    assert many.calm[1] < few.calm[1]
    assert many.after[1] > many.calm[1]
    assert storm(SPARK, replace(PARAMETERS, storm_cut=0.6)).after[1] > many.after[1]
    # A bucket never has less than the largest owner, so cores stop helping.
    assert storm(replace(SPARK, cores=1024)).calm[1] > 0.7 * many.calm[1]


def test_the_smallest_layout_keeps_the_promises_and_a_smaller_one_does_not() -> None:
    parameters = replace(PARAMETERS, rules=1)
    found = smallest(LARGE, 1, parameters, spark=True)
    assert found.holds
    assert found.seconds[0] < 5
    larger = smallest(LARGE, 1, replace(parameters, spark_overhead=1.5), spark=True)
    assert larger.holds
    assert larger.layout.cores > found.layout.cores
    assert not smallest(LARGE, 1, replace(parameters, spark_overhead=6.0), spark=True).holds


def test_the_sheet_quotes_the_figures_of_the_benchmarks() -> None:
    """If this fails, docs/benchmarks.md has changed: run `python -m bench.simulate_city --write`."""
    sheet = DOCUMENT.read_text("utf-8")
    assert measured_table() in sheet
    assert assumed_table() in sheet
