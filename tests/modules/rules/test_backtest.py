"""Back-tests over a real store behind its real socket."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from bianwang.engine.calendar import WEEKENDS
from bianwang.engine.formula import ParameterSpec, SignalSpec, Signature
from bianwang.engine.program import compile_formula
from bianwang.engine.table import Instance
from bianwang.modules.rules import backtest, past
from bianwang.modules.rules.backtest import TooManyEpisodes, judge
from bianwang.modules.rules.backtest_process import Folder, Progress
from bianwang.modules.rules.episodes import LEVELS, Episodes
from bianwang.modules.rules.past import Plan
from bianwang.platform.config import config
from bianwang.telemetry.client import TelemetryError
from bianwang.telemetry.columns import Columns
from bianwang.telemetry.store import TelemetryStore
from tests.modules.telemetry_server import serving

START = 1_790_784_000_000
SECOND, HOUR = 1_000, 3_600_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TelemetryStore]:
    with serving(tmp_path / "telemetry") as opened:
        yield opened


def write(store: TelemetryStore, signal: int, values: list[float] | np.ndarray, start: int = START) -> None:
    times = start + np.arange(len(values), dtype=np.int64) * SECOND
    store.insert(Columns.of(np.full(len(values), signal), times, values))


def instance(text: str, *signals: int, binding: int = 1, level: int = 0, limit: float = 10, **more: int) -> Instance:
    names = {"x": SignalSpec(), "y": SignalSpec()}
    program = compile_formula(text, Signature(names, {"limit": ParameterSpec()}))
    return Instance(
        key=binding * LEVELS + level, owner=1, program=program, signals=signals, parameters=(limit,), **more
    )


def plan(*instances: Instance, seconds: int = 100, start: int = START) -> Plan:
    return Plan.of(str(config().telemetry_socket()), (start, start + seconds * SECOND), instances, WEEKENDS)


def seen(episodes: Episodes) -> list[tuple[int, int, int | None, int]]:
    """(binding, begin, end, level), times in seconds after START."""
    return [
        (int(binding), int(begin - START) // SECOND, int(end - START) // SECOND if end >= 0 else None, int(level))
        for binding, begin, end, level in zip(
            episodes.binding, episodes.begin, episodes.end, episodes.level, strict=True
        )
    ]


def test_an_episode_lasts_while_any_level_is_open_and_keeps_the_worst(store: TelemetryStore) -> None:
    write(store, 7, np.r_[np.full(10, 3.0), np.full(10, 15.0), np.full(10, 25.0), np.full(10, 15.0), np.full(60, 3.0)])
    found = judge(plan(instance("x > limit", 7), instance("x > limit", 7, level=1, limit=20)))
    assert seen(found) == [(1, 10, 40, 1)]


def test_an_episode_that_is_not_over_has_no_end(store: TelemetryStore) -> None:
    write(store, 7, np.r_[np.full(90, 3.0), np.full(20, 15.0)])
    assert seen(judge(plan(instance("x > limit", 7)))) == [(1, 90, None, 0)]


def test_events_and_rules_of_several_signals(store: TelemetryStore) -> None:
    write(store, 1, np.r_[np.zeros(20), np.ones(30), np.zeros(10), np.ones(40)])
    write(store, 2, np.r_[np.zeros(55), np.ones(45)])
    text = "rise(x > 0) and not once[0, 10s](y > 0)"
    assert seen(judge(plan(instance(text, 1, 2)))) == [(1, 20, 20, 0)]


def test_what_was_before_the_period_is_looked_back_upon(store: TelemetryStore) -> None:
    write(store, 7, np.r_[np.full(50, 99.0), np.full(60, 3.0)])
    rule = instance("historically[0, 20s](x < limit)", 7)
    assert seen(judge(plan(rule, start=START + 60 * SECOND, seconds=30))) == [(1, 70, None, 0)]
    # What began before the period is not counted in it.
    assert seen(judge(plan(rule, start=START + 75 * SECOND, seconds=20))) == []


def test_pieces_of_signals_and_time_give_the_same_as_one(
    store: TelemetryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(1)
    for signal in range(1, 9):
        write(store, signal, random.normal(8, 3, 400))
    rules = [
        *(instance("hysteresis(x > limit, 2)", s, binding=s, hold_ms=2000) for s in range(1, 9)),
        *(instance("mean[0, 9s](x - y) > 1 and x > limit", s, s + 1, binding=s + 20) for s in (1, 2, 5)),
    ]
    whole = judge(plan(*rules, seconds=400))
    assert len(whole) > 20
    for module in (past, backtest):
        monkeypatch.setattr(module, "MOST_AT_ONCE", 150)
    assert seen(judge(plan(*rules, seconds=400))) == seen(whole)


def test_two_processes_give_the_same_as_one(store: TelemetryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(1)
    rules = [instance("x > limit", signal, binding=signal) for signal in range(1, 5)]
    for signal in range(1, 5):
        write(store, signal, random.normal(8, 3, 100))
    alone = judge(plan(*rules))
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(backtest, "_WORTH_TWO", 1)
    monkeypatch.setattr(backtest, "MOST_AT_ONCE", 150)
    together = judge(plan(*rules), lambda done, total: told.append((done, total)))
    assert seen(together) == seen(alone)
    assert told[0] == (0, 400)
    assert told[-1] == (400, 400)


def test_a_rule_that_never_stops_alarming_is_refused(store: TelemetryStore, monkeypatch: pytest.MonkeyPatch) -> None:
    write(store, 7, np.tile([0.0, 20.0], 50))
    monkeypatch.setattr(backtest, "MOST_EPISODES", 49)
    with pytest.raises(TooManyEpisodes, match="49"):
        judge(plan(instance("x > limit", 7)))


def test_nothing_bound_and_nothing_stored(store: TelemetryStore) -> None:
    assert len(judge(plan())) == 0
    assert len(judge(plan(instance("x > limit", 7)))) == 0


def test_without_intake_it_says_so(tmp_path: Path) -> None:
    asked = Plan.of(str(tmp_path / "nobody"), (0, 1), [instance("x > limit", 7)], WEEKENDS)
    with pytest.raises(TelemetryError, match="bian run"):
        judge(asked)


def wait_for(folder: Folder) -> Progress:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        told = folder.progress()
        if told is not None and told.is_over and not folder.is_alive():
            return told
    raise AssertionError(told)


def test_a_process_of_its_own_does_the_work(store: TelemetryStore, tmp_path: Path) -> None:
    write(store, 7, np.r_[np.full(10, 3.0), np.full(10, 15.0), np.full(10, 3.0)])
    folder = Folder(tmp_path / "tests" / "1")
    assert folder.progress() is None
    folder.start(msgspec.msgpack.encode(plan(instance("x > limit", 7))), b"about")
    assert wait_for(folder) == Progress("done")
    assert seen(folder.result()) == [(1, 10, 20, 0)]
    assert folder.about() == b"about"


def test_a_process_that_fails_says_why_and_one_that_died_is_noticed(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "tests" / "1")
    asked = Plan.of(str(tmp_path / "nobody"), (0, 1), [instance("x > limit", 7)], WEEKENDS)
    folder.start(msgspec.msgpack.encode(asked), b"")
    assert "bian run" in wait_for(folder).message
    folder.tell(Progress("running", 1, 2))
    assert folder.progress() == Progress("failed", message="回测意外中断，请重新开始")


def test_asking_again_stops_what_is_at_work(store: TelemetryStore, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "tests" / "1")
    folder.path.parent.mkdir()
    asked = msgspec.msgpack.encode(plan(instance("x > limit", 7)))
    with (folder.path.parent / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        folder.start(asked, b"first")
        first = (folder.path / "alive").read_text()
        folder.start(asked, b"second")
        assert folder.progress() == Progress("waiting")
        assert (folder.path / "alive").read_text() != first
    assert wait_for(folder) == Progress("done")
    assert folder.about() == b"second"
