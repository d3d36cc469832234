"""Completion: who may inspect, what becomes of findings, and the visit; each once."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from bianwang.modules.documents import services as documents
from bianwang.modules.documents.queries import documents_of
from bianwang.modules.enforcement import services as enforcement
from bianwang.modules.enforcement.models import Visit
from bianwang.modules.hazards.models import Hazard
from bianwang.modules.inspections import services
from bianwang.modules.inspections.content import Officer
from bianwang.modules.inspections.models import NOTICE, ORDER, RECORD, Finding, Inspection
from bianwang.platform.clock import SHANGHAI
from bianwang.platform.files.models import Attachment
from bianwang.platform.ledger.models import Entry
from bianwang.platform.places.models import Enterprise
from bianwang.platform.todo.models import Todo
from tests.modules.enforcement.things import campaign
from tests.modules.inspections import things
from tests.modules.inspections.things import completed, finished, sent
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def until(world: World, who: str, day: Any) -> None:
    user = world.who(who)
    user.certificate_until = day
    user.save()


def test_two_officers_with_certificates_valid_that_day_make_an_inspection_of_law(world: World) -> None:
    content = finished(world, "statutory", faults=0)
    until(world, "enforcement", content.day)
    assert sent(world, content).inspection.state == "submitted"
    for day, words in ((things.in_days(-1), "已过期"), (None, "")):
        until(world, "enforcement2", day)
        if not words:
            assert sent(world, content).inspection.state == "submitted"
            continue
        with pytest.raises(ValidationError, match=words):
            sent(world, content)


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (Officer("何执法", "别人的号"), "与账号登记的不符"),
        (Officer("何执法"), "至少两名执法人员"),
        (None, "至少两名执法人员"),
    ],
)
def test_one_certificate_is_not_enough(world: World, second: Officer | None, words: str) -> None:
    first = things.officers(world)[0]
    people = (first, second) if second else (first,)
    with pytest.raises(ValidationError, match=words):
        sent(world, finished(world, "statutory", faults=0, officers=people), who="enforcement")
    assert not Inspection.objects.exists()


def test_patrols_and_self_checks_need_no_certificate(world: World) -> None:
    assert completed(world).state == "done"
    assert completed(world, "self").state == "done"


def test_findings_become_hazards_once_with_basis_photos_and_deadline(world: World, client_for: ClientFor) -> None:
    content = finished(world, faults=2)
    photo = things.photo(content.findings[0].id)
    content = things.changed(content, photos=(photo,))
    inspection = sent(world, content).inspection
    town = world.who("town")
    services.receive_picture(town, inspection.key, photo.id, things.image())
    inspection.refresh_from_db()
    for _ in range(3):
        assert services.settle(inspection, town) == ""
        sent(world, content, inspection.key)
    stale = Inspection.objects.get()
    stale.state = "signed"
    with pytest.raises(IntegrityError), transaction.atomic():
        services.complete(stale, town)
    assert Hazard.objects.count() == Finding.objects.count() == 2
    hazard = Finding.objects.get(key=content.findings[0].id).hazard
    assert (hazard.title, hazard.source, hazard.owner_id) == ("问题0", "town", world.plant.pk)
    assert (hazard.category, hazard.reporting_unit_id, hazard.state) == ("3", world.town.pk, "registered")
    assert hazard.clause == "中华人民共和国安全生产法（2021年修正）第二十二条"
    assert hazard.rectify_by is not None
    assert hazard.rectify_by.astimezone(SHANGHAI).date() == content.findings[0].deadline
    photos = Attachment.objects.filter(object_type="hazards.hazard", label="before")
    assert [row.object_id for row in photos] == [hazard.pk]
    page = client_for("town").get(inspection.get_absolute_url()).content.decode()
    assert hazard.number in page
    visit = Inspection.objects.get().visit
    assert visit is not None
    page = client_for("town").get(visit.get_absolute_url()).content.decode()
    assert "发现的隐患（2 项）" in page
    assert hazard.get_absolute_url() in page
    Hazard.objects.filter(pk=hazard.pk).update(state="revoked")
    page = client_for("town").get(visit.get_absolute_url()).content.decode()
    assert "发现的隐患（1 项）" in page, "what was entered by mistake was never found"
    assert Entry.objects.filter(verb="enforcement.found", object_id=visit.pk).count() == 1


@pytest.mark.parametrize(
    ("kind", "source", "track", "state"),
    [
        ("statutory", "enforcement", "enforcement", "registered"),
        ("patrol", "town", "unit", "registered"),
        ("self", "self", "enterprise", "rectifying"),
    ],
)
def test_who_found_it_decides_how_it_is_closed(world: World, kind: str, source: str, track: str, state: str) -> None:
    inspection = completed(world, kind)
    assert inspection.state == "done"
    hazard = Hazard.objects.get()
    assert (hazard.source, hazard.track, hazard.state) == (source, track, state)


def test_a_criterion_of_major_hazards_comes_with_the_finding(world: World) -> None:
    things.criteria()
    lists = ("major-industry@2017-11-30",)
    inspection = completed(world, lists=lists)
    assert inspection.state == "done"
    hazard = Hazard.objects.get()
    assert hazard.criterion is not None
    assert hazard.criterion.code == "GM-03-1"
    assert hazard.clause.startswith("工贸企业重大事故隐患判定标准")


def test_an_inspection_of_law_is_a_visit_once_and_over_the_ceiling_it_is_flagged(world: World) -> None:
    world.plant.standardisation = Enterprise.Standardisation.FIRST
    world.plant.save()
    inspection = completed(world, "statutory", reason="plan")
    visit = Visit.objects.get()
    assert inspection.visit == visit
    assert (visit.kind, visit.is_statutory, visit.state, visit.date) == ("plan", True, "done", inspection.day)
    assert (visit.unit_id, visit.officers.count()) == (world.bureau.pk, 2)
    assert visit.recheck_by == things.in_days(20)
    services.settle(inspection, world.who("enforcement"))
    sent(world, inspection.content, inspection.key)
    assert Visit.objects.count() == 1
    second = completed(world, "statutory", reason="plan")
    assert second.visit is not None
    second.visit.refresh_from_db()
    assert second.visit.is_over


def test_an_inspection_of_law_needs_its_notice_and_others_do_not(world: World, client_for: ClientFor) -> None:
    inspection = sent(world, finished(world, "statutory")).inspection
    officer = world.who("enforcement")
    assert "行政检查通知书还没有签发" in services.settle(inspection, officer)
    inspection.refresh_from_db()
    assert (inspection.state, Hazard.objects.count(), Visit.objects.count()) == ("signed", 0, 0)
    assert "行政检查通知书还没有签发" in client_for("enforcement").get(inspection.get_absolute_url()).content.decode()
    things.noticed(inspection)
    assert services.settle(inspection, officer) == ""
    inspection.refresh_from_db()
    assert inspection.state == "done"
    for kind in ("patrol", "self"):
        other = completed(world, kind)
        assert (other.state, other.dossier) == ("done", None)


def test_a_notice_that_was_voided_counts_no_more(world: World) -> None:
    inspection = sent(world, finished(world, "statutory")).inspection
    things.noticed(inspection)
    notice = documents_of(inspection.dossier).get()
    documents.void(notice, world.who("head"), "日期有误")
    assert "还没有签发" in services.settle(inspection, world.who("enforcement"))


def test_the_notice_is_drawn_up_before_and_the_record_once_after(world: World, client_for: ClientFor) -> None:
    content = finished(world, "statutory", companion="冯安全")
    inspection = sent(world, content).inspection
    assert inspection.dossier is not None
    notice = documents_of(inspection.dossier).get()
    officers = [{"name": row.name, "certificate": row.certificate} for row in content.officers]
    assert (notice.kind, notice.state) == (NOTICE, "draft")
    assert (notice.values["officers"], notice.values["date"]) == (officers, inspection.day.isoformat())
    things.noticed(inspection)
    for _ in range(2):
        services.settle(inspection, world.who("enforcement"))
        sent(world, content, inspection.key)
    record = documents_of(inspection.dossier).get(kind=RECORD)
    assert (record.state, record.values["officers"], record.values["host"]) == ("draft", officers, "冯安全")
    assert any("问题0" in line and "第二十二条" in line for line in record.values["findings"])
    page = client_for("enforcement").get(inspection.get_absolute_url()).content.decode()
    assert inspection.dossier.get_absolute_url() in page
    url = reverse("inspections:order", args=[inspection.pk])
    assert url in page
    officer = client_for("enforcement")
    assert "问题0" in officer.get(url).content.decode()
    given = {"problems": "一\n二", "rectify_by": things.in_days(10).isoformat()}
    assert "须有已制发、已送达的现场检查记录" in officer.post(url, given).content.decode()
    documents.issue(record, world.who("enforcement"))
    assert officer.post(url, given).status_code == 302
    order = documents_of(inspection.dossier).get(kind=ORDER)
    assert (order.state, order.values["problems"], order.values["officers"]) == ("draft", ["一", "二"], officers)
    assert "责令整改" not in client_for("leader").get(inspection.get_absolute_url()).content.decode()


def test_a_record_without_faults_says_so_and_offers_no_order(world: World, client_for: ClientFor) -> None:
    inspection = completed(world, "statutory", faults=0)
    assert inspection.dossier is not None
    record = documents_of(inspection.dossier).get(kind=RECORD)
    assert "未发现问题。" in record.values["findings"]
    assert "责令整改" not in client_for("enforcement").get(inspection.get_absolute_url()).content.decode()


def test_only_who_draws_up_documents_makes_an_inspection_of_law(world: World) -> None:
    content = finished(world, "statutory", unit=world.town.pk)
    with pytest.raises(PermissionDenied):
        sent(world, content, who="town")


def test_a_planned_visit_is_done_by_its_inspection(world: World) -> None:
    plan = things.planned(world)
    inspection = completed(world, "statutory", reason="plan", visit=plan.pk)
    plan.refresh_from_db()
    assert (inspection.visit, plan.state, Visit.objects.count()) == (plan, "done", 1)
    with pytest.raises(ValidationError, match="计划检查"):
        sent(world, finished(world, "statutory", visit=plan.pk))


def test_a_patrol_is_a_visit_of_its_town_and_a_self_check_is_none(world: World) -> None:
    completed(world, "self")
    assert not Visit.objects.exists()
    completed(world)
    visit = Visit.objects.get()
    assert (visit.kind, visit.unit_id, visit.is_statutory) == ("patrol", world.town.pk, False)


def test_an_inspection_of_law_is_completed_by_a_certified_officer(world: World, client_for: ClientFor) -> None:
    inspection = sent(world, finished(world, "statutory")).inspection
    things.noticed(inspection)
    head = world.who("head")
    assert "持有效执法证" in services.settle(inspection, head)
    inspection.refresh_from_db()
    assert inspection.state == "signed"
    assert not Hazard.objects.exists()
    assert not Visit.objects.exists()
    assert Todo.objects.filter(object_id=inspection.pk, done_at__isnull=True).exists()
    url = reverse("inspections:detail_step", args=[inspection.pk, "complete"])
    assert client_for("head").post(url).status_code == 409
    page = client_for("head").get(inspection.get_absolute_url()).content.decode()
    assert "还不能办结" in page
    assert client_for("enforcement").post(url).status_code == 302
    inspection.refresh_from_db()
    assert (inspection.state, Hazard.objects.count()) == ("done", 1)
    assert client_for("enforcement").post(url).status_code == 409


def test_a_failure_on_the_way_leaves_nothing_half_done(world: World) -> None:
    """The campaign of the planned visit has not begun: no visit, and no hazards either; the document stays signed."""
    plan = things.planned(world)
    plan.kind, plan.campaign = "campaign", campaign(world)
    plan.campaign.first_day = things.in_days(1)
    plan.campaign.save()
    plan.save()
    content = finished(world, "statutory", reason="plan", visit=plan.pk)
    inspection = sent(world, content).inspection
    things.noticed(inspection)
    officer = world.who("enforcement")
    assert "百日大整治" in services.settle(inspection, officer)
    inspection = Inspection.objects.get()
    plan.refresh_from_db()
    assert (inspection.state, plan.state, Hazard.objects.count()) == ("signed", "planned", 0)
    plan.campaign.first_day = inspection.day
    plan.campaign.save()
    assert services.settle(inspection, officer) == ""
    assert (Inspection.objects.get().state, Hazard.objects.count()) == ("done", 1)


def test_a_planned_visit_that_was_voided_is_replaced(world: World) -> None:
    plan = things.planned(world)
    inspection = sent(world, finished(world, "statutory", reason="plan", visit=plan.pk)).inspection
    things.noticed(inspection)
    enforcement.void(plan, world.who("enforcement"), "改期")
    assert services.settle(Inspection.objects.get(), world.who("enforcement")) == ""
    inspection.refresh_from_db()
    assert inspection.visit is not None
    assert (inspection.visit != plan, inspection.visit.state) == (True, "done")


def test_an_inspection_of_tomorrow_is_not_completed_today(world: World) -> None:
    inspection = completed(world, day=things.in_days(1))
    assert (inspection.state, Visit.objects.count()) == ("signed", 0)


def test_a_refusal_to_sign_counts_with_its_witness(world: World, client_for: ClientFor) -> None:
    inspection = completed(world)
    assert (inspection.is_refused, inspection.signer) == (True, "")
    page = client_for("town").get(inspection.get_absolute_url()).content.decode()
    assert "孙见证" in page


def test_a_draft_taken_back_keeps_what_was_sent_and_frees_its_visit(world: World, client_for: ClientFor) -> None:
    plan = things.planned(world)
    inspection = things.started(world, "statutory", visit=plan.pk)
    url = reverse("inspections:detail_step", args=[inspection.pk, "discard"])
    assert client_for("enforcement").post(url, {"reason": ""}).status_code == 422
    assert client_for("enforcement").post(url, {"reason": "选错企业"}).status_code == 302
    inspection.refresh_from_db()
    assert (inspection.state, inspection.visit, inspection.versions.count()) == ("void", None, 1)
    more = things.changed(inspection.content, summary="再来")
    assert sent(world, more, inspection.key, base=1).conflict is not None
    assert things.started(world, "statutory", visit=plan.pk).visit == plan


def test_what_was_signed_is_voided_by_a_head_only(world: World, client_for: ClientFor) -> None:
    inspection = sent(world, finished(world, "statutory")).inspection
    url = reverse("inspections:detail_step", args=[inspection.pk, "void"])
    for who, status in (("enforcement", 409), ("head", 302)):
        assert client_for(who).post(url, {"reason": "查错了企业"}).status_code == status
    inspection.refresh_from_db()
    assert inspection.state == "void"
    assert not Hazard.objects.exists()
