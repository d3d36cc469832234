"""Rows of the reports module."""

from __future__ import annotations

from tests.modules.reports import things
from tests.people import World
from tests.permissions.row import BUREAU, FINANCE, HEAD, LEADER, Row, listing, page


def report(world: World) -> int:
    """The report of a year, begun."""
    return things.begun(world).pk


def version(world: World) -> int:
    """A frozen version of it."""
    return things.kept(world).pk


def other(world: World) -> int:
    """Another version of it."""
    return things.kept(world, 2).pk


_WRITERS = FINANCE | HEAD
_REPORT, _VERSION = {"pk": report}, {"pk": version}

ROWS: tuple[Row, ...] = (
    listing("reports:list", BUREAU),
    page("reports:new", _WRITERS, 200, 422),
    page("reports:report", BUREAU, args=_REPORT),
    page("reports:figure", BUREAU, args={**_REPORT, "figure": "visits"}),
    page("reports:edit", _WRITERS, 200, 422, args={**_REPORT, "key": things.KEY}),
    # The year has no records, so that nothing in it can be frozen.
    page("reports:freeze", LEADER, 200, 422, args=_REPORT),
    page("reports:download", BUREAU, args={**_REPORT, "kind": "json"}),
    page("reports:version", BUREAU, args=_VERSION),
    page("reports:version_figure", BUREAU, args={**_VERSION, "figure": "visits"}),
    page("reports:compare", BUREAU, args={**_VERSION, "other": other}),
    page("reports:version_download", BUREAU, args={**_VERSION, "kind": "html"}),
)
