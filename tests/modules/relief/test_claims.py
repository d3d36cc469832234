"""Households: twice is blocked, the notice must end, numbers are sealed, appeals, escalation, the phone form."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client

from bianwang.modules.relief.models import Claim, Intake, Person, Programme, Secret
from bianwang.modules.relief.services import appeals, claims, clock, intake, meetings, secrets
from bianwang.platform.clock import now, today
from bianwang.platform.ledger.models import Entry
from bianwang.platform.messages.models import Message
from bianwang.platform.todo.models import Todo
from bianwang.platform.workflow.errors import Refused
from tests.modules.relief import things
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def test_the_same_person_is_helped_once_for_one_loss(world: World) -> None:
    flood = things.rebuilding(world)
    people = things.people(2)
    first = things.reported(world, flood, people=people, rooms=2)
    repair = things.programme(world, kind="repair_light", disaster=flood.disaster)
    for programme in (flood, repair):
        # Also a member, as the head of a household of his own.
        with pytest.raises(ValidationError, match="不能重复申请"):
            things.reported(world, programme, people=[people[1]], rooms=1)
    with pytest.raises(ValidationError, match="两次"):
        things.reported(world, flood, people=[people[0], people[0]], rooms=1)
    # Other help, and help for another disaster, is only flagged.
    other = things.reported(world, people=people)
    another = things.reported(world, things.rebuilding(world), people=people, rooms=1)
    page = claims_page(world, other)
    assert first.number in page
    assert another.number in page
    # Who withdrew may claim again.
    claims.withdraw(first, world.who("village"), "登记错了项目")
    assert things.reported(world, flood, people=people, rooms=2).pk


def claims_page(world: World, claim: Claim) -> str:
    client = Client()
    client.force_login(world.who("leader"))
    return client.get(claim.get_absolute_url()).content.decode()


def test_what_the_policy_counts_must_be_filled_in(world: World) -> None:
    with pytest.raises(ValidationError, match="间数"):
        things.reported(world, things.rebuilding(world))
    assert not Claim.objects.exists()


def test_villages_enter_their_own_households_only(world: World) -> None:
    programme, household = things.programme(world), things.household()
    with pytest.raises(ValidationError, match="本村"):
        claims.report(world.who("village"), programme, world.village2, household)
    with pytest.raises(ValidationError, match="所在的村"):
        claims.report(world.who("town"), programme, world.town, household)
    with pytest.raises(PermissionDenied):
        claims.report(world.who("leader"), programme, world.village, household)


def test_nothing_goes_upwards_before_the_notice_has_ended(world: World) -> None:
    row = things.reported(world)
    meeting = things.met(world, row)
    row.refresh_from_db()
    assert meeting.notice_to == today() + timedelta(days=5)
    for last in (today(), meeting.notice_to):
        type(meeting).objects.update(notice_to=last)
        row.refresh_from_db()
        with pytest.raises(Refused, match="公示到"):
            claims.submit(row, world.who("village"))
    objection = meetings.note_objection(row, world.who("village"), "常年不在本村居住")
    things.notice_ended(row)
    with pytest.raises(Refused, match="异议"):
        claims.submit(row, world.who("village"))
    meetings.settle_objections(row, world.who("village"), "经核实在本村居住", is_right=False)
    objection.refresh_from_db()
    assert objection.finding
    claims.submit(row, world.who("village"))
    assert row.state == "submitted"


def test_an_objection_that_is_right_ends_the_claim(world: World) -> None:
    row = things.reported(world)
    things.met(world, row)
    row.refresh_from_db()
    meetings.note_objection(row, world.who("village"), "不是唯一住房")
    meetings.settle_objections(row, world.who("village"), "确有另一处住房", is_right=True)
    assert row.state == "refused"
    assert not Person.objects.filter(claim=row, once__isnull=False).exists()


@pytest.mark.parametrize(("yes", "state"), [(2, "refused"), (3, "public")])
def test_more_than_half_must_be_for_it(world: World, yes: int, state: str) -> None:
    row = things.reported(world)
    things.met(world, row, yes=yes)
    row.refresh_from_db()
    assert (row.state, row.votes) == (state, yes)


def test_every_level_gives_back_with_a_reason(world: World) -> None:
    row = things.submitted(world)
    with pytest.raises(Refused, match="理由"):
        claims.give_back(row, world.who("town"), " ")
    claims.give_back(row, world.who("town"), "缺少照片")
    assert (row.state, row.meeting) == ("reported", None)
    row = things.checked(world)
    claims.send_back(row, world.who("leader"), "人口有误")
    assert row.state == "submitted"
    claims.refuse(row, world.who("town"), "不符合条件")
    assert row.state == "refused"


def test_the_town_puts_rooms_right_and_the_amount_follows(world: World) -> None:
    row = things.submitted(world, what=things.rebuilding(world), rooms=3)
    before = row.amount
    claims.amend(row, world.who("town"), {"rooms": 2, "days": 0}, "一间为厨房")
    assert row.amount == before / 3 * 2
    with pytest.raises(ValidationError, match="没有改动"):
        claims.amend(row, world.who("town"), {"rooms": 2, "days": 0}, "无")


def test_numbers_are_sealed_masked_and_every_look_is_told(world: World, client_for: ClientFor) -> None:
    row = things.reported(world)
    number = secrets.opened(row).people[0].id_number
    secrets_of = (number, things.PHONE, things.ACCOUNT)
    assert not any(text.encode() in bytes(Secret.objects.get().sealed) for text in secrets_of)
    finance = client_for("finance")
    url = f"/relief/{row.pk}/numbers/"
    assert number not in finance.get(url).content.decode()
    assert finance.post(url, {"reason": "核"}).status_code == 422
    shown = finance.post(url, {"reason": "核对银行退回"})
    assert all(text in shown.content.decode() for text in secrets_of)
    assert shown["Cache-Control"] == "no-store"
    assert Entry.objects.get(verb="relief.read_numbers").reason == "核对银行退回"
    for key in ("village", "town", "leader", "finance"):
        pages = [client_for(key).get(path).content.decode() for path in ("/relief/", row.get_absolute_url())]
        pages.append(client_for(key).get("/relief/?export=xlsx&col=id_mask").content.decode("latin-1"))
        assert not any(text in page for text in secrets_of for page in pages)
    told = "".join(f"{entry.changes}{entry.reason}{entry.object_label}" for entry in Entry.objects.all())
    assert not any(text in told for text in secrets_of)


def test_exchanged_numbers_are_noticed(world: World) -> None:
    first, second = things.reported(world), things.reported(world)
    Secret.objects.filter(claim=second).update(sealed=Secret.objects.get(claim=first).sealed)
    second.refresh_from_db()
    with pytest.raises(ValidationError, match="不符"):
        secrets.opened(second)


def test_the_notice_masks_names_and_numbers(world: World, client_for: ClientFor) -> None:
    row = things.reported(world)
    meeting = things.met(world, row)
    page = client_for("village").get(f"/relief/meetings/{meeting.pk}/notice/").content.decode()
    assert row.head not in page
    assert row.id_mask in page
    assert secrets.opened(row).people[0].id_number not in page


def test_an_appeal_that_is_right_goes_back_to_the_town(world: World) -> None:
    appeal = things.appealed(world)
    with pytest.raises(Refused, match="申诉"):
        appeals.file(appeal.claim, world.who("village"), "再次申诉")
    with pytest.raises(PermissionDenied):
        appeals.uphold(appeal, world.who("town"), "同意")
    appeals.uphold(appeal, world.who("head"), "现场复核为唯一住房")
    claim = Claim.objects.get(pk=appeal.claim_id)
    assert claim.state == "submitted"
    assert claim.people.filter(once__isnull=False).count() == claim.persons


def test_an_appeal_cannot_bring_help_a_second_time(world: World) -> None:
    people = things.people(2)
    appeal = things.appealed(world, people=people)
    things.reported(world, people=people)
    with pytest.raises(ValidationError, match="不能重复"):
        appeals.uphold(appeal, world.who("head"), "现场复核")
    appeal.refresh_from_db()
    assert appeal.state == "filed"


def test_a_dismissed_appeal_leaves_the_claim(world: World) -> None:
    appeal = things.appealed(world)
    appeals.dismiss(appeal, world.who("head"), "复核属实，维持")
    assert Claim.objects.get().state == "refused"


def test_lateness_is_told_twice(world: World) -> None:
    row = things.reported(world)
    for days, level in ((0, 0), (1, 1), (1, 1), (4, 2), (9, 2)):
        Claim.objects.update(due_at=now() - timedelta(days=days) + timedelta(minutes=1))
        clock.escalate_overdue()
        row.refresh_from_db()
        assert row.escalation == level
    assert Todo.objects.filter(title__contains="救助逾期").count() == 2


def test_a_stranger_learns_nothing(world: World) -> None:
    row = things.submitted(world)
    for step in (claims.check, claims.submit):
        with pytest.raises((PermissionDenied, Http404)):
            step(row, world.who("town2"))


def household_form(world: World, serial: int, **values: Any) -> dict[str, Any]:
    return {
        "owner": world.village.pk,
        "head": "测试自报",
        "id_number": things.id_number(serial),
        "phone": "13900001111",
        "account": things.ACCOUNT,
        "members": f"测试成员 {things.id_number(serial + 1)}",
        "situation": "冬春口粮不足",
        **values,
    }


def test_a_household_reports_itself_with_the_code_from_its_phone(world: World) -> None:
    client, programme = Client(), things.programme(world)
    start = f"/relief/self/{programme.token}/"
    answer = client.post(start, household_form(world, 801))
    assert answer.status_code == 302
    assert not Claim.objects.exists()
    assert things.id_number(801).encode() not in bytes(Intake.objects.get().sealed)
    text = Message.objects.get(about="救助自报确认码").text
    code = re.search(r"\d{6}", text)
    assert code
    assert things.id_number(801) not in text
    wrong = "000000" if code[0] != "000000" else "111111"
    assert client.post(answer.url, {"code": wrong}).status_code == 422
    assert "已收到" in client.post(answer.url, {"code": code[0]}).content.decode()
    claim = Claim.objects.get()
    assert (claim.source, claim.reported_by, claim.persons, claim.state) == ("self", None, 2, "reported")
    # Sent again, nothing happens; nobody can try codes for ever, nor flood a telephone.
    assert client.post(answer.url, {"code": code[0]}).status_code == 422
    assert Claim.objects.count() == 1
    answer = client.post(start, household_form(world, 811))
    for _ in range(intake.MOST_ATTEMPTS):
        client.post(answer.url, {"code": "x" * 6})
    assert "次数过多" in client.post(answer.url, {"code": "x" * 6}).content.decode()
    for _ in range(intake.MOST_A_DAY - 1):
        client.post(start, household_form(world, 811))
    assert "多次" in client.post(start, household_form(world, 811)).content.decode()


def test_old_forms_and_closed_programmes_take_nothing(world: World) -> None:
    client, programme = Client(), things.programme(world)
    answer = client.post(f"/relief/self/{programme.token}/", household_form(world, 821))
    Intake.objects.update(made_at=now() - intake.LIFETIME - timedelta(seconds=1))
    assert "过期" in client.post(answer.url, {"code": "123456"}).content.decode()
    Intake.objects.update(made_at=now() - timedelta(days=2))
    intake.forget_old()
    assert not Intake.objects.exists()
    type(programme).objects.update(is_open=False)
    assert client.get(f"/relief/self/{programme.token}/").status_code == 410
    assert client.get("/relief/self/unknown/").status_code == 404


def test_a_household_is_asked_for_what_its_help_counts_and_for_nothing_else(world: World) -> None:
    client, winter, rebuilding = Client(), things.programme(world), things.rebuilding(world)
    cases: tuple[tuple[Programme, set[str]], ...] = ((winter, set()), (rebuilding, {"rooms"}))
    for programme, asked in cases:
        url = f"/relief/self/{programme.token}/"
        assert {"rooms", "days"} & set(client.get(url).context["form"].fields) == asked
    answer = client.post(f"/relief/self/{rebuilding.token}/", household_form(world, 831))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["rooms"]
    assert client.post(f"/relief/self/{winter.token}/", household_form(world, 831)).status_code == 302


def test_the_town_puts_right_only_what_is_counted(world: World, client_for: ClientFor) -> None:
    town, what = client_for("town"), things.rebuilding(world)
    plain, counted = things.submitted(world), things.submitted(world, what=what, rooms=3)
    assert "step/amend/" not in town.get(plain.get_absolute_url()).content.decode()
    with pytest.raises(Refused, match="退回重新评议"):
        claims.amend(plain, world.who("town"), {"rooms": 2}, "改")
    url = f"{counted.get_absolute_url()}step/amend/"
    form = town.get(url).context["form"]
    assert ("rooms" in form.fields, "days" in form.fields) == (True, False)
    assert town.post(url, {"rooms": 2, "reason": "一间为厨房"}).status_code == 302
    counted.refresh_from_db()
    assert (counted.rooms, counted.amount) == (2, Decimal(10000))


def test_who_enters_votes_reads_whose_and_for_what(world: World, client_for: ClientFor) -> None:
    row = things.reported(world)
    page = client_for("village").get(f"/relief/meetings/new/{row.programme.pk}/{world.village.pk}/").content.decode()
    assert f"{world.village}，{row.programme}。" in page


def test_only_what_leads_on_stands_out(world: World, client_for: ClientFor) -> None:
    """The blue button brings a household nearer to its money; putting right and taking back do not stand out."""
    waiting, told = things.reported(world), things.submitted(world)
    village = client_for("village").get(waiting.get_absolute_url()).content.decode()
    assert "更正银行账号</a>" in village
    assert not re.search(r'<a class="btn btn-primary"[^>]*/step/', village)
    town = client_for("town").get(told.get_absolute_url()).content.decode()
    assert re.search(r'<a class="btn btn-primary"[^>]*/step/check/">审核通过</a>', town)
