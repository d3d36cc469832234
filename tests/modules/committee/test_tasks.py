"""Meetings and tasks through services and HTTP: who acts, who may not, what is late, and the matrix."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse

from bianwang.modules.committee import services
from bianwang.modules.committee.models import Assignment, Meeting, Task
from bianwang.modules.committee.pack import read
from bianwang.modules.committee.queries import came_due, in_time, matrix, overdue_count
from bianwang.platform.clock import now
from bianwang.platform.config import ConfigError
from bianwang.platform.files.models import Attachment
from bianwang.platform.ledger.models import Entry
from bianwang.platform.todo import queries as todo
from bianwang.platform.workflow.errors import Conflict, Refused
from tests.modules.committee.things import assigned, given, held, in_days, submitted
from tests.people import ClientFor, World
from tests.platform.files import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

MATRIX_QUERIES = 14


def test_a_task_is_given_signed_worked_on_returned_reviewed_and_struck_off(world: World, client_for: ClientFor) -> None:
    duty, town, leader = (client_for(who) for who in ("duty", "town", "leader"))
    form = {
        "source": "superior",
        "title": "燃气排查",
        "content": "逐户排查",
        "until": in_days(5),
        "lead": world.town.pk,
        "others": [world.town2.pk, world.town.pk],
        "papers": samples.upload("通知.jpg", samples.photo()),
    }
    assert duty.post(reverse("committee:task_new"), form).status_code == 302
    task = Task.objects.get()
    assert task.number.startswith("璧安委办交〔")
    assert task.number.endswith("〕1号")
    assert [row.is_lead for row in task.assignments.order_by("pk")] == [True, False]
    row = task.assignments.get(unit=world.town)
    url = row.get_absolute_url()
    assert todo.counts(world.who("town")).open == 1

    def step(client: Any, code: str, **data: Any) -> None:
        answer = client.post(f"{url}step/{code}/", data)
        assert answer.status_code == 302, (code, answer.content.decode()[-2000:])

    paper = Attachment.objects.filter(owner=world.town, label="任务文件").get()
    assert town.get(reverse("files:download", args=[paper.pk])).status_code == 200
    assert client_for("town2").get(reverse("files:download", args=[paper.pk])).status_code == 404
    step(town, "sign")
    step(town, "report", progress="已排查一半")
    step(town, "submit", result="全部排查", papers=samples.upload("台账.jpg", samples.photo()))
    step(duty, "return", reason="缺照片")
    row.refresh_from_db()
    assert (row.state, row.returns, row.submitted_at, row.due_at) == ("signed", 1, None, row.deadline)
    step(town, "submit", result="已补")
    step(duty, "pass")
    step(leader, "close")
    row.refresh_from_db()
    assert row.state == "closed"
    assert todo.counts(world.who("town")).open == 0
    told = Entry.objects.filter(object_type="committee.assignment", object_id=row.pk).values_list("verb", flat=True)
    assert set(told) >= {
        f"committee.{code}" for code in ("assign", "sign", "report", "submit", "return", "pass", "close")
    }


def test_only_the_unit_itself_answers(world: World) -> None:
    row = assigned(world)
    for who in ("town2", "department", "committee"):
        with pytest.raises(Http404):
            services.sign(row, world.who(who))
    for who in ("head", "leader", "safety", "village"):
        with pytest.raises((PermissionDenied, Http404)):
            services.sign(row, world.who(who))
    services.sign(row, world.who("town"))
    with pytest.raises(PermissionDenied):
        services.cancel(row, world.who("town"), "不做了")


def test_the_town_does_not_review_its_own_work(world: World) -> None:
    row = submitted(world)
    with pytest.raises(PermissionDenied):
        services.review(row, world.who("town"))
    both = world.who("duty")
    Assignment.objects.filter(pk=row.pk).update(submitted_by=both)
    row.refresh_from_db()
    with pytest.raises(Refused, match="报结人"):
        services.review(row, both)
    services.review(row, world.who("head"))
    with pytest.raises(PermissionDenied):
        services.close(row, world.who("duty"))
    services.close(row, world.who("leader"))


def test_wrong_tasks_leave_nothing_behind(world: World) -> None:
    values = {"source": "meeting", "title": "甲", "content": "乙"}
    with pytest.raises(ValidationError, match="哪次会议"):
        services.give(world.who("duty"), values, in_days(1), world.town)
    with pytest.raises(ValidationError, match="不能早于今天"):
        services.give(world.who("duty"), {**values, "source": "other"}, in_days(-1), world.town)
    with pytest.raises(ValidationError, match="镇街、部门或管委会"):
        services.give(world.who("duty"), {**values, "source": "other"}, in_days(1), world.town, [world.village])
    with pytest.raises(PermissionDenied):
        services.give(world.who("town"), {**values, "source": "other"}, in_days(1), world.town)
    assert not Task.objects.exists()
    assert given(world).number.endswith("〕1号")


def test_the_last_second_is_in_time(world: World) -> None:
    row = assigned(world, days=1)
    services.sign(row, world.who("town"))
    for shift, good in ((timedelta(0), True), (timedelta(seconds=1), False)):
        with time_machine.travel(row.deadline + shift, tick=False):
            services.submit(row, world.who("town"), "完成")
            assert Assignment.objects.filter(in_time()).exists() is good
            assert Assignment.objects.filter(came_due()).exists()
            assert row.is_late is not good
            services.return_(row, world.who("duty"), "再补充")


def test_what_is_overdue_goes_up_step_by_step(world: World) -> None:
    row = assigned(world)
    services.escalate_overdue()
    row.refresh_from_db()
    assert row.escalation == 0
    leader, due = todo.counts(world.who("leader")).open, row.due_at
    assert due is not None
    for days, level in ((0, 1), (2.9, 1), (3.1, 2), (9, 2)):
        with time_machine.travel(due + timedelta(days=days, seconds=1), tick=False):
            services.escalate_overdue()
            row.refresh_from_db()
            assert row.escalation == level, days
            assert overdue_count(world.who("town")) == 1
            assert overdue_count(world.who("town2")) == 0
    assert todo.counts(world.who("leader")).open == leader + 1
    assert Entry.objects.filter(verb="committee.escalate", object_id=row.pk).count() == 2
    services.sign(row, world.who("town"))
    assert row.escalation == 0
    assert todo.counts(world.who("leader")).open == leader


def test_another_time_limit_needs_a_leader_and_a_reason(world: World) -> None:
    row = assigned(world)
    services.sign(row, world.who("town"))
    for who, reason, refusal in (("duty", "汛情", PermissionDenied), ("leader", " ", Refused)):
        with pytest.raises(refusal):
            services.postpone(row, world.who(who), in_days(20), reason)
    services.postpone(row, world.who("leader"), in_days(20), "汛情")
    assert row.due_at == row.deadline
    services.cancel(row, world.who("duty"), "并入其他任务")
    with pytest.raises(Conflict):
        services.report(row, world.who("town"), "进展")


def test_a_meeting_has_its_attendance_minutes_and_tasks(world: World, client_for: ClientFor) -> None:
    meeting, head = held(world), client_for("head")
    url = reverse("committee:attendance", args=[meeting.pk])
    form = {
        "decisions": "开展燃气排查",
        f"presence_{world.town.pk}": "present",
        f"person_{world.town.pk}": "赵主任",
        f"presence_{world.town2.pk}": "absent",
        "papers": samples.upload("纪要.jpg", samples.photo()),
    }
    assert head.post(url, form).status_code == 302
    assert head.post(url, {f"presence_{world.town.pk}": "asleep"}).status_code == 422
    found = dict(meeting.attendance.values_list("unit__name", "presence"))
    assert found == {world.town.name: "present", world.town2.name: "absent", world.department.name: ""}
    assert head.get(meeting.get_absolute_url()).content.decode().count("开展燃气排查") >= 1
    new = head.get(f"{reverse('committee:task_new')}?meeting={meeting.pk}")
    assert new.context["form"].initial["source"] == "meeting"
    given(world, source="meeting", meeting=meeting)
    page = head.get(reverse("committee:meetings")).context["sheet"].object_list
    assert [(row.asked, row.came, row.task_count) for row in page] == [(3, 1, 1)]
    with pytest.raises(ValidationError):
        services.hold(
            world.who("head"), {"kind": "plenary", "title": "", "held_at": now(), "place": "甲"}, [world.town]
        )
    assert Meeting.objects.count() == 1


def test_the_matrix_shows_everybody_in_few_queries(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        given(world, world.town2, world.department)
    row = Assignment.objects.filter(unit=world.town2).first()
    assert row is not None
    Assignment.objects.filter(pk=row.pk).update(due_at=now() - timedelta(hours=1))
    found = matrix(world.who("head"))
    assert len(found.tasks) == 4
    assert {line.unit: line.late for line in found.lines} == {
        world.town.name: 0,
        world.town2.name: 1,
        world.department.name: 0,
    }
    late = [cell for line in found.lines for cell in line.cells if cell and "逾期" in cell.word]
    assert [(cell.colour, cell.url) for cell in late] == [("red", row.get_absolute_url())]
    client = client_for("head")
    with django_assert_max_num_queries(MATRIX_QUERIES):
        assert client.get(reverse("committee:matrix")).status_code == 200
    with django_assert_max_num_queries(20):
        assert len(client.get(reverse("committee:list")).context["sheet"].object_list) == 12
    assert len(client_for("town2").get(reverse("committee:list")).context["sheet"].object_list) == 4
    assert len(client.get(reverse("committee:list"), {"overdue": "1"}).context["sheet"].object_list) == 1


def test_a_wrong_pack_is_refused_in_one_sentence() -> None:
    with pytest.raises(ConfigError, match=r"committee\.yaml 有误"):
        read({"numbers": [{"code": "task"}]})
