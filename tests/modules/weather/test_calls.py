"""Passing on and 叫应: to whom, who answers how, who is told when nobody does, and what is counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import reverse

from bianwang.modules.weather import queries, services
from bianwang.modules.weather.models import Receipt
from bianwang.platform.clock import now
from bianwang.platform.ledger.models import Entry
from bianwang.platform.places.models import Enterprise
from bianwang.platform.todo import queries as todo
from bianwang.platform.workflow.errors import Refused
from tests.modules.weather import things
from tests.people import ClientFor, World

pytestmark = pytest.mark.django_db


def test_a_warning_goes_to_units_villages_and_enterprises_once(world: World, client_for: ClientFor) -> None:
    Enterprise.objects.filter(pk=world.joint.pk).update(risk="red")
    warning, duty = things.typed(world), client_for("duty")
    url = reverse("weather:pass_on", args=[warning.pk])
    assert "30 分钟" in duty.get(url).content.decode()
    both = {"units": [world.town.pk, world.town2.pk]}
    for form, expected in (
        ({"units": [world.department.pk]}, {"区经济信息委"}),
        (both, {world.town.name, world.town2.name}),
        ({**both, "villages": "on"}, {world.village.name, "福禄村村委会"}),
        ({**both, "enterprises": "on", "risks": ["red"]}, {world.joint.name}),
        ({"units": [world.town2.pk], "enterprises": "on"}, {world.other.name}),
    ):
        before = set(warning.receipts.values_list("unit__name", flat=True))
        assert duty.post(url, form).status_code == 302, form
        assert set(warning.receipts.values_list("unit__name", flat=True)) - before == expected
    assert duty.post(url, both).status_code == 422


def test_only_the_recipient_sees_and_answers(world: World) -> None:
    row = things.receipt(world, world.plant)
    assert [todo.counts(world.who(who)).open for who in ("safety", "town", "duty")] == [1, 0, 0]
    with pytest.raises(Refused, match="只能由"):
        services.see(row, world.who("town"))
    with pytest.raises(Http404):
        services.answer(row, world.who("safety2"))
    services.see(row, world.who("safety"))
    services.answer(row, world.who("safety_mate"), "已停工")
    row.refresh_from_db()
    assert (row.state, row.way, row.note) == ("answered", "button", "已停工")
    assert todo.counts(world.who("safety")).open == 0


def test_red_is_answered_by_telephone_alone(world: World) -> None:
    row = things.receipt(world, world.plant, level=1)
    services.see(row, world.who("safety"))
    with pytest.raises(Refused, match="电话叫应"):
        services.answer(row, world.who("safety"))
    with pytest.raises(Refused, match="理由"):
        services.register_call(row, world.who("town"), " ")
    services.register_call(row, world.who("town"), "张主任接听")
    assert Receipt.objects.get(pk=row.pk).way == "phone"


def test_nobody_calls_himself(world: World) -> None:
    row = things.receipt(world, world.town)
    with pytest.raises(Refused, match="上级"):
        services.register_call(row, world.who("town"), "自己")
    services.register_call(row, world.who("duty"), "值班员接听")


def test_who_has_no_account_is_called(world: World) -> None:
    row = things.receipt(world, world.rescue_centre)
    assert row.state == "phone"
    assert todo.counts(world.who("duty")).open == 1
    services.register_call(row, world.who("duty"), "李队长接听")
    assert Receipt.objects.get(pk=row.pk).state == "answered"


def test_silence_goes_to_the_town_and_then_to_the_bureau(world: World) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        row, upper = things.receipts(world, world.plant, world.town).values()
        assert row.answer_by == now() + timedelta(minutes=30)
        clock.shift(timedelta(minutes=30))
        services.escalate_overdue()
        assert not Receipt.objects.filter(escalation__gt=0).exists()
        clock.shift(timedelta(seconds=1))
        for _ in range(2):
            services.escalate_overdue()
        # Above a town there is only the bureau.
        assert {r.unit_id: r.escalation for r in Receipt.objects.all()} == {row.unit_id: 1, upper.unit_id: 2}
        assert [todo.counts(world.who(who)).open for who in ("town", "town2", "duty")] == [2, 0, 1]
        clock.shift(timedelta(minutes=30, seconds=1))
        services.escalate_overdue()
        assert [todo.counts(world.who(who)).open for who in ("town", "duty")] == [2, 2]
        services.register_call(
            Receipt.objects.select_related("warning", "unit").get(pk=row.pk), world.who("duty"), "通"
        )
        assert [todo.counts(world.who(who)).open for who in ("safety", "town", "duty")] == [0, 1, 1]


def test_the_rate_is_of_what_came_due_and_every_number_leads_to_its_rows(world: World, client_for: ClientFor) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        rows = things.receipts(world, world.plant, world.joint, world.other, world.town)
        services.answer(rows[world.plant.pk], world.who("safety"))
        clock.shift(timedelta(minutes=31))
        services.answer(rows[world.joint.pk], world.who("safety_joint"))
        client = client_for("head")
        page = client.get(rows[world.plant.pk].warning.get_absolute_url())
        facts = {cell.title: cell for group in page.context["facts"] for cell in group.rows}
        counted = {"转发": 4, "待电话叫应": 0, "已应答": 2, "逾时未应答": 2, "应计应答": 4, "按时应答": 1}
        for name, number in counted.items():
            assert facts[name].text == str(number), name
            assert client.get(facts[name].href).context["sheet"].paginator.count == number, name
        assert facts["按时应答率"].text == "25.0%"


def test_what_the_weather_service_ended_in_time_counts_for_nobody(world: World, client_for: ClientFor) -> None:
    row = things.receipt(world, world.plant)
    things.typed(world, row.warning, message="cancel")
    page = client_for("head").get(row.warning.get_absolute_url())
    facts = {cell.title: cell.text for group in page.context["facts"] for cell in group.rows}
    assert (facts["应计应答"], facts["按时应答率"]) == ("0", "—")


def test_nobody_is_called_about_a_warning_that_has_run_out(world: World) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        row, unreached = things.receipts(
            world, world.plant, world.rescue_centre, valid_until=now() + timedelta(minutes=40)
        ).values()
        assert (row.state, unreached.state) == ("sent", "phone")
        clock.shift(timedelta(minutes=40))
        services.escalate_overdue()
        services.deliver_pending()
        assert not Receipt.objects.filter(escalation__gt=0).exists()
        services.end_receipts()
        services.end_receipts()
        assert set(Receipt.objects.values_list("state", flat=True)) == {"ended"}
        assert [todo.counts(world.who(who)).open for who in ("safety", "town", "duty")] == [0, 0, 0]
        told = Entry.objects.filter(verb="weather.receipt_end")
        assert [entry.reason for entry in told] == ["预警有效期已过"] * 2
        # The limit had passed before: their silence counts.
        assert Receipt.objects.filter(queries.came_due()).count() == 2


def test_a_limit_after_the_end_of_the_warning_counts_for_nobody(world: World) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        things.receipts(world, world.plant, valid_until=now() + timedelta(minutes=20))
        clock.shift(timedelta(hours=1))
        assert not Receipt.objects.filter(queries.came_due()).exists(), "not even before the loop ends the receipt"
        services.end_receipts()
        assert not Receipt.objects.filter(queries.came_due()).exists()


def test_nothing_is_passed_on_twice_or_to_nobody(world: World) -> None:
    row = things.receipt(world, world.plant)
    for units in ([world.plant], []):
        with pytest.raises(ValidationError, match="没有新的接收单位"):
            services.pass_on(world.who("duty"), row.warning, units, "测试")
