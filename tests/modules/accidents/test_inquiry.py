"""The investigation: team, time limits, approval, 四不放过, and the gate of closing both ways."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from bianwang.modules.accidents import services
from bianwang.modules.accidents.models import Accident, Check, Sanction
from bianwang.modules.accidents.queries import overdue_count
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.todo.queries import mine
from bianwang.platform.workflow.errors import Refused
from tests.modules.accidents.cases import entered, following, investigated, submitted
from tests.people import World
from tests.platform.files import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def end(accident: Accident, days: int) -> datetime:
    return datetime.combine(accident.day + timedelta(days=days), time(23, 59, 59), SHANGHAI)


def today() -> Any:
    return now().astimezone(SHANGHAI).date()


def test_the_team_has_one_leader(world: World) -> None:
    accident, user = entered(world), world.who("head")
    member = {"role": "member", "name": "李公安", "unit": "区公安局"}
    leader = {**member, "role": "leader"}
    for team in ([member], [leader, leader]):
        with pytest.raises(ValidationError, match="一名组长"):
            services.investigate(accident, user, team)
    services.investigate(accident, user, [leader, member])
    assert accident.state == "investigating"
    with pytest.raises(ValidationError, match="已有组长"):
        services.add_member(accident, user, leader)
    services.add_member(accident, user, {**member, "role": "expert"})
    assert accident.investigation.members.count() == 3


def test_sixty_days_and_up_to_sixty_more_with_reason_and_approver(world: World) -> None:
    accident = investigated(world)
    officer, leader = world.who("enforcement"), world.who("leader")
    assert accident.due_at == accident.investigate_by == end(accident, 60)
    with pytest.raises(Refused, match="理由"):
        services.apply_extension(accident, officer, 30, "")
    with pytest.raises(ValidationError, match="最多延长 60 日"):
        services.apply_extension(accident, officer, 61, "鉴定未完成")
    services.apply_extension(accident, officer, 40, "鉴定未完成")
    with pytest.raises(Refused, match="等待审批"):
        services.apply_extension(accident, officer, 5, "再要")
    for who in ("enforcement", "head", "duty"):
        with pytest.raises(PermissionDenied):
            services.decide_extension(accident, world.who(who), approve=True, opinion="同意")
    services.decide_extension(accident, leader, approve=True, opinion="同意")
    accident.refresh_from_db()
    assert accident.due_at == accident.investigate_by == end(accident, 100)
    with pytest.raises(ValidationError, match="1 至 20"):
        services.apply_extension(accident, officer, 21, "还没有完成")
    services.apply_extension(accident, officer, 20, "还没有完成")
    services.decide_extension(accident, leader, approve=False, opinion="")
    accident.refresh_from_db()
    assert accident.investigate_by == end(accident, 100)


def test_an_overdue_investigation_is_seen(world: World, time_machine: Any) -> None:
    accident = investigated(world)
    accident.reports.update(at=now())
    assert overdue_count(world.who("head")) == 0
    time_machine.move_to(accident.investigate_by + timedelta(seconds=1))
    assert overdue_count(world.who("head")) == 1
    assert overdue_count(world.who("town2")) == 0
    assert mine(world.who("head")).filter(object_type="accidents.accident", due_at__lt=now()).exists()


@pytest.mark.parametrize(("deaths", "days"), [(1, 15), (10, 15), (29, 15), (30, 30)])
def test_the_approval_has_fifteen_days_thirty_for_the_gravest(world: World, deaths: int, days: int) -> None:
    accident = submitted(world, deaths=deaths)
    assert accident.due_at == datetime.combine(today() + timedelta(days=days), time(23, 59, 59), SHANGHAI)


def test_the_report_needs_its_file_and_somebody_else_approves(world: World) -> None:
    accident = investigated(world)
    head = world.who("head")
    causes = {"direct_cause": "未系安全带", "indirect_cause": ""}
    with pytest.raises(ValidationError, match="请上传"):
        services.submit(accident, head, causes, [])
    accident.refresh_from_db()
    assert accident.state == "investigating"
    services.submit(accident, head, causes, [samples.upload("调查报告.docx", samples.docx())])
    with pytest.raises(Refused, match="由他人"):
        services.approve(accident, head, approval="1号", authority="区政府", on=today())
    services.send_back(accident, world.who("leader"), "间接原因没有写")
    assert (accident.state, accident.due_at) == ("investigating", accident.investigate_by)
    services.submit(accident, head, {**causes, "indirect_cause": "培训不到位"}, [])
    services.approve(accident, world.who("leader"), approval="1号", authority="区政府", on=today())
    accident.refresh_from_db()
    assert (accident.state, accident.due_at) == ("following", None)


def test_it_closes_only_when_all_four_are_done(world: World) -> None:
    accident = following(world)
    officer, head = world.who("enforcement"), world.who("head")
    for item in ("cause", "people", "measures"):
        services.check(accident, officer, item, "见卷宗")
        with pytest.raises(Refused, match="有关人员未受到教育"):
            services.close(accident, head)
    with pytest.raises(ValidationError, match="依据"):
        services.check(accident, officer, "teaching", " ")
    with pytest.raises(Refused, match="已经销项"):
        services.check(accident, officer, "cause", "再来")
    services.check(accident, officer, "teaching", "", [samples.upload("教育记录.docx", samples.docx())])
    assert Check.objects.get(item="teaching").files == 1
    with pytest.raises(PermissionDenied):
        services.close(accident, officer)
    services.close(accident, head)
    accident.refresh_from_db()
    assert accident.state == "closed"
    assert accident.closed_at is not None


def test_it_does_not_close_while_a_report_is_owed(world: World) -> None:
    accident = following(world)
    duty, officer, head = (world.who(who) for who in ("duty", "enforcement", "head"))
    for item in ("cause", "people", "measures", "teaching"):
        services.check(accident, officer, item, "见卷宗")
    counts = {"deaths": 2, "injuries": 0, "loss": accident.loss}
    services.change_figures(accident, duty, counts, changed_at=now(), reason="伤者死亡")
    with pytest.raises(Refused, match="2 份事故报告"):
        services.close(accident, head)
    for row in accident.reports.filter(at__isnull=True):
        services.send(accident, duty, at=now(), text="死亡增至2人", owed=row)
    services.close(accident, head)
    assert not mine(duty).exists()


def test_nobody_is_let_off_while_somebody_has_to_answer(world: World, time_machine: Any) -> None:
    accident = following(world)
    officer, head = world.who("enforcement"), world.who("head")
    values = {"who": "青杠机械厂", "what": "罚款三十万元", "due_on": today() + timedelta(days=10)}
    row = services.sanction(accident, officer, values)
    with pytest.raises(Refused, match="没有全部办结"):
        services.check(accident, officer, "people", "见卷宗")
    time_machine.move_to(now() + timedelta(days=11))
    waiting = mine(officer).get(object_type="accidents.sanction")
    assert waiting.due_at is not None
    assert waiting.due_at < now()
    services.settle(accident, officer, row, done_on=today(), result="已缴款")
    assert not mine(officer).filter(object_type="accidents.sanction").exists()
    for item in ("cause", "people", "measures", "teaching"):
        services.check(accident, officer, item, "见卷宗")
    late = services.sanction(accident, officer, values)
    with pytest.raises(Refused, match="1 项未办结"):
        services.close(accident, head)
    services.settle(accident, officer, late, done_on=today(), result="已处理")
    services.close(accident, head)
    assert not Sanction.objects.filter(done_on=None).exists()


def test_what_was_no_accident_at_work_is_filed_and_not_investigated(world: World) -> None:
    accident = entered(world, is_work_safety=False)
    officer = world.who("enforcement")
    with pytest.raises(Refused, match="不组织事故调查"):
        services.investigate(accident, officer, [{"role": "leader", "name": "张", "unit": "局"}])
    services.file_away(accident, officer, "突发疾病")
    assert accident.state == "filed"
    with pytest.raises(Refused, match="须调查结案"):
        services.file_away(entered(world), officer, "突发疾病")


def test_putting_the_kind_right_moves_the_supplements_time_limit(world: World) -> None:
    accident = entered(world)
    with pytest.raises(ValidationError, match="没有改动"):
        services.correct(accident, world.who("duty"), {"kind": "09"}, "误")
    services.correct(accident, world.who("duty"), {"kind": "08"}, "实为火灾")
    accident.refresh_from_db()
    assert accident.supplement_by == end(accident, 7)
