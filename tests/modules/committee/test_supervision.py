"""督办: every guard both ways."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse

from bianwang.modules.committee import services
from bianwang.modules.committee.models import Supervision
from bianwang.modules.hazards.models import Hazard
from bianwang.platform import roles
from bianwang.platform.access import forget
from bianwang.platform.accounts.models import Post
from bianwang.platform.workflow.errors import Refused
from tests.modules.committee.things import assigned, given, in_days, supervised
from tests.people import ClientFor, World
from tests.permissions.subjects import hazard as found

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def test_from_listing_to_unlisting(world: World, client_for: ClientFor) -> None:
    leader, town = client_for("leader"), client_for("town")
    form = {
        "unit": world.town.pk,
        "level": "city",
        "title": "消防通道",
        "demand": "打通",
        "until": in_days(10),
        "hazard_number": "没有",
    }
    assert leader.post(reverse("committee:supervision_new"), form).status_code == 422
    assert leader.post(reverse("committee:supervision_new"), {**form, "hazard_number": ""}).status_code == 302
    row = Supervision.objects.get()
    assert row.number.startswith("璧安委办督〔")

    def step(client: Any, code: str, expected: int = 302, **data: Any) -> None:
        answer = client.post(f"{row.get_absolute_url()}step/{code}/", data)
        assert answer.status_code == expected, (code, answer.content.decode()[-2000:])

    step(town, "sign")
    step(town, "submit", result="已打通")
    step(leader, "return", reason="照片不清")
    step(town, "submit", result="已补照片")
    step(leader, "unlist", 422)
    step(leader, "unlist", reason="现场看过")
    row.refresh_from_db()
    assert (row.state, row.verified_by, row.opinion) == ("closed", world.who("leader"), "现场看过")


def test_an_extension_is_approved_by_another_person(world: World) -> None:
    row, town, leader = supervised(world), world.who("town"), world.who("leader")
    with pytest.raises(Refused):
        services.apply_extension(row, town, in_days(20), "汛情")
    services.sign_supervision(row, town)
    with pytest.raises(ValidationError, match="晚于现时限"):
        services.apply_extension(row, town, in_days(10), "汛情")
    services.apply_extension(row, town, in_days(20), "汛情")
    with pytest.raises(Refused, match="等待审批"):
        services.apply_extension(row, town, in_days(30), "又一次")
    with pytest.raises(PermissionDenied):
        services.decide_extension(row, town, approve=True)
    # Somebody who also has a post at the bureau still does not approve what he applied for.
    Post.objects.create(user=town, role=roles.LEADER, party=world.bureau)
    forget(town)
    with pytest.raises(Refused, match="申请人"):
        services.decide_extension(row, town, approve=True)
    before = row.deadline
    services.decide_extension(row, leader, approve=True)
    assert row.deadline == row.due_at == before + timedelta(days=10)
    with pytest.raises(ValidationError, match="最多可延期"):
        services.apply_extension(row, town, in_days(40), "还要")
    with pytest.raises(Refused, match="没有等待"):
        services.decide_extension(row, leader, approve=False)


def test_a_refused_extension_moves_nothing(world: World) -> None:
    row = supervised(world)
    services.sign_supervision(row, world.who("town"))
    before = row.deadline
    services.apply_extension(row, world.who("town"), in_days(20), "汛情")
    services.decide_extension(row, world.who("leader"), approve=False, reason="汛情已过")
    assert (row.deadline, row.extensions) == (before, 0)
    assert row.wishes.get().approved is False


def test_who_handled_it_does_not_verify_it(world: World) -> None:
    row, town = supervised(world), world.who("town")
    services.sign_supervision(row, town)
    services.conclude(row, town, "已办")
    with pytest.raises(PermissionDenied):
        services.unlist(row, town, "好")
    Post.objects.create(user=town, role=roles.LEADER, party=world.bureau)
    forget(town)
    with pytest.raises(Refused, match="报结人"):
        services.unlist(row, town, "好")
    services.unlist(row, world.who("leader"), "现场看过")
    assert row.state == "closed"


def test_a_hazard_and_a_task_are_closed_first(world: World) -> None:
    hazard, task = Hazard.objects.get(pk=found(world)), assigned(world)
    town, leader = world.who("town"), world.who("leader")
    for values, finish in (
        ({"hazard": hazard}, lambda: Hazard.objects.filter(pk=hazard.pk).update(state="closed")),
        ({"assignment": task}, lambda: services.cancel(task, world.who("duty"), "并入督办")),
    ):
        row = supervised(world, **values)
        services.sign_supervision(row, town)
        services.conclude(row, town, "已办")
        with pytest.raises(Refused, match="尚未销号"):
            services.unlist(row, leader, "好")
        finish()
        row = Supervision.objects.select_related("hazard", "assignment__task").get(pk=row.pk)
        services.unlist(row, leader, "好")
    with pytest.raises(ValidationError, match="承办，不是"):
        supervised(world, assignment=given(world, world.town2).assignments.get(unit=world.town2))
    with pytest.raises(ValidationError, match="不必督办"):
        supervised(world, hazard=Hazard.objects.get(pk=hazard.pk))


def test_others_see_nothing_and_only_leaders_list(world: World, client_for: ClientFor) -> None:
    row = supervised(world)
    assert client_for("town").get(row.get_absolute_url()).status_code == 200
    for who in ("town2", "department", "committee"):
        with pytest.raises(Http404):
            services.sign_supervision(row, world.who(who))
        assert not client_for(who).get(reverse("committee:supervisions")).context["sheet"].object_list
    with pytest.raises(PermissionDenied):
        services.supervise(world.who("duty"), world.town, {"title": "甲", "demand": "乙"}, in_days(1))
    services.revoke(row, world.who("leader"), "重复挂牌")
    assert row.state == "revoked"
