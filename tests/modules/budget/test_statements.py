"""Printed totals beside the sums of lines: the figures of the report of 2022."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from bianwang.modules.budget.models import BudgetYear, Statement
from bianwang.modules.budget.printed import half_unit, is_number, shown_wan, yuan
from bianwang.modules.budget.queries.statements import compared
from tests.modules.budget import cases
from tests.people import ClientFor, World

pytestmark = pytest.mark.usefixtures("limits")

# Subject, opening, adjusted, executed, in 万元 as the report prints them.
PRINTED = (
    ("208", "117.07", "135.57", "135.57"),
    ("210", "57.37", "2422.95", "1644.01"),
    ("221", "74.07", "47.04", "47.04"),
    ("224", "1781.54", "1505.49", "1495.52"),
)


def year_of_the_report(world: World) -> BudgetYear:
    """The four lines as they were printed."""
    year = cases.drafted(world, 2022)
    for subject, opening, *_ in PRINTED:
        cases.line(world, year, subject, str(yuan(opening, "wan")))
    cases.reply(world, year)
    for subject, opening, adjusted, executed in PRINTED:
        line = year.lines.get(subject=subject)
        cases.adjusted(world, line, str(yuan(adjusted, "wan") - yuan(opening, "wan")))
        cases.paid(world, line, str(yuan(executed, "wan")))
    return year


@pytest.mark.django_db
def test_what_rounding_explains_is_accepted_and_the_rest_refused_with_the_difference(world: World) -> None:
    year = year_of_the_report(world)
    # 2030.05 beside 2030.06: four lines and a total, half a unit each.
    cases.stated(world, year, "opening", "2030.06")
    for kind, printed, more, difference in (
        ("adjusted", "4140.58", "多", "295,300.00"),
        ("final", "3362.15", "多", "400,100.00"),
        ("carry_over", "778.43", "少", "104,800.00"),
    ):
        with pytest.raises(ValidationError) as caught:
            cases.stated(world, year, kind, printed)
        assert f"{more} {difference} 元" in "".join(caught.value.messages)
    cases.stated(world, year, "carry_over", "788.91")
    assert set(Statement.objects.values_list("kind", flat=True)) == {"opening", "carry_over"}


@pytest.mark.django_db
@pytest.mark.parametrize(("printed", "kept"), [("2030.07", True), ("2030.08", False), ("2030", True), ("2035", False)])
def test_the_tolerance_follows_the_printed_places(world: World, printed: str, kept: bool) -> None:
    year = year_of_the_report(world)
    if not kept:
        with pytest.raises(ValidationError):
            cases.stated(world, year, "opening", printed)
    else:
        assert cases.stated(world, year, "opening", printed).printed == printed


@pytest.mark.django_db
def test_an_explained_difference_is_kept_and_shown_and_the_total_stays_that_of_the_lines(
    world: World, client_for: ClientFor
) -> None:
    year = year_of_the_report(world)
    cases.stated(world, year, "adjusted", "4,140.58", "文件合计含未列示的科目")
    row = compared(year)[0]
    assert (row.difference, row.agrees) == (Decimal("295300.00"), False)
    page = client_for("leader").get(year.get_absolute_url()).content.decode()
    for text in ("4,111.05", "3,322.14", "788.91", "80.8%", "4140.58", "+295,300.00", "文件合计含未列示的科目"):
        assert text in page
    cases.stated(world, year, "adjusted", "4111.05")
    assert [found.agrees for found in compared(year)] == [True]


@pytest.mark.django_db
def test_the_form_names_the_difference_beside_the_field(world: World, client_for: ClientFor) -> None:
    year = year_of_the_report(world)
    url = reverse("budget:statement", args=[year.pk])
    data = {"kind": "final", "printed": "3362.15", "unit": "wan", "paper": "决算表"}
    client = client_for("finance")
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert "多 400,100.00 元，超过四舍五入可能的 250.00 元" in refused.content.decode()
    assert client.post(url, data | {"explanation": "照原文"}).status_code == 302
    assert client.post(url, data | {"printed": "约3362"}).status_code == 422


@pytest.mark.parametrize("text", ["4140.58", "4,140.58", "0", "-3.5", "12,345,678"])
def test_numbers_as_papers_print_them(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["", "约40", "4140.58万", "1,23", "1e3", "--1"])
def test_what_is_no_number(text: str) -> None:
    assert not is_number(text)


def test_places_and_units() -> None:
    assert (yuan("4,140.58", "wan"), yuan("0.75", "yuan")) == (Decimal("41405800.00"), Decimal("0.75"))
    assert (half_unit("4140.58", "wan"), half_unit("4140", "wan"), half_unit("1.0", "yuan")) == (
        50,
        5000,
        Decimal("0.05"),
    )
    assert [shown_wan(Decimal(text)) for text in ("1234550", "12345650", "-50")] == ["123.46", "1,234.57", "-0.01"]
