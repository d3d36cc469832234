"""Applications from the counter to the licence, and licences until they run out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from bianwang.modules.licensing import pack, running, services
from bianwang.modules.licensing.models import Application, Licence
from bianwang.modules.licensing.queries import ending_count, overdue_count, search
from bianwang.modules.licensing.sheets import LICENCES
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.config import ConfigError
from bianwang.platform.ledger.models import Entry
from bianwang.platform.todo.queries import mine
from bianwang.platform.workflow.errors import Refused
from tests.modules.licensing.matters import accepted, applied, granted, held, look, visited
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

MONDAY = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday(time_machine: Any) -> None:
    time_machine.move_to(MONDAY, tick=False)


def day(application: Application) -> date | None:
    return application.due_at.date() if application.due_at else None


def test_from_the_counter_to_the_licence(world: World) -> None:
    application = applied(world, who="safety")
    assert (application.state, application.number, day(application)) == ("submitted", "许可〔2026〕1", date(2026, 3, 9))
    officer, head = world.who("enforcement"), world.who("head")
    services.accept(application, officer)
    # Thirty working days after Monday, 2 March: Tomb-sweeping Day, Monday 6 April, does not count.
    assert (application.limit_days, day(application)) == (30, date(2026, 4, 14))
    with pytest.raises(Refused, match="现场核查"):
        services.decide(application, head, granted=True, reason="", paper={"number": "1号"})
    look(world, application)
    with pytest.raises(ValidationError, match="证书编号"):
        services.decide(application, head, granted=True, reason="", paper={})
    services.decide(application, head, granted=True, reason="", paper={"number": "1号"})
    licence = Licence.objects.get()
    assert (licence.valid_from, licence.valid_to) == (date(2026, 3, 2), date(2029, 3, 1))
    assert (application.licence, application.spent_days, day(application)) == (licence, 0, date(2026, 3, 16))
    with pytest.raises(ValidationError, match="不能早于决定日期"):
        services.deliver(application, officer, date(2026, 3, 1), "邮寄")
    services.deliver(application, officer, date(2026, 3, 2), "直接送达")
    assert (application.state, application.due_at) == ("delivered", None)
    assert not mine(officer).exists()


def test_correction_is_told_once_and_the_clock_of_acceptance_starts_anew(world: World, time_machine: Any) -> None:
    application, officer = applied(world), world.who("enforcement")
    with pytest.raises(Refused, match="理由"):
        services.ask_correction(application, officer, ["营业执照复印件"], "")
    services.ask_correction(application, officer, ["营业执照复印件"], "缺营业执照")
    assert (application.state, application.due_at) == ("correcting", None)
    assert mine(world.who("safety")).exists()
    time_machine.move_to(MONDAY + timedelta(days=30), tick=False)
    services.resubmit(application, world.who("safety"))
    assert (application.submitted_on, day(application)) == (date(2026, 4, 1), date(2026, 4, 9))
    with pytest.raises(Refused, match="一次性告知过"):
        services.ask_correction(application, officer, [], "还缺")


@pytest.mark.parametrize(("days", "starts"), [(7, date(2026, 3, 9)), (8, date(2026, 3, 2))])
def test_who_answers_too_late_has_accepted_on_the_first_day(
    world: World, time_machine: Any, days: int, starts: date
) -> None:
    application = applied(world)
    time_machine.move_to(MONDAY + timedelta(days=days), tick=False)
    services.accept(application, world.who("enforcement"))
    assert application.accepted_on == starts


def test_papers_entered_days_later_are_answered_from_the_day_they_came(world: World) -> None:
    # Monday, 23 February was the last day of the Spring Festival; 28 February was a working Saturday.
    application = applied(world, submitted_on=date(2026, 2, 23))
    assert day(application) == date(2026, 2, 28)
    services.accept(application, world.who("enforcement"))
    assert application.accepted_on == date(2026, 2, 23)


def test_the_clock_stops_exactly(world: World, time_machine: Any) -> None:
    application, officer = accepted(world), world.who("enforcement")
    with pytest.raises(ValidationError, match="不扣除"):
        services.stop(application, officer, "holiday", "无此原因")
    time_machine.move_to(MONDAY + timedelta(days=2), tick=False)
    services.stop(application, officer, "rectification", "整改")
    assert (application.state, application.due_at) == ("stopped", None)
    time_machine.move_to(MONDAY + timedelta(days=9), tick=False)
    clock = running.clock(application)
    assert clock is not None
    assert (clock.used, clock.left, clock.due) == (2, 28, None)
    services.resume(application, officer)
    # Five working days (5, 6, 9, 10, 11 March) did not count.
    assert day(application) == date(2026, 4, 21)
    time_machine.move_to(MONDAY + timedelta(days=10), tick=False)
    assert running.used(application, today()) == 3


def test_a_kind_without_pauses_has_none(world: World) -> None:
    application = accepted(world, kind="toxic_report", scope="氰化钠")
    with pytest.raises(ValidationError, match="不扣除"):
        services.stop(application, world.who("enforcement"), "correction", "缺材料")


def test_extension_once_and_from_the_leader(world: World) -> None:
    application = accepted(world)
    with pytest.raises(PermissionDenied):
        services.extend(application, world.who("head"), "复杂")
    services.extend(application, world.who("leader"), "案情复杂")
    assert (application.whole_limit, day(application)) == (40, date(2026, 4, 28))
    with pytest.raises(Refused, match="一次"):
        services.extend(application, world.who("leader"), "再延")


def test_what_is_decided_above_is_handed_up_and_keeps_its_time(world: World, time_machine: Any) -> None:
    application, officer, head = accepted(world, kind="hazchem_use"), world.who("enforcement"), world.who("head")
    with pytest.raises(Refused, match="转报"):
        services.decide(application, head, granted=False, reason="不符合", paper={})
    with pytest.raises(Refused, match="现场核查"):
        services.forward(application, officer)
    look(world, application)
    time_machine.move_to(MONDAY + timedelta(days=1), tick=False)
    services.forward(application, officer)
    assert (application.state, application.spent_days, application.due_at) == ("forwarded", 1, None)
    time_machine.move_to(MONDAY + timedelta(days=90), tick=False)
    services.decide(application, head, granted=True, reason="", paper={"number": "市1号"})
    assert (application.spent_days, Licence.objects.get().issued_by) == (1, "市应急管理局")
    with pytest.raises(Refused, match="不转报"):
        services.forward(visited(world), officer)


def test_a_refusal_has_a_reason_and_gives_no_licence(world: World) -> None:
    application = accepted(world)
    with pytest.raises(ValidationError, match="说明理由"):
        services.decide(application, world.who("head"), granted=False, reason=" ", paper={})
    services.decide(application, world.who("head"), granted=False, reason="场所不符合要求", paper={})
    assert (application.decision, Licence.objects.count()) == ("refused", 0)


@pytest.mark.parametrize("people", [("enforcement",), ("enforcement", "enforcement"), ("enforcement", "duty")])
def test_two_officers_look_on_site(world: World, people: tuple[str, ...]) -> None:
    application = accepted(world)
    with pytest.raises(ValidationError, match="核查"):
        look(world, application, *people)
    assert not application.visits.exists()


def test_late_applications_are_escalated_once_in_a_state(world: World, time_machine: Any) -> None:
    application = accepted(world)
    leader = world.who("leader")
    time_machine.move_to(application.due_at, tick=False)
    services.escalate_late()
    assert (overdue_count(leader), mine(leader).count()) == (0, 0)
    time_machine.move_to(application.due_at + timedelta(seconds=1), tick=False)
    services.escalate_late()
    services.escalate_late()
    assert overdue_count(leader) == 1
    assert [row.title for row in mine(leader)] == [f"逾期：{application}（审查中）"]
    application.refresh_from_db()
    look(world, application)
    services.decide(application, world.who("head"), granted=True, reason="", paper={"number": "1号"})
    assert application.spent_days == 31
    assert "逾期" not in "".join(row.title for row in mine(leader))


@pytest.mark.parametrize(
    ("action", "valid_to", "scope", "state"),
    [
        ("renew", date(2029, 3, 1), "二甲苯", "valid"),
        ("change", date(2026, 6, 1), "甲苯", "valid"),
        ("replace", date(2026, 6, 1), "二甲苯", "valid"),
        ("cancel", date(2026, 6, 1), "二甲苯", "cancelled"),
        ("withdraw", date(2026, 6, 1), "二甲苯", "withdrawn"),
    ],
)
def test_what_an_application_does_to_a_licence(
    world: World, action: str, valid_to: date, scope: str, state: str
) -> None:
    licence = held(world, date(2026, 6, 1))
    services.keep_licences()
    application = applied(world, action=action, licence=licence, scope="甲苯" if action == "change" else "")
    services.accept(application, world.who("enforcement"))
    look(world, application)
    licence.refresh_from_db()
    assert (licence.scope, licence.state) == ("二甲苯", "valid")
    services.decide(application, world.who("head"), granted=True, reason="", paper={})
    licence.refresh_from_db()
    assert (licence.valid_to, licence.scope, licence.state) == (valid_to, scope, state)
    reminded = [row for row in mine(world.who("safety")) if "到期" in row.title]
    assert bool(reminded) == (action in {"change", "replace"})


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"scope": " "}, "许可范围"),
        ({"action": "renew"}, "请选择要延期"),
        ({"kind": "toxic_report", "action": "cancel"}, "不办理注销"),
        ({"submitted_on": date(2026, 3, 3)}, "不能晚于今天"),
    ],
)
def test_what_cannot_be_applied_for(world: World, values: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        applied(world, **values)
    assert Application.objects.count() == 0


def test_a_licence_of_another_or_one_that_ran_out_or_is_in_hand(world: World) -> None:
    theirs = held(world, owner=world.other, number="他1号")
    with pytest.raises(ValidationError, match="不是该单位的"):
        applied(world, action="renew", licence=theirs)
    gone = held(world, date(2026, 3, 1), number="旧2号")
    services.keep_licences()
    gone.refresh_from_db()
    assert gone.state == "expired"
    with pytest.raises(ValidationError, match="已到期"):
        applied(world, action="renew", licence=gone)
    assert applied(world, action="cancel", licence=gone).state == "submitted"
    with pytest.raises(ValidationError, match="在办的申请"):
        applied(world, action="cancel", licence=gone)


def test_validity_is_no_longer_than_the_law_allows(world: World) -> None:
    application = visited(world)
    for last in (date(2029, 3, 2), date(2026, 3, 2)):
        with pytest.raises(ValidationError, match="有效期最长 3 年"):
            services.decide(
                application, world.who("head"), granted=True, reason="", paper={"number": "1", "valid_to": last}
            )
    assert (Licence.objects.count(), application.state) == (0, "reviewing")


def test_the_holder_and_the_office_are_told_before_the_end(world: World, time_machine: Any) -> None:
    licence = held(world, date(2026, 9, 3))
    services.keep_licences()
    assert ending_count(world.who("safety")) == 0
    time_machine.move_to(datetime(2026, 3, 3, 2, tzinfo=UTC), tick=False)
    services.keep_licences()
    services.keep_licences()
    told = [len([row for row in mine(world.who(who)) if "到期" in row.title]) for who in ("safety", "head", "safety2")]
    assert told == [1, 2, 0]
    assert (ending_count(world.who("safety")), ending_count(world.who("safety2"))) == (1, 0)
    for moment, months in ((datetime(2026, 6, 3, 2), 3), (datetime(2026, 8, 3, 2), 1)):
        time_machine.move_to(moment.replace(tzinfo=UTC), tick=False)
        services.keep_licences()
        licence.refresh_from_db()
        assert licence.reminded == months
    assert Entry.objects.filter(verb="licensing.remind").count() == 3
    time_machine.move_to(datetime(2026, 9, 3, 16, 30, tzinfo=UTC), tick=False)
    services.keep_licences()
    licence.refresh_from_db()
    assert licence.state == "expired"
    assert not [row for row in mine(world.who("safety")) if "到期" in row.title]
    assert mine(world.who("head")).exists()
    services.revoke(licence, world.who("head"), "处罚决定1号")
    assert not mine(world.who("head")).exists()


def test_each_enterprise_has_its_own(world: World, owner: Any, teammate: Any, stranger: Any) -> None:
    application = granted(world)
    licence = application.licence
    assert licence is not None
    for who in (owner, teammate, world.who("town")):
        assert access.get(who, Licence, licence.pk, "licensing.view") == licence
        assert len(search(who, "渝璧危经")) == 1
    for person in (stranger, world.who("town2")):
        assert search(person, "渝璧危经") == []
        for model, pk in ((Licence, licence.pk), (Application, application.pk)):
            with pytest.raises(Http404):
                access.get(person, model, pk, "licensing.view")
    with pytest.raises(Http404):
        applied(world, who="safety2")
    with pytest.raises(PermissionDenied):
        applied(world, who="safety", action="withdraw", licence=licence)
    with pytest.raises(PermissionDenied):
        services.accept(applied(world), owner)


def row(world: World, **values: Any) -> dict[str, Any]:
    return {
        "credit_code": world.plant.credit_code, "kind": "hazchem_trade", "number": "旧1号", "scope": "二甲苯",
        "issued_by": "区应急管理局", "issued_on": date(2024, 1, 1), "valid_from": date(2024, 1, 1),
        "valid_to": date(2026, 12, 31), **values,
    }  # fmt: skip


def test_a_list_comes_twice_and_brings_what_changed(world: World) -> None:
    user = world.who("head")
    assert LICENCES.check
    LICENCES.apply(user, [row(world)])
    entries = Entry.objects.count()
    LICENCES.apply(user, [row(world)])
    assert Entry.objects.count() == entries
    LICENCES.apply(user, [row(world, valid_to=date(2027, 1, 1))])
    assert Licence.objects.get().valid_to == date(2027, 1, 1)
    faults = LICENCES.check(
        user,
        [
            row(world),
            row(world, credit_code="无"),
            row(world, valid_to=date(2023, 1, 1)),
            row(world, credit_code=world.other.credit_code),
        ],
    )
    assert {index: list(found) for index, found in faults.items()} == {
        1: ["credit_code"],
        2: ["valid_to"],
        3: ["number"],
    }


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("days: 30\n", "days: 0\n", "至少 1 日"),
        ("actions: [new, renew,", "actions: [fly, renew,", "不认识的 actions"),
        ("code: hazchem_use", "code: hazchem_trade", "有效期重叠"),
        ("remind_months: [6, 3, 1]", "remind_months: []", "remind_months"),
        ("paper: 危险化学品经营许可证", "papier: 证", "papier|paper"),
    ],
)
def test_a_wrong_pack_is_refused_in_one_sentence(old: str, new: str, words: str) -> None:
    source = Path(pack.__file__).parents[2] / "districts" / "bishan" / "licences.yaml"
    raw = yaml.safe_load(source.read_text("utf-8").replace(old, new, 1))
    with pytest.raises(ConfigError, match=words):
        pack.read(raw)
