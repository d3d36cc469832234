"""What people and the clock do with alarms."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from bianwang.modules.alarms.models import Alarm
from bianwang.modules.alarms.queries import false_rates
from bianwang.modules.alarms.services import acknowledge, comment, escalate_due, verify
from bianwang.modules.alarms.services.clock import escalate
from bianwang.modules.rules.models import RuleVersion
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.models import Entry
from bianwang.platform.todo.models import Todo
from bianwang.platform.workflow.errors import Conflict, Refused
from tests.modules.alarms.plant import ENDED, bound, judge, raised
from tests.people import World

pytestmark = pytest.mark.django_db

YELLOW, ORANGE = (0,), (0, 1)


def test_the_owner_and_his_teammate_acknowledge_but_a_stranger_sees_nothing(
    world: World, owner: User, teammate: User, stranger: User
) -> None:
    alarm = raised(bound(world.plant))
    with pytest.raises(Http404):
        acknowledge(alarm, stranger)
    assert acknowledge(alarm, owner) == 1
    assert acknowledge(alarm, teammate) == 0, "the first acknowledgement stays"
    alarm.refresh_from_db()
    assert (alarm.acknowledged_by, alarm.is_active, alarm.is_open) == (owner, True, True)
    assert not Todo.objects.filter(done_at=None).exists()


def test_acknowledging_the_first_of_a_flood_takes_the_rest_along(world: World) -> None:
    first, *others = [raised(bound(world.plant, signal=f"探头{number}")) for number in range(4)]
    assert {alarm.root for alarm in others} == {first}
    assert acknowledge(first, world.who("duty")) == 4
    assert not Alarm.objects.filter(acknowledged_at=None).exists()


def test_an_ended_and_acknowledged_yellow_alarm_leaves_the_wall(world: World) -> None:
    gas = bound(world.plant)
    alarm = raised(gas, *YELLOW)
    acknowledge(alarm, world.who("duty"))
    judge(gas, (0, alarm.started_ms + 500, ENDED))
    alarm.refresh_from_db()
    assert not alarm.is_open


def test_a_severe_alarm_stays_until_it_has_a_verdict(world: World) -> None:
    gas = bound(world.plant)
    alarm = raised(gas, *ORANGE)
    acknowledge(alarm, world.who("duty"))
    judge(gas, (0, alarm.started_ms + 500, ENDED), (1, alarm.started_ms + 500, ENDED))
    alarm.refresh_from_db()
    assert alarm.is_open
    verify(alarm, world.who("duty"), "genuine", "视频确认")
    assert not alarm.is_open


@pytest.mark.parametrize("verdict", ["false", "unclear"])
def test_an_enterprise_cannot_dismiss_its_own_severe_alarm(world: World, owner: User, verdict: str) -> None:
    alarm = raised(bound(world.plant), *ORANGE)
    with pytest.raises(Refused, match="不能自行认定"):
        verify(alarm, owner, verdict, "探头故障")
    alarm.refresh_from_db()
    assert alarm.verdict is None
    comment(alarm, owner, "探头故障，已联系厂家")
    verify(alarm, world.who("town"), verdict, "到场查看")
    assert alarm.verdict == verdict


def test_an_enterprise_may_admit_its_severe_alarm_and_dismiss_a_yellow_one(world: World, owner: User) -> None:
    severe = raised(bound(world.plant), *ORANGE)
    verify(severe, owner, "genuine", "现场确认")
    mild = raised(bound(world.plant, code="pump", signal="流量"), *YELLOW)
    verify(mild, owner, "false", "检修或标定作业")
    assert (severe.verdict, mild.verdict) == ("genuine", "false")


def test_a_verdict_needs_a_reason_and_only_those_who_may_correct_change_it(world: World, owner: User) -> None:
    alarm = raised(bound(world.plant))
    with pytest.raises(Refused, match="理由"):
        verify(alarm, owner, "false", "  ")
    verify(alarm, owner, "false", "检修")
    with pytest.raises(Conflict):
        verify(alarm, world.who("town"), "genuine", "看错了")
    verify(alarm, world.who("head"), "genuine", "复核录像")
    assert alarm.verdict == "genuine"
    reasons = Entry.objects.filter(verb="alarms.verify").order_by("id").values_list("reason", flat=True)
    assert list(reasons) == ["检修", "复核录像"]


def test_a_stale_page_does_not_overwrite_a_verdict(world: World) -> None:
    alarm = raised(bound(world.plant))
    stale = Alarm.objects.get(pk=alarm.pk)
    verify(alarm, world.who("duty"), "genuine", "视频确认")
    with pytest.raises(Conflict):
        verify(stale, world.who("head"), "false", "误报")


def test_comments_outlive_everything_that_happens_to_the_alarm(world: World, owner: User) -> None:
    gas = bound(world.plant)
    alarm = raised(gas)
    comment(alarm, owner, "正在检查阀门")
    judge(gas, (0, alarm.started_ms + 5, ENDED))
    verify(alarm, world.who("duty"), "false", "检修")
    told = Entry.objects.filter(object_id=alarm.pk, verb="alarms.comment").values_list("reason", "actor")
    assert list(told) == [("正在检查阀门", owner.pk)]


def test_finance_may_look_but_not_act(world: World) -> None:
    alarm = raised(bound(world.plant))
    with pytest.raises(PermissionDenied):
        acknowledge(alarm, world.who("finance"))


def test_nobody_answers_so_the_town_and_then_the_bureau_are_called(world: World, time_machine: Any) -> None:
    start = now()
    time_machine.move_to(start, tick=False)
    alarm = raised(bound(world.plant))
    assert _waiting_for() == ["alarms.answer"]
    time_machine.move_to(start + timedelta(minutes=4, seconds=59), tick=False)
    escalate_due()
    assert _waiting_for() == ["alarms.answer"]
    time_machine.move_to(start + timedelta(minutes=5), tick=False)
    escalate_due()
    escalate_due()
    assert _waiting_for() == ["alarms.answer", "alarms.answer_town"]
    time_machine.move_to(start + timedelta(minutes=15), tick=False)
    escalate_due()
    escalate_due()
    assert _waiting_for() == ["alarms.answer", "alarms.answer_town", "alarms.answer_bureau"]
    alarm.refresh_from_db()
    assert (alarm.level, alarm.escalate_at) == (Alarm.Level.BUREAU, None)
    time_machine.move_to(start + timedelta(hours=2), tick=False)
    escalate_due()
    assert Entry.objects.filter(verb="alarms.escalate").count() == 2


@pytest.mark.parametrize(
    ("notice", "called", "escalates"),
    [
        (RuleVersion.Notice.OWNER, ["alarms.answer"], True),
        (RuleVersion.Notice.TOWN, ["alarms.answer", "alarms.answer_town"], True),
        (RuleVersion.Notice.BUREAU, ["alarms.answer", "alarms.answer_town", "alarms.answer_bureau"], False),
    ],
)
def test_a_rule_says_who_is_called_at_once(world: World, notice: int, called: list[str], escalates: bool) -> None:
    binding = bound(world.plant)
    RuleVersion.objects.update(notice=notice)
    alarm = raised(binding)
    assert _waiting_for() == called
    assert (alarm.level, alarm.escalate_at is not None) == (notice, escalates)
    assert not Todo.objects.filter(due_at=None).exists()
    acknowledge(alarm, world.who("duty"))
    assert _waiting_for() == []


def test_two_loops_escalate_an_alarm_once(world: World) -> None:
    alarm = raised(bound(world.plant))
    first, second = Alarm.objects.get(pk=alarm.pk), Alarm.objects.get(pk=alarm.pk)
    assert [escalate(first), escalate(second)] == [True, False]
    assert Entry.objects.filter(verb="alarms.escalate").count() == 1


def test_an_acknowledged_alarm_is_not_escalated(world: World, time_machine: Any) -> None:
    alarm = raised(bound(world.plant))
    acknowledge(alarm, world.who("safety"))
    time_machine.move_to(now() + timedelta(hours=1), tick=False)
    escalate_due()
    assert not Entry.objects.filter(verb="alarms.escalate").exists()


def test_false_rates_count_only_what_was_decided(world: World) -> None:
    verdicts = ["false", "genuine", "unclear", None]
    for number, verdict in enumerate(verdicts):
        alarm = raised(bound(world.plant, signal=f"探头{number}"))
        if verdict:
            verify(alarm, world.who("duty"), verdict, "查看")
    rate = false_rates()[0]
    assert (rate.raised, rate.decided, rate.false, rate.rate) == (4, 2, 1, 0.5)


def _waiting_for() -> list[str]:
    return list(Todo.objects.filter(done_at=None).order_by("id").values_list("permission", flat=True))
