"""Rows of the standardisation module."""

from __future__ import annotations

from tests.modules.standardisation import cases
from tests.people import World
from tests.permissions.row import BUSINESS, HEAD, OFFICERS, SAFETY, Row, listing, page, thing

_OFFICE = OFFICERS | HEAD


def _draft(world: World) -> int:
    return cases.drafted(world).pk


def _rating(world: World) -> int:
    return cases.rated(world).pk


def _applied(world: World) -> int:
    return cases.applied(world).pk


def _grade(world: World) -> int:
    return cases.graded(world).pk


def _subsidy(world: World) -> int:
    return cases.claimed(world).pk


ROWS: tuple[Row, ...] = (
    listing("standardisation:list", BUSINESS),
    listing("standardisation:ratings", BUSINESS),
    listing("standardisation:subsidies", BUSINESS),
    page("standardisation:statistics", BUSINESS),
    page("standardisation:register", _OFFICE, 200, 422),
    page("standardisation:import", _OFFICE, 302, 302),
    page("standardisation:rating_open", SAFETY, 200, 422),
    thing("standardisation:scores", _draft, SAFETY, 200, 422),
    # What is handed in can be applied on, by the enterprise alone; so can a subsidy.
    thing("standardisation:apply", _rating, SAFETY, 200, 422),
    thing("standardisation:claim", _grade, SAFETY, 200, 302),
    thing("standardisation:rating", _rating, BUSINESS),
    thing(
        "standardisation:rating_step",
        _rating,
        BUSINESS,
        200,
        422,
        args={"step": "return"},
        other=dict.fromkeys(BUSINESS - _OFFICE, 409),
    ),
    thing("standardisation:detail", _grade, BUSINESS),
    thing(
        "standardisation:detail_step",
        _applied,
        BUSINESS,
        200,
        422,
        args={"step": "arrange"},
        other=dict.fromkeys(BUSINESS - _OFFICE, 409),
    ),
    thing("standardisation:subsidy", _subsidy, BUSINESS),
    thing(
        "standardisation:subsidy_step",
        _subsidy,
        BUSINESS,
        200,
        422,
        args={"step": "refuse"},
        other=dict.fromkeys(BUSINESS - _OFFICE, 409),
    ),
)
