"""Swaps, hand-overs, the log and spot checks: nothing is lost and each is done by whom it concerns."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from bianwang.modules.duty import services
from bianwang.modules.duty.models import Answer, Handover, LogEntry, Matter
from bianwang.modules.duty.models.people import Role
from bianwang.modules.duty.queries import late_handover_count, on_duty, open_matter_count
from bianwang.platform.clock import SHANGHAI, now, today
from bianwang.platform.ledger.models import Entry
from bianwang.platform.messages.models import Message
from bianwang.platform.messages.recipients import opened
from bianwang.platform.todo import queries as todo
from bianwang.platform.workflow.errors import Refused
from bianwang.platform.workflow.services import advance
from tests.modules.duty.things import (
    checked,
    drafted,
    owed,
    person,
    posted,
    published,
    seat_of,
    seated,
    swapped,
)
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def step(client: object, obj: object, code: str, **data: str) -> int:
    """The answer to one step."""
    return client.post(f"{obj.get_absolute_url()}step/{code}/", data).status_code  # type: ignore[attr-defined,no-any-return]


def test_a_swap_needs_both_and_the_head(world: World, client_for: ClientFor) -> None:
    swap = swapped(world)
    assert todo.counts(world.who("enforcement")).open == 1
    assert step(client_for("duty"), swap, "accept") == 409
    assert step(client_for("enforcement"), swap, "accept") == 302
    assert on_duty(world.bureau, swap.seat.shift.starts_at)[1].person.name == "王值班"
    assert step(client_for("duty"), swap, "approve") in (403, 409)
    assert step(client_for("head"), swap, "approve") == 302
    assert on_duty(world.bureau, swap.seat.shift.starts_at)[1].person.name == "李执法"
    told = Entry.objects.filter(object_type="duty.shift", object_id=swap.seat.shift_id, verb="duty.swap_seat")
    assert "李执法" in told.get().changes
    verbs = list(Entry.objects.filter(object_type="duty.swap").order_by("id").values_list("verb", flat=True))
    assert verbs == ["duty.swap_ask", "duty.swap_accept", "duty.swap_approve"]


def test_a_swap_in_return_changes_both_shifts(world: World) -> None:
    roster = published(world, days=4)
    taker = person(world, "李执法", user=world.who("enforcement"))
    other = published(world, first=today() + timedelta(days=3), days=1)
    head, shift = world.who("head"), other.shifts.select_related("post__owner", "roster__post").get()
    assert shift.seats.count() == 2
    shift.seats.filter(role=Role.OFFICER).update(person=taker)
    seat, back = seat_of(roster, "王值班", today() + timedelta(days=1)), seat_of(other, "李执法", shift.day)
    swap = services.ask_swap(seat, world.who("duty"), taker, "互换", back=back)
    services.accept_swap(swap, world.who("enforcement"))
    services.approve_swap(swap, head)
    assert [row.person.name for row in on_duty(world.bureau, seat.shift.starts_at)] == ["陈局长", "李执法"]
    assert [row.person.name for row in on_duty(world.bureau, shift.starts_at)] == ["陈局长", "王值班"]


def test_what_is_no_swap_is_refused(world: World) -> None:
    swap = swapped(world)
    duty, taker, seat = world.who("duty"), swap.taker, swap.seat
    with pytest.raises(Refused, match="已经在申请换班"):
        services.ask_swap(seat, duty, taker, "再来")
    with pytest.raises(Refused, match="本人提出"):
        services.ask_swap(seat, world.who("enforcement"), taker, "替他")
    past = seat_of(seat.shift.roster, "王值班", today() - timedelta(days=1))
    with pytest.raises(Refused, match="已经开始"):
        services.ask_swap(past, duty, taker, "晚了")
    with pytest.raises(ValidationError, match="没有登记平台账号"):
        services.ask_swap(seat, duty, person(world, "丁"), "无账号")
    lead = seat_of(seat.shift.roster, "陈局长", seat.shift.day)
    with pytest.raises(Refused, match="可带班"):
        services.ask_swap(lead, world.who("leader"), taker, "开会")
    advance(swap, "withdraw", duty)
    with pytest.raises(Refused, match="本来就在"):
        services.ask_swap(seat, duty, lead.person, "请局长替")


def test_nothing_is_lost_over_four_days_and_nights(world: World) -> None:
    start = datetime(2026, 5, 11, 9, tzinfo=SHANGHAI)
    with time_machine.travel(start, tick=False):
        roster = published(world, first=today(), days=5)
        first = services.open_matter(roster.post, world.who("duty"), "大路街道积水点待抽排")
    for night in range(1, 5):
        with time_machine.travel(start + timedelta(days=night), tick=False):
            services.open_handovers()
            handover = Handover.objects.select_related("shift__post__owner").get(state="owed")
            services.hand_over(handover, world.who("duty"), f"第{night}班", ["新增一件"] if night == 2 else [])
            services.take_over(handover, world.who("duty"))
            assert handover.matters.filter(pk=first.pk).exists() is (night < 4)
            assert handover.matters.count() == {1: 1, 2: 2, 3: 2, 4: 1}[night]
            if night == 3:
                assert open_matter_count(world.who("head")) == 2
                services.close_matter(first, world.who("duty"), "已抽排")
                with pytest.raises(Refused, match="已经办结"):
                    services.close_matter(first, world.who("duty"), "再次")
    assert open_matter_count(world.who("head")) == 1
    assert Handover.objects.filter(state="signed").count() == 4
    assert first.handovers.count() == 3


def test_an_unsigned_hand_over_goes_to_the_leader_once_after_the_limit(world: World, client_for: ClientFor) -> None:
    with time_machine.travel(datetime(2026, 5, 12, 8, 35, tzinfo=SHANGHAI), tick=False):
        handover = owed(world)
        assert todo.counts(world.who("duty")).open == 1
        with pytest.raises(Refused, match="本班值班人员"):
            services.hand_over(handover, world.who("enforcement"), "不是我的班")
        assert step(client_for("duty"), handover, "write", summary="平安", matters="一\n\n二") == 302
        handover.refresh_from_db()
        assert Matter.objects.count() == handover.matters.count() == 2
        with pytest.raises(Refused, match="下一班"):
            services.take_over(handover, world.who("enforcement"))
    with time_machine.travel(datetime(2026, 5, 12, 9, 5, tzinfo=SHANGHAI), tick=False):
        services.escalate_handovers()
        assert todo.counts(world.who("leader")).open == 0
    with time_machine.travel(datetime(2026, 5, 12, 9, 5, 0, 1, tzinfo=SHANGHAI), tick=False):
        services.escalate_handovers()
        services.escalate_handovers()
        assert todo.counts(world.who("leader")).open == 1
        assert late_handover_count(world.who("head")) == 1
        services.take_over(Handover.objects.select_related("shift__post__owner").get(), world.who("duty"))
        assert late_handover_count(world.who("head")) == todo.counts(world.who("leader")).open == 0


def test_the_log_is_only_added_to(world: World, client_for: ClientFor) -> None:
    roster = published(world)
    duty, url = client_for("duty"), reverse("duty:log_new")
    local = now().astimezone(SHANGHAI)
    form = {"post": roster.post.pk, "kind": "phone", "happened_at": f"{local:%Y-%m-%dT%H:%M}", "text": "市局来电"}
    assert duty.post(url, form).status_code == 302
    assert duty.post(url, {**form, "kind": "gossip"}).status_code == 422
    assert duty.post(url, {**form, "happened_at": f"{local + timedelta(hours=1):%Y-%m-%dT%H:%M}"}).status_code == 422
    answer = client_for("enforcement").post(url, form)
    assert answer.status_code == 422
    assert "不在这个岗位值班" in answer.content.decode()
    entry = LogEntry.objects.get()
    correct = reverse("duty:correct", args=[entry.pk])
    assert client_for("head").post(correct, form).status_code == 422
    assert duty.post(correct, {**form, "text": "市防办来电"}).status_code == 302
    entry.refresh_from_db()
    assert entry.text == "市局来电"
    assert entry.corrections.get().text == "市防办来电"


def test_a_spot_check_is_answered_in_time_up_to_the_very_moment(world: World, client_for: ClientFor) -> None:
    published(world)
    check = checked(world, world.bureau, world.town, world.town2)
    mine, towns, other = (check.answers.get(unit=unit) for unit in (world.bureau, world.town, world.town2))
    assert (mine.person.name, towns.person) == ("王值班", None)  # type: ignore[union-attr]
    assert opened(Message.objects.get(about="值班查岗")) == "13812345678"
    assert todo.counts(world.who("duty")).open == todo.counts(world.who("town")).open == 1
    here = reverse("duty:here", args=[mine.pk])
    with time_machine.travel(mine.due_at, tick=False):
        assert client_for("enforcement").post(here).status_code == 403
        assert client_for("duty").post(here).status_code == 302
        assert client_for("duty").post(here).status_code == 422
        mine.refresh_from_db()
        assert mine.standing == ("按时应答", "green")
        assert towns.standing[0] == "待应答"
    with time_machine.travel(mine.due_at + timedelta(microseconds=1), tick=False):
        assert other.standing[0] == "未应答"
        services.answer_check(towns, world.who("town"))
        assert towns.standing[0] == "迟答"
        head, url = client_for("head"), reverse("duty:answers")
        for flag, count in (("in_time", 1), ("late", 1), ("missed", 1), ("counted", 3)):
            assert head.get(url, {flag: "1"}).context["sheet"].paginator.count == count, flag


def test_units_are_chosen_or_drawn(world: World, client_for: ClientFor) -> None:
    published(world)
    published(world, unit=world.town)
    duty, url = client_for("duty"), reverse("duty:check_new")
    assert duty.post(url, {}).status_code == 422
    assert duty.post(url, {"count": "1", "units": str(world.town.pk)}).status_code == 422
    assert duty.post(url, {"count": "3"}).status_code == 422
    assert duty.post(url, {"count": "1"}).status_code == 302
    assert Answer.objects.get().check_round.is_drawn
    assert duty.post(url, {"units": str(world.town.pk)}).status_code == 302
    with pytest.raises(PermissionDenied):
        services.check_units(world.who("town"), [world.town])


def test_figures_lead_to_their_rows(world: World, client_for: ClientFor) -> None:
    with time_machine.travel(datetime(2026, 5, 13, 12, tzinfo=SHANGHAI), tick=False):
        published(world, first=today() - timedelta(days=2), days=3)
        published(world, first=today() - timedelta(days=2), days=3, unit=world.town)
        services.open_handovers()
        shift = Handover.objects.filter(shift__post__owner=world.bureau).select_related("shift__post__owner")
        services.hand_over(shift.earliest("shift__starts_at"), world.who("duty"), "平安")
        services.answer_check(checked(world).answers.get(), world.who("town"))
        head = client_for("head")
        found = {line.unit: line for line in head.get(reverse("duty:statistics"), {"month": "5"}).context["lines"]}
        mine, town = found["区应急管理局"], found["青杠街道办事处"]
        assert (mine.shifts.part, mine.shifts.whole, town.shifts.part, town.shifts.whole) == (1, 2, 0, 2)
        assert (town.answers.part, town.answers.whole, mine.answers.percent) == (1, 1, None)
        for line in found.values():
            for share in (line.shifts, line.answers):
                assert head.get(share.url).context["sheet"].paginator.count == share.part
                assert head.get(share.whole_url).context["sheet"].paginator.count == share.whole
        assert head.get(reverse("duty:statistics"), {"year": "2025"}).context["lines"] == []
        assert [line.unit for line in client_for("town").get(reverse("duty:statistics")).context["lines"]] == [
            "青杠街道办事处"
        ]


def test_one_screen_says_who_is_there(world: World, client_for: ClientFor) -> None:
    assert "还没有值班岗位" in client_for("head").get(reverse("duty:wall")).content.decode()
    roster = published(world)
    published(world, unit=world.town)
    services.open_matter(roster.post, world.who("duty"), "大路街道积水点")
    checked(world)
    for key, full in (("head", True), ("finance", False)):
        answer = client_for(key).get(reverse("duty:wall_state"))
        text = answer.content.decode()
        assert ("13812345678" in text) is full
        assert all(word in text for word in ("陈局长", "青杠街道办事处", "大路街道积水点", "待应答"))
    roster.shifts.update(ends_at=now())
    assert "缺人" in client_for("head").get(reverse("duty:wall_state")).content.decode()


def test_only_shifts_that_ended_after_publication_owe_a_hand_over(world: World) -> None:
    noon = datetime(2026, 5, 13, 12, tzinfo=SHANGHAI)
    with time_machine.travel(noon, tick=False):
        roster = drafted(world, posted(world), today() - timedelta(days=3), days=5)
        seated(world, roster, person(world, "陈局长"), [person(world, "王值班")])
        services.publish(roster, world.who("head"))
        services.open_handovers()
        assert not Handover.objects.exists(), "three days were over before anybody could know"
        assert late_handover_count(world.who("duty")) == 0
    with time_machine.travel(noon + timedelta(days=1), tick=False):
        services.open_handovers()
        assert Handover.objects.get().shift.day == noon.date()
