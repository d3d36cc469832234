"""Petitions: clocks at their boundaries, who may do what, and nobody named."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse

from bianwang.modules.outreach.models import Petition, Petitioner
from bianwang.modules.outreach.queries import petitions as queries
from bianwang.modules.outreach.services import petitions as services, read_identity, save_identity
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.ledger.models import Entry
from bianwang.platform.todo.queries import mine
from bianwang.platform.workflow.errors import Refused
from bianwang.platform.workflow.services import advance
from tests.modules.outreach.calls import PERSON, entered
from tests.modules.outreach.people import answered, handled, petition
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

SECRETS = ("欧阳举报", "13912345678", "500227199001011239")


def end(moment: datetime, days: int) -> datetime:
    return datetime.combine(moment.astimezone(SHANGHAI).date() + timedelta(days=days), time(23, 59, 59), SHANGHAI)


def test_from_the_letter_to_the_last_opinion(world: World) -> None:
    duty, town = world.who("duty"), world.who("town")
    row = petition(world)
    assert row.due_at == end(row.received_at, 15)
    assert row.number.startswith("信访〔")
    services.accept_petition(row, duty)
    assert row.due_at == end(now(), 60)
    services.transfer_petition(row, duty, world.town)
    assert [item.due_at for item in mine(town)] == [row.due_at]
    services.answer_petition(row, town, "已补发")
    assert row.due_at == end(now(), 30)
    with pytest.raises(Refused, match="期满后才能办结"):
        services.close_petition(row, duty)
    for ask, tell, field in (
        ("review", services.review_answered, "review_opinion"),
        ("recheck", services.recheck_answered, "recheck_opinion"),
    ):
        advance(row, ask, duty)
        assert row.due_at == end(now(), 30)
        with pytest.raises(ValidationError, match="写明意见"):
            tell(row, duty, " ")
        tell(row, duty, "维持原意见")
        assert getattr(row, field) == "维持原意见"
    assert (row.state, row.due_at) == ("closed", None)
    assert row.closed_at is not None


@pytest.mark.parametrize(
    ("seconds", "refused", "done", "state"), [(-1, "close", "review", "reviewing"), (1, "review", "close", "closed")]
)
def test_the_days_to_ask_for_a_review(
    world: World, time_machine: Any, seconds: int, refused: str, done: str, state: str
) -> None:
    row = answered(world)
    assert row.due_at is not None
    time_machine.move_to(row.due_at + timedelta(seconds=seconds))
    with pytest.raises(Refused):
        advance(row, refused, world.who("duty"))
    advance(row, done, world.who("duty"))
    assert row.state == state


def test_thirty_more_days_once_and_from_the_leader(world: World) -> None:
    row = handled(world)
    for who in ("head", "town", "duty"):
        with pytest.raises(PermissionDenied):
            services.extend_petition(row, world.who(who), "案情复杂")
    services.extend_petition(row, world.who("leader"), "案情复杂")
    assert row.due_at == end(row.accepted_at or now(), 90)
    with pytest.raises(Refused, match="一次"):
        services.extend_petition(row, world.who("leader"), "再延")


def test_late_is_what_the_authority_owes(world: World, time_machine: Any) -> None:
    waiting, working, told = petition(world), handled(world), answered(world)
    assert waiting.due_at is not None
    time_machine.move_to(waiting.due_at)
    assert queries.overdue_count(world.who("head")) == 0
    time_machine.move_to(waiting.due_at + timedelta(seconds=1))
    assert queries.overdue_count(world.who("head")) == 1
    assert told.due_at is not None
    time_machine.move_to(told.due_at + timedelta(seconds=1))
    assert queries.overdue_count(world.who("head")) == 1, "the petitioner's days make nobody late"
    assert working.due_at is not None
    time_machine.move_to(working.due_at + timedelta(seconds=1))
    assert [queries.overdue_count(world.who(who)) for who in ("head", "town", "town2")] == [2, 1, 0]


def test_who_sees_and_handles_it(world: World) -> None:
    row = petition(world)
    with pytest.raises(Http404):
        services.answer_petition(row, world.who("town"), "早了")
    services.accept_petition(row, world.who("duty"))
    with pytest.raises(ValidationError, match="只能转给"):
        services.transfer_petition(row, world.who("duty"), world.plant)
    services.transfer_petition(row, world.who("duty"), world.department)
    services.recall_petition(row, world.who("duty"), "不属其职责")
    services.transfer_petition(row, world.who("duty"), world.town)
    with pytest.raises(Http404):
        services.answer_petition(row, world.who("department"), "不是我")
    for who in ("safety", "village", "system"):
        with pytest.raises(PermissionDenied):
            services.answer_petition(row, world.who(who), "不行")
    services.answer_petition(row, world.who("town"), "已办")
    services.settle_petition(row, world.who("duty"), "已书面同意")
    assert row.state == "closed"


def test_whoever_wrote_is_sealed_and_each_reading_is_told(world: World, client_for: ClientFor) -> None:
    with pytest.raises(ValidationError, match="姓名"):
        petition(world, PERSON, summary="欧阳举报反映补偿")
    row = handled(world)
    save_identity(row, world.who("duty"), PERSON)
    assert not any(secret.encode() in bytes(Petitioner.objects.get().sealed) for secret in SECRETS)
    head = client_for("head")
    for url in (row.get_absolute_url(), reverse("outreach:petitions"), f"{reverse('outreach:petitions')}?export=xlsx"):
        page = head.get(url)
        assert page.status_code == 200
        assert not any(secret in page.content.decode(errors="replace") for secret in SECRETS), url
    with pytest.raises(PermissionDenied):
        read_identity(world.who("town"), row, "核对身份")
    url = reverse("outreach:petitioner", args=[row.pk])
    assert head.post(url, {"reason": ""}).status_code == 422
    page = head.post(url, {"reason": "答复前核对身份"}).content.decode()
    assert all(secret in page for secret in SECRETS)
    assert Entry.objects.filter(verb="outreach.identity_read").count() == 1
    assert not any(secret in str(list(Entry.objects.values_list("changes", "reason"))) for secret in SECRETS)


def test_it_is_entered_through_the_page_with_its_call(world: World, client_for: ClientFor) -> None:
    call = entered(world)
    given = {"form": "visit", "category": "mine", "people": 12, "summary": "要求补偿", "call": call.pk, "name": "欧阳"}
    assert client_for("duty").post(reverse("outreach:petition_new"), given).status_code == 302
    row = Petition.objects.get()
    assert (row.people, row.call_id) == (12, call.pk)
    page = client_for("head").get(row.get_absolute_url()).content.decode()
    assert call.get_absolute_url() in page
    assert "实名（加密保存）" in page
    late = client_for("duty").post(reverse("outreach:petition_new"), {**given, "received_at": "2099-01-01T00:00"})
    assert late.status_code == 422


def test_a_year_by_category_leads_to_its_rows(world: World, client_for: ClientFor) -> None:
    petition(world)
    petition(world, category="service")
    petition(world, category="service", people=3)
    year = now().astimezone(SHANGHAI).year
    figures = queries.by_category(world.who("head"), year)
    assert [(figure.name, figure.value) for figure in figures] == [
        ("关闭煤矿企业职工利益诉求", "1"),
        ("参战人员生活困难", "2"),
    ]
    client = client_for("head")
    for figure in [*figures, queries.year_figures(world.who("head"), year)[0]]:
        assert client.get(figure.url).context["sheet"].paginator.count == int(figure.value)
    assert queries.by_category(world.who("safety"), year) == []
