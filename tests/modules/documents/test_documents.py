"""Documents from the dossier to service: gates, numbers, signatures, who may do what."""

from __future__ import annotations

import base64
import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.http import Http404
from django.urls import reverse

from bianwang.modules.documents import queries, services
from bianwang.modules.documents.contents import clean, said
from bianwang.modules.documents.models import Document, Dossier
from bianwang.modules.documents.pack import Kind, kind, kinds
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.files.models import Attachment
from bianwang.platform.ledger.models import Entry
from bianwang.platform.todo.queries import mine
from bianwang.platform.workflow.errors import Conflict, Refused
from tests.modules.documents.papers import dossier, drawn, filled, issued, served, signed
from tests.modules.hazards.findings import photo
from tests.people import ClientFor, World, build_world
from tests.platform.files import samples

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 26)
YEAR = now().astimezone(SHANGHAI).year
GATED = [row for row in kinds(TODAY) if row.requires]
LIST_QUERIES = 20


@pytest.mark.parametrize("row", GATED, ids=lambda row: row.code)
def test_every_gate_is_shut_until_what_it_asks_for_is_there(world: World, row: Kind) -> None:
    owner = dossier(world, "inspection" if row.stage == "inspection" else "case")
    assert queries.lacks(owner, row.code)
    with pytest.raises(Refused, match=f"制作“{row.name}”以前"):
        drawn(world, owner, row.code)
    for gate in row.requires:
        opened = gate.any[0]
        Document.objects.create(
            dossier=owner, kind=opened, state=gate.states[0], state_since=now(), drawn_by=world.who("enforcement"),
            drawn_at=now(),
        )  # fmt: skip
    assert queries.lacks(owner, row.code) is None
    assert drawn(world, owner, row.code).state == "draft"


def test_a_draft_opens_no_gate_and_one_that_only_issued_opens_not_that_of_service(world: World) -> None:
    owner = dossier(world, "case")
    issued(world, owner, "filing")
    draft = drawn(world, owner, "report")
    assert queries.lacks(owner, "advance_notice")
    services.issue(draft, world.who("enforcement"))
    notice = issued(world, owner, "advance_notice")
    assert queries.lacks(owner, "decision")
    today = now().astimezone(SHANGHAI).date()
    services.serve(notice, world.who("enforcement"), method="post", on=today, receiver="门卫")
    assert queries.lacks(owner, "decision") is None
    assert queries.has(owner, "advance_notice", "served")


def test_an_inspections_documents_share_one_serial_and_a_second_takes_the_next(world: World) -> None:
    first, second = dossier(world), dossier(world)
    record, order = issued(world, first, "record"), issued(world, first, "order")
    assert record.number == f"（璧）应急检记〔{YEAR}〕1号"
    assert order.number == f"（璧）应急责改〔{YEAR}〕1号"
    assert issued(world, second, "record").number == f"（璧）应急检记〔{YEAR}〕2号"
    assert issued(world, first, "recheck").number == f"（璧）应急复查〔{YEAR}〕1号"
    assert issued(world, first, "recheck").number == f"（璧）应急复查〔{YEAR}〕3号"
    notice = issued(world, first, "notice")
    assert notice.number == f"（璧）应急检通〔{YEAR}〕1号", "another series"


def test_each_year_begins_with_one(world: World, time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 12, 31, 10, tzinfo=SHANGHAI))
    owner = dossier(world)
    assert issued(world, owner, "record").number == "（璧）应急检记〔2026〕1号"
    time_machine.move_to(datetime(2027, 1, 4, 10, tzinfo=SHANGHAI))
    assert issued(world, owner, "order").number == "（璧）应急责改〔2027〕1号"


def test_a_dossiers_serial_follows_a_new_year_and_what_replaces_a_void_document(
    world: World, time_machine: Any
) -> None:
    time_machine.move_to(datetime(2026, 12, 31, 10, tzinfo=SHANGHAI))
    owner = dossier(world)
    services.void(issued(world, owner, "record"), world.who("enforcement"), "写错了")
    assert issued(world, owner, "record").number == "（璧）应急检记〔2026〕2号"
    assert issued(world, owner, "order").number == "（璧）应急责改〔2026〕2号"
    time_machine.move_to(datetime(2027, 1, 4, 10, tzinfo=SHANGHAI))
    issued(world, dossier(world), "record")
    assert issued(world, owner, "measures").number == "（璧）应急现决〔2027〕2号"
    assert issued(world, owner, "recheck").number == "（璧）应急复查〔2027〕2号"


def test_a_void_number_is_kept_and_never_given_again(world: World) -> None:
    owner = dossier(world)
    document = issued(world, owner, "record")
    services.void(document, world.who("enforcement"), "写错了单位")
    assert (document.state, document.number) == ("void", f"（璧）应急检记〔{YEAR}〕1号")
    assert issued(world, owner, "record").number == f"（璧）应急检记〔{YEAR}〕2号"


def test_what_others_stand_on_is_not_voided(world: World) -> None:
    owner = dossier(world)
    record, order = issued(world, owner, "record"), issued(world, owner, "order")
    with pytest.raises(Refused, match="请先作废后面的文书"):
        services.void(record, world.who("enforcement"), "写错了")
    services.void(order, world.who("enforcement"), "写错了")
    services.void(record, world.who("enforcement"), "写错了")


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_get_two_numbers_without_a_gap() -> None:
    world = build_world()
    drafts = [drawn(world, dossier(world), "record") for _ in range(6)]
    failed: list[Exception] = []

    def work(rows: list[Document]) -> None:
        try:
            for row in rows:
                services.issue(row, world.who("enforcement"))
        except Exception as error:  # told by the test's own assertion
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(part,)) for part in (drafts[:3], drafts[3:])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(Document.objects.values_list("serial", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_a_blank_or_a_missing_officer_keeps_a_draft_from_being_issued(world: World) -> None:
    owner, officer = dossier(world), world.who("enforcement")
    values = filled(world, kind("record", TODAY))
    document = services.draw_up(officer, owner, "record", {**values, "host": ""})
    with pytest.raises(Refused, match="请先填写被检查单位现场负责人"):
        services.issue(document, officer)
    services.change(document, officer, {**values, "officers": values["officers"][:1]})
    with pytest.raises(Refused, match="至少 2 名持证执法人员"):
        services.issue(document, officer)
    services.change(document, officer, values)
    services.issue(document, officer)
    with pytest.raises(Conflict):
        services.change(document, officer, values)


@pytest.mark.parametrize(
    ("code", "value", "words"),
    [
        ("began_at", "昨天", "时间"),
        ("officers", ["渝B1"], "不是本系统在有效期内的执法证"),
        ("colour", "红", "没有栏目"),
    ],
)
def test_a_wrong_value_names_its_blank(world: World, code: str, value: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        services.draw_up(world.who("enforcement"), dossier(world), "record", {code: value})
    assert not Document.objects.exists()


def test_a_lapsed_certificate_does_not_count(world: World) -> None:
    owner, officer = dossier(world), world.who("enforcement")
    officer.certificate_until = now().astimezone(SHANGHAI).date() - timedelta(days=1)
    officer.save()
    with pytest.raises(ValidationError, match="有效期"):
        drawn(world, owner, "record")


def test_values_are_said_in_chinese(world: World) -> None:
    dossier(world)
    row = kind("record", TODAY)
    values = clean(row, filled(world, row), TODAY)
    told = said(row, values)
    assert told["began_at"] == "2026年1月5日09时30分"
    assert told["findings"] == ["甲", "乙"]
    assert told["officers"].startswith("李执法（渝B")


def test_what_needs_approval_is_issued_by_a_head_who_did_not_draw_it_up(world: World) -> None:
    owner = dossier(world, "case")
    filing = drawn(world, owner, "filing")
    drawn(world, dossier(world), "record")

    def waiting() -> list[str]:
        rows = mine(world.who("head")).filter(object_type="documents.document")
        return list(rows.values_list("title", flat=True))

    assert waiting() == ["草稿：立案审批表"], "what needs no approval waits for nobody"
    with pytest.raises(Refused, match="审批签发"):
        services.issue(filing, world.who("enforcement"))
    own = drawn(world, owner, "filing", "head")
    with pytest.raises(Refused, match="制作人以外的人"):
        services.issue(own, world.who("head"))
    services.issue(own, world.who("leader"))
    services.issue(filing, world.who("head"))
    assert waiting() == []


def test_service_is_due_in_working_days_and_then_overdue(world: World, time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 9, 30, 15, tzinfo=SHANGHAI))
    order = (issued(world, owner := dossier(world), "record"), issued(world, owner, "order"))[1]
    assert order.due_at.astimezone(SHANGHAI).date() == date(2026, 10, 8), "the holiday does not count"
    assert mine(world.who("enforcement")).filter(object_id=order.pk, object_type="documents.document").exists()
    time_machine.move_to(datetime(2026, 10, 8, 23, 59, tzinfo=SHANGHAI))
    assert queries.overdue_count(world.who("head")) == 0
    time_machine.move_to(datetime(2026, 10, 9, 0, 1, tzinfo=SHANGHAI))
    assert queries.overdue_count(world.who("head")) == 1
    services.serve(order, world.who("enforcement"), method="direct", on=date(2026, 10, 9), receiver="陈安")
    assert (order.state, order.due_at, queries.overdue_count(world.who("head"))) == ("served", None, 0)


def test_service_that_is_late_comes_before_the_heads_once(world: World, time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 11, 2, 10, tzinfo=SHANGHAI))
    notice = issued(world, dossier(world), "notice")
    time_machine.move_to(notice.due_at)
    services.urge_service()
    assert not mine(world.who("leader")).filter(title__startswith="送达逾期").exists()
    time_machine.move_to(notice.due_at + timedelta(seconds=1))
    services.urge_service()
    services.urge_service()
    assert mine(world.who("leader")).filter(title__startswith="送达逾期").count() == 1
    notice.refresh_from_db()
    services.serve(notice, world.who("enforcement"), method="direct", on=date(2026, 11, 6), receiver="陈安")
    assert not mine(world.who("leader")).filter(object_id=notice.pk).exists()


@pytest.mark.usefixtures("limits")
@pytest.mark.parametrize(("year", "days"), [(2021, 60), (2026, 30)])
def test_a_public_notice_counts_as_service_when_its_days_are_over(
    world: World, time_machine: Any, year: int, days: int
) -> None:
    time_machine.move_to(datetime(year, 10, 11, 10, tzinfo=SHANGHAI))
    decision = issued(world, dossier(world, "case"), "summary_decision")
    services.serve(decision, world.who("enforcement"), method="public", on=date(year, 10, 11), note="区政府网站")
    assert decision.served_on == date(year, 10, 11) + timedelta(days=days)


@pytest.mark.parametrize(("day", "basis"), [(date(2026, 1, 31), "令15号"), (date(2026, 2, 1), "令第18号")])
def test_a_kind_rests_on_the_rules_of_its_day(day: date, basis: str) -> None:
    for code in ("filing", "report", "closing"):
        assert basis in kind(code, day).source
    with pytest.raises(Refused, match="没有在 2007-12-31 有效的文书种类"):
        kind("filing", date(2007, 12, 31))


def test_a_new_document_starts_from_those_before_it_and_the_ledger_tells_each_blank(
    world: World, client_for: ClientFor
) -> None:
    owner, officer = dossier(world), client_for("enforcement")
    record = drawn(world, owner, "record")
    services.change(record, world.who("enforcement"), {**record.values, "findings": ["配电箱未上锁", "灭火器过期"]})
    entry = Entry.objects.filter(verb="documents.change").get()
    assert '"检查情况":["甲；乙","配电箱未上锁；灭火器过期"]' in entry.changes
    assert "values" not in entry.changes
    with pytest.raises(Conflict):
        services.change(_older(record), world.who("head"), {})
    services.issue(record, world.who("enforcement"))
    page = officer.get(reverse("documents:draw_up", args=[owner.pk, "order"])).content.decode()
    assert "配电箱未上锁\n灭火器过期" in page
    assert f'value="{world.who("enforcement").certificate}"' in page
    assert page.count("checked") >= 2


def _older(document: Document) -> Document:
    """The document as somebody read it before its last change."""
    found = Document.objects.get(pk=document.pk)
    found.revision -= 1
    return found


def test_a_signature_drawn_on_the_screen_is_kept_as_a_picture(world: World, client_for: ClientFor) -> None:
    record, officer = issued(world, dossier(world), "record"), client_for("enforcement")
    url = f"{record.get_absolute_url()}step/sign/"
    page = officer.get(url).content.decode()
    assert "documents/signature.js" in page
    start = "data:image/png;base64,"
    for wrong in (f"{start}%%%", f"{start}aGVsbG8=", "https://example.org/a.png"):
        assert officer.post(url, {"name": "陈安", "drawn": wrong}).status_code == 422
    drawn_ = start + base64.b64encode(samples.image("PNG")).decode()
    assert officer.post(url, {"name": "陈安", "drawn": drawn_}).status_code == 302
    picture = Attachment.objects.get(object_type="documents.document", object_id=record.pk, label="签名")
    assert picture.media_type == "image/png"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"method": "public"}, "note"),
        ({"method": "electronic"}, "receiver"),
        ({"method": "left", "receiver": "陈安"}, "witness"),
        ({"method": "direct"}, "receiver"),
        ({"method": "public", "on": date(2000, 1, 1)}, "on"),
    ],
)
def test_a_service_that_cannot_be_is_refused(world: World, given: dict[str, Any], field: str) -> None:
    notice = issued(world, dossier(world), "notice")
    values = {"on": now().astimezone(SHANGHAI).date(), **given}
    with pytest.raises(ValidationError) as refused:
        services.serve(notice, world.who("enforcement"), **values)
    assert list(refused.value.error_dict) == [field]
    notice.refresh_from_db()
    assert notice.state == "issued"


def test_internal_papers_are_not_served(world: World) -> None:
    owner = dossier(world, "case")
    filing = issued(world, owner, "filing")
    assert not mine(world.who("enforcement")).filter(object_id=filing.pk, object_type="documents.document").exists()
    with pytest.raises(Refused, match="内部文书"):
        services.serve(filing, world.who("enforcement"), method="post", on=filing.issued_on, receiver="甲")


def test_the_party_signs_once_or_refuses_before_a_witness(world: World) -> None:
    owner, officer = dossier(world), world.who("enforcement")
    record = issued(world, owner, "record")
    with pytest.raises(ValidationError):
        services.sign(record, officer, name="陈安")
    with pytest.raises(ValidationError, match="见证人"):
        services.sign(record, officer, refused=True)
    services.sign(record, officer, refused=True, witness="村干部")
    with pytest.raises(Refused, match="已经登记签字"):
        services.sign(record, officer, name="陈安", image=photo())
    order = signed(world, issued(world, owner, "order"))
    assert (order.signed_by, order.refused) == ("陈安", False)


def test_whoever_may_not_gets_nowhere(world: World, owner: Any, teammate: Any, stranger: Any) -> None:
    mine_ = dossier(world)
    record = issued(world, mine_, "record")
    for somebody in (owner, teammate, stranger, world.who("town"), world.who("finance")):
        with pytest.raises((PermissionDenied, Http404)):
            services.draw_up(somebody, mine_, "record", {})
        with pytest.raises((PermissionDenied, Http404)):
            services.void(record, somebody, "想作废")
    with pytest.raises(PermissionDenied):
        services.open_dossier(world.who("town"), world.town, world.plant, "inspection", "检查", TODAY)


def test_the_pages_carry_a_document_from_the_dossier_to_service(world: World, client_for: ClientFor) -> None:
    dossier(world)
    officer = client_for("enforcement")
    given = {"kind": "inspection", "unit": world.bureau.pk, "enterprise": world.plant.pk, "title": "网页立卷"}
    answer = officer.post(reverse("documents:open"), {**given, "day": "2026-11-26"})
    made = Dossier.objects.get(title="网页立卷")
    assert answer.url == made.get_absolute_url()
    page = officer.get(answer.url).content.decode()
    assert reverse("documents:draw_up", args=[made.pk, "record"]) in page
    assert "制作“责令限期整改指令书”以前" in page
    values = filled(world, kind("record", TODAY))
    answer = officer.post(reverse("documents:draw_up", args=[made.pk, "record"]), values)
    record = made.documents.get()
    assert answer.url == record.get_absolute_url()
    assert "如实填写" in officer.get(f"{answer.url}step/change/").content.decode()
    assert officer.post(f"{answer.url}step/issue/").status_code == 302
    record.refresh_from_db()
    assert record.number == f"（璧）应急检记〔{YEAR}〕1号"
    assert officer.post(f"{answer.url}step/sign/", {"name": "陈安", "image": photo()}).status_code == 302
    assert "陈安" in officer.get(answer.url).content.decode()
    listed = officer.get(reverse("documents:list"), {"q": "检记"}).content.decode()
    assert record.number in listed
    assert officer.get(reverse("documents:draw_up", args=[made.pk, "nothing"])).status_code == 404


def test_the_lists_stay_cheap(world: World, client_for: ClientFor, django_assert_max_num_queries: Any) -> None:
    for _ in range(6):
        served(world, dossier(world), "notice")
    client = client_for("leader")
    client.get(reverse("documents:list"))
    for name in ("documents:list", "documents:dossiers"):
        with django_assert_max_num_queries(LIST_QUERIES):
            client.get(reverse(name))
