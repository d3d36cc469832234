"""Measures against plain sums over all rows, at several days, with their rows over HTTP."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bianwang.modules.budget.models import Adjustment, Establishment, Line, Payment
from bianwang.platform.measures import Measured, measures, take
from bianwang.platform.period import Period
from tests.modules.budget import cases
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]
DAYS = (date(2022, 1, 1), date(2022, 5, 31), date(2022, 6, 1), date(2022, 12, 31))
CODES = tuple(code for code in (f"budget.{name}" for name in ("opening", "adjusted", "executed", "carry_over")))


@pytest.fixture
def years(world: World) -> None:
    """2022 in force with money moved on several days, the year before it, and a draft of the next."""
    for number in (2021, 2022):
        year = cases.approved(world, number)
        project = cases.superior(world, year)
        cases.adjusted(world, cases.safety(year), "-1234.56", date(number, 6, 1))
        for day, amount in ((date(number, 1, 1), "20000"), (date(number, 6, 1), "333.33"), (date(number, 12, 31), "7")):
            cases.paid(world, cases.safety(year), amount, day)
        cases.paid(world, cases.relief(year), "5000", date(number, 5, 31), project=project, kind="transfer")
    cases.line(world, cases.drafted(world, 2023))


def again(code: str, on: date, subject: str) -> Decimal:
    """The figure in 万元 from all rows, without the module's queries."""
    lines = [row for row in Line.objects.all() if row.year.year == on.year and row.subject.startswith(subject)]
    keys = {row.pk for row in lines}
    opening = sum((row.opening for row in lines), Decimal(0))
    carried = sum((row.carried_in for row in lines), Decimal(0))
    moved = sum((row.amount for row in Adjustment.objects.all() if row.line_id in keys and row.day <= on), Decimal(0))
    paid = sum((row.amount for row in Payment.objects.all() if row.line_id in keys and row.day <= on), Decimal(0))
    figures = {
        "budget.opening": opening,
        "budget.adjusted": opening + carried + moved,
        "budget.executed": paid,
        "budget.carry_over": opening + carried + moved - paid,
    }
    return figures[code] / 10000


def shows(client_for: ClientFor, found: Measured) -> None:
    client = client_for("head")
    for rows in found.rows:
        answer = client.get(rows.url)
        assert answer.context["sheet"].paginator.count == rows.count, rows


@pytest.mark.usefixtures("years")
def test_money_by_subject_as_of_a_day(client_for: ClientFor) -> None:
    for on in DAYS:
        for subject in ("", "224", "2240106", "2240703"):
            for code in CODES:
                found = take(code, Period.of_year(2022, on), {"subject": subject})
                assert found.value == again(code, on, subject), (code, on, subject)
                shows(client_for, found)
            rate = take("budget.execution_rate", Period.of_year(2022, on), {"subject": subject})
            executed, adjusted = again("budget.executed", on, subject), again("budget.adjusted", on, subject)
            assert (rate.numerator, rate.denominator, rate.value) == (executed, adjusted, 100 * executed / adjusted)


@pytest.mark.usefixtures("years")
def test_without_a_budget_in_force_the_figure_is_missing_in_words() -> None:
    for code in (*CODES, "budget.execution_rate", "budget.low_projects"):
        for year in (2020, 2023):
            found = take(code, Period.of_year(year))
            assert found.value is None
            assert f"{year}年" in found.missing
    assert "210 卫生健康支出" in take("budget.opening", Period.of_year(2022), {"subject": "210"}).missing


def test_people_are_those_of_each_units_last_entry(world: World, client_for: ClientFor) -> None:
    assert take("budget.posts", Period.of_year(2022)).value is None
    cases.staffed(world, date(2021, 12, 31), administrative=(19, 18, 9), institution=(9, 9, 1))
    cases.staffed(world, date(2022, 12, 31), administrative=(18, 18, 7), civil_service_managed=(23, 22, 3))
    cases.staffed(world, date(2022, 6, 30), world.rescue_centre, institution=(10, 5, 0))
    cases.staffed(world, date(2023, 1, 1), administrative=(1, 1, 0))
    expected = {
        ("budget.posts", ""): (28, 51),
        ("budget.staff", ""): (27, 45),
        ("budget.retired", ""): (10, 10),
        ("budget.posts", "administrative"): (19, 18),
        ("budget.staff", "civil_service_managed"): (None, 22),
        ("budget.staff", "institution"): (9, 5),
    }
    for (code, kind), values in expected.items():
        for on, value in zip((date(2022, 6, 29), date(2022, 12, 31)), values, strict=True):
            found = take(code, Period.of_year(2022, on), {"kind": kind} if kind else {})
            assert found.value == value, (code, kind, on)
            shows(client_for, found)
    assert Establishment.objects.count() == 6


@pytest.mark.usefixtures("years")
def test_no_measure_takes_more_than_a_few_queries(world: World) -> None:
    cases.staffed(world, date(2022, 1, 1), administrative=(1, 1, 0))
    counts = {}
    for code in (code for code in measures() if code.startswith("budget.")):
        with CaptureQueriesContext(
            connection,
        ) as caught:
            take(code, Period.of_year(2022))
        counts[code] = len(caught)
    assert len(counts) == 12
    assert max(counts.values()) <= 8, counts
