"""Rows of the licensing module."""

from __future__ import annotations

from tests.modules.licensing import matters
from tests.people import World
from tests.permissions.row import (
    BUREAU,
    ELSEWHERE,
    EVERYBODY,
    HEAD,
    OFFICERS,
    SAFETY,
    TOWNS,
    UNITS,
    Row,
    listing,
    page,
    thing,
)


def application(world: World) -> int:
    """An application of the plant that waits to be accepted."""
    return matters.applied(world).pk


def licence(world: World) -> int:
    """A licence of the plant."""
    return matters.held(world).pk


_READERS = BUREAU | TOWNS | UNITS | SAFETY
_STAFF = OFFICERS | HEAD
_OWN = frozenset({"safety", "safety_mate"})

ROWS: tuple[Row, ...] = (
    listing("licensing:list", _READERS),
    page("licensing:apply", _STAFF | SAFETY, 200, 422),
    page("licensing:statistics", BUREAU),
    page("licensing:guide", _READERS),
    listing("licensing:licences", _READERS),
    thing("licensing:detail", application, _READERS),
    # The enterprise may take its own application back; everybody else who sees it finds no such step.
    thing(
        "licensing:detail_step",
        application,
        _READERS,
        200,
        422,
        args={"step": "recall"},
        other=dict.fromkeys((_READERS - _STAFF - _OWN) - ELSEWHERE, 409),
    ),
    # Leads to the import page, which asks for the permission.
    page("licensing:import", EVERYBODY, 302, 302),
    thing("licensing:licence", licence, _READERS),
    thing(
        "licensing:licence_step",
        licence,
        _READERS,
        200,
        422,
        args={"step": "revoke"},
        other=dict.fromkeys((_READERS - _STAFF) - ELSEWHERE, 409),
    ),
)
