"""After the end somebody looks every day; the event is closed when nothing is lacking, or with a reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given, settings, strategies as st

from bianwang.modules.duty.models import GroupMessage
from bianwang.modules.duty.services import climb_tree
from bianwang.modules.emergency import services, watching
from bianwang.modules.emergency.models import Event, Note, Review, WatchDay
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.ledger.models import Entry
from bianwang.platform.todo.models import Todo
from bianwang.platform.workflow import services as workflow
from bianwang.platform.workflow.errors import Refused
from tests.modules.duty.things import contact, messaged
from tests.modules.emergency.things import ended, fire, looked, reported, watched
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

minutes = st.integers(0, 300 * 24 * 60)


@settings(max_examples=30, deadline=None)
@given(minutes, st.integers(1, 24), st.integers(0, 30), st.integers(0, 15))
def test_nothing_is_lacking_once_every_wanted_day_was_seen(minute: int, hour: int, after: int, least: int) -> None:
    ended_at = datetime(2022, 1, 1) + timedelta(minutes=minute)
    hours, moment = Decimal(hour), ended_at + timedelta(days=after)
    wanted = watching.lacking(ended_at, hours, least, moment, ())
    assert wanted == sorted(wanted)
    assert len(wanted) >= least
    assert not watching.lacking(ended_at, hours, least, moment, wanted)
    for day in wanted:
        assert watching.lacking(ended_at, hours, least, moment, set(wanted) - {day}) == [day]


@pytest.mark.parametrize(("ended_at", "day"), [("17:59", 26), ("18:00", 27)])
def test_the_watch_begins_today_while_there_is_time_to_look(ended_at: str, day: int) -> None:
    moment = datetime.fromisoformat(f"2022-08-26T{ended_at}")
    assert watching.first_day(moment, Decimal(18)) == date(2022, 8, day)


def test_half_a_month_is_one_line_a_day_and_each_is_a_to_do(world: World, client_for: ClientFor) -> None:
    event = ended(world, days=15)
    services.open_watch_days()
    days = list(event.watch_days.order_by("day"))
    assert len(days) in (15, 16)
    assert Todo.objects.filter(object_type="emergency.watchday", done_at__isnull=True).count() == len(days)
    looked(world, days[0])
    page = client_for("town").get(event.get_absolute_url())
    watch = next(item for item in page.context["related"] if item.title.startswith("持续盯守"))
    assert len(watch.cells) == len(days)
    assert "全线巡查" in page.content.decode()
    home = client_for("duty").get(reverse("emergency:watch"), {"overdue": "1"})
    assert home.context["sheet"].paginator.count == sum(day.due_at < now() for day in days[1:] if day.due_at)


def test_a_check_joins_the_record_and_closes_the_to_do(world: World, client_for: ClientFor) -> None:
    day = watched(world)
    url = f"{day.get_absolute_url()}step/check/"
    seen = datetime.combine(day.day, datetime.min.time(), SHANGHAI) + timedelta(hours=1)
    if seen > now():
        seen = now()
    town, form = client_for("town"), {"outcome": "clear", "text": "巡护员三人全线巡查"}
    wrong = {**form, "seen_at": f"{day.day - timedelta(days=1):%Y-%m-%d}T09:00"}
    answer = town.post(url, wrong)
    assert answer.status_code == 422
    assert "请填当天的检查时间" in answer.content.decode()
    assert town.post(url, {**form, "seen_at": f"{seen.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"}).status_code == 302
    day.refresh_from_db()
    assert day.note == Note.objects.get(kind="check")
    assert (day.state, day.checked_by) == ("checked", world.who("town"))
    assert not Todo.objects.filter(object_type="emergency.watchday", object_id=day.pk, done_at__isnull=True).exists()
    assert town.post(url, form).status_code == 409
    assert client_for("town2").get(day.get_absolute_url()).status_code == 404


def test_the_late_are_told_from_the_timely(world: World) -> None:
    day = watched(world)
    day.state, day.checked_at = "checked", day.due_at
    assert day.standing[0] == "按时"
    day.checked_at = day.due_at and day.due_at + timedelta(microseconds=1)
    assert day.standing[0] == "逾时登记"


def test_an_event_is_closed_when_all_days_were_seen(world: World, client_for: ClientFor) -> None:
    event, duty = ended(world, days=4), client_for("duty")
    reported(world, event)
    reported(world, event, "final")
    url = f"{event.get_absolute_url()}step/close/"
    assert duty.post(url, {"reason": "无复燃"}).status_code == 409
    assert "盯守检查还缺" in duty.get(event.get_absolute_url()).content.decode()
    for day in event.watch_days.filter(state="owed"):
        looked(world, day)
    assert duty.get(f"{event.get_absolute_url()}step/close_early/").status_code == 409, "nothing to explain"
    assert duty.post(url, {"reason": "无复燃"}).status_code == 302
    assert Event.objects.get().state == "closed"


def test_no_way_leads_past_the_watch(world: World) -> None:
    event, duty = ended(world, days=1), world.who("duty")
    reported(world, event)
    reported(world, event, "final")
    for close in (
        lambda: workflow.advance(Event.objects.get(), "close", duty, reason="无复燃"),
        lambda: services.close(Event.objects.get(), duty, "无复燃"),
    ):
        with pytest.raises(Refused, match="盯守检查还缺"):
            close()
    # Neither does ending it without saying when.
    other = fire(world)
    workflow.advance(other, "end", duty, reason="扑灭")
    for step in ("close", "close_early"):
        with pytest.raises(Refused, match="没有处置结束时间"):
            workflow.advance(other, step, duty, reason="无复燃")


def test_closing_early_needs_a_reason_and_the_days_stay_missing(world: World, client_for: ClientFor) -> None:
    event, duty = ended(world, days=1), client_for("duty")
    url = f"{event.get_absolute_url()}step/close_early/"
    assert duty.get(url).status_code == 409, "the reports are still owed"
    reported(world, event)
    reported(world, event, "final")
    assert "盯守检查还缺" in duty.get(url).content.decode()
    assert duty.post(url, {"reason": " "}).status_code == 422
    assert duty.post(url, {"reason": "连降大雨"}).status_code == 302
    assert Event.objects.get().state == "closed"
    assert set(WatchDay.objects.values_list("state", flat=True)) == {"missed"}
    assert Entry.objects.get(verb="emergency.close_early").reason == "连降大雨"


def sent_about(world: World, *pages: str) -> list[GroupMessage]:
    """Group messages that are about pages, each to the same person who has a substitute."""
    second = contact(world, "钱镇长")
    first = contact(world, "赵镇街", substitute=second)
    return [messaged(world, first, key=f"about-{page}", source=page) for page in pages]


def test_nobody_is_asked_about_an_event_that_is_closed(world: World, client_for: ClientFor) -> None:
    event, duty = ended(world), world.who("duty")
    twin = fire(world)
    services.merge(twin, duty, event, "同一起火")
    page = event.get_absolute_url()
    about = [page, f"{page}record/", twin.get_absolute_url()]
    messages = sent_about(world, *about, fire(world).get_absolute_url(), f"{page[:-1]}7/")
    reported(world, event)
    reported(world, event, "final")
    event.refresh_from_db()
    services.close_early(event, duty, "连降大雨")
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        climb_tree()
    assert [message.recipients.count() for message in messages] == [1, 1, 1, 2, 2]
    told = Entry.objects.filter(verb="duty.message_close").order_by("object_id")
    assert [entry.object_id for entry in told] == [message.pk for message in messages[:3]]
    assert {entry.reason for entry in told} == {"事件已办结：连降大雨"}


def test_nobody_is_asked_about_an_event_that_never_was(world: World, client_for: ClientFor) -> None:
    event, client = fire(world), client_for("duty")
    page = client.get(event.get_absolute_url()).content.decode()
    assert f"{reverse('duty:message_new')}?source=" in page
    [message] = sent_about(world, event.get_absolute_url())
    assert client.post(f"{event.get_absolute_url()}step/revoke/", {"reason": "误报"}).status_code == 302
    message.refresh_from_db()
    assert message.closed_at is not None


def test_a_fire_that_comes_back_stops_the_watch_and_begins_another(world: World) -> None:
    event, duty = ended(world, days=2), world.who("duty")
    services.resume(event, duty, "死灰复燃")
    assert set(event.watch_days.values_list("state", flat=True)) == {"stopped"}
    services.end(event, duty, now(), "再次扑灭")
    assert event.watch_days.filter(state="owed", ended_at=event.ended_at).count() <= 1
    due = Review.objects.get().due_at
    assert due
    assert due.astimezone(SHANGHAI).date() - now().astimezone(SHANGHAI).date() == timedelta(days=15)


@pytest.mark.parametrize("moment", [timedelta(hours=-1), timedelta(minutes=1)])
def test_the_end_lies_between_the_call_and_now(world: World, moment: timedelta) -> None:
    with pytest.raises(ValidationError, match="处置结束时间"):
        services.end(fire(world), world.who("duty"), now() + moment, "扑灭")
