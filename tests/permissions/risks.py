"""Rows of the risks module."""

from __future__ import annotations

from tests.modules.risks import things
from tests.people import World
from tests.permissions.row import (
    BUREAU,
    BUSINESS,
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


def point(world: World) -> int:
    """A risk point of the plant."""
    return things.point(world).pk


def source(world: World) -> int:
    """A major hazard source of the plant."""
    return things.source(world).pk


_EDITORS = OFFICERS | HEAD | SAFETY

ROWS: tuple[Row, ...] = (
    listing("risks:list", BUSINESS),
    page("risks:new", _EDITORS, 200, 422),
    # Leads to the import page, which asks for the permission.
    page("risks:import", EVERYBODY, 302, 302),
    page("risks:statistics", BUREAU | TOWNS | UNITS),
    listing("risks:sources", BUSINESS),
    page("risks:source_new", _EDITORS, 200, 422),
    thing("risks:source", source, BUSINESS),
    thing("risks:source_edit", source, _EDITORS, 200, 422),
    thing("risks:keeper", source, _EDITORS, 200, 422),
    thing("risks:duty", source, _EDITORS, 200, 422),
    thing("risks:detail", point, BUSINESS),
    thing("risks:edit", point, _EDITORS, 200, 422),
    thing("risks:card", point, BUSINESS),
)
