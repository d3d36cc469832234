"""The golden year: each figure against a second count, the scores of the report, and what moves when rows do."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from bianwang.modules.indicators import queries
from bianwang.platform.period import Period
from tests.golden.recount import Recount
from tests.golden.year import YEAR

END = date(YEAR, 12, 31)
pytestmark = pytest.mark.django_db
DAYS = [END, date(YEAR, 8, 25), date(YEAR, 3, 31)]


def figures(on: date = END) -> dict[str, Decimal | int | None]:
    return {id_: figure.value for id_, figure in queries.figures(Period.of_year(YEAR, on)).items()}


def differences(on: date) -> dict[str, tuple[Any, Any]]:
    """Figures that the second count does not find: (figure, count), to the last but some digits of a division."""
    counted = Recount(on).all()
    found = figures(on)
    assert found.keys() == counted.keys()
    return {id_: (found[id_], counted[id_]) for id_ in found if not same(found[id_], counted[id_])}


def same(one: Any, two: Any) -> bool:
    if one is None or two is None:
        return one is two
    return abs(Decimal(one) - Decimal(two)) < Decimal("1e-15")


@pytest.mark.parametrize("on", DAYS)
def test_every_figure_is_what_a_second_count_finds(on: date) -> None:
    assert differences(on) == {}


def test_the_scores_are_those_of_the_report() -> None:
    sheet = queries.evaluation(YEAR, END)
    scores = {row.code: row.score for row in sheet.rows}
    assert scores.pop("execution_rate") == Decimal("8.10")
    assert set(scores.values()) == {Decimal("10.00")}
    assert (sheet.total.points, sheet.grade) == (Decimal("98.10"), "优")


def change(label: str, where: dict[str, Any], **values: Any) -> Callable[[random.Random], None]:
    """Writes values into a random row; functions make them from the row."""

    def run(chance: random.Random) -> None:
        rows = apps.get_model(label)._default_manager.filter(**where).order_by("pk")
        keys = list(rows.values_list("pk", flat=True)[:2000])
        row = rows.model._default_manager.get(pk=chance.choice(keys))
        made = {name: value(row) if callable(value) else value for name, value in values.items()}
        rows.model._default_manager.filter(pk=row.pk).update(**made)

    return run


VISITS = {"visits", "direct_visits", "plan_completion"}
HAZARDS = {"hazards_found", "hazards_rectified", "hazards_left", "hazards_overdue", "rectification_rate"}
ACCIDENTS = {"accidents", "deaths", "accidents_fewer", "deaths_fewer", "large_accidents", "death_rate_decline"}
EVENTS = {"fires", "floods", "hailstorms", "fires_and_floods", "events", "response_rate", "longest_fight", "evacuated"}
RELIEF = {
    "relief_timeliness",
    "winter_paid",
    "winter_households",
    "winter_persons",
    *(f"{part}_{what}" for part in ("severe", "light") for what in ("paid", "households", "rooms")),
    "houses_paid",
}
CALLS = {"calls", "reports", "consultations", "calls_other", "cases_filed"}
SPENT = {"undisbursed", "low_projects", "execution_rate"} | {
    f"{name}{part}"
    for name in ("executed", "carry_over", "execution")
    for part in ("", "_social", "_health", "_housing", "_disaster")
}
CHANGES: list[tuple[Callable[[random.Random], None], set[str], set[str]]] = [
    # What is changed, figures that must move, others that may.
    (change("enforcement.Visit", {"state": "done", "date__year": YEAR}, state="void"), {"visits"}, VISITS),
    (
        change("hazards.Hazard", {"state": "closed"}, state="revoked"),
        {"hazards_found", "hazards_rectified"},
        HAZARDS,
    ),
    (
        change("hazards.Hazard", {"state": "closed"}, rectified_at=lambda row: row.rectified_at + timedelta(days=400)),
        {"hazards_rectified", "hazards_left", "rectification_rate"},
        HAZARDS,
    ),
    (
        change("accidents.Accident", {"occurred_at__year": YEAR}, deaths=lambda row: row.deaths + 1),
        {"deaths", "deaths_fewer", "death_rate_decline"},
        set(),
    ),
    (change("accidents.Accident", {"occurred_at__year": YEAR}, state="revoked"), {"accidents"}, ACCIDENTS),
    (change("accidents.Gdp", {"year": YEAR}, value=lambda row: row.value * 2), {"gdp", "death_rate_decline"}, set()),
    (change("emergency.Event", {"kind": "flood"}, is_exercise=True), {"floods", "events", "fires_and_floods"}, EVENTS),
    (change("relief.Claim", {"programme__kind": "winter"}, amount=lambda row: row.amount + 1), {"winter_paid"}, set()),
    (
        change("relief.Claim", {"programme__kind": "winter"}, paid_on=lambda row: row.pay_by + timedelta(days=1)),
        {"relief_timeliness"},
        RELIEF,
    ),
    (change("outreach.Call", {"category": "report"}, is_exercise=True), {"calls", "reports"}, CALLS),
    (
        change("outreach.ChannelCount", {"channel": "sms"}, count=lambda row: row.count + 7),
        {"messages"},
        set(),
    ),
    (change("outreach.Pilot", {}, stage="ended", ended_on=date(YEAR, 12, 1)), {"pilots"}, set()),
    (
        change("budget.Payment", {"line__subject__startswith": "210"}, amount=lambda row: row.amount + 100),
        {"executed", "executed_health", "carry_over", "execution_rate"},
        SPENT,
    ),
    (
        change("budget.Publication", {"year": YEAR}, published_on=lambda row: row.due_on + timedelta(days=1)),
        set(),
        {"publication_rate"},
    ),
    (
        change("standardisation.Grade", {"ended_on": None}, ended_on=END),
        set(),
        {"certified"},
    ),
]


@pytest.mark.parametrize("number", range(len(CHANGES)))
def test_a_changed_row_moves_the_figures_that_depend_on_it_and_no_other(number: int) -> None:
    run, must, may = CHANGES[number]
    before = figures()
    with transaction.atomic():
        run(random.Random(number))
        after = figures()
        assert differences(END) == {}
        transaction.set_rollback(True)
    moved = {id_ for id_ in before if before[id_] != after[id_]}
    assert must <= moved <= must | may
