"""Broadcasts: another approver, one message a town at its time, receipts, and calling back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse

from bianwang.modules.outreach.models import Broadcast, Receipt
from bianwang.modules.outreach.services import broadcasts as services
from bianwang.platform.clock import now
from bianwang.platform.messages.models import Message
from bianwang.platform.messages.services import deliver
from bianwang.platform.todo.queries import mine
from bianwang.platform.workflow.errors import Refused
from bianwang.platform.workflow.services import advance
from tests.modules.outreach.people import broadcast, receipt
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def test_somebody_else_approves_and_it_goes_to_each_town_at_its_time(world: World, time_machine: Any) -> None:
    row = broadcast(world)
    services.approve_broadcast(row, world.who("leader"))
    assert (row.state, row.due_at) == ("approved", None)
    messages = Message.objects.order_by("key")
    assert [(item.key, item.recipient_mask, item.next_at) for item in messages] == [
        (row.key(town.code), town.name, row.play_at) for town in (world.town_area, world.town2_area)
    ]
    deliver()
    assert set(messages.values_list("state", flat=True)) == {"waiting"}
    time_machine.move_to(row.play_at + timedelta(seconds=1))
    deliver()
    assert set(messages.values_list("state", flat=True)) == {"sent"}
    assert [item.title for item in mine(world.who("town"))] == ["待回执：森林防火（青杠街道）"]


def test_nobody_approves_his_own(world: World) -> None:
    given = {
        "title": "自拟",
        "text": "文",
        "play_at": now() + timedelta(hours=1),
        "times": 1,
        "towns": [world.town_area],
    }
    own = services.draft_broadcast(world.who("head"), given)
    for step in (services.approve_broadcast, services.refuse_broadcast):
        with pytest.raises(Refused, match="由他人审批"):
            step(own, world.who("head"), "理由")
    services.refuse_broadcast(own, world.who("leader"), "措辞不当")
    assert not Message.objects.exists()
    for who in ("town", "finance", "leader"):
        with pytest.raises(PermissionDenied):
            services.draft_broadcast(world.who(who), given)
    for who in ("duty", "enforcement", "town"):
        with pytest.raises(PermissionDenied):
            services.approve_broadcast(broadcast(world), world.who(who))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"play_at": timedelta(seconds=-1)}, "play_at"), ({"towns": []}, "towns"), ({"times": 0}, "times")],
)
def test_what_is_wrong_is_named(world: World, wrong: dict[str, Any], field: str) -> None:
    values = {name: now() + value if isinstance(value, timedelta) else value for name, value in wrong.items()}
    with pytest.raises(ValidationError) as caught:
        broadcast(world, **values)
    assert list(caught.value.message_dict) == [field]
    assert not Broadcast.objects.exists()


def test_too_late_to_approve_and_to_call_back(world: World, time_machine: Any) -> None:
    late, row = broadcast(world), broadcast(world, title="另一")
    services.approve_broadcast(row, world.who("head"))
    time_machine.move_to(late.play_at + timedelta(seconds=1))
    with pytest.raises(Refused, match="已过"):
        services.approve_broadcast(late, world.who("head"))
    with pytest.raises(Refused, match="已过"):
        services.cancel_broadcast(row, world.who("head"), "不播了")


def test_called_back_before_its_time_nothing_leaves(world: World, time_machine: Any) -> None:
    row = broadcast(world)
    services.approve_broadcast(row, world.who("head"))
    services.cancel_broadcast(row, world.who("leader"), "天气好转")
    time_machine.move_to(row.play_at + timedelta(seconds=1))
    deliver()
    assert set(Message.objects.values_list("state", flat=True)) == {"cancelled"}
    assert set(Receipt.objects.values_list("state", flat=True)) == {"cancelled"}
    assert not mine(world.who("town")).exists()


def test_a_town_without_an_office_stops_the_approval(world: World) -> None:
    world.town2.is_active = False
    world.town2.save()
    with pytest.raises(ValidationError, match="八塘镇没有登记"):
        services.approve_broadcast(broadcast(world), world.who("head"))
    assert not Message.objects.exists()
    assert Broadcast.objects.get().state == "drafted"


def test_each_town_says_what_became_of_it(world: World, client_for: ClientFor, time_machine: Any) -> None:
    row = receipt(world)
    time_machine.move_to(now() + timedelta(hours=2))
    with pytest.raises(Http404):
        services.receipt_played(row, world.who("town2"), now(), 8)
    with pytest.raises(ValidationError, match="不能晚于现在"):
        services.receipt_played(row, world.who("town"), now() + timedelta(minutes=1), 8)
    services.receipt_played(row, world.who("town"), now(), 8)
    other = Receipt.objects.get(town=world.town2_area)
    with pytest.raises(Refused, match="理由"):
        advance(other, "missed", world.who("town2"))
    advance(other, "missed", world.who("town2"), reason="喇叭故障")
    page = client_for("head").get(row.broadcast.get_absolute_url()).content.decode()
    assert "已播出" in page
    assert "未播出" in page
    assert client_for("town").get(reverse("outreach:receipts")).context["sheet"].paginator.count == 1


def test_it_is_drafted_and_approved_through_pages(world: World, client_for: ClientFor) -> None:
    given = {
        "title": "防溺水", "text": "请看管好孩子", "play_at": f"{now() + timedelta(days=1):%Y-%m-%dT%H:%M}", "times": 2,
        "towns": [world.town_area.pk],
    }  # fmt: skip
    assert client_for("duty").post(reverse("outreach:broadcast_new"), given).status_code == 302
    row = Broadcast.objects.get()
    assert client_for("head").post(f"{row.get_absolute_url()}step/approve/", {}).status_code == 302
    page = client_for("head").get(row.get_absolute_url()).content.decode()
    assert f"q=broadcast%3A{row.pk}%3A" in page
    listed = client_for("head").get(reverse("messages:list"), {"q": f"broadcast:{row.pk}:"})
    assert listed.context["sheet"].paginator.count == 1
