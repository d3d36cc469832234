"""A review is owed, written, checked by another and issued; its measures are carried out by units."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from bianwang.modules.emergency import services
from bianwang.modules.emergency.models import Measure, Review
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.todo.models import Todo
from bianwang.platform.workflow import services as workflow
from bianwang.platform.workflow.errors import Refused
from tests.modules.emergency.things import ended, fire, improving, issue, measure_of, tasked, texts
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def test_a_review_is_owed_where_a_response_was_started(world: World, client_for: ClientFor) -> None:
    review = ended(world).review
    due = review.due_at.astimezone(SHANGHAI).date()
    assert due - now().astimezone(SHANGHAI).date() == timedelta(days=15)
    small = fire(world)
    services.end(small, world.who("duty"), None, "自行熄灭")
    assert not Review.objects.filter(event=small).exists()
    assert client_for("duty").post(reverse("emergency:review_new", args=[small.pk])).status_code == 302
    assert Review.objects.filter(event=small).count() == 1
    with pytest.raises(Refused, match="处置结束后"):
        services.begin_review(world.who("duty"), fire(world))


def test_its_figures_come_from_the_records_and_lead_to_them(world: World, client_for: ClientFor) -> None:
    event = ended(world)
    page = client_for("duty").get(event.review.get_absolute_url())
    cells = {cell.title: cell for group in page.context["facts"] for cell in group.rows}
    assert cells["处置结束"].text.endswith("（接报后 2 小时）")
    assert cells["首项任务签收"].text == "—"
    assert cells["处置任务"].text == "0 项，按时签收 0 项"
    other = fire(world, name="同一起火")
    services.sign_task(tasked(world, other), world.who("town"))
    main = fire(world)
    services.merge(other, world.who("duty"), main, "同一起火")
    services.end(main, world.who("duty"), None, "扑灭")
    services.begin_review(world.who("duty"), main)
    page = client_for("duty").get(Review.objects.get(event=main).get_absolute_url())
    cells = {cell.title: cell for group in page.context["facts"] for cell in group.rows}
    assert cells["处置任务"].text == "1 项，按时签收 1 项"
    assert "接报后" in cells["首项任务签收"].text
    for cell in cells.values():
        assert not cell.href or client_for("duty").get(cell.href).status_code == 200


def test_nobody_checks_what_he_wrote_and_an_unfinished_draft_stays(world: World) -> None:
    review, head = ended(world).review, world.who("head")
    services.write_review(review, head, texts(weaknesses=""), 1)
    review.refresh_from_db()
    with pytest.raises(Refused, match="存在不足"):
        workflow.advance(review, "submit", head)
    services.write_review(review, head, texts(), 2)
    review.refresh_from_db()
    workflow.advance(review, "submit", head)
    with pytest.raises(Refused, match="起草人不能审核"):
        services.check_review(review, head)
    with pytest.raises(Refused, match="不能修改"):
        services.write_review(review, head, texts(course="别的"), 3)
    workflow.advance(review, "return", head, reason="写得太短")
    services.write_review(review, world.who("duty"), texts(course="更长的经过"), 3)
    issue(world, review)
    assert (review.state, review.standing[0]) == ("issued", "按时印发")


def test_measures_come_into_force_with_the_review(world: World, client_for: ClientFor) -> None:
    measure, town = improving(world), client_for("town")
    assert measure.state == "open"
    assert Todo.objects.filter(object_type="emergency.measure", done_at__isnull=True).count() == 1
    url = f"{measure.get_absolute_url()}step/finish/"
    assert town.post(url, {"result": ""}).status_code == 422
    assert town.post(url, {"result": "已购置 20 台"}).status_code == 302
    measure.refresh_from_db()
    assert (measure.state, measure.result, measure.done_by) == ("done", "已购置 20 台", world.who("town"))
    assert client_for("town2").get(measure.get_absolute_url()).status_code == 404
    with pytest.raises(Refused, match="不能再加措施"):
        services.plan_measure(world.who("duty"), measure.review, measure_of(world))


def test_overdue_measures_are_counted_from_the_moment_after_their_day(world: World, client_for: ClientFor) -> None:
    measure = improving(world)
    lists = client_for("duty"), reverse("emergency:measures"), {"overdue": "1"}
    assert lists[0].get(lists[1], lists[2]).context["sheet"].paginator.count == 0
    Measure.objects.filter(pk=measure.pk).update(due_at=now() - timedelta(seconds=1))
    assert lists[0].get(lists[1], lists[2]).context["sheet"].paginator.count == 1
    measure.refresh_from_db()
    assert measure.standing[0] == "逾期未落实"


def test_a_measure_is_not_planned_for_yesterday_nor_by_a_stranger(world: World) -> None:
    review = ended(world).review
    yesterday = now().astimezone(SHANGHAI).date() - timedelta(days=1)
    with pytest.raises(ValidationError, match="完成期限"):
        services.plan_measure(world.who("duty"), review, {**measure_of(world), "day": yesterday})
    with pytest.raises(PermissionDenied):
        services.plan_measure(world.who("town"), review, measure_of(world))
