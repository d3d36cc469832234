"""Rows of the duty module."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bianwang.modules.duty import services
from bianwang.modules.duty.receipt_links import token
from bianwang.platform.clock import now, today
from tests.modules.duty import things
from tests.people import World
from tests.permissions.row import (
    BUREAU,
    BUSINESS,
    DUTY,
    EVERYBODY,
    HEAD,
    LEADER,
    TOWNS,
    UNITS,
    Made,
    Row,
    listing,
    page,
)

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


def contact(world: World) -> int:
    """Somebody of the first town's part of the contact list."""
    return things.contact(world, "赵镇街").pk


def group(world: World) -> int:
    """A group that the first town keeps."""
    return services.create_group(world.who("town"), "村社干部").pk


def message(world: World) -> int:
    """A message of the first town."""
    people = [things.contact(world, "赵镇街", user=world.who("town"))]
    return services.send_message(world.who("town"), things.draft(), people).pk


def recipient(world: World) -> int:
    """The bureau's message as the first town's person has it."""
    return things.messaged(world).recipients.get().pk


def receipt(world: World) -> str:
    """What stands in the link of a text."""
    return token(things.messaged(world).pk, 1)


def call(world: World) -> int:
    """A call that the first town noted."""
    return services.note_call(world.who("town"), "in", "村民", "13800001111", now(), "树倒了").pk


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
    listing("duty:contacts", _EVERY_UNIT),
    page("duty:contact_new", _PLANNERS, 200, 422),
    page("duty:contact_import", _PLANNERS, 302, 302),
    _of_town("duty:contact_change", contact, _PLANNERS, 200, 422),
    _of_town("duty:contact", contact, _EVERY_UNIT),
    listing("duty:groups", _EVERY_UNIT),
    page("duty:group_new", _PLANNERS, 200, 422),
    _of_town("duty:group_change", group, _PLANNERS, 200, 422),
    _of_town("duty:group", group, _EVERY_UNIT),
    listing("duty:messages", _EVERY_UNIT),
    page("duty:message_new", _PLANNERS | LEADER, 200, 422),
    _of_town("duty:message_progress", message, _EVERY_UNIT),
    _of_town("duty:message_close", message, _PLANNERS | LEADER, 200, 302),
    _of_town("duty:message", message, _EVERY_UNIT),
    listing("duty:recipients", _EVERY_UNIT),
    # Only whoever was asked says that it arrived.
    page("duty:receive", {"town"}, 200, 302, hidden=BUSINESS - BUREAU - {"town"}, args={"pk": recipient}),
    page(
        "duty:note_receipt",
        (_PLANNERS | LEADER) - _ELSEWHERE - {"town"},
        200,
        422,
        hidden=_ELSEWHERE | {"town"},
        args={"pk": recipient},
    ),
    page("duty:recipient", {"town"} | BUREAU, hidden=BUSINESS - BUREAU - {"town"}, args={"pk": recipient}),
    listing("duty:inbox", BUSINESS),
    page(
        "duty:receipt",
        EVERYBODY,
        200,
        200,
        args={"token": receipt},
        visitor=200,
        visitor_post=200,
    ),
    listing("duty:calls", _EVERY_UNIT),
    page("duty:call_new", _EVERY_UNIT, 200, 422),
    _of_town("duty:call", call, _EVERY_UNIT),
)
