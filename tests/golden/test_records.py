"""The golden year with one visit and hazard in fifty: the same data give the same rows, and as the file says."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Count, F, Q, Sum

from bianwang.modules.accidents.models import Accident, Gdp
from bianwang.modules.budget.models import (
    Adjustment,
    Establishment,
    Line,
    Payment,
    Project,
    Publication,
    Receipt,
    Statement,
)
from bianwang.modules.emergency.models import Evacuee, Event, Task, WatchDay
from bianwang.modules.enforcement.models import Plan, Visit, VisitHazard
from bianwang.modules.hazards.models import Hazard, Order, Recheck
from bianwang.modules.outreach.models import Answer, Call, ChannelCount, Pilot
from bianwang.modules.relief.models import Claim
from bianwang.modules.standardisation.models import Grade
from bianwang.platform.clock import SHANGHAI
from bianwang.platform.places.models import Enterprise
from bianwang.platform.todo.models import Todo
from bianwang.processes.demo import golden
from tests.golden.year import SCALE, YEAR, digests

FILE = golden.read(YEAR)
BEGIN, END = (datetime(year, 1, 1, tzinfo=SHANGHAI) for year in (YEAR, YEAR + 1))
pytestmark = pytest.mark.django_db


@pytest.mark.skipif(connection.vendor != "sqlite", reason="服务器的编号接着往下走，引用它的列每次不同")
def test_the_same_data_give_the_same_rows(earlier_digests: dict[str, str]) -> None:
    assert digests() == earlier_digests
    assert len(earlier_digests) > 20


def test_every_planned_enterprise_was_visited() -> None:
    plan = Plan.objects.get(year=YEAR, state="approved")
    planned = set(plan.items.values_list("enterprise", flat=True))
    direct = Visit.objects.filter(unit=plan.owner, scope="direct", state="done", date__year=YEAR)
    assert len(planned) == FILE.enterprises.direct == 52
    assert direct.count() == FILE.inspections.direct == 314
    assert set(direct.values_list("enterprise", flat=True)) == planned
    assert not direct.filter(Q(is_statutory=False) | Q(documents_complete=False)).exists()
    assert direct.annotate(people=Count("officers")).filter(people__lt=2).count() == 0
    assert direct.filter(recheck_by__isnull=False).exclude(rechecked_on__lte=F("recheck_by")).count() == 0


def test_all_units_visited() -> None:
    others = round((FILE.inspections.visits - FILE.inspections.direct) * SCALE)
    assert Visit.objects.filter(date__year=YEAR, state="done").count() == others + FILE.inspections.direct
    assert not Visit.objects.exclude(date__year=YEAR).exists()
    assert not Visit.objects.filter(is_demo=False).exists()
    assert FILE.inspections.visits == 300_328


def test_hazards_were_found_and_all_but_91_rectified_by_the_end_of_the_year() -> None:
    found = round((FILE.hazards.found - FILE.hazards.direct) * SCALE) + FILE.hazards.direct
    rows = Hazard.objects.filter(found_at__gte=BEGIN, found_at__lt=END)
    rectified = rows.filter(rectified_at__lt=END, rectified_at__gte=F("found_at"), closed_at__gte=F("rectified_at"))
    assert (FILE.hazards.found, FILE.hazards.rectified) == (229_702, 229_611)
    assert rows.count() == Hazard.objects.count() == found
    assert found - rectified.count() == FILE.hazards.found - FILE.hazards.rectified == 91
    left = rows.filter(rectified_at__isnull=True, state="rectifying")
    assert left.count() == 91
    assert left.filter(rectify_by__lt=END).count() == FILE.hazards.overdue
    assert left.filter(overdue_at__lt=END).count() == FILE.hazards.overdue
    assert left.filter(grade="major").count() == FILE.hazards.major_open
    assert rows.filter(grade="major", criterion__isnull=False).count() == FILE.hazards.major
    assert not rows.filter(grade="major", criterion__valid_from__gt=BEGIN).exists()


def test_every_hazard_was_found_at_a_visit_of_its_unit_to_its_enterprise_on_its_day() -> None:
    links = VisitHazard.objects.select_related("visit", "hazard")
    assert links.count() == Hazard.objects.count()
    for link in links.iterator(2000):
        assert link.visit.unit_id == link.hazard.reporting_unit_id
        assert link.visit.enterprise_id == link.hazard.owner_id
        assert link.visit.date == link.hazard.found_at.astimezone(SHANGHAI).date()


def test_officers_ordered_and_rechecked_what_they_found() -> None:
    enforced = Hazard.objects.filter(track="enforcement")
    assert enforced.count() == FILE.hazards.direct
    assert Order.objects.filter(hazard__in=enforced).exclude(certificate="").count() == FILE.hazards.direct
    assert Recheck.objects.filter(hazard__in=enforced, passed=True, second__isnull=False).count() == (
        FILE.hazards.direct
    )


def test_accidents_and_deaths_of_both_years_none_of_them_large() -> None:
    rows = Accident.objects.filter(is_exercise=False, is_work_safety=True, state="closed")
    counts = {
        year: rows.filter(occurred_at__year=year).aggregate(n=Count("pk"), deaths=Sum("deaths"))
        for year in (YEAR - 1, YEAR)
    }
    assert counts == {2021: {"n": 15, "deaths": 15}, 2022: {"n": 11, "deaths": 12}}
    assert set(Accident.objects.values_list("grade", flat=True)) == {"4"}


def test_deaths_per_gdp_fell_by_24_per_cent_on_one_price_basis() -> None:
    before, now = Gdp.objects.get(year=YEAR - 1), Gdp.objects.get(year=YEAR)
    decline = 100 * (1 - (12 / now.value) / (15 / before.value))
    assert before.basis == now.basis
    assert "虚构" in before.source
    assert 23.5 <= decline < 24.5


def test_nobody_is_real_and_nothing_waits() -> None:
    assert not Enterprise.objects.filter(is_demo=False).exists()
    assert not Enterprise.objects.exclude(name__startswith="演示").exists()
    assert not Todo.objects.filter(done_at__isnull=True).exists()


def test_fires_floods_and_hail_were_answered_in_time() -> None:
    rows = Event.objects.filter(received_at__gte=BEGIN, received_at__lt=END, is_exercise=False)
    assert dict(rows.order_by().values_list("kind").annotate(Count("pk"))) == {
        "forest_fire": 52,
        "flood": 3,
        "hail": 2,
    }
    assert rows.filter(kind="forest_fire", subtype="forest").count() == FILE.events.forest
    assert not rows.exclude(state="closed").exists()
    for event in rows:
        first = Task.objects.filter(event=event).order_by("sent_at", "pk")[0]
        assert first.signed_at is not None
        assert first.signed_at <= first.sign_by
        assert first.state == "done"
    assert not WatchDay.objects.exclude(state="checked").exists()


def test_the_fire_of_23_august_came_from_outside_and_was_fought_for_four_days() -> None:
    event = Event.objects.get(name__contains="8·23")
    assert event.is_outside
    assert event.mother is not None
    assert "北碚歇马" in event.mother.name
    assert event.ended_at is not None
    begun, ended = (moment.astimezone(SHANGHAI).date() for moment in (event.received_at, event.ended_at))
    assert (ended - begun).days == 3
    assert WatchDay.objects.filter(event=event).count() == FILE.events.watched == 15
    assert Evacuee.objects.filter(state="safe", batch__event=event).count() == FILE.events.evacuated > 100
    last = event.losses.order_by("-as_of")[0]
    assert (last.evacuated, last.deaths, last.injuries) == (FILE.events.evacuated, 0, 0)


def test_households_had_their_money_in_time() -> None:
    rows = Claim.objects.filter(programme__year=YEAR)
    assert not rows.exclude(state="confirmed").exists()
    assert not rows.exclude(paid_on__lte=F("pay_by")).exists()
    assert not rows.exclude(paid_on__lte=F("funded_pay_by")).exists()
    counts = {
        kind: (households, people, rooms, amount)
        for kind, households, people, rooms, amount in rows.order_by()
        .values_list("programme__kind")
        .annotate(n=Count("pk"), people=Sum("persons"), rooms=Sum("rooms"), amount=Sum("amount"))
    }
    assert counts["winter"] == (22, 48, 0, Decimal(19_500))
    assert counts["repair_severe"][0::2] == (2, 4)
    assert counts["repair_severe"][3] == 6_000
    assert counts["repair_light"][0::2] == (2, 3)
    assert counts["repair_light"][3] == 1_500


def test_enterprises_held_their_certificates_at_the_end_of_the_year() -> None:
    day = date(YEAR, 12, 31)
    rows = Grade.objects.filter(graded_on__lte=day, valid_until__gte=day, ended_on__isnull=True)
    assert rows.values("owner").distinct().count() == rows.count() == FILE.standardisation.certified == 314
    assert not rows.filter(owner__accidents__isnull=False).exists()


def test_publicity_calls_and_surveys() -> None:
    sums = dict(ChannelCount.objects.order_by().values_list("channel").annotate(Sum("count")))
    assert sums == {"news": 697, "screen": 1012, "sms": 2_200_000}
    assert [row.name for row in Pilot.objects.all()] == [FILE.outreach.pilot]
    calls = Call.objects.filter(received_at__gte=BEGIN, received_at__lt=END)
    assert calls.count() == Call.objects.count() == 791
    assert calls.filter(category="report").count() == 58
    assert calls.filter(category="consult").count() == 276
    assert calls.filter(is_filed=True).exclude(case_number="").count() == 13
    assert not calls.exclude(state="closed").exists()
    known, content = (
        Answer.objects.exclude(**{f"{column}__isnull": True}).aggregate(
            asked=Count("pk"), counted=Count("pk", filter=Q(**{column: True}))
        )
        for column in ("knows", "satisfied")
    )
    assert 85 <= 100 * known["counted"] / known["asked"] < 86
    assert content["counted"] / content["asked"] >= 0.8
    assert min(known["asked"], content["asked"]) >= 385


def test_the_budget_is_the_printed_lines() -> None:
    wan = Decimal(10_000)
    for told in FILE.budget.lines:
        line = Line.objects.get(year__year=YEAR, subject=told.subject)
        moved = Adjustment.objects.filter(line=line).aggregate(sum=Sum("amount"))["sum"]
        paid = Payment.objects.filter(line=line).aggregate(sum=Sum("amount"))["sum"]
        assert (line.opening, line.opening + moved, paid) == (
            told.opening * wan,
            told.adjusted * wan,
            told.executed * wan,
        )
    printed = {row.kind: row.explanation for row in Statement.objects.filter(year__year=YEAR)}
    assert [kind for kind, words in printed.items() if words] == ["adjusted", "final"]
    assert Receipt.objects.filter(project=None, received_on__lt=date(YEAR, 12, 1)).count() == 2


def test_two_projects_are_slow_and_everything_was_published_in_time() -> None:
    for project in Project.objects.all():
        paid = Payment.objects.filter(project=project).aggregate(sum=Sum("amount"))["sum"]
        assert paid / project.opening < Decimal("0.7")
    assert Project.objects.count() == 2
    papers = Publication.objects.all()
    assert papers.filter(due_on__year=YEAR).count() == 3
    assert not papers.exclude(published_on__lte=F("due_on")).exists()
    for paper in papers:
        assert paper.published_on is not None
        assert paper.published_on <= paper.started_on + timedelta(days=20)


def test_posts_and_people() -> None:
    rows = Establishment.objects.filter(as_of=date(YEAR, 12, 31))
    assert {row.kind: (row.posts, row.staff) for row in rows} == {
        "administrative": (18, 18),
        "civil_service_managed": (23, 22),
        "institution": (10, 5),
    }
    assert rows.aggregate(p=Sum("posts"), s=Sum("staff"), r=Sum("retired")) == {"p": 51, "s": 45, "r": 10}
