"""Rows of the duty module."""

from __future__ import annotations

from typing import Any

from tests.modules.duty import things
from tests.people import World
from tests.permissions.row import BUREAU, DUTY, HEAD, TOWNS, UNITS, Made, Row, listing, page

_EVERY_UNIT = BUREAU | TOWNS | UNITS
_PLANNERS = DUTY | HEAD | TOWNS | UNITS
_ELSEWHERE = UNITS | {"town2"}
"""Units which the duty of the first town does not concern."""


def post(world: World) -> int:
    """A post of the first town."""
    return things.posted(world, world.town).pk


def person(world: World) -> int:
    """Somebody of the first town."""
    return things.person(world, "赵主任", world.town).pk


def roster(world: World) -> int:
    """A draft of the first town."""
    return things.drafted(world, things.posted(world, world.town), days=1).pk


def shift(world: World) -> int:
    """A shift of a draft of the first town."""
    return things.drafted(world, things.posted(world, world.town), days=1).shifts.get().pk


def _of_town(url: str, made: Made, ok: frozenset[str], get: int = 200, post: int = 0, **more: Any) -> Row:
    """A page of something of the first town."""
    args = {"pk": made, **more.pop("args", {})}
    return page(url, ok - _ELSEWHERE, get, post, hidden=ok & _ELSEWHERE, args=args, **more)


ROWS: tuple[Row, ...] = (
    listing("duty:list", _EVERY_UNIT),
    _of_town("duty:shift", shift, _EVERY_UNIT),
    _of_town("duty:seats", shift, _PLANNERS, 200, 302),
    listing("duty:rosters", _EVERY_UNIT),
    page("duty:roster_new", _PLANNERS, 200, 422),
    _of_town("duty:roster", roster, _EVERY_UNIT),
    # Nobody is in it yet: publishing is refused in words.
    _of_town(
        "duty:roster_step",
        roster,
        _EVERY_UNIT,
        200,
        422,
        args={"step": "publish"},
        other=dict.fromkeys(_EVERY_UNIT - _PLANNERS, 409),
    ),
    _of_town("duty:fill", roster, _PLANNERS, 200, 422),
    listing("duty:posts", _EVERY_UNIT),
    page("duty:post_new", _PLANNERS, 200, 422),
    _of_town("duty:post_change", post, _PLANNERS, 200, 422),
    _of_town("duty:rotation", post, _PLANNERS, 200, 302, args={"role": "officer", "rest": "0"}),
    _of_town("duty:post", post, _EVERY_UNIT),
    listing("duty:people", _EVERY_UNIT),
    page("duty:person_new", _PLANNERS, 200, 422),
    _of_town("duty:person_change", person, _PLANNERS, 200, 422),
    _of_town("duty:person", person, _EVERY_UNIT),
)
