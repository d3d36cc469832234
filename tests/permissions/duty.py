"""Rows of the duty module."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bianwang.modules.duty import services
from bianwang.modules.duty.services.writing import today
from bianwang.platform.clock import now
from tests.modules.duty import things
from tests.people import World
from tests.permissions.row import BUREAU, DUTY, HEAD, LEADER, TOWNS, UNITS, Made, Row, listing, page

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


def seat(world: World) -> int:
    """The duty officer's seat of tomorrow."""
    swap = things.swapped(world, today() + timedelta(days=2))
    return things.seat_of(swap.seat.shift.roster, "王值班", today() + timedelta(days=1)).pk


def swap(world: World) -> int:
    """A swap at the bureau that waits for the colleague."""
    return things.swapped(world).pk


def handover(world: World) -> int:
    """A hand-over that the first town owes."""
    return things.owed(world, world.town, today() - timedelta(days=2)).pk


def matter(world: World) -> int:
    """Something that goes on at the first town."""
    return services.open_matter(things.posted(world, world.town), world.who("town"), "积水点").pk


def entry(world: World) -> int:
    """A line of the first town's log."""
    post = things.posted(world, world.town)
    return services.write_log(world.who("town"), post, "routine", now(), "巡查").pk


def answer(world: World) -> int:
    """The first town is asked to answer a spot check."""
    return things.checked(world).answers.get().pk


def _of_town(url: str, made: Made, ok: frozenset[str], get: int = 200, post: int = 0, **more: Any) -> Row:
    """A page of something of the first town."""
    args = {"pk": made, **more.pop("args", {})}
    return page(url, ok - _ELSEWHERE, get, post, hidden=ok & _ELSEWHERE, args=args, **more)


ROWS: tuple[Row, ...] = (
    listing("duty:list", _EVERY_UNIT),
    page("duty:wall", _EVERY_UNIT),
    page("duty:wall_state", _EVERY_UNIT),
    page("duty:statistics", _EVERY_UNIT),
    _of_town("duty:shift", shift, _EVERY_UNIT),
    _of_town("duty:seats", shift, _PLANNERS, 200, 302),
    # Only whose turn it is asks for a swap; what is missing in the form is said first.
    page("duty:swap_new", BUREAU, 200, 422, hidden=TOWNS | UNITS, args={"pk": seat}),
    listing("duty:swaps", _EVERY_UNIT),
    page("duty:swap", BUREAU, hidden=TOWNS | UNITS, args={"pk": swap}),
    page(
        "duty:swap_step",
        BUREAU,
        200,
        302,
        hidden=TOWNS | UNITS,
        args={"pk": swap, "step": "accept"},
        other=dict.fromkeys(BUREAU - {"enforcement"}, 409),
    ),
    listing("duty:handovers", _EVERY_UNIT),
    _of_town("duty:handover", handover, _EVERY_UNIT),
    _of_town("duty:handover_step", handover, _EVERY_UNIT, 200, 422, args={"step": "write"}),
    listing("duty:matters", _EVERY_UNIT),
    page("duty:matter_new", _EVERY_UNIT, 200, 422),
    _of_town("duty:matter", matter, _EVERY_UNIT),
    _of_town("duty:matter_close", matter, _EVERY_UNIT, 200, 422),
    listing("duty:log", _EVERY_UNIT),
    page("duty:log_new", _EVERY_UNIT, 200, 422),
    _of_town("duty:entry", entry, _EVERY_UNIT),
    _of_town("duty:correct", entry, _EVERY_UNIT, 200, 422),
    listing("duty:answers", _EVERY_UNIT),
    page("duty:check_new", DUTY | HEAD | LEADER, 200, 422),
    _of_town("duty:answer", answer, _EVERY_UNIT),
    # Only the town itself says that it is there.
    page("duty:here", {"town"}, 200, 302, hidden=_ELSEWHERE, args={"pk": answer}),
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
