"""Cases from the clue to the closed file: every guard both ways, and who may do what."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from bianwang.modules.documents.models import Dossier
from bianwang.modules.penalties import services, timing
from bianwang.modules.penalties.models import Case
from bianwang.modules.penalties.weighing import options
from bianwang.platform import access
from bianwang.platform.clock import now, today
from bianwang.platform.ledger.models import Entry
from bianwang.platform.todo.queries import mine
from bianwang.platform.workflow.errors import Refused, UnknownLimit
from tests.modules.penalties import cases
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def handle(case: Case) -> timing.Clock:
    return next(row for row in timing.clocks(case) if row.code == "handle")


def test_from_the_clue_to_the_closed_case(world: World) -> None:
    case = cases.entered(world)
    assert case.title == "青杠机械厂未按规定对从业人员进行安全生产教育和培训案"
    assert (case.state, case.due_clock) == ("clue", "file")
    officer, head, leader = (world.who(key) for key in ("enforcement", "head", "leader"))
    services.apply(case, officer)
    assert case.number in mine(head)[0].title
    services.file(case, head)
    assert (case.due_clock, case.due_at) == ("handle", timing.end_of(today() + timedelta(days=90)))
    cases.proved(case, world)
    services.finish(case, officer, law="old", kinds=["fine"], fine=Decimal(40000))
    services.review(case, head, "适当")
    cases.notified(case)
    services.tell(case, officer)
    services.waive(case, officer)
    services.conclude(case, officer)
    services.decide(case, leader, law="old", kinds=["fine"], fine=Decimal(40000), reason="一般档次")
    assert case.due_clock in {"serve", "publish"}
    services.serve(case, officer)
    services.publish(case, head, document="（璧）应急罚〔2026〕1号", facts="未按规定培训")
    assert (case.due_clock, case.pay_by) == ("pay", today() + timedelta(days=15))
    cases.paid(case, world, "40000")
    services.close(case, head)
    fresh = Case.objects.get(pk=case.pk)
    assert (fresh.state, fresh.due_at, fresh.due_clock, fresh.closed_on) == ("closed", None, "", today())
    verbs = list(Entry.objects.filter(object_type="penalties.case", object_id=case.pk).values_list("verb", flat=True))
    assert {"penalties.open", "penalties.decide", "penalties.pay", "penalties.close"} <= set(verbs)


def test_two_certified_officers_and_never_ones_own_approval(world: World) -> None:
    case = cases.entered(world)
    officer = world.who("enforcement")
    services.recuse(case, world.who("head"), case.officers.get(user=world.who("enforcement2")), "与当事人有利害关系")
    with pytest.raises(Refused, match="不得少于两人"):
        services.apply(case, officer)
    with pytest.raises(ValidationError, match="没有有效的执法证"):
        services.add_officer(case, world.who("head"), world.who("duty"))
    cases.certify(world, "head")
    services.add_officer(case, world.who("leader"), world.who("head"))
    services.apply(case, officer)
    with pytest.raises(Refused, match="办案人员不能审批"):
        services.file(case, world.who("head"))
    services.file(case, world.who("leader"))
    with pytest.raises(Refused, match="只有本案办案人员"):
        services.change(case, world.who("enforcement2"), {"degree": Decimal(5)})


def test_a_certificate_that_ran_out_does_not_count(world: World) -> None:
    case = cases.entered(world)
    person = world.who("enforcement2")
    type(person).objects.filter(pk=person.pk).update(certificate_until=today() - timedelta(days=1))
    with pytest.raises(Refused, match="有效执法证"):
        services.apply(case, world.who("enforcement"))
    type(person).objects.filter(pk=person.pk).update(certificate_until=today())
    services.apply(case, world.who("enforcement"))


def test_what_was_found_too_late_is_not_filed(world: World) -> None:
    end = today().replace(year=today().year - 2) - timedelta(days=1)
    case = cases.entered(world, conduct_from=end, conduct_to=end)
    with pytest.raises(Refused, match="2年"):
        services.apply(case, world.who("enforcement"))
    services.change(case, world.who("enforcement"), {"life_harm": True})
    services.apply(case, world.who("enforcement"))
    continuing = cases.entered(world, conduct_from=end, conduct_to=None)
    services.apply(continuing, world.who("enforcement"))


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"conduct_to": date(2020, 1, 1)}, "终了日期"),
    ({"found_on": date(2099, 1, 1)}, "不能晚于今天"),
    ({"conduct_from": date(2099, 1, 1), "conduct_to": None}, "不能晚于今天"),
    ({"respondent_kind": "person"}, "填写姓名"),
    ({"respondent": "张三"}, "填写姓名"),
    ({"circumstances": "minor_corrected,repeated"}, "不能同时成立"),
    ({"conduct": "nothing"}, "案由"),
)


def test_a_clue_that_makes_no_sense_leaves_nothing(world: World) -> None:
    for values, words in WRONG:
        with pytest.raises((ValidationError, UnknownLimit), match=words):
            cases.entered(world, **values)
    assert not Case.objects.exists()
    assert not Dossier.objects.exists()


def test_the_inquiry_ends_with_evidence_that_was_weighed(world: World) -> None:
    case = cases.filed(world)
    officer = world.who("enforcement")
    plain = {"law": "old", "kinds": ["fine"], "fine": Decimal(40000)}
    with pytest.raises(Refused, match="没有采信的证据"):
        services.finish(case, officer, **plain)
    cases.proved(case, world)
    pending = services.add_evidence(
        case, officer,
        {"title": "照片", "kind": "recording", "origin": "officer", "proves": "现场", "taken_at": now(),
         "source": None, "alarm": None, "digest": ""},
    )  # fmt: skip
    with pytest.raises(Refused, match="没有审查完毕"):
        services.finish(case, officer, **plain)
    services.exclude(pending, officer, "与本案无关")
    for wrong, words in (
        ({"fine": Decimal("100000.01")}, "法定幅度"),
        ({"kinds": ["suspend", "fine"]}, "没有“责令停产停业”"),
        ({"kinds": []}, "选择了罚款须填写金额"),
        ({"law": "new"}, "请选择适用的规定"),
    ):
        with pytest.raises(ValidationError, match=words):
            services.finish(case, officer, **{**plain, **wrong})
    services.finish(case, officer, **plain)
    assert case.state == "reviewing"


def test_the_legal_review_is_somebody_elses(world: World) -> None:
    case = cases.finished(world)
    with pytest.raises(Refused, match="办案人员不能"):
        services.review(case, world.who("enforcement2"), "同意")
    with pytest.raises(PermissionDenied):
        services.review(case, world.who("leader"), "同意")
    services.send_back(case, world.who("head"), "证据不足")
    assert (case.state, case.reviews.get().passed) == ("investigating", False)
    services.finish(case, world.who("enforcement"), law="old", kinds=["fine"], fine=Decimal(30000))
    services.review(case, world.who("head"), "同意")
    assert case.state == "proposing"


def test_pleas_are_answered_and_never_make_it_harder(world: World) -> None:
    case = cases.told(world)
    officer, leader = world.who("enforcement"), world.who("leader")
    services.plead(case, officer, "当事人称已补训。")
    services.waive(case, officer)
    with pytest.raises(Refused, match="没有复核"):
        services.conclude(case, officer)
    services.answer(case, officer, case.pleas.get(), "rejected", "补训在检查之后")
    services.conclude(case, officer)
    for fine, kinds, words in (("40000.01", ["fine"], "不得高于告知"), ("40000", ["fine", "warning"], "没有告知")):
        with pytest.raises(ValidationError, match=words):
            services.decide(case, leader, law="old", kinds=kinds, fine=Decimal(fine), reason="理由")
    services.decide(case, leader, law="old", kinds=["fine"], fine=Decimal(30000), reason="采纳部分意见")
    assert (case.fine, case.band) == (30000, "一般处罚")


def test_the_other_side_has_its_days(world: World, time_machine: Any) -> None:
    time_machine.move_to("2026-03-02T10:00:00+08:00")  # a Monday
    case = cases.told(world)
    officer = world.who("enforcement")
    time_machine.move_to("2026-03-05T23:59:00+08:00")
    with pytest.raises(Refused, match="2026-03-05"):
        services.conclude(case, officer)
    time_machine.move_to("2026-03-06T00:01:00+08:00")
    services.conclude(case, officer)


def test_a_small_fine_gives_no_hearing_and_a_large_one_does_in_time(world: World, time_machine: Any) -> None:
    time_machine.move_to("2026-03-02T10:00:00+08:00")
    officer = world.who("enforcement")
    small = cases.told(world, fine="49999.99")
    with pytest.raises(Refused, match="没有达到听证标准"):
        services.hear(small, officer)
    large, late = cases.told(world, fine="50000"), cases.told(world, fine="50000")
    time_machine.move_to("2026-03-09T23:59:00+08:00")  # the fifth working day
    with pytest.raises(Refused, match="2026-03-09"):
        services.conclude(large, officer)
    services.hear(large, officer)
    assert large.state == "hearing"
    time_machine.move_to("2026-03-10T00:01:00+08:00")
    with pytest.raises(ValidationError, match="已于 2026-03-09 届满"):
        services.hear(late, officer)
    services.hear(late, officer, date(2026, 3, 9))  # asked in time, entered a day later


def test_a_hearing_is_announced_seven_days_before_and_reviewed_afterwards(world: World, time_machine: Any) -> None:
    time_machine.move_to("2026-03-02T10:00:00+08:00")
    case = cases.told(world, fine="50000")
    officer, head, leader = (world.who(key) for key in ("enforcement", "head", "leader"))
    services.hear(case, officer)
    with pytest.raises(Refused, match="没有登记听证通知"):
        services.hold(case, officer, "维持")
    plan = {"notified_on": today(), "place": "三楼会议室", "presider": head}
    with pytest.raises(ValidationError, match="最早 2026-03-11"):
        services.notify(case, officer, held_on=date(2026, 3, 10), **plan)
    with pytest.raises(ValidationError, match="非本案调查人员"):
        services.notify(case, officer, held_on=date(2026, 3, 11), **{**plan, "presider": officer})
    services.notify(case, officer, held_on=date(2026, 3, 11), **plan)
    assert handle(case).due is None  # stands still
    with pytest.raises(Refused, match="举行后再登记"):
        services.hold(case, officer, "维持")
    time_machine.move_to("2026-03-11T15:00:00+08:00")
    services.hold(case, officer, "事实清楚，建议维持。")
    assert handle(case).due == date(2026, 3, 2) + timedelta(days=90 + 9)  # the 3rd to the 11th
    services.discuss(
        case, leader, held_on=today(), opinions=[("陈", "同意"), ("李", "同意"), ("王", "同意")],
        result="同意罚款五万元", agreed=True, fine=Decimal(50000),
    )  # fmt: skip
    penalty = {"law": "old", "kinds": ["fine"], "fine": Decimal(50000), "reason": "一般档次"}
    with pytest.raises(Refused, match="再次法制审核"):
        services.decide(case, leader, **penalty)
    services.review(case, head, "听证程序合法", again=True)
    services.decide(case, leader, **penalty)
    assert case.state == "decided"


def test_a_large_fine_needs_three_who_agreed_to_it(world: World) -> None:
    case = cases.deciding(world, fine="60000")
    leader = world.who("leader")
    penalty: dict[str, Any] = {"law": "old", "kinds": ["fine"], "reason": "一般档次"}
    with pytest.raises(ValidationError, match="集体讨论"):
        services.decide(case, leader, fine=Decimal(60000), **penalty)
    talk = {"held_on": today(), "result": "罚款五万五千元", "agreed": True, "fine": Decimal(55000)}
    with pytest.raises(ValidationError, match="至少 3 人"):
        services.discuss(case, leader, opinions=[("陈", "同意"), ("李", "同意")], **talk)
    services.discuss(case, leader, opinions=[("陈", "同意"), ("李", "同意"), ("王", "同意")], **talk)
    with pytest.raises(ValidationError, match="议定罚款 55,000"):
        services.decide(case, leader, fine=Decimal(60000), **penalty)
    services.decide(case, leader, fine=Decimal(55000), **penalty)


def test_leaving_the_band_needs_a_discussion(world: World) -> None:
    case = cases.deciding(world)
    penalty: dict[str, Any] = {"law": "old", "kinds": ["fine"], "fine": Decimal("29999.99"), "reason": "情节较轻"}
    with pytest.raises(ValidationError, match="不在裁量档次之内"):
        services.decide(case, world.who("leader"), **penalty)
    services.decide(case, world.who("leader"), **{**penalty, "fine": Decimal(30000)})


def test_only_the_leader_decides(world: World) -> None:
    case = cases.deciding(world)
    for who in ("enforcement", "head", "finance", "duty"):
        with pytest.raises(PermissionDenied):
            services.decide(case, world.who(who), law="old", kinds=["fine"], fine=Decimal(40000), reason="理由")


def test_nothing_is_imposed_where_the_law_excuses(world: World) -> None:
    case = cases.filed(world, circumstances="minor_corrected")
    cases.proved(case, world)
    officer = world.who("enforcement")
    with pytest.raises(ValidationError, match="不予处罚"):
        services.finish(case, officer, law="old", kinds=["fine"], fine=Decimal(1000))
    services.finish(case, officer, law="old", kinds=[], fine=Decimal(0))
    services.review(case, world.who("head"), "同意不予处罚")
    services.conclude(case, officer)
    services.decide(case, world.who("leader"), law="old", kinds=[], fine=Decimal(0), reason="轻微并及时改正")
    services.serve(case, officer)
    assert (case.kinds, case.pay_by, case.due_clock) == ("", None, "")
    with pytest.raises(Refused, match="不公示"):
        services.publish(case, world.who("head"), document="1号", facts="事实")
    services.close(case, world.who("head"))


def test_old_law_and_the_lighter_new_one_stand_side_by_side(world: World, time_machine: Any) -> None:
    time_machine.move_to("2021-10-11T10:00:00+08:00")
    past = {"conduct_from": date(2021, 8, 1), "conduct_to": date(2021, 8, 31)}
    harder = cases.filed(world, **past)
    cases.proved(harder, world)
    officer = world.who("enforcement")
    assert [(row.code, row.is_applicable) for row in options(harder, today())] == [("old", True), ("new", False)]
    lighter = cases.filed(world, **past, conduct="hazard_unremoved", overdue=True, degree=Decimal(2))
    cases.proved(lighter, world)
    assert [(row.code, row.is_applicable) for row in options(lighter, today())] == [
        ("old", False),
        ("new", True),
    ]
    services.finish(lighter, officer, law="new", kinds=["fine", "suspend"], fine=Decimal(95000))
    assert lighter.proposed_version == "2021"
    after = cases.entered(world, conduct_from=date(2021, 8, 1), conduct_to=date(2021, 9, 1))
    assert [row.version.code for row in options(after, today()) if row.version] == ["2021"]


def test_measures_run_out_and_are_decided_before_the_case_may_go(world: World, time_machine: Any) -> None:
    time_machine.move_to("2026-03-02T10:00:00+08:00")
    officer, head = world.who("enforcement"), world.who("head")
    row = cases.measure(world)
    case = row.case
    cases.certify(world, "head")
    services.add_officer(case, world.who("leader"), head)
    with pytest.raises(Refused, match="办案人员不能"):
        services.approve_measure(row, head)
    services.approve_measure(row, world.who("leader"))
    assert timing.seizure_due(row) == date(2026, 4, 1)
    assert case.due_clock == "seize"
    services.extend_measure(row, world.who("leader"), "案情复杂")
    assert timing.seizure_due(row) == date(2026, 5, 1)
    assert row.due_at == timing.end_of(date(2026, 5, 1))
    with pytest.raises(Refused, match="延长过"):
        services.extend_measure(row, world.who("leader"), "再延")
    with pytest.raises(Refused, match="还没有作出处理决定"):
        services.withdraw(case, world.who("leader"), "查无实据")
    with pytest.raises(ValidationError, match="先行登记保存"):
        services.decide_measure(row, officer, "seize")
    services.decide_measure(row, officer, "return")
    assert (row.state, case.due_clock) == ("decided", "handle")
    services.withdraw(case, world.who("leader"), "查无实据")


def test_preserving_takes_seven_working_days_and_an_emergency_24_hours(world: World, time_machine: Any) -> None:
    time_machine.move_to("2026-03-02T10:00:00+08:00", tick=False)
    row = cases.measure(world, kind="preserve", emergency=True, started_on=today())
    assert row.due_at == now() + timedelta(hours=24)
    services.approve_measure(row, world.who("leader"))
    assert timing.seizure_due(row) == date(2026, 3, 11)
    with pytest.raises(Refused, match="不能延长"):
        services.extend_measure(row, world.who("leader"), "再延")


def test_a_transferred_case_waits_for_its_receipt(world: World) -> None:
    case = cases.filed(world)
    services.transfer(case, world.who("leader"), to_kind="judicial", to="区公安局", reason="涉嫌犯罪")
    services.enter_receipt(case, world.who("enforcement"), today(), "璧公立字1号")
    case.transfer.refresh_from_db()
    assert (case.state, case.transfer.receipt) == ("transferred", "璧公立字1号")
    with pytest.raises(Refused, match="已经登记回执"):
        services.enter_receipt(case, world.who("enforcement"), today(), "2号")


def test_a_case_not_filed_is_over(world: World) -> None:
    case = cases.entered(world)
    services.refuse(case, world.who("head"), "违法事实不能成立")
    assert (case.state, case.due_at) == ("refused", None)


def test_the_enterprise_and_the_towns_never_reach_a_case(world: World) -> None:
    case = cases.entered(world)
    for who in ("safety", "safety_mate", "safety2", "town", "department", "village"):
        with pytest.raises(PermissionDenied):
            access.get(world.who(who), Case, case.pk, "penalties.view")
        assert not access.visible(world.who(who), Case, "penalties.view").exists()
    assert access.get(world.who("duty"), Case, case.pk, "penalties.view") == case
    with pytest.raises((PermissionDenied, Http404)):
        services.apply(case, world.who("duty"))
