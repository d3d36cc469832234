"""After the decision: money and late fees, urging, publication, reminders; and penalties on the spot."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from bianwang.modules.penalties import services, timing
from bianwang.modules.penalties.accounts import account
from bianwang.modules.penalties.models import Case, Payment, Reminder
from bianwang.modules.penalties.queries import overdue_count
from bianwang.platform.clock import today
from bianwang.platform.todo.queries import mine
from bianwang.platform.workflow.errors import Refused
from tests.modules.penalties import cases
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def test_a_late_fine_grows_by_three_per_cent_a_day_up_to_itself(world: World, time_machine: Any) -> None:
    time_machine.move_to("2026-03-02T10:00:00+08:00")
    case = cases.served(world)
    assert case.pay_by == date(2026, 3, 17)
    for day, late in (("03-17", 0), ("03-18", 1200), ("03-27", 12000), ("04-30", 40000)):
        assert account(case, date.fromisoformat(f"2026-{day}")).late == late
    time_machine.move_to("2026-03-17T23:00:00+08:00")
    with pytest.raises(Refused, match="没有届满"):
        services.urge(case, world.who("enforcement"))
    time_machine.move_to("2026-03-19T09:00:00+08:00")
    services.urge(case, world.who("enforcement"))
    cases.paid(case, world, "40000")
    assert account(case, date(2026, 5, 1)).late == 2400
    with pytest.raises(Refused, match="没有缴清"):
        services.close(case, world.who("head"))
    cases.paid(case, world, "2400", "渝财2号", kind="late")
    with pytest.raises(Refused, match="没有公示"):
        services.close(case, world.who("head"))
    services.publish(case, world.who("head"), document="1号", facts="未按规定培训")
    services.close(case, world.who("head"))


def test_no_more_is_taken_than_is_owed_and_no_receipt_twice(world: World) -> None:
    case = cases.served(world)
    with pytest.raises(PermissionDenied):
        services.pay(
            case, world.who("head"), kind="fine", way="bank", amount=Decimal(1), day=today(), receipt="渝财9号"
        )
    for amount, values, words in (
        ("40000.01", {}, "应缴 40,000"),
        ("0", {}, "大于零"),
        ("1", {"kind": "late"}, "应缴 0"),
        ("1", {"day": today() + timedelta(days=1)}, "不能晚于今天"),
        ("1", {"day": today() - timedelta(days=1)}, "不能早于"),
        ("1", {"way": "spot"}, "不能当场收缴"),
    ):
        with pytest.raises(ValidationError, match=words):
            cases.paid(case, world, amount, **values)
    cases.paid(case, world, "10000")
    with pytest.raises(ValidationError, match="已经登记过"):
        cases.paid(case, world, "1")
    assert account(case, today()).fine_due == 30000


def test_instalments_move_the_last_day_and_must_add_up(world: World, time_machine: Any) -> None:
    time_machine.move_to("2026-03-02T10:00:00+08:00")
    case = cases.served(world)
    head = world.who("head")
    for parts, words in (
        ([], "每期写"),
        ([(date(2026, 4, 1), Decimal(39999))], "之和应等于"),
        ([(date(2026, 3, 10), Decimal(40000))], "不早于"),
    ):
        with pytest.raises(ValidationError, match=words):
            services.instal(case, head, parts, "经济困难")
    services.instal(case, head, [(date(2026, 5, 1), Decimal(20000)), (date(2026, 4, 1), Decimal(20000))], "经济困难")
    assert case.pay_by == date(2026, 5, 1)
    assert account(case, date(2026, 4, 1)).late == 0
    assert account(case, date(2026, 4, 2)).late == 600
    with pytest.raises(Refused, match="已经批准"):
        services.instal(case, head, [(date(2026, 5, 1), Decimal(40000))], "再延")


def test_the_late_fee_stands_during_a_review(world: World, time_machine: Any) -> None:
    time_machine.move_to("2026-03-02T10:00:00+08:00")
    case = cases.served(world)
    time_machine.move_to("2026-03-19T10:00:00+08:00")
    services.suspend(case, world.who("head"), "review", date(2026, 3, 18), None)
    assert account(case, date(2026, 4, 30)).late == 0
    services.resume(case, world.who("head"), date(2026, 3, 18))
    assert account(case, date(2026, 3, 19)).late == 1200
    with pytest.raises(Refused, match="没有正在停算"):
        services.resume(case, world.who("head"), date(2026, 3, 18))


def test_the_court_comes_ten_working_days_after_the_letter(world: World, time_machine: Any) -> None:
    time_machine.move_to("2026-03-02T10:00:00+08:00")
    case = cases.served(world)
    officer = world.who("enforcement")
    time_machine.move_to("2026-03-18T10:00:00+08:00")
    services.urge(case, officer)
    time_machine.move_to("2026-04-01T23:00:00+08:00")
    with pytest.raises(Refused, match="2026-04-01"):
        services.enforce(case, officer)
    time_machine.move_to("2026-04-02T00:30:00+08:00")
    services.enforce(case, officer)
    assert case.state == "enforcing"


SUMMARY: dict[str, Any] = {"law": "old", "kinds": ["fine"], "reason": "事实确凿，情节轻微"}


def test_on_the_spot_within_its_ceiling_then_registered(world: World) -> None:
    officer = world.who("enforcement")
    case = cases.entered(world, degree=Decimal(1))
    with pytest.raises(ValidationError, match="不得超过 3,000"):
        services.summary(case, officer, fine=Decimal("3000.01"), **SUMMARY)
    with pytest.raises(ValidationError, match="普通程序"):
        services.summary(case, officer, fine=Decimal(0), **{**SUMMARY, "kinds": ["suspend"]})
    services.summary(case, officer, fine=Decimal(3000), **SUMMARY)
    assert (case.state, case.procedure, case.due_clock) == ("served", "summary", "register")
    with pytest.raises(ValidationError, match="写明理由"):
        cases.paid(case, world, "3000", way="spot")
    cases.paid(case, world, "3000", way="spot", reason="当事人在外地，事后难以执行")
    assert case.due_clock == "hand_in"
    services.publish(case, world.who("head"), document="当罚1号", facts="未按规定培训")
    with pytest.raises(Refused, match="缴付银行"):
        services.close(case, world.who("head"))
    services.bank(case, world.who("finance"), case.payments.get(), today(), today())
    with pytest.raises(Refused, match="没有备案"):
        services.close(case, world.who("head"))
    services.register_summary(case, world.who("head"))
    services.close(case, world.who("head"))
    assert Payment.objects.get().banked_on == today()


def test_the_dead_ceiling_of_a_thousand_yuan_applied_before(world: World, time_machine: Any) -> None:
    time_machine.move_to("2021-07-14T10:00:00+08:00")
    case = cases.entered(world, degree=Decimal(1))
    with pytest.raises(ValidationError, match="不得超过 1,000"):
        services.summary(case, world.who("enforcement"), fine=Decimal("1000.01"), **SUMMARY)
    time_machine.move_to("2021-07-15T10:00:00+08:00")
    services.summary(case, world.who("enforcement"), fine=Decimal(3000), **SUMMARY)


def test_every_limit_is_that_of_the_day_on_which_it_began(world: World, time_machine: Any) -> None:
    time_machine.move_to("2026-01-30T10:00:00+08:00")
    before = cases.filed(world)
    assert clock(before, "handle").due == date(2026, 3, 1)  # 令15: 30 days
    services.extend(before, world.who("leader"), "案情复杂")
    assert clock(before, "handle").due == date(2026, 4, 30)  # 90 in all
    with pytest.raises(Refused, match="延长过"):
        services.extend(before, world.who("leader"), "再延")
    time_machine.move_to("2026-02-02T10:00:00+08:00")
    assert clock(cases.filed(world), "handle").due == date(2026, 5, 3)  # 90 days
    assert timing.after("hearing_request", date(2021, 7, 14)) == date(2021, 7, 17)
    assert timing.after("hearing_request", date(2021, 7, 15)) == date(2021, 7, 22)
    assert timing.after("serve", date(2026, 2, 13)) == date(
        2026, 3, 2
    )  # the 14th and 28th are worked, 15th to 23rd are not


def clock(case: Case, code: str) -> timing.Clock:
    return next(row for row in timing.clocks(case) if row.code == code)


def test_an_appraisal_does_not_count_but_a_lawsuit_does(world: World, time_machine: Any) -> None:
    time_machine.move_to("2026-03-02T10:00:00+08:00")
    case = cases.filed(world)
    services.suspend(case, world.who("head"), "lawsuit", date(2026, 3, 2), date(2026, 3, 20))
    assert clock(case, "handle").due == date(2026, 5, 31)
    services.suspend(case, world.who("head"), "appraisal", date(2026, 3, 3), None)
    assert clock(case, "handle").due is None
    assert case.due_at is None
    services.resume(case, world.who("head"), date(2026, 3, 12))
    assert clock(case, "handle").due == date(2026, 6, 10)


def test_what_runs_out_comes_to_the_head_and_then_to_the_leader_once(world: World, time_machine: Any) -> None:
    time_machine.move_to("2026-03-02T10:00:00+08:00")
    case = cases.entered(world)
    head, leader, officer = (world.who(key) for key in ("head", "leader", "enforcement"))
    assert case.due_at == timing.end_of(date(2026, 3, 9))
    time_machine.move_to("2026-03-09T23:59:58+08:00")
    services.remind()
    assert not Reminder.objects.exists()
    time_machine.move_to("2026-03-10T00:00:01+08:00")
    for _ in range(2):
        services.remind()
    assert [row.title for row in mine(head)] == [f"逾期未办“立案”：{case}"]
    assert overdue_count(officer) == 1
    assert not mine(leader).filter(permission="penalties.decide").exists()
    time_machine.move_to("2026-03-13T00:00:01+08:00")
    services.remind()
    assert mine(leader).filter(permission="penalties.decide").count() == 1
    services.apply(case, officer)
    services.file(case, head)
    assert not Reminder.objects.filter(closed_at__isnull=True).exists()
    assert not mine(leader).filter(title__contains="逾期").exists()
    assert overdue_count(officer) == 0


def test_the_public_reads_no_persons_name_or_number(world: World) -> None:
    person = {"respondent_kind": "person", "respondent": "张三丰", "overdue": True}
    case = cases.decided(world, **person, fine="30000")
    head = world.who("head")
    with pytest.raises(PermissionDenied):
        services.publish(case, world.who("enforcement"), document="1号", facts="事实")
    for facts, words in (("张三丰未培训", "张某某"), ("电话13912345678", "手机号码"), ("", "违法事实")):
        with pytest.raises(ValidationError, match=words):
            services.publish(case, head, document="1号", facts=facts)
    row = services.publish(case, head, document="1号", facts="未按规定培训")
    assert (row.respondent, row.credit_code, row.decision) == ("张某某", "", "罚款30,000元")
    assert "张三丰" not in str(row)
    with pytest.raises(Refused, match="已经公示"):
        services.publish(case, head, document="2号", facts="未按规定培训")
    with pytest.raises(Refused, match="没有结案"):
        services.repair(row, head, "已修复")
    services.unpublish(row, head, "复议撤销")
    assert (row.state, row.ended_on) == ("withdrawn", today())
