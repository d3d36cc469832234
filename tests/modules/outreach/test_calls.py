"""Calls: categories, clocks, dispatch, outcome, case, reward, and who may do what."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from bianwang.modules.outreach import services
from bianwang.modules.outreach.models import Call, Reward
from bianwang.modules.outreach.queries import overdue_count, search
from bianwang.platform import access
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.todo.queries import mine
from bianwang.platform.workflow.errors import Refused
from tests.modules.outreach.calls import dispatched, entered, rewarded, verified
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def end(call: Call, days: int) -> datetime:
    return datetime.combine(call.day + timedelta(days=days), time(23, 59, 59), SHANGHAI)


def test_from_the_telephone_to_the_closed_report(world: World) -> None:
    call = entered(world)
    assert (call.state, call.due_at, call.town) == ("accepted", end(call, 60), world.town_area)
    services.dispatch(call, world.who("duty"), world.town)
    assert [row.title for row in mine(world.who("town"))] == [f"核查中：{call}"]
    services.verify(call, world.who("town"), outcome="partly", result="部分属实", is_filed=True, case_number="1号")
    today = now().astimezone(SHANGHAI).date()
    assert call.due_at == datetime.combine(today + timedelta(days=10), time(23, 59, 59), SHANGHAI)
    services.reply(call, world.who("duty"), "已处理")
    assert call.due_at is None
    services.close(call, world.who("head"))
    call.refresh_from_db()
    assert (call.state, call.is_filed, call.case_number) == ("closed", True, "1号")
    assert call.replied_at is not None
    assert call.closed_at is not None


@pytest.mark.parametrize("category", ["consult", "complaint", "invalid", "other"])
def test_what_is_no_report_has_no_clock_and_is_answered_at_once(world: World, category: str) -> None:
    call = entered(world, category=category)
    assert call.due_at is None
    with pytest.raises(Refused, match="只有举报"):
        services.dispatch(call, world.who("duty"), world.town)
    services.finish(call, world.who("duty"), "已告知")
    assert call.state == "closed"
    with pytest.raises(Refused, match="核查答复"):
        services.finish(entered(world), world.who("duty"), "已告知")


def test_thirty_more_days_once_and_from_the_leader(world: World) -> None:
    call = dispatched(world)
    for who in ("head", "town", "duty"):
        with pytest.raises(PermissionDenied):
            services.extend(call, world.who(who), "案情复杂")
    services.extend(call, world.who("leader"), "案情复杂")
    assert call.due_at == end(call, 90)
    with pytest.raises(Refused, match="一次"):
        services.extend(call, world.who("leader"), "再延")


def test_an_overdue_report_is_seen_by_whoever_handles_it(world: World, time_machine: Any) -> None:
    call = dispatched(world)
    dispatched(world, is_exercise=True)
    assert call.due_at is not None
    time_machine.move_to(call.due_at)
    assert overdue_count(world.who("head")) == 0
    time_machine.move_to(call.due_at + timedelta(seconds=1))
    assert [overdue_count(world.who(who)) for who in ("head", "town", "town2")] == [1, 1, 0]
    assert mine(world.who("town")).filter(due_at__lt=now()).exists()


def test_it_goes_to_offices_and_towns_and_can_be_taken_back(world: World) -> None:
    call = entered(world)
    for wrong in (world.plant, world.village, world.bureau):
        with pytest.raises(ValidationError, match="只能交办"):
            services.dispatch(call, world.who("duty"), wrong)
    services.dispatch(call, world.who("duty"), world.town)
    services.recall(call, world.who("duty"), "不属其管辖")
    assert (call.state, call.handler_id) == ("accepted", world.bureau.pk)
    with pytest.raises(Http404):
        access.get(world.who("town"), Call, call.pk, "outreach.view")
    services.dispatch(call, world.who("head"), world.enforcement_office)
    assert mine(world.who("enforcement")).exists()


@pytest.mark.parametrize(
    ("handler", "who", "other"), [("department", "department", "committee"), ("committee",) * 2 + ("department",)]
)
def test_departments_and_zones_verify_what_is_handed_to_them(world: World, handler: str, who: str, other: str) -> None:
    call = entered(world)
    services.dispatch(call, world.who("duty"), getattr(world, handler))
    with pytest.raises(Http404):
        services.verify(call, world.who(other), outcome="true", result="属实")
    services.verify(call, world.who(who), outcome="true", result="属实")
    assert call.state == "verified"


def test_a_case_only_of_a_true_report(world: World) -> None:
    call = dispatched(world)
    officer = world.who("enforcement")
    with pytest.raises(ValidationError, match="不能登记立案"):
        services.verify(call, officer, outcome="false", result="不属实", is_filed=True)
    services.verify(call, officer, outcome="false", result="不属实")
    with pytest.raises(Refused, match="不属实"):
        services.file_case(call, officer, "1号")
    true = verified(world)
    services.file_case(true, officer, "2号")
    with pytest.raises(Refused, match="已经登记立案"):
        services.file_case(true, officer, "3号")
    services.send_back(true, world.who("head"), "证据不足")
    assert (true.state, true.outcome, true.is_filed, true.due_at) == ("verifying", "", False, true.verify_by)


def test_putting_the_category_right_moves_the_clock(world: World) -> None:
    call = entered(world)
    with pytest.raises(ValidationError, match="没有改动"):
        services.correct(call, world.who("duty"), {"category": "report"}, "误")
    services.correct(call, world.who("duty"), {"summary": "除尘停用"}, "更正")
    assert call.due_at == end(call, 60)
    services.correct(call, world.who("duty"), {"category": "consult"}, "误")
    assert (call.due_at, call.verify_by) == (None, None)
    services.correct(call, world.who("duty"), {"category": "report"}, "误")
    assert call.due_at == end(call, 60)


def test_the_unit_complained_of_and_strangers_see_nothing(
    world: World, owner: Any, teammate: Any, stranger: Any
) -> None:
    call = dispatched(world)
    for who in (owner, teammate, stranger, world.who("village")):
        assert search(who, call.number) == []
        with pytest.raises(PermissionDenied):
            access.get(who, Call, call.pk, "outreach.view")
        with pytest.raises(PermissionDenied):
            services.verify(call, who, outcome="true", result="属实")
        with pytest.raises(PermissionDenied):
            services.register(who, {"category": "report"})
    assert not mine(owner).exists()
    with pytest.raises(Http404):
        services.verify(call, world.who("town2"), outcome="true", result="属实")
    assert len(search(world.who("town"), call.number)) == 1
    assert search(world.who("town2"), call.number) == []


def test_numbers_run_without_gaps_through_the_year(world: World) -> None:
    at = datetime(2026, 3, 1, 8, tzinfo=SHANGHAI)
    first = entered(world, received_at=at)
    with pytest.raises(ValidationError):
        entered(world, received_at=at, category="?")
    with pytest.raises(ValidationError, match="晚于现在"):
        entered(world, received_at=now() + timedelta(minutes=5))
    assert [first.number, entered(world, received_at=at).number] == ["12350〔2026〕1", "12350〔2026〕2"]


def test_a_reward_takes_three_people(world: World) -> None:
    reward = rewarded(world)
    officer, head, leader, accountant = (world.who(who) for who in ("enforcement", "head", "leader", "finance"))
    assert reward.amount == Decimal("4500.00")
    with pytest.raises(PermissionDenied):
        services.approve_reward(reward, officer)
    own = services.apply_reward(verified(world), head, {"band": "general", "proposed": Decimal(300)})
    with pytest.raises(Refused, match="由他人审批"):
        services.approve_reward(own, head)
    with pytest.raises(PermissionDenied):
        services.pay_reward(reward, head, "1号")
    services.reply(reward.call, officer, "属实")
    with pytest.raises(Refused, match="还没有发放"):
        services.close(reward.call, head)
    services.approve_reward(reward, leader)
    with pytest.raises(ValidationError, match="凭证"):
        services.pay_reward(reward, accountant, " ")
    services.pay_reward(reward, accountant, "第1号")
    assert (reward.state, reward.receipt) == ("paid", "第1号")
    services.close(reward.call, head)


def test_one_reward_for_a_true_report_and_another_try_after_a_refusal(world: World) -> None:
    officer, claim = world.who("enforcement"), {"band": "major", "fine": Decimal(0)}
    with pytest.raises(Refused, match="属实"):
        services.apply_reward(verified(world, "false"), officer, claim)
    call = verified(world, "partly")
    with pytest.raises(ValidationError, match="处罚金额"):
        services.apply_reward(call, officer, {"band": "major"})
    reward = services.apply_reward(call, officer, {**claim, "joint": 3})
    assert (reward.amount, reward.joint) == (Decimal("3000.00"), 3)
    with pytest.raises(Refused, match="已经申请"):
        services.apply_reward(call, officer, claim)
    services.refuse_reward(reward, world.who("leader"), "处罚未生效")
    services.apply_reward(call, officer, claim)
    assert Reward.objects.filter(call=call).count() == 2


def test_only_the_first_reporter_is_rewarded(world: World) -> None:
    early = verified(world, received_at=now() - timedelta(days=3))
    later = verified(world)
    duty = world.who("duty")
    with pytest.raises(ValidationError, match="来得晚"):
        services.mark_duplicate(early, duty, later)
    with pytest.raises(ValidationError, match="最先"):
        services.mark_duplicate(later, duty, later)
    services.mark_duplicate(later, duty, early)
    with pytest.raises(Refused, match="最先举报"):
        services.apply_reward(later, world.who("enforcement"), {"band": "major", "fine": Decimal(0)})
    services.apply_reward(early, world.who("enforcement"), {"band": "major", "fine": Decimal(0)})
