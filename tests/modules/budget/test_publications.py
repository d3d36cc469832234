"""The two clocks of 20 days, at their boundaries, and the rate of what was published in time."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from bianwang.modules.budget import measures, pack, services
from bianwang.modules.budget.models import Publication
from bianwang.platform.calendar.services import change_day
from bianwang.platform.config import ConfigError
from bianwang.platform.period import Period
from bianwang.platform.todo.models import Todo
from tests.modules.budget import cases
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


@pytest.mark.parametrize("clock", ["reply", "approval"])
@pytest.mark.parametrize(
    ("started", "last"),
    [
        (date(2022, 2, 24), date(2022, 3, 16)),  # a Wednesday: 20 days, the first not counted
        (date(2022, 2, 27), date(2022, 3, 21)),  # 19 March is a Saturday
        (date(2022, 1, 12), date(2022, 2, 7)),  # 1 February lies in the Spring Festival
        (date(2022, 9, 11), date(2022, 10, 8)),  # 1 October begins the holidays; Saturday the 8th is worked
        (date(2022, 3, 13), date(2022, 4, 2)),  # a Saturday that is worked before the Tomb-sweeping days
        (date(2022, 4, 11), date(2022, 5, 5)),  # 1 to 4 May
    ],
)
def test_a_last_day_that_is_a_holiday_moves_to_the_next_working_day(
    world: World, started: date, last: date, clock: str
) -> None:
    assert cases.due(world, started, clock=clock).due_on == last


def test_the_office_may_know_better_than_the_published_calendar(world: World) -> None:
    change_day(date(2022, 3, 16), is_working=False, name="调休", source="区府办通知")
    assert cases.due(world, date(2022, 2, 24)).due_on == date(2022, 3, 17)


@pytest.mark.parametrize(("published", "rate"), [(16, 100), (17, 0)])
def test_the_last_day_is_in_time_and_the_next_is_not(
    world: World, client_for: ClientFor, published: int, rate: int
) -> None:
    row = cases.due(world, date(2022, 2, 24))
    services.publish(world.who("finance"), row, date(2022, 3, published), "区政府网")
    found = measures.publication_rate(Period.of_year(2022))
    assert (found.value, found.denominator) == (rate, 1)
    for rows in found.rows:
        assert client_for("leader").get(rows.url).context["sheet"].paginator.count == rows.count


def test_papers_count_in_the_year_of_their_last_day_and_only_when_it_has_come(world: World) -> None:
    finance = world.who("finance")
    assert measures.publication_rate(Period.of_year(2022)).value is None
    late = cases.due(world, date(2022, 12, 20), "final", year=2021)
    early = cases.due(world, date(2022, 2, 24), "budget")
    cases.due(world, date(2022, 8, 1), "performance", year=2021)
    assert late.due_on == date(2023, 1, 9)
    services.publish(finance, early, date(2022, 2, 24), "区政府网")
    services.publish(finance, late, date(2022, 12, 30), "区政府网")
    by_day = {
        date(2022, 3, 15): (None, None),
        date(2022, 3, 16): (1, 1),
        date(2022, 8, 21): (1, 1),
        date(2022, 8, 22): (1, 2),  # 21 August is a Sunday
        date(2022, 12, 31): (1, 2),
    }
    for day, expected in by_day.items():
        found = measures.publication_rate(Period.of_year(2022, day))
        assert (found.numerator, found.denominator) == (expected if expected[1] else (0, 0)), day
    assert measures.publication_rate(Period.of_year(2023)).value == 100


def test_a_reply_makes_its_paper_due_until_it_is_published(world: World) -> None:
    cases.approved(world, 2022)
    row = Publication.objects.get()
    assert (row.kind, row.clock, row.started_on) == ("budget", "reply", date(2022, 1, 1))
    assert Todo.objects.filter(object_id=row.pk, done_at=None, permission="budget.edit").count() == 1
    with pytest.raises(ValidationError) as caught:
        services.publish(world.who("finance"), row, date(2021, 12, 31), " ")
    assert set(caught.value.message_dict) == {"published_on", "place"}
    services.publish(world.who("finance"), row, date(2022, 1, 5), "https://example.invalid/budget")
    assert not Todo.objects.filter(object_id=row.pk, done_at=None).exists()


def test_the_page_says_the_clock_and_its_law(world: World, client_for: ClientFor) -> None:
    row = cases.due(world, date(2022, 2, 24))
    page = client_for("head").get(reverse("budget:publication", args=[row.pk])).content.decode()
    for text in ("2022-03-16", "预算法", "第十四条第二款", "民法典", "逾期未公开"):
        assert text in page


def test_a_wrong_pack_is_refused_in_words() -> None:
    row = {"source": "法", "article": "条", "certainty": "已核实", "valid_from": date(2020, 1, 1)}
    with pytest.raises(ConfigError, match="上级“20805”没有列出"):
        pack.read({"subjects": [{"code": "2080505", "name": "某", **row}], "publications": [], "periods": []})
    both = [{"code": "208", "name": "某支出", **row}, {"code": "210", "name": "某", **row}]
    with pytest.raises(ConfigError, match="同时指"):
        pack.read({"subjects": both, "publications": [], "periods": []})
