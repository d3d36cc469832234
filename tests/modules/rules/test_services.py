"""Versions: drafted, activated, replaced, retired; and what the engine is given at each step."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from bianwang.modules.rules import queries, services
from bianwang.modules.rules.commissioning import Baseline
from bianwang.modules.rules.episodes import LEVELS
from bianwang.modules.rules.models import Binding, Rule, RuleVersion
from bianwang.modules.rules.queries import Selection
from bianwang.modules.rules.services import Wording
from bianwang.modules.sensing import queries as sensing
from bianwang.modules.sensing.services import change, switch
from bianwang.platform import access
from bianwang.platform.ledger.models import Entry
from tests.modules.rules.conftest import MakeSignal, MakeVersion, value
from tests.people import World


def test_a_draft_judges_nothing(make_signal: MakeSignal, make_version: MakeVersion) -> None:
    version = make_version("combustible-gas", [make_signal("lel", "combustible_gas", "%LEL")])
    assert queries.active_instances() == []
    assert len(queries.version_instances(version)) == 2


def test_activation_puts_every_level_of_every_binding_before_the_engine(
    make_signal: MakeSignal, make_version: MakeVersion
) -> None:
    signal = make_signal("lel", "combustible_gas", "%LEL")
    version = make_version("combustible-gas", [signal], first=20)
    before = sensing.revisions().get("rules", 0)
    services.activate(version, "投用")
    binding = version.bindings.get()
    found = queries.active_instances()
    assert [instance.key for instance in found] == [binding.pk * LEVELS, binding.pk * LEVELS + 1]
    assert [value(instance, "limit") for instance in found] == [20.0, 50.0]
    assert {(instance.signals, instance.owner) for instance in found} == {((signal.pk,), signal.owner_id)}
    assert found[0].hold_ms == 3000
    assert sensing.revisions()["rules"] == before + 1


def test_activation_needs_a_reason_and_signals(make_signal: MakeSignal, make_version: MakeVersion) -> None:
    with pytest.raises(ValidationError, match="理由"):
        services.activate(make_version("combustible-gas", [make_signal("a", "combustible_gas", "%LEL")]), "  ")
    with pytest.raises(ValidationError, match="没有绑定任何信号"):
        services.activate(make_version("combustible-gas", []), "投用")


def test_a_new_version_replaces_the_old_one_and_ends_its_bindings(
    make_signal: MakeSignal, make_version: MakeVersion
) -> None:
    signal = make_signal("lel", "combustible_gas", "%LEL")
    first = make_version("combustible-gas", [signal])
    services.activate(first, "投用")
    template = queries.template_of(first)
    assert template is not None
    second = services.revise(first.rule, Wording(template, template.defaults() | {"first": 15}, [signal]), None)
    assert second.number == 2
    assert {value(i, "limit") for i in queries.active_instances()} == {25.0, 50.0}
    services.activate(second, "收紧")
    first.refresh_from_db()
    assert first.state == RuleVersion.State.RETIRED
    assert not first.bindings.filter(ended_at__isnull=True).exists()
    assert {value(i, "limit") for i in queries.active_instances()} == {15.0, 50.0}
    entries = Entry.objects.filter(object_type="rules.ruleversion").order_by("pk")
    assert list(entries.values_list("verb", flat=True)) == [
        "rules.draft",
        "rules.activate",
        "rules.draft",
        "rules.retire",
        "rules.activate",
    ]


def test_two_people_cannot_activate_the_same_draft(make_signal: MakeSignal, make_version: MakeVersion) -> None:
    version = make_version("combustible-gas", [make_signal("lel", "combustible_gas", "%LEL")])
    other = RuleVersion.objects.get(pk=version.pk)
    services.activate(version, "投用")
    with pytest.raises(ValidationError, match="状态已经改变"):
        services.activate(other, "投用")
    assert Entry.objects.filter(verb="rules.activate").count() == 1


def test_a_retired_version_judges_nothing_and_cannot_come_back(
    make_signal: MakeSignal, make_version: MakeVersion
) -> None:
    version = make_version("combustible-gas", [make_signal("lel", "combustible_gas", "%LEL")])
    services.activate(version, "投用")
    services.retire(version, "停产")
    assert queries.active_instances() == []
    with pytest.raises(ValidationError):
        services.activate(version, "恢复")


def test_a_limit_arrives_in_the_unit_of_the_signal(make_signal: MakeSignal, make_version: MakeVersion) -> None:
    signals = [make_signal("a", "hydrogen_sulfide", "mg/m³"), make_signal("b", "hydrogen_sulfide", "ppm")]
    services.activate(make_version("hydrogen-sulfide", signals), "投用")
    limits = {i.signals[0]: value(i, "limit") for i in queries.active_instances() if i.key % LEVELS == 0}
    assert limits[signals[0].pk] == 10.0
    assert limits[signals[1].pk] == pytest.approx(10 * 24.45 / 34.08)


def test_a_level_in_per_cent_of_range_needs_the_range(make_signal: MakeSignal, make_version: MakeVersion) -> None:
    tank = make_signal("level", "level", "m", low=1, high=9)
    services.activate(make_version("tank-level", [tank]), "投用")
    assert [value(i, "limit") for i in queries.active_instances()] == pytest.approx([1 + 0.8 * 8, 1 + 0.9 * 8])
    with pytest.raises(ValidationError, match="量程"):
        make_version("tank-level", [make_signal("level2", "level", "m")])


def test_a_commissioned_rule_sets_limits_around_each_normal_value(
    make_signal: MakeSignal, make_version: MakeVersion
) -> None:
    signal = make_signal("current", "current", "A", zone="pump_room")
    with pytest.raises(ValidationError, match="标定"):
        make_version("pump-current", [signal])
    version = make_version("pump-current", [signal], baselines={signal.pk: Baseline(12.0, 0.5, 300)}, k=3)
    services.activate(version, "投用")
    (instance,) = queries.active_instances()
    names = ("limit", "limit_high", "n", "m")
    assert tuple(value(instance, name) for name in names) == (10.5, 13.5, 10, 30)


def test_silence_counts_from_the_period_of_the_device(make_signal: MakeSignal, make_version: MakeVersion) -> None:
    services.activate(make_version("device-silence", [make_signal("x", "other", "")], extra=50), "投用")
    (instance,) = queries.active_instances()
    assert value(instance, "window") == 10_000 + 50_000


def test_a_unit_that_does_not_convert_is_refused_by_name(make_signal: MakeSignal, make_version: MakeVersion) -> None:
    with pytest.raises(ValidationError, match="罐区探头"):
        make_version("combustible-gas", [make_signal("罐区探头", "combustible_gas", "%VOL")])
    assert not RuleVersion.objects.exists()


def test_parameters_that_contradict_each_other_are_refused_before_anything_is_written(
    make_signal: MakeSignal, make_version: MakeVersion
) -> None:
    signal = make_signal("current", "current", "A", zone="pump_room")
    baselines = {signal.pk: Baseline(12.0, 0.5, 300)}
    with pytest.raises(ValidationError, match="参数组合不成立"):
        make_version("pump-current", [signal], baselines=baselines, n=20, m=10)
    assert not RuleVersion.objects.exists()


def test_signals_out_of_use_are_not_judged(make_signal: MakeSignal, make_version: MakeVersion) -> None:
    signals = [make_signal("a", "combustible_gas", "%LEL"), make_signal("b", "combustible_gas", "%LEL")]
    services.activate(make_version("combustible-gas", signals), "投用")
    switch(signals[0], False, "探头拆除")
    assert {i.signals[0] for i in queries.active_instances()} == {signals[1].pk}
    assert signals[1].device is not None
    switch(signals[1].device, False, "停用")
    assert queries.active_instances() == []


def test_a_rule_ends_with_the_law_it_comes_from(make_signal: MakeSignal, make_version: MakeVersion) -> None:
    version = make_version("combustible-gas", [make_signal("a", "combustible_gas", "%LEL")])
    services.activate(version, "投用")
    before_the_law = datetime(2019, 12, 31, 12, tzinfo=UTC)
    assert queries.active_instances(before_the_law) == []
    RuleVersion.objects.filter(pk=version.pk).update(valid_to="2026-12-31")
    assert len(queries.active_instances(datetime(2026, 12, 31, 15, tzinfo=UTC))) == 2
    # 2027-01-01 00:30 in Shanghai
    assert queries.active_instances(datetime(2026, 12, 31, 16, 30, tzinfo=UTC)) == []


def test_signals_join_and_leave_an_active_version(make_signal: MakeSignal, make_version: MakeVersion) -> None:
    first, second = make_signal("a", "combustible_gas", "%LEL"), make_signal("b", "combustible_gas", "%LEL")
    version = make_version("combustible-gas", [first])
    services.activate(version, "投用")
    assert services.bind(version, [first, second]) == 1
    assert {i.signals[0] for i in queries.active_instances()} == {first.pk, second.pk}
    with pytest.raises(ValidationError, match="理由"):
        services.unbind(Binding.objects.get(signal=second), "")
    services.unbind(Binding.objects.get(signal=second), "移机")
    assert {i.signals[0] for i in queries.active_instances()} == {first.pk}


def test_the_active_table_takes_four_queries_however_many_there_are(
    make_signal: MakeSignal, make_version: MakeVersion, django_assert_num_queries: Any
) -> None:
    for name in ("combustible-gas", "spray-lel"):
        signals = [make_signal(f"{name}-{n}", "combustible_gas", "%LEL", zone="spray_booth") for n in range(3)]
        services.activate(make_version(name, signals), "投用")
    with django_assert_num_queries(4):
        assert len(queries.active_instances()) == 9


def test_candidates_follow_scope_quantity_and_zone(make_signal: MakeSignal, world: World) -> None:
    from bianwang.modules.rules.templates import templates

    pump = make_signal("p", "pressure", "MPa", zone="pump_room")
    make_signal("q", "pressure", "MPa", zone="gas_store")
    elsewhere = make_signal("p", "pressure", "MPa", zone="pump_room", owner=world.other)
    template = templates()["pump-pressure"]
    assert set(queries.candidates(world.who("head"), template)) == {pump, elsewhere}
    assert set(queries.candidates(world.who("safety"), template)) == set()
    of_other = Selection(owner=world.other.pk)
    assert set(queries.candidates(world.who("head"), template, of_other)) == {elsewhere}
    assert set(queries.candidates(world.who("head"), template, Selection(zone_kind="gas_store"))) == set()


def test_an_enterprise_sees_the_rules_that_judge_its_signals(
    make_signal: MakeSignal, make_version: MakeVersion, world: World
) -> None:
    mine = make_version("combustible-gas", [make_signal("a", "combustible_gas", "%LEL")])
    make_version("oxygen", [make_signal("o", "oxygen", "%VOL", owner=world.other)])
    assert list(access.visible(world.who("safety"), Rule)) == [mine.rule]
    assert access.visible(world.who("head"), Rule).count() == 2


def test_silence_follows_the_present_period_of_the_device(make_signal: MakeSignal, make_version: MakeVersion) -> None:
    signal = make_signal("x", "other", "")
    services.activate(make_version("device-silence", [signal], extra=50), "投用")
    assert signal.device is not None
    signal.device.period_s = 300
    change(signal.device)
    assert [value(i, "window") for i in queries.active_instances()] == [350_000]
