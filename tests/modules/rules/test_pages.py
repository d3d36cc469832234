"""Pages of rules: written by officers, activated by their heads, read by those whose signals they judge."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from bianwang.modules.rules import queries, services
from bianwang.modules.rules.models import Rule, RuleVersion
from tests.modules.rules.conftest import MakeSignal, MakeVersion, value
from tests.people import ClientFor, World

GAS = {"p_first": 20, "p_second": 50, "p_back": 2, "p_hold": 3, "p_quiet": 60, "p_stale": 300}
NEW = reverse("rules:new", args=["combustible-gas"])


def gas_form(**values: Any) -> dict[str, Any]:
    return {
        "name": "可燃气体",
        "schedule": "",
        "notice": "0",
        "owner": "",
        "zone_kind": "",
        "quantity": "",
        **GAS,
        **values,
    }


def test_a_rule_is_drafted_activated_and_judged(client_for: ClientFor, make_signal: MakeSignal, world: World) -> None:
    mine = make_signal("探头", "combustible_gas", "%LEL")
    make_signal("探头", "combustible_gas", "%LEL", owner=world.other)
    answer = client_for("enforcement").post(NEW, gas_form(owner=world.plant.pk, schedule="工作日 08:00-18:00"))
    version = RuleVersion.objects.get()
    assert answer.headers["Location"] == version.get_absolute_url()
    assert version.made_by == world.who("enforcement")
    assert [binding.signal for binding in version.bindings.all()] == [mine]
    head = client_for("head")
    assert head.post(reverse("rules:activate", args=[version.pk]), {"reason": "投用"}).status_code == 302
    assert [value(i, "limit") for i in queries.active_instances()] == [20.0, 50.0]
    text = head.get(version.get_absolute_url()).content.decode()
    assert "读数大于或等于 20 %LEL，持续 3 秒" in text
    assert "工作日 08:00-18:00" in text
    assert "GB/T 50493-2019" in text
    assert "≥ 20.00 %LEL" in text


def test_who_may_do_what(client_for: ClientFor, make_signal: MakeSignal, make_version: MakeVersion) -> None:
    version = make_version("combustible-gas", [make_signal("a", "combustible_gas", "%LEL")])
    activate = reverse("rules:activate", args=[version.pk])
    assert client_for("safety").get(NEW).status_code == 403
    assert client_for("enforcement").post(activate, {"reason": "x"}).status_code == 403
    assert client_for("safety").get(version.get_absolute_url()).status_code == 200
    assert client_for("safety2").get(version.get_absolute_url()).status_code == 404
    assert client_for("safety2").get(version.rule.get_absolute_url()).status_code == 404
    assert client_for("finance").get(reverse("rules:rule_list")).status_code == 403
    assert queries.active_instances() == []


def test_the_list_counts_only_signals_in_scope(
    client_for: ClientFor, make_signal: MakeSignal, make_version: MakeVersion, world: World
) -> None:
    signals = [
        make_signal("a", "combustible_gas", "%LEL"),
        make_signal("b", "combustible_gas", "%LEL", owner=world.other),
    ]
    services.activate(make_version("combustible-gas", signals), "投用")
    counts = {
        who: [row.bound for row in client_for(who).get(reverse("rules:rule_list")).context["sheet"]]
        for who in ("head", "safety", "safety_joint")
    }
    assert counts == {"head": [2], "safety": [1], "safety_joint": []}


def test_the_preview_says_the_rule_and_the_signals(client_for: ClientFor, make_signal: MakeSignal) -> None:
    make_signal("好探头", "combustible_gas", "%LEL")
    make_signal("旧探头", "combustible_gas", "%VOL")
    answer = client_for("enforcement").post(NEW + "?preview=1", gas_form(p_first=15))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "读数大于或等于 15 %LEL" in text
    assert "好探头" in text
    assert "信号“旧探头”的单位“%VOL”不能换算" in text
    assert not Rule.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [({"p_first": 30}, "p_first"), ({"schedule": "周一"}, "schedule"), ({"p_second": "x"}, "p_second")],
)
def test_a_wrong_value_stands_at_its_field(client_for: ClientFor, values: dict[str, Any], field: str) -> None:
    answer = client_for("enforcement").post(NEW, gas_form(**values))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Rule.objects.exists()


def test_a_signal_is_not_bound_to_two_rules_of_one_template(
    client_for: ClientFor, make_signal: MakeSignal, make_version: MakeVersion
) -> None:
    taken, free = make_signal("a", "combustible_gas", "%LEL"), make_signal("b", "combustible_gas", "%LEL")
    services.activate(make_version("combustible-gas", [taken]), "投用")
    client_for("enforcement").post(NEW, gas_form(name="另一条"))
    assert [binding.signal for binding in RuleVersion.objects.get(rule__name="另一条").bindings.all()] == [free]


def test_a_revision_keeps_the_signals(
    client_for: ClientFor, make_signal: MakeSignal, make_version: MakeVersion
) -> None:
    signal = make_signal("a", "combustible_gas", "%LEL")
    first = make_version("combustible-gas", [signal])
    services.activate(first, "投用")
    url = reverse("rules:revise", args=[first.rule_id])
    form = client_for("enforcement").get(url).context["form"]
    assert form["p_first"].value() == "25"
    assert form["notice"].value() == RuleVersion.Notice.OWNER
    client_for("enforcement").post(url, gas_form(choose="keep", p_first=10, notice="2"))
    second = RuleVersion.objects.get(number=2)
    assert (first.notice, second.notice) == (RuleVersion.Notice.OWNER, RuleVersion.Notice.BUREAU)
    assert (
        "责任单位、镇街（管委会）和区应急局"
        in client_for("enforcement").get(second.get_absolute_url()).content.decode()
    )
    assert [binding.signal for binding in second.bindings.all()] == [signal]
    assert second.state == RuleVersion.State.DRAFT


def test_commissioning_without_the_intake_is_refused_in_words(client_for: ClientFor, make_signal: MakeSignal) -> None:
    make_signal("电流", "current", "A", zone="pump_room")
    data = {
        "name": "泵电流", "p_k": 2, "p_n": 10, "p_m": 30, "p_quiet": 60, "p_stale": 120, "notice": "0",
        "recording_from": "2026-11-23T08:00", "recording_minutes": 5,
    }  # fmt: skip
    answer = client_for("enforcement").post(reverse("rules:new", args=["pump-current"]), data)
    assert answer.status_code == 422
    assert "不能标定" in answer.content.decode()
    assert not Rule.objects.exists()


def test_every_template_has_a_form(client_for: ClientFor) -> None:
    from bianwang.modules.rules.templates import templates

    client = client_for("enforcement")
    assert client.get(reverse("rules:template_list")).status_code == 200
    for code in templates():
        assert client.get(reverse("rules:new", args=[code])).status_code == 200
    assert client.get(reverse("rules:new", args=["nonsense"])).status_code == 404


def test_unbinding_asks_for_a_reason(client_for: ClientFor, make_signal: MakeSignal, make_version: MakeVersion) -> None:
    version = make_version("combustible-gas", [make_signal("a", "combustible_gas", "%LEL")])
    services.activate(version, "投用")
    url = reverse("rules:unbind", args=[version.bindings.get().pk])
    assert client_for("enforcement").post(url, {"reason": ""}).status_code == 422
    client_for("enforcement").post(url, {"reason": "移机"})
    assert queries.active_instances() == []
