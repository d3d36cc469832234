"""The to-do list: whose turn it is, how urgent, reminders and hand-over."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from bianwang.platform.clock import now
from bianwang.platform.ledger.models import Entry
from bianwang.platform.todo import queries, services
from bianwang.platform.todo.models import Todo

pytestmark = pytest.mark.django_db

EDIT, CALENDAR = "places.edit", "calendar.edit"


def duty(about, permission=EDIT, hours=72, assignee=None):
    return services.open_for(
        about,
        title=f"核对：{about}",
        url="/x/",
        owner=about.pk,
        permission=permission,
        due_at=now() + timedelta(hours=hours) if hours else None,
        assignee=assignee,
    )


def titles(user):
    return sorted(queries.mine(user).values_list("title", flat=True))


def test_a_duty_waits_for_whoever_holds_the_permission_where_he_holds_it(world):
    for place in (world.plant, world.joint, world.other):
        duty(place)

    assert titles(world.who("enforcement")) == ["核对：八塘建材厂", "核对：青杠机械厂", "核对：高新涂装有限公司"]
    assert titles(world.who("town")) == ["核对：青杠机械厂", "核对：高新涂装有限公司"]
    assert titles(world.who("town2")) == ["核对：八塘建材厂"]
    assert titles(world.who("safety")) == [], "sees the plant but may not edit it"
    assert titles(world.who("disabled")) == []


def test_a_duty_of_one_person_waits_for_nobody_else(world):
    duty(world.plant, assignee=world.who("enforcement"))

    assert titles(world.who("enforcement")) == ["核对：青杠机械厂"]
    assert titles(world.who("enforcement2")) == []


def test_what_is_done_moves_to_the_finished_ones(world):
    duty(world.plant)
    services.close_for(world.plant)

    assert titles(world.who("town")) == []
    assert [todo.title for todo in queries.done(world.who("town"))] == ["核对：青杠机械厂"]
    assert services.close_for(world.plant) == 0


def test_the_most_urgent_come_first_and_those_without_a_limit_last(world):
    for hours in (None, 30, -2, 5):
        duty(world.plant, hours=hours)

    left = [
        todo.due_at and round((todo.due_at - now()).total_seconds() / 3600) for todo in queries.mine(world.who("town"))
    ]
    assert left == [-2, 5, 30, None]


def test_counts_tell_overdue_and_due_soon(world):
    for hours in (-1, 2, 23, 25, None):
        duty(world.plant, hours=hours)

    assert queries.counts(world.who("town")) == queries.Counts(open=5, overdue=1, soon=2)


def test_the_list_of_a_user_costs_few_queries_however_long_it_is(world, django_assert_max_num_queries):
    for _ in range(30):
        duty(world.plant)
    user = world.who("town")

    with django_assert_max_num_queries(4):
        assert len([(todo.owner.name, todo.assignee) for todo in queries.mine(user)]) == 30


def test_a_reminder_is_in_the_ledger_and_not_repeated_within_the_hour(world):
    todo = duty(world.plant)

    def reminded():
        return queries.with_reminders(queries.mine(world.who("town"))).get().reminded

    assert reminded() is None
    services.remind(todo, world.who("head"), "请今日办结")

    entry = Entry.objects.get(verb="todo.remind")
    assert (entry.reason, entry.owner_id) == ("请今日办结", world.plant.pk)
    assert reminded() == 1
    with pytest.raises(ValidationError, match="一小时内已由"):
        services.remind(todo, world.who("head"))
    with time_machine.travel(now() + timedelta(hours=2)):
        services.remind(todo, world.who("head"))
    assert reminded() == 2


def test_reminding_needs_the_permission_and_the_scope(world):
    todo = duty(world.other)
    with pytest.raises(PermissionDenied):
        services.remind(todo, world.who("safety"))
    with pytest.raises(Http404):
        services.remind(todo, world.who("town"))
    services.close_for(world.other)
    with pytest.raises(ValidationError, match="已经办结"):
        services.remind(todo, world.who("head"))


def test_a_person_who_moves_post_hands_everything_open_over(world):
    leaver, successor = world.who("enforcement"), world.who("enforcement2")
    duty(world.plant, assignee=leaver)
    duty(world.other, assignee=leaver)
    finished = duty(world.joint, assignee=leaver)
    services.close_for(world.joint)

    assert services.hand_over(leaver, successor, reason="岗位调整") == 2
    assert titles(successor) == ["核对：八塘建材厂", "核对：青杠机械厂"]
    assert titles(leaver) == []
    assert Todo.objects.get(pk=finished.pk).assignee == leaver
    assert set(Entry.objects.filter(verb="todo.hand_over").values_list("reason", flat=True)) == {"岗位调整"}


def test_a_hand_over_is_all_or_nothing(world):
    leaver = world.who("enforcement")
    duty(world.plant, assignee=leaver)
    duty(world.other, assignee=leaver)

    with pytest.raises(ValidationError, match="赵镇街没有办理“核对：八塘建材厂”的权限"):
        services.hand_over(leaver, world.who("town"), reason="岗位调整")
    assert len(titles(leaver)) == 2
    for successor, reason in ((leaver, "岗位调整"), (world.who("enforcement2"), " ")):
        with pytest.raises(ValidationError):
            services.hand_over(leaver, successor, reason=reason)
