"""Who reported: encrypted, read with permission and reason only, told to the ledger, and nowhere else."""

from __future__ import annotations

import io
import stat
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from openpyxl import load_workbook

from bianwang.modules.outreach import services
from bianwang.modules.outreach.models import Call, Identity
from bianwang.modules.outreach.queries import search
from bianwang.platform.config import ConfigError, config
from bianwang.platform.crypto import seal, unseal
from bianwang.platform.ledger.models import Entry
from bianwang.platform.todo.models import Todo
from tests.modules.outreach.calls import PERSON, dispatched, entered, rewarded
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

SECRETS = (PERSON.name, PERSON.phone, PERSON.id_number, PERSON.account)


def told(text: str) -> list[str]:
    """Secrets that stand in a text."""
    return [secret for secret in SECRETS if secret in text]


def test_it_is_sealed_with_a_key_that_only_the_service_reads(world: World) -> None:
    call = entered(world, PERSON)
    sealed = bytes(Identity.objects.get(call=call).sealed)
    assert not any(secret.encode() in sealed for secret in SECRETS)
    key = config().path("secrets", "identity_key")
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert unseal(seal(b"x")) == b"x"
    with pytest.raises(ConfigError, match="BIAN_IDENTITY_KEY"):
        unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    assert told(repr(PERSON)) == []


def test_every_reading_needs_a_reason_and_is_in_the_ledger(world: World) -> None:
    call = dispatched(world, PERSON)
    head = world.who("head")
    for reason in ("", "  ", "看"):
        with pytest.raises(ValidationError, match="理由"):
            services.read_identity(head, call, reason)
    assert not Entry.objects.filter(verb="outreach.identity_read").exists()
    for number in (1, 2):
        assert services.read_identity(head, call, "核实奖励领取人") == PERSON
        rows = Entry.objects.filter(verb="outreach.identity_read")
        assert rows.count() == number
    row = rows.order_by("-id")[0]
    assert (row.reason, row.object_label, row.owner_id) == ("核实奖励领取人", f"{call.number} 举报人信息", None)


@pytest.mark.parametrize("who", ["duty", "enforcement", "leader", "town", "town2", "village", "department", "system"])
def test_nobody_else_of_the_bureau_or_the_towns_reads_it(world: World, who: str) -> None:
    with pytest.raises(PermissionDenied):
        services.read_identity(world.who(who), dispatched(world, PERSON), "想看看是谁")


def test_the_unit_complained_of_does_not_read_it(world: World, owner: Any, teammate: Any, stranger: Any) -> None:
    for who in (owner, teammate, stranger):
        with pytest.raises(PermissionDenied):
            services.read_identity(who, dispatched(world, PERSON), "想看看是谁")


def test_a_sealed_text_of_another_report_is_not_taken(world: World) -> None:
    mine, other = entered(world, PERSON), entered(world, services.Person(name="某某某"))
    Identity.objects.filter(call=mine).update(sealed=Identity.objects.get(call=other).sealed)
    with pytest.raises(ValidationError, match="不符"):
        services.read_identity(world.who("head"), mine, "核实奖励领取人")
    Identity.objects.filter(call=mine).update(sealed=b"changed")
    with pytest.raises(ValidationError, match="改动"):
        services.read_identity(world.who("head"), mine, "核实奖励领取人")


def test_it_stands_in_no_list_search_export_ledger_todo_or_page(world: World, client_for: ClientFor) -> None:
    reward = rewarded(world, person=PERSON)
    call, head = reward.call, client_for("head")
    services.save_identity(call, world.who("duty"), PERSON)
    services.read_identity(world.who("head"), call, "核实奖励领取人")
    step = reverse("outreach:detail_step", args=[call.pk, "identity"])
    for url in (call.get_absolute_url(), reward.get_absolute_url(), step, reverse("outreach:identity", args=[call.pk])):
        who = client_for("duty") if url == step else head
        answer = who.get(url)
        assert answer.status_code == 200
        assert told(answer.content.decode()) == [], url
    for name in ("outreach:list", "outreach:rewards"):
        assert told(head.get(reverse(name)).content.decode()) == []
        book = load_workbook(io.BytesIO(b"".join(head.get(reverse(name), {"export": "xlsx"}))))
        assert told(str([[cell.value for cell in row] for sheet in book for row in sheet.rows])) == []
    for secret in SECRETS:
        assert search(world.who("head"), secret) == []
        page = head.get(reverse("outreach:list"), {"q": secret})
        assert list(page.context["sheet"].object_list) == []
    assert told(str(list(Entry.objects.values_list("changes", "reason", "object_label")))) == []
    assert told(str(list(Todo.objects.values_list("title", "url")))) == []


@pytest.mark.parametrize("secret", SECRETS)
def test_what_others_read_may_not_name_the_reporter(world: World, secret: str) -> None:
    with pytest.raises(ValidationError, match="举报人"):
        entered(world, PERSON, summary=f"{secret}反映除尘停用")
    call = entered(world, summary=f"{secret}反映除尘停用")
    with pytest.raises(ValidationError, match="举报人"):
        services.save_identity(call, world.who("duty"), PERSON)
    assert not Identity.objects.exists()


@pytest.mark.parametrize("wrong", [{"phone": "打我电话"}, {"id_number": "123"}, {"account": "abc"}])
def test_wrong_values_are_named(world: World, wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as caught:
        entered(world, services.Person(name="某某某", **wrong))
    assert set(caught.value.message_dict) == set(wrong)


def test_the_page_shows_it_once_for_a_reason(world: World, client_for: ClientFor) -> None:
    call = dispatched(world, PERSON)
    url, client = reverse("outreach:identity", args=[call.pk]), client_for("finance")
    assert client.post(url, {"reason": ""}).status_code == 422
    answer = client.post(url, {"reason": "发放举报奖励核对"})
    page = answer.content.decode()
    assert told(page) == list(SECRETS)
    assert answer["Cache-Control"] == "no-store"
    assert 'class="card d-print-none"' in page
    assert Entry.objects.filter(verb="outreach.identity_read").count() == 1
    assert client.post(reverse("outreach:identity", args=[entered(world).pk]), {"reason": "核对"}).status_code == 422
    assert Call.objects.count() == 2
