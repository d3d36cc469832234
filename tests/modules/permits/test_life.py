"""The life of a permit, guard by guard."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from bianwang.modules.permits import services
from bianwang.modules.permits.models import Permit
from bianwang.modules.permits.services import Value
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.models import Entry
from bianwang.platform.todo.queries import mine
from bianwang.platform.workflow.errors import Conflict, Refused
from tests.modules.permits.jobs import (
    DETAILS,
    GOOD,
    WORKDAY,
    applied,
    approved,
    clock,
    entered,
    finish,
    measured_gas,
    prepared,
    working,
    zone,
)
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

MINUTE = timedelta(minutes=1)


def state(permit: Permit) -> str:
    return Permit.objects.get(pk=permit.pk).state


@pytest.mark.parametrize("kind", DETAILS)
def test_each_type_goes_from_its_analysis_to_its_closure(world: World, kind: str) -> None:
    with clock():
        permit = working(world, kind)
        if permit.kind_row.plates:
            services.isolate(permit, world.who("safety"))
        if permit.kind_row.locks:
            services.lock(permit, world.who("safety"))
            services.unlock(permit, world.who("safety"))
        finish(world, permit)
    assert state(permit) == "closed"
    verbs = list(Entry.objects.filter(object_id=permit.pk, object_type="permits.permit").values_list("verb", flat=True))
    for verb in ("register", "analyse", "apply", "brief", "approve", "sign_in", "start", "stop", "accept", "close"):
        assert f"permits.{verb}" in verbs


def test_numbers_run_by_enterprise_type_and_year_without_gaps(world: World) -> None:
    with clock():
        first = entered(world, "hot_work")
        with pytest.raises(ValidationError):
            entered(world, "hot_work", workers="")
        numbers = [first.number, entered(world, "hot_work").number, entered(world, "height").number]
    assert numbers == ["动火〔2026〕1", "动火〔2026〕2", "高处〔2026〕1"]


@pytest.mark.parametrize("kind", ["hot_work", "confined_space"])
def test_without_a_passed_test_of_the_last_half_hour_there_is_no_approval(world: World, kind: str) -> None:
    mate = world.who("safety_mate")
    with clock() as time:
        permit = applied(world, kind)
        services.brief(permit, world.who("safety"), "先通风")
        with pytest.raises(Refused, match="还没有气体检测"):
            services.approve(permit, mate, "负责人")
        assert not measured_gas(world, permit, combustible=Value("middle", "methane", 0.6, "%VOL")).passed
        with pytest.raises(Refused, match="不合格"):
            services.approve(permit, mate, "负责人")
        time.shift(MINUTE)
        assert measured_gas(world, permit).passed
        time.shift(30 * MINUTE + timedelta(milliseconds=1))
        with pytest.raises(Refused, match="超过 30 分钟"):
            services.approve(permit, mate, "负责人")
        measured_gas(world, permit)
        time.shift(30 * MINUTE)
        services.approve(permit, mate, "负责人")
    assert state(permit) == "approved"


def test_without_a_briefing_there_is_no_approval_and_all_that_lacks_is_said(world: World) -> None:
    with clock():
        permit = applied(world, "hot_work")
        with pytest.raises(Refused, match=r"安全交底.*气体检测"):
            services.approve(permit, world.who("safety_mate"), "负责人")


def test_isolation_points_must_be_confirmed_before_the_approval(world: World) -> None:
    with clock():
        permit = prepared(world, "confined_space", isolations="进料管 盲板 DN80")
        with pytest.raises(Refused, match="确认隔离到位"):
            services.approve(permit, world.who("safety_mate"), "负责人")
        services.isolate(permit, world.who("safety"))
        services.approve(permit, world.who("safety_mate"), "负责人")
    assert state(permit) == "approved"


def test_the_guard_is_neither_worker_nor_approver_nor_a_stranger(world: World, stranger: User) -> None:
    with clock():
        with pytest.raises(ValidationError, match="不能同时是作业人"):
            entered(world, workers=f"{world.who('safety').name} 证1")
        with pytest.raises(ValidationError, match="不是本单位人员"):
            entered(world, guard=stranger)
        permit = prepared(world, guard=world.who("safety_mate"))
        with pytest.raises(Refused, match="监护人不能审批"):
            services.approve(permit, world.who("safety_mate"), "负责人")
        with pytest.raises(Refused, match="申请人不能审批"):
            services.approve(permit, world.who("safety"), "负责人")


def test_work_starts_only_after_the_guard_himself_has_signed_in(world: World) -> None:
    with clock():
        permit = approved(world)
        with pytest.raises(Conflict):
            services.start(permit, world.who("safety"))
        with pytest.raises(Refused, match="本人"):
            services.sign_in(permit, world.who("safety_mate"))
        services.sign_in(permit, world.who("safety"))
        services.start(permit, world.who("safety"))
    assert state(permit) == "active"


def test_a_test_that_was_young_at_the_approval_may_be_too_old_at_the_start(world: World) -> None:
    with clock() as time:
        permit = approved(world, "hot_work")
        services.sign_in(permit, world.who("safety"))
        time.shift(31 * MINUTE)
        with pytest.raises(Refused, match="重新检测"):
            services.start(permit, world.who("safety"))
        measured_gas(world, permit)
        services.start(permit, world.who("safety"))
    assert state(permit) == "active"


@pytest.mark.parametrize(
    ("level", "minutes"), [("special", 30), ("first", 30), ("second", 60)], ids=["special", "first", "second"]
)
def test_after_a_long_break_gas_is_tested_anew(world: World, level: str, minutes: int) -> None:
    user = world.who("safety")
    with clock() as time:
        permit = working(world, "hot_work", base_level=level)
        services.interrupt(permit, user, "吃饭")
        time.shift(minutes * MINUTE)
        services.resume(permit, user)
        services.interrupt(permit, user, "等料")
        time.shift(minutes * MINUTE + timedelta(milliseconds=1))
        with pytest.raises(Refused, match=f"超过 {minutes} 分钟"):
            services.resume(permit, user)
        measured_gas(world, permit)
        services.resume(permit, user)
    assert state(permit) == "active"


def test_a_failed_test_interrupts_the_work(world: World) -> None:
    with clock() as time:
        permit = working(world, "confined_space")
        time.shift(10 * MINUTE)
        low = {group: replace(value, height="bottom") for group, value in GOOD.items()}
        measured_gas(world, permit, **{**low, "oxygen": Value("bottom", "oxygen", 18.0, "%VOL")})
        assert state(permit) == "interrupted"
        with pytest.raises(Refused, match="不合格"):
            services.resume(permit, world.who("safety"))


def test_a_permit_expires_at_its_exact_end_and_must_then_be_accepted(world: World) -> None:
    with clock() as time:
        permit = working(world, "hot_work", base_level="special")
        assert permit.valid_to == WORKDAY + timedelta(hours=4)
        time.move_to(permit.valid_to - timedelta(milliseconds=1))
        services.run()
        assert state(permit) == "active"
        time.move_to(permit.valid_to)
        services.run()
        services.run()
        assert state(permit) == "expired"
        permit.refresh_from_db()
        services.accept(permit, world.who("safety_mate"), "已停工清理")
        services.close(permit, world.who("safety"))
    assert Entry.objects.filter(verb="permits.expire").count() == 1
    assert state(permit) == "closed"


def test_a_step_after_the_end_finds_the_permit_expired_even_before_the_clock_ran(world: World) -> None:
    with clock() as time:
        permit = working(world)
        services.interrupt(permit, world.who("safety"), "吃饭")
        time.shift(timedelta(hours=5))
        with pytest.raises(Refused, match=r"到期|已过期"):
            services.resume(permit, world.who("safety"))


def test_an_approved_permit_comes_into_force_when_its_time_has_come(world: World) -> None:
    with clock() as time:
        permit = approved(world, planned_start=now() + timedelta(hours=2))
        assert not permit.in_force
        services.sign_in(permit, world.who("safety"))
        with pytest.raises(Refused, match="还没有到时间"):
            services.start(permit, world.who("safety"))
        time.shift(timedelta(hours=2))
        services.start(permit, world.who("safety"))
    assert Permit.objects.get().in_force
    assert Entry.objects.filter(verb="permits.begin").count() == 1


@pytest.mark.parametrize(
    ("kind", "details", "hours"),
    [
        ("hot_work", {"base_level": "special"}, 8),
        ("hot_work", {"base_level": "first"}, 8),
        ("hot_work", {"base_level": "second"}, 72),
        ("confined_space", {}, 24),
        ("height", {}, 7 * 24),
        ("temporary_power", {"base_level": "normal"}, 15 * 24),
        ("temporary_power", {"base_level": "special"}, 30 * 24),
    ],
)
def test_no_permit_is_planned_for_longer_than_the_standard_allows(
    world: World, kind: str, details: dict[str, str], hours: int
) -> None:
    with clock():
        end = now() + timedelta(hours=hours)
        entered(world, kind, planned_end=end, **details)
        with pytest.raises(ValidationError, match="有效期最长"):
            entered(world, kind, planned_end=end + MINUTE, **details)


def test_temporary_power_does_not_outlast_the_job_it_serves(world: World) -> None:
    with clock():
        job = approved(world, "hot_work")
        longer = prepared(world, "temporary_power", parent=job, planned_end=now() + timedelta(hours=5))
        with pytest.raises(Refused, match=f"不能晚于随同的作业票 {job.number}"):
            services.approve(longer, world.who("safety_mate"), "负责人")
        fitting = prepared(world, "temporary_power", parent=job, planned_end=now() + timedelta(hours=4))
        services.approve(fitting, world.who("safety_mate"), "负责人")
        services.cancel(job, world.who("safety"), "不做了")
        services.sign_in(fitting, world.who("safety"))
        with pytest.raises(Refused, match="不在有效期内"):
            services.start(fitting, world.who("safety"))


def test_hot_work_in_a_confined_space_needs_both_permits(world: World) -> None:
    tank = zone(world, "3号罐", "confined_space")
    with clock():
        hot = prepared(world, "hot_work", tank)
        with pytest.raises(Refused, match="受限空间作业票"):
            services.approve(hot, world.who("safety_mate"), "负责人")
        approved(world, "confined_space", tank)
        services.approve(hot, world.who("safety_mate"), "负责人")
    assert state(hot) == "approved"


def test_a_rejected_application_is_corrected_and_briefed_anew(world: World) -> None:
    mate, user = world.who("safety_mate"), world.who("safety")
    with clock():
        permit = prepared(world)
        services.reject(permit, mate, "作业人证件过期")
        assert state(permit) == "analysed"
        assert services.change(permit, user, {"workers": "赵六 证9"})
        permit.refresh_from_db()
        services.apply(permit, user)
        with pytest.raises(Refused, match="安全交底"):
            services.approve(permit, mate, "负责人")
        with pytest.raises(Conflict, match="不能再修改"):
            services.change(permit, user, {"content": "别的"})


def test_the_authority_suspends_and_releases_and_the_enterprise_cannot(world: World) -> None:
    town = world.who("town")
    with clock() as time:
        permit = working(world, "hot_work")
        with pytest.raises(PermissionDenied):
            services.suspend(permit, world.who("safety"), "x")
        with pytest.raises(Http404):
            services.suspend(permit, world.who("town2"), "x")
        services.suspend(permit, town, "大风")
        with pytest.raises(Conflict):
            services.resume(permit, world.who("safety"))
        time.shift(timedelta(hours=2))
        services.release(permit, town, "风停")
        assert state(permit) == "interrupted"
        with pytest.raises(Refused, match="重新检测"):
            services.resume(permit, world.who("safety"))
        waiting = approved(world, "excavation")
        services.suspend(waiting, town, "管线不明")
        services.release(waiting, town, "已查明")
    assert state(waiting) == "approved"


def test_work_cannot_be_cancelled_and_a_permit_that_never_began_is_simply_closed(world: World) -> None:
    with clock() as time:
        permit = working(world)
        with pytest.raises(Conflict):
            services.cancel(permit, world.who("safety"), "x")
        unused = approved(world, "excavation")
        time.shift(timedelta(hours=4))
        services.run()
        unused.refresh_from_db()
        with pytest.raises(Refused, match="不需验收"):
            services.accept(unused, world.who("safety_mate"), "好")
        services.close(unused, world.who("safety"))
    assert state(unused) == "closed"


def test_a_lock_is_taken_off_before_the_permit_is_closed(world: World) -> None:
    with clock():
        permit = working(world, "confined_space")
        services.lock(permit, world.who("safety"))
        services.stop(permit, world.who("safety"))
        services.accept(permit, world.who("safety_mate"), "好")
        with pytest.raises(Refused, match="解锁摘牌"):
            services.close(permit, world.who("safety"))


def test_each_in_turn_finds_the_permit_among_his_duties(world: World) -> None:
    mate, user = world.who("safety_mate"), world.who("safety")
    with clock():
        permit = prepared(world)
        assert permit.get_absolute_url() in {todo.url for todo in mine(mate)}
        services.approve(permit, mate, "负责人")
        assert [todo.title for todo in mine(user)] == [f"监护人签到：{permit}"]
        assert not mine(mate)
        services.sign_in(permit, user)
        services.start(permit, user)
        assert not mine(user)
        services.stop(permit, user)
        assert [todo.title for todo in mine(mate)] == [f"待验收：{permit}"]


def test_measures_left_out_must_be_explained(world: World) -> None:
    with clock():
        permit = entered(world)
        values = {"analysis": "坠落", "inapplicable": "", "extra_measures": ""}
        with pytest.raises(ValidationError, match="没有勾选"):
            services.analyse(permit, world.who("safety"), values, [0, 1])
        services.analyse(permit, world.who("safety"), {**values, "inapplicable": "室内"}, [0, 1])
    assert [row.is_taken for row in permit.measures.all()] == [True, True, False, False, False]
