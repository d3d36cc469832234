"""Versions and decisions: what is stored, what the ledger says, and what survives an edited text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

import bianwang
from bianwang.audit.document import Document
from bianwang.audit.model import Relation, Verdict
from bianwang.audit.readers import read
from bianwang.modules.audits import reading, services, sources
from bianwang.modules.audits.models import Audit, Decision, Version
from bianwang.modules.audits.sources import Source
from bianwang.platform.files.models import Attachment
from bianwang.platform.ledger.context import acting
from bianwang.platform.ledger.models import Entry
from bianwang.platform.workflow.errors import Conflict
from tests.modules.audits.reports import REPORT, RIGHT, TABLE, UNSUPPORTED, WRONG, entered, word
from tests.people import World
from tests.platform.files import samples

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_finance(world: World) -> Iterator[None]:
    with acting(world.who("finance"), "测试"):
        yield


def finding(audit: Audit, verdict: Verdict = Verdict.CONTRADICTION, kind: str = "") -> Relation:
    assert audit.latest is not None
    found = reading.read(audit.latest).audit.findings
    return next(each for each in found if each.verdict == verdict and kind in {"", each.kind})


def revised(audit: Audit, world: World, text: str) -> Version:
    assert audit.latest is not None
    made = services.revise(audit, world.who("finance"), sources.from_text(text), base=audit.latest.number)
    audit.refresh_from_db()
    return made


def verbs(audit: Audit) -> list[str]:
    rows = Entry.objects.filter(object_type="audits.audit", object_id=audit.pk).order_by("pk")
    return list(rows.values_list("verb", flat=True))


def test_the_counts_of_the_first_version_are_those_of_its_findings(world: World) -> None:
    audit = entered(world)
    version = audit.versions.get()
    assert audit.latest == version
    assert (version.number, version.contradictions, version.unsupported) == (1, 2, 1)
    assert audit.undecided == version.total == len(reading.read(version).audit.findings)
    assert verbs(audit) == ["audits.create"]


def test_a_stored_version_gives_back_the_document_with_its_tables(world: World) -> None:
    content = word("一、资金", rows=(("项目", "预算"), ("宣传", "80"), ("服务", "150")))
    upload = samples.upload("自评.docx", content)
    source = sources.from_upload(upload, world.who("finance"))
    audit = services.create(world.who("finance"), world.general_office, source, title="自评")
    stored = reading.read(audit.versions.get()).document
    assert stored == read("自评.docx", content)
    assert len(stored.tables) == 1


def test_the_uploaded_file_is_kept_as_it_was(world: World) -> None:
    content = word(WRONG)
    source = sources.from_upload(samples.upload("自评.docx", content), world.who("finance"))
    audit = services.create(world.who("finance"), world.general_office, source, title="自评")
    file = Attachment.objects.get()
    assert audit.versions.get().file == file
    assert (file.name, file.size, file.owner_id) == ("自评.docx", len(content), world.general_office.pk)


def test_decisions_survive_an_edited_text_and_go_with_their_finding(world: World) -> None:
    audit = entered(world)
    rate, evidence = finding(audit), finding(audit, Verdict.UNSUPPORTED)
    services.decide(audit, world.who("finance"), rate.key, "accepted")
    services.decide(audit, world.who("finance"), evidence.key, "explained", "报告附件三有问卷")
    audit.refresh_from_db()
    left = audit.undecided
    # What stands before it moves every offset; the finding is still the same one.
    revised(audit, world, REPORT.replace("一、基本情况", "前言：本报告由办公室编写。\n一、基本情况"))
    assert audit.undecided == left
    revised(audit, world, REPORT.replace(WRONG, RIGHT))
    assert audit.undecided == left
    assert Decision.objects.filter(audit=audit).count() == 2
    revised(audit, world, REPORT)
    assert audit.undecided == left, "the old mistake came back, and so did its decision"
    assert verbs(audit).count("audits.revise") == 3


@pytest.mark.parametrize("state", ["explained", "rejected"])
def test_only_accepting_needs_no_reason(world: World, state: str) -> None:
    audit = entered(world)
    key = finding(audit).key
    with pytest.raises(ValidationError, match="须写明理由"):
        services.decide(audit, world.who("finance"), key, state, "  ")
    assert not Decision.objects.exists()
    services.decide(audit, world.who("finance"), key, state, "口径不同")
    services.decide(audit, world.who("head"), key, "accepted")
    decision = Decision.objects.get()
    assert (decision.state, decision.reason, decision.by) == ("accepted", "", world.who("head"))


def test_a_decision_can_be_taken_back_once(world: World) -> None:
    audit = entered(world)
    before = audit.undecided
    key = finding(audit).key
    services.decide(audit, world.who("finance"), key, "accepted")
    audit.refresh_from_db()
    assert audit.undecided == before - 1
    assert services.withdraw(audit, world.who("finance"), key)
    assert not services.withdraw(audit, world.who("finance"), key)
    audit.refresh_from_db()
    assert audit.undecided == before
    assert verbs(audit) == ["audits.create", "audits.decide", "audits.withdraw"]


def test_nothing_is_decided_about_what_the_latest_version_does_not_have(world: World) -> None:
    audit = entered(world)
    key = finding(audit).key
    revised(audit, world, REPORT.replace(WRONG, RIGHT))
    with pytest.raises(Conflict, match="已没有这条问题"):
        services.decide(audit, world.who("finance"), key, "accepted")


def test_who_comes_second_is_told_so_and_loses_no_version(world: World) -> None:
    audit = entered(world)
    revised(audit, world, REPORT.replace(WRONG, RIGHT))
    with pytest.raises(ValidationError, match="第2版"):
        services.revise(audit, world.who("head"), sources.from_text("别的文字"), base=1)
    with pytest.raises(ValidationError, match="内容相同"):
        services.revise(audit, world.who("head"), sources.from_text(REPORT.replace(WRONG, RIGHT)), base=2)
    assert audit.versions.count() == 2


def test_renaming_writes_only_what_differs(world: World) -> None:
    audit = entered(world)
    assert not services.rename(audit, world.who("finance"), title=audit.title, year=2023)
    assert services.rename(audit, world.who("finance"), title="整体支出自评", year=2023)
    audit.refresh_from_db()
    assert audit.title == "整体支出自评"
    assert verbs(audit) == ["audits.create", "audits.rename"]


@pytest.mark.parametrize("who", ["safety", "town", "leader"])
def test_only_the_staff_of_the_bureau_may_audit(world: World, who: str) -> None:
    with pytest.raises(PermissionDenied):
        entered(world, who=who)
    audit = entered(world)
    for act in (
        lambda: services.decide(audit, world.who(who), finding(audit).key, "accepted"),
        lambda: services.withdraw(audit, world.who(who), finding(audit).key),
        lambda: services.revise(audit, world.who(who), sources.from_text("x"), base=1),
        lambda: services.rename(audit, world.who(who), title="x", year=None),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_change_that_fails_leaves_neither_row_nor_ledger(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **named: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(services, "record", broken)
    with pytest.raises(OSError, match="disk full"):
        entered(world)
    assert not Audit.objects.exists()
    assert not Version.objects.exists()


def test_counts_of_an_older_auditor_are_brought_up_to_date(world: World) -> None:
    audit = entered(world)
    services.recount()
    assert verbs(audit) == ["audits.create"], "nothing differed"
    Version.objects.update(contradictions=9)
    Audit.objects.update(undecided=9)
    services.recount()
    audit.refresh_from_db()
    assert audit.latest is not None
    assert (audit.latest.contradictions, audit.undecided) == (2, audit.latest.total)
    assert verbs(audit) == ["audits.create", "audits.recount"]


def test_a_report_that_nobody_could_go_through_is_refused(world: World) -> None:
    with pytest.raises(ValidationError, match="30 万字"):
        sources.from_text("字" * (sources.MOST_TEXT + 1))
    with pytest.raises(ValidationError, match="没有文字"):
        sources.from_text(" \n")


def test_equal_texts_with_other_tables_are_two_versions(world: World) -> None:
    audit = entered(world, TABLE)
    with pytest.raises(ValidationError, match="内容相同"):
        services.revise(audit, world.who("finance"), sources.from_text(TABLE), base=1)
    flat = Source(Document(TABLE))
    assert services.revise(audit, world.who("finance"), flat, base=1).number == 2
    assert UNSUPPORTED not in audit.versions.get(number=2).text


def test_the_report_of_the_demo_shows_each_verdict(world: World) -> None:
    file = Path(bianwang.__file__).parent / "districts" / "bishan" / "demo_report.txt"
    audit = entered(world, file.read_text("utf-8"))
    assert audit.latest is not None
    assert (audit.latest.contradictions, audit.latest.suspicious, audit.latest.unsupported) == (2, 1, 1)
