"""Rows of the standardisation module."""

from __future__ import annotations

from tests.modules.standardisation import cases
from tests.people import World
from tests.permissions.row import BUREAU, BUSINESS, FINANCE, HEAD, OFFICERS, SAFETY, Row, listing, page, thing

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


def _agency(world: World) -> int:
    return cases.agency(world).pk


def _expert(world: World) -> int:
    return cases.expert(world, "专家甲").pk


def _contract(world: World) -> int:
    return cases.contract(world).pk


def _found(world: World) -> int:
    return cases.found(world).pk


def _payment(world: World) -> int:
    return cases.paid(world).pk


_AGENCY, _EXPERT, _CONTRACT, _VISIT = ({"pk": made} for made in (_agency, _expert, _contract, _found))

# What is bought from third parties is the bureau's affair: neither towns nor enterprises see it.
_SERVICES: tuple[Row, ...] = (
    *(listing(f"standardisation:{name}", BUREAU) for name in ("agencies", "experts", "contracts", "visits")),
    *(listing(f"standardisation:{name}", BUREAU) for name in ("findings", "payments")),
    *(page(f"standardisation:{name}_new", HEAD, 200, 422) for name in ("agency", "expert", "contract")),
    page("standardisation:agency_edit", HEAD, 200, 422, args=_AGENCY),
    page("standardisation:expert_edit", HEAD, 200, 422, args=_EXPERT),
    page("standardisation:visit_new", _OFFICE, 200, 422, args=_CONTRACT),
    page("standardisation:pay", FINANCE, 200, 422, args=_CONTRACT),
    page("standardisation:finding", _OFFICE, 200, 422, args=_VISIT),
    page("standardisation:agency", BUREAU, args=_AGENCY),
    page("standardisation:expert", BUREAU, args=_EXPERT),
    page("standardisation:contract", BUREAU, args=_CONTRACT),
    page("standardisation:visit", BUREAU, args=_VISIT),
    page("standardisation:payment", BUREAU, args={"pk": _payment}),
    page(
        "standardisation:visit_step",
        BUREAU,
        200,
        422,
        args={**_VISIT, "step": "reject"},
        other=dict.fromkeys(BUREAU - HEAD, 409),
    ),
)

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
    *_SERVICES,
)
