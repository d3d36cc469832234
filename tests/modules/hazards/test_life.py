"""The life of a hazard, rule by rule."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from bianwang.modules.alarms.services import verify
from bianwang.modules.hazards import services
from bianwang.modules.hazards.models import Hazard, Order
from bianwang.modules.hazards.queries import statistics
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.ledger.models import Entry
from bianwang.platform.todo.models import Todo
from bianwang.platform.todo.queries import mine
from bianwang.platform.workflow.errors import Refused
from tests.modules.alarms.plant import bound, raised
from tests.modules.hazards.findings import found, in_days, major, ordered, photo, prepare
from tests.people import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _prepared(world: World, limits: None) -> None:
    prepare(world)


def test_numbers_run_without_gaps_through_the_year_even_when_a_registration_fails(world: World) -> None:
    year = now().astimezone(SHANGHAI).year
    first = found(world)
    with pytest.raises(ValidationError):
        found(world, title="")
    second = found(world)
    assert [first.number, second.number] == [f"璧隐〔{year}〕1", f"璧隐〔{year}〕2"]


def test_an_enterprises_own_minor_finding_is_closed_by_itself(world: World, owner: User) -> None:
    hazard = found(world, "safety", "self", grade="general")
    assert (hazard.track, hazard.state) == ("enterprise", "rectifying")
    with pytest.raises(ValidationError, match="照片"):
        services.self_close(hazard, owner, "已清理", [])
    services.self_close(hazard, owner, "已清理", [photo("green")])
    hazard.refresh_from_db()
    assert (hazard.state, hazard.closed_by) == ("closed", owner)
    assert not Todo.objects.filter(done_at=None).exists()


def test_what_may_be_major_is_not_for_the_enterprise_to_decide(world: World, owner: User) -> None:
    hazard = found(world, "safety", "self", grade="major")
    assert (hazard.track, hazard.state, hazard.grade) == ("unit", "registered", "")
    with pytest.raises(Refused, match="不能自行"):
        services.grade(hazard, owner, {"grade": "general", "rectify_by": in_days(5)})
    services.grade(hazard, world.who("town"), major())
    assert hazard.is_major


def test_a_stranger_neither_registers_nor_rectifies(world: World, stranger: User) -> None:
    with pytest.raises(Http404):
        services.register(stranger, world.plant, {"source": "self", "title": "x", "category": "2"})
    hazard = ordered(world)
    with pytest.raises(Http404):
        services.submit(hazard, stranger, "done", [photo()])
    with pytest.raises(PermissionDenied):
        services.close(hazard, world.who("finance"))


def test_only_a_certified_officer_orders(world: World) -> None:
    with pytest.raises(ValidationError, match="执法证"):
        found(world, "head", "enforcement")
    hazard = ordered(world, "enforcement", "enforcement", suggestion="清理消防通道")
    order = Order.objects.get(hazard=hazard)
    assert (order.officer, order.demand, order.rectify_by) == (
        world.who("enforcement"),
        "清理消防通道",
        hazard.rectify_by,
    )
    assert not Order.objects.exclude(hazard=ordered(world)).exclude(pk=order.pk).exists()


def test_a_major_hazard_needs_a_criterion_and_all_five(world: World) -> None:
    hazard = found(world)
    for missing in ("criterion", "responsible", "measures", "funds", "plan"):
        with pytest.raises(ValidationError) as error:
            services.grade(hazard, world.who("town"), major(**{missing: None}))
        assert list(error.value.message_dict) == [missing]
    services.grade(hazard, world.who("town"), major())
    hazard.refresh_from_db()
    assert (hazard.state, hazard.grade, str(hazard.funds)) == ("rectifying", "major", "1000.00")


def test_who_rectifies_does_not_recheck_and_the_enterprise_does_not_recheck_itself(
    world: World, owner: User, teammate: User
) -> None:
    hazard = ordered(world)
    services.submit(hazard, world.who("town"), "已清理", [photo("green")])
    with pytest.raises(Refused, match="由他人复查"):
        services.recheck(hazard, world.who("town"), passed=True, opinion="好")
    with pytest.raises(Refused, match="不能自行"):
        services.recheck(hazard, teammate, passed=True, opinion="好")
    services.recheck(hazard, world.who("head"), passed=True, opinion="已清理")
    assert hazard.state == "passed"


def test_enforcement_rechecks_in_pairs(world: World, owner: User) -> None:
    hazard = ordered(world, "enforcement", "enforcement")
    services.submit(hazard, owner, "已清理", [photo("green")])
    officer, second = world.who("enforcement"), world.who("enforcement2")
    for wrong in (None, officer, world.who("head")):
        with pytest.raises(ValidationError, match=r"第二|两名"):
            services.recheck(hazard, officer, passed=True, opinion="好", second=wrong)
    services.recheck(hazard, officer, passed=True, opinion="好", second=second)
    assert hazard.rechecks.get().second == second


def test_a_failed_recheck_sends_it_back_and_counts(world: World, owner: User) -> None:
    hazard = ordered(world)
    services.submit(hazard, owner, "已清理", [photo("green")])
    with pytest.raises(Refused, match="理由"):
        services.recheck(hazard, world.who("town"), passed=False, opinion="")
    services.recheck(hazard, world.who("town"), passed=False, opinion="仍有堆放", again=in_days(3))
    hazard.refresh_from_db()
    assert (hazard.state, hazard.failures, hazard.rectified_at) == ("rectifying", 1, None)
    assert hazard.due_at == hazard.rectify_by


def test_an_extension_is_applied_for_in_time_approved_and_counted(world: World, owner: User, time_machine: Any) -> None:
    hazard = ordered(world)
    due = hazard.rectify_by
    with pytest.raises(ValidationError):
        services.apply_extension(hazard, owner, due - timedelta(days=1), "备件未到")
    services.apply_extension(hazard, owner, due + timedelta(days=5), "备件未到")
    with pytest.raises(Refused, match="等待审批"):
        services.apply_extension(hazard, owner, due + timedelta(days=6), "再来")
    services.decide_extension(hazard, world.who("town"), approve=True, opinion="同意")
    hazard.refresh_from_db()
    assert (hazard.extensions, hazard.due_at) == (1, due + timedelta(days=5))
    with pytest.raises(Refused, match="最多可延期 1 次"):
        services.apply_extension(hazard, owner, due + timedelta(days=9), "还要")
    late = ordered(world)
    time_machine.move_to(now() + timedelta(days=11))
    with pytest.raises(Refused, match="期限已过"):
        services.apply_extension(late, owner, in_days(5), "忘了")


def test_a_refused_extension_changes_nothing_but_is_told(world: World, owner: User) -> None:
    hazard = ordered(world)
    due = hazard.rectify_by
    services.apply_extension(hazard, owner, due + timedelta(days=5), "备件未到")
    services.decide_extension(hazard, world.who("town"), approve=False, opinion="备件有现货")
    hazard.refresh_from_db()
    assert (hazard.extensions, hazard.rectify_by) == (0, due)
    assert hazard.extension_rows.get().approved is False


def test_overdue_is_noted_once(world: World, time_machine: Any) -> None:
    hazard = ordered(world)
    services.find_overdue()
    assert not Entry.objects.filter(verb="hazards.overdue").exists()
    time_machine.move_to(now() + timedelta(days=11))
    services.find_overdue()
    services.find_overdue()
    hazard.refresh_from_db()
    assert hazard.overdue_at is not None
    assert Entry.objects.filter(verb="hazards.overdue").count() == 1


def test_the_same_again_within_a_year_is_a_repetition(world: World) -> None:
    first = found(world)
    assert found(world).repeat_of == first
    assert found(world, title="配电箱未接地").repeat_of is None
    assert found(world, found_at=now() - timedelta(days=800)).repeat_of is None


def test_listed_supervision_is_for_major_hazards_by_those_who_may(world: World, owner: User) -> None:
    with pytest.raises(Refused, match="只有重大"):
        services.list_major(ordered(world), world.who("head"), "督办")
    hazard = found(world)
    services.grade(hazard, world.who("town"), major())
    with pytest.raises(PermissionDenied):
        services.list_major(hazard, world.who("town"), "督办")
    services.list_major(hazard, world.who("head"), "区安委办督办")
    hazard.refresh_from_db()
    assert hazard.listed_at is not None


def test_only_a_genuine_alarm_becomes_a_hazard_and_only_once(world: World) -> None:
    alarm = raised(bound(world.plant), 0, 1)
    values = {"title": alarm.title, "category": "2"}
    with pytest.raises(Refused, match="属实"):
        services.from_alarm(world.who("duty"), alarm, values)
    verify(alarm, world.who("duty"), "genuine", "视频确认")
    assert not Hazard.objects.exists(), "a verdict alone makes no hazard"
    hazard = services.from_alarm(world.who("duty"), alarm, values)
    assert (hazard.source, hazard.alarm, hazard.state) == ("sensor", alarm, "registered")
    with pytest.raises(Refused, match="已转为隐患"):
        services.from_alarm(world.who("duty"), alarm, values)


def test_rectified_and_closed_are_counted_apart(world: World, owner: User) -> None:
    waiting, rectified, closed = (ordered(world) for _ in range(3))
    for hazard in (rectified, closed):
        services.submit(hazard, owner, "已清理", [photo("green")])
        services.recheck(hazard, world.who("town"), passed=True, opinion="好")
    services.close(closed, world.who("town"))
    revoked = found(world)
    services.revoke(revoked, world.who("town"), "登记重复")
    today = now().astimezone(SHANGHAI).date()
    figures = {figure.name: figure for figure in statistics(world.who("head"), today, today).figures}
    assert figures["发现"].value == 3
    assert (figures["已整改（复查合格）"].value, figures["已销号"].value) == (2, 1)
    assert figures["整改率"].value == pytest.approx(200 / 3)
    assert figures["按期整改率"].value == 100
    assert waiting.state == "rectifying"
    strange = statistics(world.who("safety2"), today, today).figures[0]
    assert strange.value == 0


def test_the_mean_time_is_that_of_the_rectified(world: World, owner: User, time_machine: Any) -> None:
    quick, slow, failed = (ordered(world) for _ in range(3))
    start = now()
    for hazard, days, passed in ((quick, 1, True), (slow, 4, True), (failed, 5, False)):
        time_machine.move_to(start + timedelta(days=days))
        services.submit(hazard, owner, "已清理", [photo("green")])
        services.recheck(hazard, world.who("town"), passed=passed, opinion="看过")
    first, last = (moment.astimezone(SHANGHAI).date() for moment in (start, now()))
    figures = {figure.name: figure for figure in statistics(world.who("head"), first, last).figures}
    assert figures["平均整改天数"].value == 2.5


def test_an_enterprise_gets_no_duty_that_it_may_not_do(world: World, owner: User) -> None:
    hazard = found(world)
    assert (hazard.track, hazard.state) != ("enterprise", "rectifying")
    assert not mine(owner).filter(object_id=hazard.pk).exists()
    assert mine(world.who("town")).filter(object_id=hazard.pk, title__startswith="待定级：").exists()
