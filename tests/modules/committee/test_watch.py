"""Video check-ins, and the daily reports of key periods to the minute."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse

from bianwang.modules.committee import services, watching
from bianwang.modules.committee.models import Call, KeyPeriod, ZeroReport
from bianwang.modules.committee.services.watch import LONGEST
from bianwang.platform.clock import now
from bianwang.platform.todo import queries as todo
from bianwang.platform.workflow.errors import Conflict
from tests.modules.committee.things import called, given, watched
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def test_who_answers_late_or_not_at_all(world: World, client_for: ClientFor) -> None:
    check, duty = called(world), client_for("duty")
    url = reverse("committee:calls_record", args=[check.pk])
    units = (world.town.pk, world.town2.pk, world.department.pk)
    minutes = dict(zip(units, ("5", "6", ""), strict=True))
    form = {f"minutes_{unit}": value for unit, value in minutes.items()}
    form[f"issue_{world.town2.pk}"] = "值班人员不在岗"
    assert duty.post(url, {**form, f"minutes_{world.town.pk}": "-1"}).status_code == 422
    assert duty.post(url, form).status_code == 302
    found = {row.unit_id: (row.result, row.minutes) for row in check.calls.all()}
    assert [found[unit] for unit in units] == [("online", 5), ("late", 6), ("absent", None)]
    row = duty.get(reverse("committee:check_ins")).context["sheet"].object_list[0]
    assert (row.called, row.online, row.late, row.absent) == (3, 1, 1, 1)
    answer = duty.get(f"{reverse('committee:task_new')}?check_in={check.pk}")
    assert answer.context["form"].initial == {"check_in": str(check.pk), "source": "check_in"}
    task = given(world, source="check_in", check_in=check)
    assert task.number in duty.get(check.get_absolute_url()).content.decode()
    mine = client_for("town2").get(reverse("committee:calls")).context["sheet"].object_list
    assert [call.issue for call in mine] == ["值班人员不在岗"]
    with pytest.raises(ValidationError):
        services.record_calls(check, world.who("duty"), {world.village.pk: (1, "")})
    with pytest.raises(PermissionDenied):
        services.record_calls(check, world.who("town"), {})
    assert Call.objects.count() == 3


def test_a_report_is_on_time_until_the_very_moment(world: World, client_for: ClientFor) -> None:
    period = watched(world)
    first = period.reports.filter(unit=world.town).earliest("day")
    other = period.reports.filter(unit=world.town2).earliest("day")
    with time_machine.travel(first.due_at, tick=False):
        assert watching.missing_count(world.who("head")) == 0
        services.report_day(first, world.who("town"), "calm")
        assert first.standing == ("已报", "green")
    with time_machine.travel(other.due_at + timedelta(microseconds=1), tick=False):
        assert watching.missing_count(world.who("head")) == 1
        assert watching.missing_count(world.who("town")) == 0
        assert other.standing[0] == "漏报"
        services.report_day(other, world.who("town2"), "calm")
        assert other.standing == ("迟报", "orange")
        assert watching.missing_count(world.who("head")) == 0
        page = client_for("head").get(reverse("committee:zero_reports"), {"in_time": "1"})
        assert list(page.context["sheet"].object_list) == [first]
        due = client_for("head").get(reverse("committee:zero_reports"), {"due": "1"})
        assert due.context["sheet"].paginator.count == 2


def test_each_day_is_asked_for_once_and_reported_once(world: World) -> None:
    period = watched(world, days=3)
    services.ask_for_reports()
    services.ask_for_reports()
    assert todo.counts(world.who("town")).open == 1
    row = period.reports.filter(unit=world.town).earliest("day")
    with pytest.raises(ValidationError, match="还没有到"):
        services.report_day(period.reports.filter(unit=world.town).latest("day"), world.who("town"), "calm")
    with pytest.raises(ValidationError, match="什么情况"):
        services.report_day(row, world.who("town"), "event")
    services.report_day(row, world.who("town"), "event", "一处积水，已排除")
    with pytest.raises(Conflict):
        services.report_day(row, world.who("town"), "calm")
    assert todo.counts(world.who("town")).open == 0
    with time_machine.travel(now() + timedelta(days=1), tick=False):
        services.ask_for_reports()
        assert todo.counts(world.who("town")).open == 1


def test_only_the_unit_reports_its_own_day(world: World, client_for: ClientFor) -> None:
    row = watched(world).reports.filter(unit=world.town).earliest("day")
    url = row.get_absolute_url()
    for who in ("town2", "department", "committee"):
        with pytest.raises(Http404):
            services.report_day(row, world.who(who), "calm")
        assert client_for(who).get(url).status_code == 404
    for who in ("head", "leader"):
        with pytest.raises(PermissionDenied):
            services.report_day(row, world.who(who), "calm")
        assert f"{url}report/" not in client_for(who).get(url).content.decode()
    town = client_for("town")
    assert f"{url}report/" in town.get(url).content.decode()
    assert town.post(f"{url}report/", {"outcome": "event"}).status_code == 422
    assert town.post(f"{url}report/", {"outcome": "calm"}).status_code == 302
    assert f"{url}report/" not in town.get(url).content.decode()
    assert ZeroReport.objects.get(pk=row.pk).reported_by == world.who("town")


def test_a_period_has_an_end_and_a_length(world: World, client_for: ClientFor) -> None:
    for days, words in ((0, "早于开始"), (LONGEST + 1, "最长")):
        with pytest.raises(ValidationError, match=words):
            watched(world, days=days)
    assert not KeyPeriod.objects.exists()
    assert watched(world, days=LONGEST).reports.count() == 2 * LONGEST


def test_a_period_shows_what_is_missing(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    period = watched(world, first=-2, days=4)
    services.report_day(period.reports.filter(unit=world.town).earliest("day"), world.who("town"), "calm")
    client = client_for("head")
    with django_assert_max_num_queries(20):
        row = client.get(reverse("committee:periods")).context["sheet"].object_list[0]
    assert (row.owed, row.reported) == (8, 1)
    silent = client.get(reverse("committee:zero_reports"), {"period": period.pk, "missing": "1"}).context["sheet"]
    assert silent.paginator.count == row.missing
    assert row.missing in {3, 5}
    assert "漏报" in client.get(period.get_absolute_url()).content.decode()
