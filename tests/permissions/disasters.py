"""Rows of the disasters module."""

from __future__ import annotations

from tests.modules.disasters import things
from tests.people import World
from tests.permissions.row import BUREAU, DUTY, HEAD, Row, listing, page

_STAFF = DUTY | HEAD
_PLACES = frozenset({"town", "town2", "village"})
_READERS = BUREAU | _PLACES
_ELSEWHERE = frozenset({"town2"})
"""Who reads of disasters, but not of this one."""


def disaster(world: World) -> int:
    """A flood in the first town."""
    return things.flood(world).pk


_DISASTER = {"pk": disaster}

ROWS: tuple[Row, ...] = (
    listing("disasters:list", _READERS),
    page("disasters:register", _STAFF, 200, 422),
    page("disasters:detail", _READERS - _ELSEWHERE, hidden=_ELSEWHERE, args=_DISASTER),
    page("disasters:correct", _STAFF, 200, 422, args=_DISASTER),
    page("disasters:revoke", _STAFF, 200, 422, args=_DISASTER),
)
