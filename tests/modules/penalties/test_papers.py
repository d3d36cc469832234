"""Documents and steps: no step without its document, and the days of service are those of the documents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bianwang.modules.documents import services as documents
from bianwang.modules.penalties import papers, services
from bianwang.modules.penalties.models import Case
from bianwang.platform.clock import today
from bianwang.platform.workflow.errors import Refused
from tests.modules.documents.papers import issued, served
from tests.modules.penalties import cases
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

Step = Callable[[Case, World], Any]
FINE: dict[str, Any] = {"law": "old", "kinds": ["fine"], "fine": Decimal(50000)}


def _proved(world: World) -> Case:
    case = cases.filed(world)
    cases.proved(case, world)
    return case


def _reviewed(world: World) -> Case:
    case = cases.finished(world, fine="50000")
    services.review(case, world.who("head"), "适当")
    cases.papered(case, "hearing_notice")
    return case


def _heard(world: World) -> Case:
    case = cases.told(world, fine="50000")
    officer = world.who("enforcement")
    services.hear(case, officer)
    day = today()
    type(case.hearing).objects.filter(pk=case.hearing.pk).update(notified_on=day, held_on=day)
    case.hearing.refresh_from_db()
    return case


def _paid(world: World) -> Case:
    case = cases.served(world)
    services.publish(case, world.who("head"), document="1号", facts="未按规定培训")
    cases.paid(case, world, "40000")
    return case


def _late(world: World) -> Case:
    case = cases.served(world)
    day = today() - timedelta(days=1)
    Case.objects.filter(pk=case.pk).update(pay_by=day)
    case.pay_by = day
    return case


STEPS: tuple[tuple[Callable[[World], Case], str, str, Step], ...] = (
    (cases.entered, "filing", "拟好“立案审批表”", lambda c, w: services.apply(c, w.who("enforcement"))),
    (_proved, "report", "签发“案件调查报告”", lambda c, w: services.finish(c, w.who("enforcement"), **FINE)),
    (cases.finished, "review", "“法制审核意见书”", lambda c, w: services.review(c, w.who("head"), "适当")),
    (_reviewed, "advance_notice", "“行政处罚告知书”", lambda c, w: services.tell(c, w.who("enforcement"))),
    (_heard, "hearing", "“听证笔录”", lambda c, w: services.hold(c, w.who("enforcement"), "维持")),
    (cases.decided, "decision", "“行政处罚决定书”", lambda c, w: services.serve(c, w.who("enforcement"))),
    (_late, "demand", "“催告书”", lambda c, w: services.urge(c, w.who("enforcement"))),
    (_paid, "closing", "“结案审批表”", lambda c, w: services.close(c, w.who("head"))),
    (
        cases.filed, "transfer", "“案件移送书”",
        lambda c, w: services.transfer(c, w.who("head"), to_kind="judicial", to="区公安局", reason="涉嫌犯罪"),
    ),
    (
        cases.entered, "summary_decision", "“当场行政处罚决定书”",
        lambda c, w: services.summary(
            c, w.who("enforcement"), law="old", kinds=["warning"], fine=Decimal(0), reason="轻微"
        ),
    ),
)  # fmt: skip


def test_no_step_without_its_document(world: World) -> None:
    for made, kind, words, step in STEPS:
        case = made(world)
        assert case.dossier
        case.dossier.documents.filter(kind=kind).delete()
        with pytest.raises(Refused, match=words):
            step(case, world)
        cases.papered(case, kind)
        before = case.state
        step(case, world)
        assert case.state != before, kind


def test_a_draft_is_enough_to_ask_and_not_to_file(world: World) -> None:
    case = cases.entered(world, papers=())
    cases.papered(case, "filing", state="draft")
    services.apply(case, world.who("enforcement"))
    with pytest.raises(Refused, match="签发“立案审批表”"):
        services.file(case, world.who("head"))
    cases.papered(case, "filing", state="issued")
    services.file(case, world.who("head"))


def test_a_large_penalty_needs_the_notice_of_the_hearing_too(world: World) -> None:
    small, large = (cases.finished(world, fine=fine) for fine in ("49999.99", "50000"))
    for case in (small, large):
        services.review(case, world.who("head"), "适当")
        cases.papered(case, "advance_notice")
    services.tell(small, world.who("enforcement"))
    with pytest.raises(Refused, match="听证告知书"):
        services.tell(large, world.who("enforcement"))


def test_another_penalty_needs_another_notice(world: World) -> None:
    case = cases.deciding(world)
    officer, head, leader = (world.who(key) for key in ("enforcement", "head", "leader"))
    services.retell(case, leader, "拟加重处罚")
    assert (case.state, case.told_on, case.waived) == ("investigating", None, False)
    services.finish(case, officer, law="old", kinds=["fine"], fine=Decimal(45000))
    services.review(case, head, "适当")
    with pytest.raises(Refused, match="法制审核以后制发的"):
        services.tell(case, officer)
    cases.notified(case)
    services.tell(case, officer)


def test_what_was_preserved_is_disposed_of_in_writing(world: World) -> None:
    row = cases.measure(world, kind="preserve")
    dossier = row.case.dossier
    assert dossier
    dossier.documents.filter(kind__in=("preserve", "preserved")).delete()
    with pytest.raises(Refused, match="先行登记保存"):
        services.approve_measure(row, world.who("leader"))
    cases.papered(row.case, "preserve")
    services.approve_measure(row, world.who("leader"))
    with pytest.raises(Refused, match="请先在本案的案卷里"):
        services.decide_measure(row, world.who("enforcement"), "return")
    cases.papered(row.case, "preserved")
    services.decide_measure(row, world.who("enforcement"), "return")


def test_real_documents_carry_a_case_and_their_service_sets_its_days(world: World, time_machine: Any) -> None:
    time_machine.move_to("2026-03-02T10:00:00+08:00")
    case = cases.entered(world, papers=())
    officer, head, leader = (world.who(key) for key in ("enforcement", "head", "leader"))
    dossier = case.dossier
    assert dossier
    assert (dossier.kind, dossier.title, dossier.unit_id) == ("case", case.title, world.bureau.pk)
    issued(world, dossier, "filing")
    services.apply(case, officer)
    services.file(case, head)
    cases.proved(case, world)
    issued(world, dossier, "report")
    services.finish(case, officer, law="old", kinds=["fine"], fine=Decimal(40000))
    issued(world, dossier, "review")
    services.review(case, head, "适当")
    served(world, dossier, "advance_notice")
    time_machine.move_to("2026-03-03T10:00:00+08:00")
    services.tell(case, officer)
    assert case.told_on == today() - timedelta(days=1)
    services.waive(case, officer)
    services.conclude(case, officer)
    services.decide(case, leader, law="old", kinds=["fine"], fine=Decimal(40000), reason="一般档次")
    decision = issued(world, dossier, "decision")
    assert papers.number_of_decision(case) == decision.number
    with pytest.raises(Refused, match="签发并送达"):
        services.serve(case, officer)
    documents.serve(decision, officer, method="direct", on=today(), receiver="冯安全")
    time_machine.move_to("2026-03-05T10:00:00+08:00")
    services.serve(case, officer)
    assert (str(case.served_on), str(case.pay_by)) == ("2026-03-03", "2026-03-18")
