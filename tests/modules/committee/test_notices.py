"""Risk notices: to whom they go, what is counted, who answers, who is reminded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse

from bianwang.modules.committee import services, watching
from bianwang.modules.committee.models import Receipt, RiskNotice
from bianwang.platform.clock import now
from bianwang.platform.places.models import Enterprise
from bianwang.platform.todo import queries as todo
from bianwang.platform.workflow.errors import Refused
from tests.modules.committee.things import noticed
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def test_a_notice_goes_to_units_and_enterprises_by_filter(world: World, client_for: ClientFor) -> None:
    Enterprise.objects.filter(pk=world.joint.pk).update(risk="red")
    # What is out of use gets nothing.
    Enterprise.objects.filter(pk=world.other.pk).update(risk="red", is_active=False)
    duty, url = client_for("duty"), reverse("committee:notice_new")
    form = {
        "kind": "weather",
        "title": "暴雨",
        "content": "停工",
        "answer_by": (now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"),
    }
    assert duty.post(url, form).status_code == 422
    cases: list[tuple[dict[str, Any], set[str]]] = [
        ({"units": [world.town.pk, world.town2.pk]}, {world.town.name, world.town2.name}),
        ({"to_enterprises": "on"}, {world.plant.name, world.joint.name}),
        ({"to_enterprises": "on", "risks": ["red"]}, {world.joint.name}),
        ({"to_enterprises": "on", "towns": [world.town_area.pk]}, {world.plant.name, world.joint.name}),
        ({"to_enterprises": "on", "towns": [world.zone_area.pk], "sectors": ["industry"]}, {world.joint.name}),
        (
            {"units": [world.department.pk], "to_enterprises": "on", "risks": ["red"]},
            {"区经济信息委", world.joint.name},
        ),
    ]
    for more, expected in cases:
        assert duty.post(url, {**form, **more}).status_code == 302, more
        notice = RiskNotice.objects.order_by("-pk")[0]
        assert set(notice.receipts.values_list("unit__name", flat=True)) == expected
    assert duty.post(url, {**form, "to_enterprises": "on", "sectors": ["mine"]}).status_code == 422


def test_receipts_are_counted_exactly(world: World, client_for: ClientFor) -> None:
    notice = noticed(world, world.town, world.town2, world.plant, world.joint, world.rescue_centre)
    rows = {row.unit_id: row for row in notice.receipts.select_related("unit", "notice")}
    town, plant, joint = rows[world.town.pk], rows[world.plant.pk], rows[world.joint.pk]
    services.confirm(town, world.who("town"))
    services.confirm(plant, world.who("safety"))
    services.answer(plant, world.who("safety_mate"), "已停工")
    shares = {share.name: share for share in watching.receipts(world.who("head"), notice)}
    # Nobody of the rescue centre has an account that answers: it was not delivered.
    assert {name: (share.part, share.whole) for name, share in shares.items()} == {
        "送达": (4, 5),
        "已阅": (2, 5),
        "已落实": (1, 5),
    }
    client = client_for("head")
    for share in shares.values():
        assert client.get(share.url).context["sheet"].paginator.count == share.part
        assert client.get(share.whole_url).context["sheet"].paginator.count == share.whole
    page = client.get(notice.get_absolute_url()).content.decode()
    assert "80.0" in page
    assert world.rescue_centre.name in page
    assert joint.state == "delivered"
    services.phone(rows[world.rescue_centre.pk], world.who("duty"), "电话通知张主任")
    assert watching.receipts(world.who("head"), notice)[0].part == 5


def test_only_the_recipient_answers(world: World, client_for: ClientFor) -> None:
    notice = noticed(world, world.plant)
    row = notice.receipts.select_related("unit", "notice").get()
    assert [todo.counts(world.who(who)).open for who in ("safety", "town", "safety2")] == [1, 0, 0]
    assert client_for("town").get(row.get_absolute_url()).status_code == 200
    with pytest.raises(Refused, match="只能由"):
        services.confirm(row, world.who("town"))
    with pytest.raises(Http404):
        services.confirm(row, world.who("safety2"))
    with pytest.raises(PermissionDenied):
        services.confirm(row, world.who("head"))
    with pytest.raises(Refused):
        services.answer(row, world.who("safety"), "还没看就落实")
    services.confirm(row, world.who("safety"))
    with pytest.raises(ValidationError):
        services.answer(row, world.who("safety"), "  ")
    services.answer(row, world.who("safety_mate"), "已停工")
    assert todo.counts(world.who("safety")).open == 0
    assert client_for("safety2").get(row.get_absolute_url()).status_code == 404


def test_who_is_silent_is_reminded_but_not_twice_an_hour(world: World, client_for: ClientFor) -> None:
    notice = noticed(world)
    url = reverse("committee:notice_remind", args=[notice.pk])
    duty = client_for("duty")
    assert duty.get(url).status_code == 200
    assert duty.post(url).status_code == 302
    assert services.remind(notice, world.who("duty")) == 0
    with time_machine.travel(now() + timedelta(minutes=61), tick=False):
        row = notice.receipts.select_related("unit", "notice").get(unit=world.town)
        services.confirm(row, world.who("town"))
        services.answer(row, world.who("town"), "已落实")
        assert services.remind(notice, world.who("duty")) == 1
    with pytest.raises(PermissionDenied):
        services.remind(notice, world.who("town"))


def test_the_platform_reminds_once_before_the_limit(world: World) -> None:
    notice = noticed(world, hours=48)
    for hours, expected in ((23, 0), (25, 1), (26, 1)):
        with time_machine.travel(now() + timedelta(hours=hours), tick=False):
            services.remind_before_due()
            assert set(notice.receipts.values_list("reminders", flat=True)) == {expected}, hours


def test_overdue_is_after_the_limit_and_only_in_scope(world: World) -> None:
    notice = noticed(world)
    for shift, number in ((timedelta(0), 0), (timedelta(seconds=1), 2)):
        with time_machine.travel(notice.answer_by + shift, tick=False):
            assert watching.unanswered_count(world.who("head")) == number
            assert watching.unanswered_count(world.who("safety")) == (1 if number else 0)
            assert watching.unanswered_count(world.who("town2")) == 0
    with pytest.raises(ValidationError, match="晚于现在"):
        noticed(world, hours=-1)
    with pytest.raises(ValidationError, match="类别"):
        noticed(world, kind="unknown")


def test_the_lists_ask_little(world: World, client_for: ClientFor, django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        noticed(world, world.town, world.town2, world.plant, world.joint)
    client = client_for("head")
    with django_assert_max_num_queries(20):
        rows = client.get(reverse("committee:notices")).context["sheet"].object_list
    assert [(row.recipients, row.answered, row.silent) for row in rows] == [(4, 0, 4)] * 3
    with django_assert_max_num_queries(22):
        assert client.get(reverse("committee:receipts")).context["sheet"].paginator.count == 12
    seen = client_for("safety").get(reverse("committee:receipts")).context["sheet"]
    assert seen.paginator.count == 3
    assert Receipt.objects.count() == 12
