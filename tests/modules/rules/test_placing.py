"""Which places a formula can judge: a signal for every role, in a unit that converts, of one kind of permit."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from bianwang.modules.rules import placing, queries, services
from bianwang.modules.rules.episodes import LEVELS
from bianwang.modules.rules.models import RuleVersion
from bianwang.modules.rules.placing import Target, targets
from bianwang.modules.rules.services import Wording
from bianwang.modules.rules.templates import Template, read, templates
from bianwang.modules.sensing import permit_signals
from bianwang.modules.sensing.models import Signal
from bianwang.platform.config import ConfigError
from bianwang.platform.places.models import Zone
from tests.modules.rules.conftest import MakeSignal, value
from tests.people import ClientFor, World

ENTRY = "t02-entry-without-test"


def place_of(signal: Signal) -> Zone:
    assert signal.zone is not None
    return signal.zone


def placed(template: Template, signals: Sequence[Signal]) -> tuple[list[Target], list[str]]:
    places = list({signal.zone_id: place_of(signal) for signal in signals}.values())
    return targets(template, places, signals)


@pytest.fixture
def people(make_signal: MakeSignal) -> Signal:
    return make_signal("persons", "head_count", "人", zone="confined_space")


def test_a_place_that_never_had_a_permit_gets_the_signals_when_the_rule_is_drafted(
    client_for: ClientFor, people: Signal
) -> None:
    url = reverse("rules:new", args=[ENTRY])
    form = {
        "name": "进入未检测",
        "schedule": "",
        "notice": "0",
        "owner": "",
        "zone_kind": "",
        "p_validity": 30,
        "formula": "",
    }
    preview = client_for("enforcement").post(url + "?preview=1", form).content.decode()
    assert "confined_space（存为草稿时登记 2 个作业票信号）" in preview
    assert not Signal.objects.filter(device=None).exists()
    assert client_for("enforcement").post(url, form).status_code == 302
    binding = RuleVersion.objects.get().bindings.get()
    tests = {signal.name: signal for signal in Signal.objects.filter(device=None)}
    passed, failed = (tests[f"permit.confined_space.gas_test_{outcome}"] for outcome in ("passed", "failed"))
    roles = {"inside": people, "test_ok": passed, "test_bad": failed}
    assert {row.role: row.signal for row in binding.roles.all()} == roles
    assert binding.place == people.zone
    services.activate(RuleVersion.objects.get(), "投用")
    (instance,) = queries.active_instances()
    assert instance.key == binding.pk * LEVELS
    assert set(instance.signals) == {people.pk, passed.pk, failed.pk}
    assert value(instance, "validity") == 30 * 60_000


def test_a_changed_formula_is_stored_with_its_version(client_for: ClientFor, people: Signal) -> None:
    url = reverse("rules:new", args=[ENTRY])
    form = {"name": "n", "schedule": "", "notice": "0", "owner": "", "zone_kind": "", "p_validity": 30}
    wrong = client_for("enforcement").post(url, {**form, "formula": "rise(insid > 0)"})
    assert wrong.status_code == 422
    assert "第 1 行第 6 列" in wrong.content.decode()
    assert client_for("enforcement").post(url, {**form, "formula": "rise(inside > 1)"}).status_code == 302
    assert RuleVersion.objects.get().levels.get().formula == "rise(inside > 1)"


def test_a_place_that_lacks_a_signal_is_named_with_what_it_lacks(make_signal: MakeSignal) -> None:
    found, reasons = placed(templates()["t03-oxygen"], [make_signal("o2", "oxygen", "%VOL", zone="confined_space")])
    assert found == []
    assert "“confined_space”：没有“人数”的信号" in reasons[0]


def test_several_detectors_make_several_bindings_and_too_many_are_refused(
    make_signal: MakeSignal, people: Signal
) -> None:
    three = [make_signal(f"o2-{n}", "oxygen", "%VOL", zone="confined_space") for n in range(3)]
    found, _ = placed(templates()["t03-oxygen"], [people, *three])
    assert {target.roles["oxygen"].signal for target in found} == {signal.pk for signal in three}
    more = [make_signal(f"more-{n}", "oxygen", "%VOL", zone="confined_space") for n in range(14)]
    found, reasons = placed(templates()["t03-oxygen"], [people, *three, *more])
    assert found == []
    assert "超过 16 种" in reasons[0]


def test_a_limit_is_brought_to_the_unit_of_the_detector(make_signal: MakeSignal, people: Signal) -> None:
    gas = make_signal("h2s", "hydrogen_sulfide", "ppm", zone="confined_space")
    template = next(each for each in templates().values() if _judges(each, "hydrogen_sulfide"))
    found, reasons = placed(template, [people, gas])
    assert reasons == []
    version = services.create("硫化氢", Wording(template, template.defaults(), targets=found), None)
    (instance,) = queries.version_instances(version)
    limit = next(each.name for each in template.parameters if each.unit == "mg/m³")
    assert value(instance, limit) == pytest.approx(template.defaults()[limit] * 24.45 / 34.08)


@pytest.mark.parametrize(
    "formula",
    ["inside > 0 and gas > 10", "inside > 0 and gas - 5 > limit", "inside > 0 and slope[0, 1min](gas) > 2"],
)
def test_a_number_that_cannot_follow_the_unit_of_the_detector_is_refused(
    make_signal: MakeSignal, people: Signal, formula: str
) -> None:
    template = templates()["t03-hydrogen-sulfide"]
    other, same = (make_signal(unit, "hydrogen_sulfide", unit, zone="confined_space") for unit in ("ppm", "mg/m³"))
    found, _ = placed(template, [people, other])
    with pytest.raises(ValidationError, match="请改用单位为“mg/m³”的参数"):
        services.create("硫化氢", Wording(template, template.defaults(), targets=found, formula=formula), None)
    found, _ = placed(template, [people, same])
    version = services.create("硫化氢", Wording(template, template.defaults(), targets=found, formula=formula), None)
    with pytest.raises(ValidationError, match="请改用"):
        services.bind(version, targets=placed(template, [people, other])[0])


def test_counts_and_deviations_need_no_unit(make_signal: MakeSignal, people: Signal) -> None:
    template = templates()["t03-hydrogen-sulfide"]
    gas = make_signal("h2s", "hydrogen_sulfide", "ppm", zone="confined_space")
    found, _ = placed(template, [people, gas])
    formula = "inside > 0 and zscore(gas, 1h) > 4 and count[0, 1h](gas > limit) >= 3 and gas > 0"
    assert services.create("硫化氢", Wording(template, template.defaults(), targets=found, formula=formula), None)


def _judges(template: Template, quantity: str) -> bool:
    roles = {role.quantity for role in template.signals.values()}
    return roles == {"head_count", quantity}


def test_permits_of_different_kinds_are_not_mixed(people: Signal) -> None:
    place = place_of(people)
    quantities = ("work_active", "briefing_done", "guard_present")
    signals = [permit_signals.ensure(place, kind, each) for kind in ("hot_work", "height") for each in quantities]
    found, _ = placed(templates()["t10-start-without-briefing"], signals)
    names = Signal.objects.in_bulk()
    kinds = [{permit_signals.kind_of(names[each.signal]) for each in target.roles.values()} for target in found]
    assert kinds == [{"hot_work"}, {"height"}]


def test_a_type_of_permit_that_does_not_exist_is_refused() -> None:
    text = """
- id: x
  name: n
  family: sequence
  about: a
  bind: {place: []}
  signals: {valid: {quantity: permit_valid, permit: hotwork, initial: 0}}
  when: valid < 1
  basis: {standard: s, from: 2022-01-01}
"""
    with pytest.raises(ConfigError, match="作业票类型“hotwork”不存在"):
        read(text, "x.yaml")
    assert read(text.replace("hotwork", "hot_work"), "x.yaml")


def test_candidates_are_those_for_whom_the_user_writes_rules(people: Signal, world: World) -> None:
    template = templates()[ENTRY]
    places, signals = placing.candidates(world.who("head"), template)
    assert (places, signals) == ([people.zone], [people])
    assert placing.candidates(world.who("head"), template, owner=world.other.pk) == ([], [])
    assert placing.candidates(world.who("duty"), template) == (places, signals)
    for who in ("safety", "safety_mate", "safety2", "town2"):
        assert placing.candidates(world.who(who), template) == ([], [])
