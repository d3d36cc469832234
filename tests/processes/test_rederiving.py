"""Alarms derived again from stored readings: as they were raised, or not."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import orjson
import pytest
from click.testing import CliRunner

from bianwang.engine.evaluator import Evaluator
from bianwang.engine.table import compile_table
from bianwang.modules.alarms.models import Alarm, AlarmState
from bianwang.modules.alarms.queries import binding_facts
from bianwang.modules.alarms.services import Context, apply_changes
from bianwang.modules.rules import placing, services
from bianwang.modules.rules.models import RuleVersion
from bianwang.modules.rules.queries import version_instances
from bianwang.modules.rules.services import Wording
from bianwang.modules.rules.templates import templates
from bianwang.modules.sensing import permit_signals
from bianwang.modules.sensing.models import Signal
from bianwang.platform.clock import now_ms
from bianwang.processes.commands.rules import command
from bianwang.processes.rederiving import derive
from bianwang.telemetry.columns import Columns
from bianwang.telemetry.store import TelemetryStore
from tests.modules.alarms.plant import limits
from tests.modules.rules.conftest import MakeSignal, MakeVersion, make_signal, make_version
from tests.modules.telemetry_server import serving

__all__ = ["make_signal", "make_version"]

MINUTE = 60_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TelemetryStore]:
    with serving(tmp_path / "telemetry") as opened:
        yield opened


def columns(signal: Signal, start: int, values: list[float] | np.ndarray) -> Columns:
    times = start + np.arange(len(values), dtype=np.int64) * 1000
    return Columns.of(np.full(len(values), signal.pk), times, values)


def judge(version: RuleVersion, start: int, *readings: Columns) -> Alarm:
    """Raise what the version finds in the readings, as the intake does."""
    limits()
    evaluator = Evaluator(compile_table(version_instances(version)), start)
    changes = [evaluator.push(each.signal, each.time, each.value, each.quality) for each in readings]
    changes.append(evaluator.advance(max(int(each.time[-1]) for each in readings) + 1))
    facts = binding_facts(version.bindings.values_list("pk", flat=True))
    for each in changes:
        apply_changes(each, facts, 1)
    return Alarm.objects.get(rule_version=version)


@pytest.fixture
def raised(store: TelemetryStore, make_signal: MakeSignal, make_version: MakeVersion, world: object) -> Alarm:
    """An alarm of two levels that is over."""
    signal = make_signal("气", "combustible_gas", "%LEL")
    version = make_version("combustible-gas", [signal])
    services.activate(version, "启用")
    start = now_ms() - 60 * MINUTE
    values = np.r_[np.full(60, 3.0), np.full(30, 30.0), np.full(30, 60.5), np.full(200, 3.0)]
    readings = columns(signal, start, values)
    store.insert(readings)
    return judge(version, start, readings)


def test_an_alarm_is_derived_again(raised: Alarm) -> None:
    derived = derive(raised)
    assert derived.differences == []
    assert derived.found == derived.told
    assert derived.found.end == raised.ended_ms
    assert (derived.found.value, derived.found.margin) == (30.0, 5.0)


def test_the_numbers_of_that_time_count(raised: Alarm) -> None:
    raised.binding.span = 2.0
    raised.binding.save()
    assert derive(raised).agrees


def test_an_alarm_that_the_readings_do_not_give_is_told(raised: Alarm) -> None:
    raised.started_ms -= 1000
    assert "开始时间不同" in derive(raised).differences
    raised.started_ms += 30 * MINUTE
    raised.ended_ms = None
    assert derive(raised).differences == ["存储的读数没有给出这次告警"]


def test_readings_that_came_too_late_do_not_change_what_was_raised(store: TelemetryStore, raised: Alarm) -> None:
    fresh = store.insert(Columns.of([raised.signal_id], [raised.started_ms - 1500], [3.0]))
    assert not fresh.judged.any()
    assert derive(raised).agrees
    raised.is_late = True
    assert "开始时间不同" in derive(raised).differences


def test_a_rule_of_several_signals(store: TelemetryStore, make_signal: MakeSignal) -> None:
    inside = make_signal("人数", "head_count", "人", zone="confined_space")
    template = templates()["t02-entry-without-test"]
    assert inside.zone is not None
    found, reasons = placing.targets(template, [inside.zone], [inside], permit_signals.ensure)
    assert reasons == []
    version = services.create("进入前未检测", Wording(template, template.defaults(), targets=found), None)
    services.activate(version, "启用")
    start = now_ms() - 60 * MINUTE
    people = columns(inside, start, np.r_[np.zeros(600), np.ones(300), np.zeros(1500)])
    test = columns(Signal.objects.get(quantity="gas_test_passed"), start, np.zeros(2400))
    for each in (people, test):
        store.insert(each)
    alarm = judge(version, start, people, test)
    assert alarm.started_ms == start + 600_000
    assert derive(alarm).agrees


def test_what_a_formula_remembered_comes_from_the_state_kept_with_the_alarm(
    store: TelemetryStore, make_signal: MakeSignal
) -> None:
    inside = make_signal("人数", "head_count", "人", zone="confined_space")
    template = templates()["t02-entry-without-test"]
    assert inside.zone is not None
    found, _ = placing.targets(template, [inside.zone], [inside], permit_signals.ensure)
    formula = "rise(inside > 0) and once rise(test_bad == 1)"
    text = Wording(template, template.defaults(), targets=found, formula=formula)
    version = services.create("曾经不合格", text, None)
    services.activate(version, "启用")
    bad = Signal.objects.get(quantity="gas_test_failed")
    start = now_ms() - 60 * MINUTE
    evaluator = Evaluator(compile_table(version_instances(version)), start - 40 * 1440 * MINUTE)
    evaluator.push([bad.pk], [start - 39 * 1440 * MINUTE], [1.0], [0])
    evaluator.advance(start)
    states = dict.fromkeys(version.bindings.values_list("pk", flat=True), evaluator.snapshot())
    people = columns(inside, start, np.r_[np.zeros(600), np.ones(300), np.zeros(1500)])
    store.insert(people)
    evaluator.push(people.signal, people.time, people.value, people.quality)
    limits()
    apply_changes(evaluator.advance(int(people.time[-1])), binding_facts(states), 1, Context(states=states))
    alarm = Alarm.objects.get(rule_version=version)
    assert alarm.started_ms == start + 600_000
    assert derive(alarm).agrees
    AlarmState.objects.filter(alarm=alarm).update(state=zlib.compress(b"of another version"))
    assert derive(alarm).differences == ["存储的读数没有给出这次告警"]


def test_the_command_tells_and_exits(raised: Alarm) -> None:
    done = CliRunner().invoke(command, ["replay", str(raised.pk)])
    assert done.exit_code == 0, done.output
    assert "推导结果与告警相同" in done.output
    done = CliRunner().invoke(command, ["replay", str(raised.pk), "--json"])
    found = orjson.loads(done.output)
    assert found["agrees"] is True
    assert found["derived"]["begin"] == raised.started_ms

    Alarm.objects.filter(pk=raised.pk).update(started_ms=raised.started_ms + 1)
    assert CliRunner().invoke(command, ["replay", str(raised.pk)]).exit_code == 1
    done = CliRunner().invoke(command, ["replay", "999999"])
    assert done.exit_code == 1
    assert "没有编号为 999999 的告警" in done.output
