"""Rows of the indicators module."""

from __future__ import annotations

from tests.modules.indicators import things
from tests.people import World
from tests.permissions.row import BUREAU, FINANCE, HEAD, LEADER, listing, page

_EDITORS = FINANCE | HEAD


def draft(world: World) -> int:
    """A year that is drawn up."""
    return things.drawn_up(world).pk


def adopted(world: World) -> int:
    """An indicator of an adopted year that a module counts."""
    return things.adopted(world).indicators.get(code="execution_rate").pk


def of_draft(world: World) -> int:
    """An indicator of a year that is drawn up."""
    return things.drawn_up(world).indicators.get(code="execution_rate").pk


def judged(world: World) -> int:
    """An indicator that people judge."""
    return things.qualitative(world).pk


ROWS = (
    listing("indicators:list", BUREAU),
    listing("indicators:all", BUREAU),
    page("indicators:new", _EDITORS, 200, 422),
    page("indicators:figures", BUREAU),
    page("indicators:figure", BUREAU, args={"code": "visits"}),
    page("indicators:scheme", BUREAU, args={"pk": draft}),
    page("indicators:adopt", LEADER, 200, 302, args={"pk": draft}),
    page("indicators:add", _EDITORS, 200, 422, args={"pk": draft}),
    page("indicators:indicator", BUREAU, args={"pk": adopted}),
    page("indicators:edit", _EDITORS, 200, 422, args={"pk": of_draft}),
    page("indicators:remove", _EDITORS, 200, 302, args={"pk": of_draft}),
    page("indicators:adjust", _EDITORS, 200, 422, args={"pk": adopted}),
    page("indicators:exclude", _EDITORS, 200, 302, args={"pk": adopted}),
    page("indicators:judge", _EDITORS, 200, 422, args={"pk": judged}),
    page("indicators:explain", _EDITORS, 200, 302, args={"pk": adopted}),
)
