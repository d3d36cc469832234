"""The yearly sheet from records, its rows, scores by hand, and versions that are frozen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from bianwang.modules.committee import assessing, services
from bianwang.modules.committee.models import Assessment, Assignment, ManualScore
from bianwang.modules.committee.scoring import Total
from bianwang.modules.enforcement.models import Visit
from bianwang.modules.hazards.models import Hazard
from bianwang.platform.clock import now
from bianwang.platform.ledger.context import acting
from tests.modules.committee.things import called, given, noticed, supervised, watched
from tests.people import ClientFor, World
from tests.permissions.subjects import hazard
from tests.platform.files import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

SHEET_QUERIES = 10
"""Units, scores by hand, one for each record and two for hazards: never one for each unit."""

START = datetime(2026, 6, 1, 1, tzinfo=UTC)
LATER = START + timedelta(days=30)


@pytest.fixture
def year(world: World) -> Iterator[World]:
    """A June of records of the first town; afterwards it is July."""
    town, duty = world.who("town"), world.who("duty")
    with time_machine.travel(START, tick=False):
        done, late = given(world).assignments.get(), given(world, world.town2).assignments.get(unit=world.town)
        services.sign(done, town)
        services.submit(done, town, "完成")
        notice = noticed(world, world.town, world.town2, world.plant)
        row = notice.receipts.select_related("unit", "notice").get(unit=world.town)
        services.confirm(row, town)
        services.answer(row, town, "落实")
        services.record_calls(called(world), duty, {world.town.pk: (1, ""), world.town2.pk: (None, "")})
        for report in watched(world).reports.filter(unit=world.town, day=START.date()):
            services.report_day(report, town, "calm")
        supervised(world)
        made = Hazard.objects.filter(pk=hazard(world))
        made.update(state="closed", rectify_by=now(), rectified_at=now())
        for state in ("done", "planned", "void"):
            Visit.objects.create(
                unit=world.town,
                enterprise=world.plant,
                date=START.date(),
                kind="patrol",
                scope="district",
                state=state,
                made_by=town,
                made_at=now(),
            )
    assert late.state == "issued"
    with time_machine.travel(LATER, tick=False):
        yield world


def test_every_score_follows_from_its_rows(year: World, client_for: ClientFor) -> None:
    found = assessing.sheet(year.who("head"), 2026).of(year.town.pk)
    assert found is not None
    tallies = {line.item.code: (line.tally.good, line.tally.whole) for line in found.lines if line.tally}
    assert tallies == {
        "tasks": (1, 2),
        "receipts": (1, 1),
        "calls": (1, 1),
        "zero": (1, 2),
        "hazards": (1, 1),
        "visits": (1, 2),
        "supervisions": (0, 1),
    }
    marks = {line.item.code: line.mark for line in found.lines}
    assert (marks["tasks"], marks["zero"], marks["duty"]) == (Decimal("12.50"), Decimal("9.00"), None)
    assert found.total.vetoed
    assert found.total.percent == 0
    client = client_for("head")
    for line in found.lines:
        if line.tally:
            for url, number in ((line.good_url, line.tally.good), (line.whole_url, line.tally.whole)):
                assert client.get(url).context["sheet"].paginator.count == number, url
    page = client.get(reverse("committee:unit_sheet", args=[2026, year.town.pk])).content.decode()
    assert "× 1 ÷ 2 = 12.50" in page
    assert "一票否决" in page


def test_units_of_a_kind_are_ranked_and_others_do_not_count(year: World) -> None:
    found = assessing.sheet(year.who("head"), 2026)
    groups = {name: [(row.unit.name, row.rank) for row in rows] for name, rows in found.groups}
    # The second town has something to be judged by; the 管委会 has nothing and no place.
    assert [rank for _, rank in groups["镇街"]] == [1, 2]
    assert groups["管委会"] == [(year.committee.name, None)]
    department = found.of(year.department.pk)
    assert department is not None
    assert "hazards" not in {line.item.code for line in department.lines}
    # Called, but nobody entered how it answered.
    assert [line.mark for line in department.lines if line.item.code == "calls"] == [None]


def test_the_sheet_asks_little(year: World, client_for: ClientFor, django_assert_max_num_queries: Any) -> None:
    head = year.who("head")
    assert assessing.sheet(head, 2026).groups
    with django_assert_max_num_queries(SHEET_QUERIES):
        assessing.sheet(head, 2026)
    assert client_for("leader").get(reverse("committee:assessment"), {"year": "2026"}).status_code == 200
    page = client_for("head").get(reverse("committee:statistics"), {"year": "2026"})
    client = client_for("head")
    for share in page.context["shares"]:
        assert client.get(share.url).context["sheet"].paginator.count == share.part, share.name
        assert client.get(share.whole_url).context["sheet"].paginator.count == share.whole, share.name


def test_a_score_by_hand_needs_reason_and_evidence(year: World, client_for: ClientFor) -> None:
    head, url = client_for("head"), reverse("committee:score", args=[2026, year.town.pk, "duty"])
    proof = {"papers": samples.upload("现场.jpg", samples.photo())}
    assert head.post(url, {"score": "8", "reason": "抽查三家"}).status_code == 422
    assert head.post(url, {"score": "10.5", "reason": "抽查", **proof}).status_code == 422
    proof = {"papers": samples.upload("现场.jpg", samples.photo())}
    assert head.post(url, {"score": "8", "reason": " ", **proof}).status_code == 422
    assert not ManualScore.objects.exists()
    proof = {"papers": samples.upload("现场.jpg", samples.photo())}
    assert head.post(url, {"score": "8", "reason": "抽查三家", **proof}).status_code == 302
    assert head.post(url, {"score": "7.5", "reason": "复核更正"}).status_code == 302
    assert ManualScore.objects.get().score == Decimal("7.50")
    assert head.get(reverse("committee:score", args=[2026, year.town.pk, "tasks"])).status_code == 404
    assert head.get(reverse("committee:score", args=[2199, year.town.pk, "duty"])).status_code == 404
    found = assessing.sheet(year.who("head"), 2026).of(year.town.pk)
    assert found is not None
    assert [line.mark for line in found.lines if line.item.code == "duty"] == [Decimal("7.50")]
    with acting(year.who("duty"), "本机"), pytest.raises(PermissionDenied):
        services.give_score(year.who("duty"), 2026, year.town, "duty", Decimal(1), "不")


def frozen(world: World, version: Assessment) -> Total:
    """What the first town has in a version."""
    return next(row.total for row in assessing.frozen(world.who("head"), version) if row.unit.pk == world.town.pk)


def test_a_frozen_version_stays_and_shows_what_moved(year: World, client_for: ClientFor) -> None:
    leader = client_for("leader")
    assert leader.post(reverse("committee:freeze", args=[2026]), {"reason": "半年"}).status_code == 302
    version = Assessment.objects.get()
    kept = list(version.scores.order_by("pk").values_list("unit", "code", "score", "working"))
    assert not any(row.moved for rows in assessing.drift(year.who("head"), version).values() for row in rows)
    assert "与冻结时一致" in leader.get(version.get_absolute_url()).content.decode()
    before = frozen(year, version)

    # Somebody corrects a record of June.
    row = Assignment.objects.get(unit=year.town, submitted_at__isnull=True)
    Assignment.objects.filter(pk=row.pk).update(submitted_at=row.deadline)
    moved = [item for rows in assessing.drift(year.who("head"), version).values() for item in rows if item.moved]
    assert [(item.score.code, item.score.score, item.now) for item in moved] == [
        ("tasks", Decimal("12.50"), Decimal("25.00"))
    ]
    assert "有 1 项得分" in leader.get(version.get_absolute_url()).content.decode()
    assert list(version.scores.order_by("pk").values_list("unit", "code", "score", "working")) == kept
    assert frozen(year, version) == before
    page = leader.get(version.get_absolute_url(), {"unit": year.town.pk}).content.decode()
    assert "有变化" in page
    assert "25 × 2 ÷ 2 = 25.00" in page
    assert services.freeze(year.who("leader"), 2026).number == 2
    assert list(version.scores.order_by("pk").values_list("unit", "code", "score", "working")) == kept
    with pytest.raises(PermissionDenied):
        services.freeze(year.who("duty"), 2026)
    with pytest.raises(ValidationError):
        services.freeze(year.who("leader"), 2027)
