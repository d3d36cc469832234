"""Superior money: what rests, for how long, what is said of it, and projects behind plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from bianwang.modules.budget import measures, services
from bianwang.modules.budget.models import BudgetYear, Project, Receipt
from bianwang.modules.budget.pace import EVEN, Marks, elapsed, expected, judged
from bianwang.modules.budget.queries.alerts import alerts
from bianwang.modules.budget.queries.funds import rests
from bianwang.modules.budget.queries.sources import sources
from bianwang.modules.budget.services.clock import watch
from bianwang.platform.clock import SHANGHAI, at, today
from bianwang.platform.measures import Measured
from bianwang.platform.period import Period
from bianwang.platform.todo.models import Todo
from bianwang.platform.workflow.models import Limit
from tests.modules.budget import cases
from tests.people import ClientFor, World

DB = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def receipts(world: World, year: BudgetYear, project: Project | None, *rows: tuple[str, date]) -> list[Receipt]:
    """Money that came on days of a year."""
    return [
        cases.received(world, year, amount, received_on=day, document=f"文{number}", project=project)
        for number, (amount, day) in enumerate(rows)
    ]


def shows(client: Any, found: Measured) -> None:
    """The list behind each number has as many rows as it says."""
    for rows in found.rows:
        assert client.get(rows.url).context["sheet"].paginator.count == rows.count, rows


class TestResting:
    pytestmark = DB

    def test_the_oldest_money_is_spent_first_and_refunds_come_back(self, world: World) -> None:
        year = cases.approved(world, 2022)
        project = cases.superior(world, year, amount="30000")
        receipts(world, year, project, ("10000", date(2022, 3, 1)), ("20000", date(2022, 6, 1)))
        cases.paid(world, cases.relief(year), "12000", date(2022, 7, 1), project=project)
        cases.paid(world, cases.relief(year), "-5000", date(2022, 9, 1), project=project, reason="多付退回")
        at = {
            date(2022, 2, 28): [],
            date(2022, 3, 1): [(10000, 0)],
            date(2022, 6, 30): [(10000, 121), (20000, 29)],
            date(2022, 7, 1): [(18000, 30)],
            date(2022, 9, 1): [(3000, 184), (20000, 92)],
        }
        for day, expected_rests in at.items():
            assert [(rest.amount, rest.days) for rest in rests(day)] == expected_rests, day

    def test_thirty_days_are_too_long_and_twenty_nine_are_not(self, world: World, client_for: ClientFor) -> None:
        year = cases.approved(world, 2022)
        receipts(world, year, None, ("8000.50", date(2022, 5, 1)))
        before = measures.undisbursed(Period.of_year(2022, date(2022, 5, 30)))
        at = measures.undisbursed(Period.of_year(2022, date(2022, 5, 31)))
        assert (before.value, at.value) == (0, Decimal("0.80005"))
        for found in (before, at):
            shows(client_for("leader"), found)

    def test_the_number_of_days_is_a_dated_row(self, world: World) -> None:
        year = cases.approved(world, 2022)
        receipts(world, year, None, ("8000", date(2022, 5, 1)))
        old = Limit.objects.get(code="budget.undisbursed")
        old.pk, old.value, old.valid_from = None, Decimal(60), date(2022, 6, 1)
        old.save()
        days = (date(2022, 5, 31), date(2022, 6, 1), date(2022, 6, 30))
        found = [measures.undisbursed(Period.of_year(2022, day)).rows[0].count for day in days]
        assert found == [1, 0, 1]

    def test_money_carried_over_is_spent_by_the_same_project_of_the_next_year(self, world: World) -> None:
        first = cases.approved(world, 2022)
        old = cases.superior(world, first)
        receipts(world, first, old, ("20000", date(2022, 11, 1)))
        second = cases.drafted(world, 2023)
        line = cases.line(world, second, cases.RELIEF, "0", "20000")
        new = cases.project(world, line, "R1", source="central", opening=Decimal(20000))
        cases.reply(world, second)
        cases.paid(world, line, "19000", date(2023, 2, 1), project=new)
        assert [rest.amount for rest in rests(date(2023, 2, 1))] == [1000]
        assert [rest.amount for rest in rests(date(2023, 1, 31))] == [20000]

    def test_money_goes_to_a_project_of_its_own_source(self, world: World) -> None:
        year, finance = cases.approved(world), world.who("finance")
        project = cases.superior(world, year)
        wrong = cases.received(world, year, source="city")
        with pytest.raises(ValidationError):
            services.assign(finance, wrong, project)
        right = cases.received(world, year, document="文2")
        services.assign(finance, right, project)
        assert Receipt.objects.get(pk=right.pk).project == project

    def test_by_source_adds_up_to_the_whole(self, world: World, client_for: ClientFor) -> None:
        year = cases.approved(world)
        project = cases.superior(world, year)
        cases.received(world, year, project=project)
        cases.paid(world, cases.relief(year), "7000", today(), project=project, kind="transfer")
        cases.paid(world, cases.safety(year), "30000")
        rows = {row.source: row for row in sources(year.year, today())}
        assert (rows["central"].received, rows["central"].transferred, rows["central"].resting) == (20000, 7000, 13000)
        assert [rows[code].standing.adjusted for code in ("central", "city", "district")] == [20000, 0, 150000]
        client = client_for("head")
        page = client.get(reverse("budget:funds"))
        assert "1.30" in page.content.decode()
        for row in rows.values():
            assert all(client.get(url).status_code == 200 for url in row.urls.values())
        shown = client.get(rows["central"].urls["transferred"]).context["sheet"].object_list
        assert [payment.amount for payment in shown] == [7000]


class TestAlerts:
    pytestmark = DB

    @pytest.fixture
    def midyear(self) -> Iterator[None]:
        """Two quarters' plans are due, whenever the tests run."""
        with at(datetime(today().year, 7, 1, tzinfo=SHANGHAI)):
            yield

    @pytest.mark.usefixtures("midyear")
    def test_resting_money_and_slow_projects_are_to_dos_until_they_move(
        self, world: World, client_for: ClientFor
    ) -> None:
        year = cases.approved(world)
        project = cases.superior(world, year)
        receipt = cases.received(world, year, days=30, project=project)
        cases.received(world, year, days=29, document="文2")
        services.save_project(world.who("finance"), project, {"share_q1": 100, "share_q2": 100, "share_q3": 100})
        cases.paid(world, cases.relief(year), "1", today(), project=project)
        watch()
        watch()
        waiting = Todo.objects.filter(done_at=None, object_type__in=("budget.receipt", "budget.project"))
        assert {(row.object_type, row.object_id) for row in waiting} == {
            ("budget.receipt", receipt.pk),
            ("budget.project", project.pk),
        }
        page = client_for("leader").get(reverse("budget:alerts")).content.decode()
        for text in ("上级资金滞留", "19,999.00", "30 天", "项目进度滞后", "明显滞后"):
            assert text in page
        home = client_for("finance").get(reverse("ui:home")).content.decode()
        assert "上级资金滞留" in home
        cases.paid(world, cases.relief(year), "19999", today(), project=project)
        watch()
        assert not waiting.all().exists()
        assert not alerts().behind

    def test_a_year_that_is_settled_is_quiet(self, world: World) -> None:
        year = cases.approved(world, 2022)
        receipts(world, year, None, ("8000", date(2022, 5, 1)))
        assert len(alerts().rests) == 1
        finance = world.who("finance")
        for line in (cases.safety(year), cases.relief(year)):
            services.explain(finance, line, "未支付")
        services.close(year, finance, {"final_replied_on": date(2023, 8, 1), "final_document": "文"})
        watch()
        assert not alerts().rests
        assert not Todo.objects.filter(done_at=None, object_type="budget.receipt").exists()

    def test_a_past_year_names_what_lacks_a_reason(self, world: World, client_for: ClientFor) -> None:
        cases.approved(world, 2022)
        page = client_for("finance").get(reverse("budget:alerts")).content.decode()
        assert "安全监管（0.0%）" in page
        assert "四川省项目支出绩效自评表" in page


class TestBehindPlan:
    pytestmark = DB

    def test_the_measure_counts_what_is_below_eighty_per_cent_of_the_plan(
        self, world: World, client_for: ClientFor
    ) -> None:
        year = cases.drafted(world, 2022)
        line = cases.line(world, year)
        paid = {"A": "7999.99", "B": "8000", "C": "5999.99", "D": "6000", "E": "0"}
        for code, amount in paid.items():
            project = cases.project(world, line, code, opening=Decimal(0 if code == "E" else 10000))
            if Decimal(amount):
                cases.paid(world, line, amount, date(2022, 6, 1), project=project)
        assert measures.low_projects(Period.of_year(2022)).value is None
        cases.reply(world, year)
        found = measures.low_projects(Period.of_year(2022))
        assert (found.value, found.rows[1].count) == (3, 5)
        client = client_for("leader")
        shows(client, found)
        base = found.rows[0].url.replace("pace=low", "pace={}")
        named = {
            colour: sorted(row.code for row in client.get(base.format(colour)).context["sheet"].object_list)
            for colour in ("red", "yellow", "green")
        }
        assert named == {"red": ["C"], "yellow": ["A", "D"], "green": ["B"]}


MARKS = Marks(Decimal("0.6"), Decimal("0.8"))


def test_the_plan_rises_by_days_between_the_ends_of_the_quarters() -> None:
    plan = (Decimal(10), Decimal(40), Decimal(40), Decimal(100))
    days = {
        date(2021, 12, 31): 0,
        date(2022, 1, 1): Decimal(10) / 90,
        date(2022, 3, 31): 10,
        date(2022, 6, 30): 40,
        date(2022, 8, 15): 40,
        date(2022, 12, 31): 100,
        date(2023, 5, 1): 100,
    }
    for day, share in days.items():
        assert expected(plan, 2022, day) == share, day
    assert elapsed(2022, date(2022, 12, 31)) == 100
    assert elapsed(2024, date(2024, 6, 30)) == Decimal(182) / 366 * 100
    steps = [expected(EVEN, 2022, date(2022, 1, 1) + timedelta(days=n)) for n in range(365)]
    assert steps == sorted(steps)


@pytest.mark.parametrize(
    ("rate", "colour"),
    [("29.999", "red"), ("30", "yellow"), ("39.999", "yellow"), ("40", "green"), ("100", "green"), (None, None)],
)
def test_colours_change_at_their_ratios(rate: str | None, colour: str | None) -> None:
    assert judged(None if rate is None else Decimal(rate), Decimal(50), MARKS) == colour


def test_nothing_is_behind_before_anything_is_planned() -> None:
    assert judged(Decimal(0), Decimal(0), MARKS) == "green"
