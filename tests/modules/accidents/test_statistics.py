"""A year's figures, each with its rows, against the numbers of the 2022 report."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from bianwang.modules.accidents import services
from bianwang.modules.accidents.queries import death_rate, decline, statistics
from bianwang.platform.clock import SHANGHAI
from tests.modules.accidents.cases import entered
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def at(year: int, month: int = 5, day: int = 1, hour: int = 8) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)


def gdp(world: World, year: int, value: str, **other: Any) -> None:
    given = {"year": year, "value": Decimal(value), "basis": "current", "source": "统计公报", **other}
    services.save_gdp(world.who("finance"), given)


@pytest.fixture
def report(world: World, limits: None) -> None:
    """2022: 11 accidents, 12 deaths; 2021: 15 and 15. The GDP grew by 5.26 %."""
    for number in range(11):
        entered(world, occurred_at=at(2022, 1 + number), deaths=2 if number == 0 else 1)
    for number in range(15):
        entered(world, occurred_at=at(2021, 1 + number % 12), kind="03")
    gdp(world, 2022, "1000")
    gdp(world, 2021, "950")


@pytest.mark.usefixtures("report")
def test_the_2022_report(world: World) -> None:
    found = statistics(world.who("head"), 2022)
    accidents, deaths, large = found.figures[:3]
    assert (accidents.value, accidents.before, accidents.change) == (11, 15, -4)
    assert (deaths.value, deaths.before, deaths.percent) == (12, 15, -20)
    assert (large.value, large.before) == (0, 0)
    assert found.rate is not None
    assert found.rate.value == Decimal("0.012")
    assert found.rate.decline == pytest.approx(Decimal(24))
    assert found.rate.growth == pytest.approx(5.26, abs=0.005)


def test_the_rate_and_its_decline() -> None:
    near = Decimal("0.0000005")
    assert death_rate(15, Decimal(9875)) == pytest.approx(Decimal("0.001519"), abs=near)
    assert death_rate(10, Decimal(6050)) == pytest.approx(Decimal("0.001653"), abs=near)
    assert decline(12 / Decimal("1.0526"), Decimal(15)) == pytest.approx(Decimal(24), abs=Decimal("0.01"))
    assert decline(Decimal(12), Decimal(15)) == 20
    assert decline(None, Decimal(15)) is decline(Decimal(12), None) is decline(Decimal(12), Decimal(0)) is None


def test_exercises_mistakes_and_other_events_are_in_no_figure(world: World) -> None:
    when = {"occurred_at": at(2026)}
    entered(world, **when, is_exercise=True, deaths=30)
    entered(world, **when, is_work_safety=False, deaths=3)
    services.revoke(entered(world, **when, deaths=3), world.who("duty"), "登记重复")
    found = statistics(world.who("head"), 2026)
    assert [pair.value for pair in found.figures] == [0] * 5
    assert all(not groups for _, groups in found.groups)


def test_the_year_turns_at_midnight_in_shanghai(world: World) -> None:
    entered(world, occurred_at=datetime(2025, 12, 31, 23, 59, 59, tzinfo=SHANGHAI))
    entered(world, occurred_at=datetime(2026, 1, 1, tzinfo=SHANGHAI))
    count = statistics(world.who("head"), 2026).figures[0]
    assert (count.value, count.before) == (1, 1)


def test_every_figure_leads_to_exactly_its_rows(world: World, client_for: ClientFor) -> None:
    entered(world, occurred_at=at(2026), deaths=3, injuries=2, loss=Decimal("80.25"))
    entered(world, occurred_at=at(2026, 6), deaths=0, injuries=1, loss=Decimal(0))
    entered(world, occurred_at=at(2025, 12, 31), owner=world.other, kind="03")
    entered(world, occurred_at=at(2026), is_exercise=True, deaths=9)
    client = client_for("head")
    found = statistics(world.who("head"), 2026)
    pairs = list(found.figures)
    for _, groups in found.groups:
        pairs += [pair for group in groups for pair in (group.accidents, group.deaths)]
    assert len(pairs) == 5 + 2 * (2 + 2 + 2)
    for pair in pairs:
        for query, value in ((pair.query, pair.value), (pair.before_query, pair.before)):
            answer = client.get(f"{reverse('accidents:list')}?{query}")
            rows = list(answer.context["sheet"].object_list)
            sums = {"起": len(rows), "万元": sum((row.loss for row in rows), Decimal(0))}
            people = "injuries" if "重伤" in pair.name else "deaths"
            assert value == sums.get(pair.unit, sum(getattr(row, people) for row in rows)), (pair.name, query)


@pytest.mark.usefixtures("report")
def test_the_page_says_how_the_decline_comes_about(world: World, client_for: ClientFor) -> None:
    page = client_for("leader").get(reverse("accidents:statistics"), {"year": 2022}).content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", page))
    assert "降幅 24.00% = 1 −（12 ÷ 1000.00）÷（15 ÷ 950.00）；GDP 增长 5.26%" in text
    assert "减少 4（-26.7%）" in text
    assert "口径不同" not in text
    gdp(world, 2021, "950", basis="constant")
    assert "口径不同" in client_for("leader").get(reverse("accidents:statistics"), {"year": 2022}).content.decode()


@pytest.mark.usefixtures("report")
def test_a_town_counts_its_own_and_gets_no_rate_of_the_district(world: World, client_for: ClientFor) -> None:
    entered(world, occurred_at=at(2022), owner=world.other)
    found = statistics(world.who("town2"), 2022)
    assert (found.figures[0].value, found.rate) == (1, None)
    assert "降幅" not in client_for("town2").get(reverse("accidents:statistics"), {"year": 2022}).content.decode()


def test_the_gdp_is_entered_by_a_form_and_corrected(world: World, client_for: ClientFor) -> None:
    client, url = client_for("finance"), reverse("accidents:gdp_edit")
    given = {"year": 2025, "value": "1021.30", "basis": "current", "source": "2025年统计公报"}
    assert client.post(url, given).status_code == 302
    assert client.post(url, {**given, "value": "1022"}).status_code == 302
    page = client.get(reverse("accidents:gdp")).content.decode()
    assert "1,022.00" in page
    assert "1,021.30" not in page
    for wrong in ({"value": "0"}, {"year": 1999}, {"source": ""}):
        assert client.post(url, {**given, **wrong}).status_code == 422
