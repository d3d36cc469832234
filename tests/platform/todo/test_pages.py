"""The to-do list on screen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from bianwang.platform.clock import now
from bianwang.platform.ledger.models import Entry
from bianwang.platform.todo import queries, services

pytestmark = pytest.mark.django_db

OPEN, DONE = reverse("todo:list"), reverse("todo:done")


def duty(about, hours=72, assignee=None):
    return services.open_for(
        about,
        title=f"核对：{about}",
        url="/x/",
        owner=about.pk,
        permission="places.edit",
        due_at=now() + timedelta(hours=hours),
        assignee=assignee,
    )


def page(client, url=OPEN, **params):
    return client.get(url, params).content.decode()


def test_the_list_shows_whose_turn_it_is_and_what_is_overdue(client_for, world):
    duty(world.plant, hours=-5)
    duty(world.other)
    town, officer = client_for("town"), client_for("enforcement")

    assert "核对：青杠机械厂" in page(town)
    assert "逾期 5 小时" in page(town)
    assert "核对：八塘建材厂" not in page(town)
    assert "核对：八塘建材厂" in page(officer)
    assert "核对：八塘建材厂" not in page(officer, overdue="1")
    assert "没有待办" in page(client_for("safety"))


def test_what_is_done_is_listed_with_whether_it_was_in_time(client_for, world):
    duty(world.plant, hours=-5)
    services.close_for(world.plant)

    assert "核对：青杠机械厂" not in page(client_for("town"))
    assert "逾期办结" in page(client_for("town"), DONE)


def test_ticked_duties_are_urged_and_those_that_cannot_be_are_named(client_for, world):
    first, second = duty(world.plant), duty(world.joint)
    services.remind(first, world.who("leader"))
    client = client_for("head")
    answer = client.post(OPEN, {"action": "remind", "row": [first.pk, second.pk]}, follow=True).content.decode()

    assert "已催办 1 项" in answer
    assert "一小时内已由陈局长催办过" in answer or "一小时内已由" in answer
    assert Entry.objects.filter(verb="todo.remind").count() == 2
    assert "1 次" in page(client_for("town"))


def test_a_head_hands_the_duties_of_a_leaver_over(client_for, world):
    leaver, successor = world.who("enforcement"), world.who("enforcement2")
    duty(world.plant, assignee=leaver)
    form = {"leaver": leaver.pk, "successor": successor.pk, "reason": "岗位调整"}
    answer = client_for("head").post(reverse("todo:hand_over"), form, follow=True).content.decode()

    assert "已将 1 项待办由李执法移交给何执法" in answer
    assert queries.mine(successor).count() == 1


def test_a_hand_over_to_somebody_who_may_not_is_refused_on_the_form(client_for, world):
    leaver = world.who("enforcement")
    duty(world.plant, assignee=leaver)
    form = {"leaver": leaver.pk, "successor": world.who("duty").pk, "reason": "岗位调整"}
    answer = client_for("head").post(reverse("todo:hand_over"), form)

    assert answer.status_code == 422
    assert "王值班没有办理“核对：青杠机械厂”的权限" in answer.content.decode()
