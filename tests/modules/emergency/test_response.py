"""Tasks are signed in time or not, reports are numbered and timed, the latest numbers count, and the year's figures."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from bianwang.modules.emergency import services
from bianwang.modules.emergency.models import Event, Report, Task
from bianwang.modules.emergency.queries.events import COUNTED, answered, latest_loss
from bianwang.platform.clock import now
from bianwang.platform.workflow import services as workflow
from bianwang.platform.workflow.errors import Refused
from tests.modules.emergency.things import fire, fought, reported, tasked
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def _signed(task: Task, late: timedelta) -> None:
    """As if it had been signed so long after its limit."""
    Task.objects.filter(pk=task.pk).update(signed_at=task.sign_by + late, state="signed")


def _loss(**values: Any) -> dict[str, Any]:
    zero = {"deaths": 0, "injuries": 0, "slight": 0, "evacuated": 0, "area": Decimal(0), "loss": Decimal(0)}
    return {"as_of": now(), "source": "现场核查", **zero, **values}


def test_a_town_signs_and_answers_its_task(world: World, client_for: ClientFor) -> None:
    task, town = tasked(world, fire(world)), client_for("town")
    assert task.sign_by - task.sent_at == timedelta(minutes=10)
    assert town.post(f"{task.get_absolute_url()}step/sign/", {}).status_code == 302
    assert town.post(f"{task.get_absolute_url()}step/finish/", {"feedback": ""}).status_code == 422
    assert town.post(f"{task.get_absolute_url()}step/finish/", {"feedback": "火线已控制"}).status_code == 302
    task.refresh_from_db()
    assert (task.state, task.feedback, task.is_in_time) == ("done", "火线已控制", True)


def test_a_department_reads_its_task_but_not_the_event(world: World, client_for: ClientFor) -> None:
    event = fire(world)
    [task] = services.give_task(world.who("duty"), event, [world.department], "封控道路")
    page = client_for("department").get(task.get_absolute_url())
    assert page.status_code == 200
    assert event.get_absolute_url() not in page.content.decode()
    assert client_for("department").get(event.get_absolute_url()).status_code == 403
    assert client_for("town2").get(task.get_absolute_url()).status_code == 404


def test_a_team_without_account_signs_by_phone_with_a_name(world: World) -> None:
    task = tasked(world, fire(world))
    with pytest.raises(Refused):
        services.phone_task(task, world.who("duty"), " ")
    services.phone_task(task, world.who("duty"), "队长李某电话答复")
    assert task.state == "signed"


@pytest.mark.parametrize(("late", "timely"), [(timedelta(0), 1), (timedelta(microseconds=1), 0)])
def test_the_first_task_decides_whether_an_event_was_answered_in_time(
    world: World, late: timedelta, timely: int
) -> None:
    event = fire(world)
    first, second = tasked(world, event), tasked(world, event)
    services.sign_task(second, world.who("town"))
    assert not Event.objects.filter(answered()).exists()
    _signed(first, late)
    assert Event.objects.filter(COUNTED, answered()).count() == timely


def test_the_year_counts_merged_once_and_no_exercise(world: World, client_for: ClientFor) -> None:
    main, other = fire(world), fire(world, subtype="wasteland")
    services.sign_task(tasked(world, main), world.who("town"))
    services.sign_task(tasked(world, fire(world, is_exercise=True)), world.who("town"))
    fire(world, kind="hail", subtype="")
    page = client_for("duty").get(reverse("emergency:statistics")).context["lines"]
    assert [(line.name, line.count, line.in_time, line.rate) for line in page] == [
        ("全部", 3, 1, "33.3%"), ("火灾", 2, 1, "50.0%"), ("森林火灾", 1, 1, "100.0%"), ("荒坡山火", 1, 0, "0.0%"),
        ("风雹", 1, 0, "0.0%"),
    ]  # fmt: skip
    for line in page:
        assert client_for("duty").get(line.url).context["sheet"].paginator.count == line.count
        assert client_for("duty").get(line.in_time_url).context["sheet"].paginator.count == line.in_time
    services.merge(other, world.who("duty"), main, "同一起火")
    assert client_for("duty").get(reverse("emergency:statistics")).context["lines"][1].rate == "100.0%"


def test_reports_are_numbered_in_order_and_timed(world: World, client_for: ClientFor) -> None:
    event = fire(world)
    with pytest.raises(ValidationError, match="先报初报"):
        reported(world, event, "further")
    assert reported(world, event, "phone").standing[0] == "按时"
    assert reported(world, event).standing[0] == "按时"
    event.refresh_from_db()
    assert event.due_at is None
    with pytest.raises(ValidationError):
        reported(world, event)
    titles = [reported(world, event, kind).title for kind in ("further", "further", "final")]
    assert titles == ["续报一", "续报二", "终报"]
    with pytest.raises(ValidationError, match="终报已经报出"):
        reported(world, event, "further")
    page = client_for("town").get(Report.objects.get(number=2).get_absolute_url()).content.decode()
    assert "续报二" in page
    assert "区委区政府总值班室" in page


@pytest.mark.parametrize(("late", "word"), [(timedelta(0), "按时"), (timedelta(seconds=1), "迟报")])
def test_a_first_report_after_an_hour_is_late(world: World, late: timedelta, word: str) -> None:
    told = now() - timedelta(hours=3)
    event = fire(world, received_at=told, happened_at=told)
    assert reported(world, event, sent_at=told + timedelta(hours=1) + late).standing[0] == word


def test_the_latest_numbers_grade_the_fire_and_suggest_a_level(world: World, client_for: ClientFor) -> None:
    event, duty = fire(world), world.who("duty")
    services.enter_loss(duty, event, _loss(area=Decimal(1)))
    services.enter_loss(duty, event, _loss(as_of=now() - timedelta(minutes=3), area=Decimal(500)))
    last = latest_loss(event)
    assert last
    assert last.area == 1
    page = client_for("duty").get(event.get_absolute_url()).content.decode()
    assert "较大（森林防火条例第四十条）" in page
    assert "Ⅳ级（" in page
    with pytest.raises(ValidationError):
        services.enter_loss(duty, event, _loss(as_of=now() + timedelta(hours=1)))


def test_an_event_is_closed_after_the_final_report_and_all_tasks(world: World) -> None:
    event, duty = fought(world), world.who("duty")
    task = tasked(world, event)
    services.end(event, duty, None, "明火扑灭")
    with pytest.raises(Refused, match="终报"):
        services.close_early(event, duty, "无复燃")
    reported(world, event)
    reported(world, event, "final")
    event.refresh_from_db()
    with pytest.raises(Refused, match="任务"):
        services.close_early(event, duty, "无复燃")
    workflow.advance(task, "cancel", duty, reason="不再需要")
    services.close_early(event, duty, "无复燃")
    assert event.state == "closed"
    with pytest.raises(Refused):
        tasked(world, event)


def test_no_task_goes_out_for_an_event_that_was_ended_meanwhile(world: World) -> None:
    event = fire(world)
    read_before = Event.objects.get(pk=event.pk)
    workflow.advance(event, "revoke", world.who("duty"), reason="误报")
    with pytest.raises(Refused, match="不能再下达任务"):
        services.give_task(world.who("duty"), read_before, [world.town], "派出扑火队")
    assert not event.tasks.exists()
