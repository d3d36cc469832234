"""Rows of the committee module."""

from __future__ import annotations

from tests.modules.committee import things
from tests.people import World
from tests.permissions.row import BUREAU, DUTY, HEAD, LEADER, TOWNS, UNITS, Row, listing, page

_EVERY_UNIT = BUREAU | TOWNS | UNITS
_OFFICE = DUTY | HEAD
_LEADERS = HEAD | LEADER
_ELSEWHERE = UNITS | {"town2"}
"""Members of the committee whom the papers of the first town do not concern."""


def meeting(world: World) -> int:
    """A meeting."""
    return things.held(world).pk


def task(world: World) -> int:
    """A task of the first town."""
    return things.given(world).pk


def assignment(world: World) -> int:
    """The first town's part of it, not signed."""
    return things.assigned(world).pk


def supervision(world: World) -> int:
    """A matter at the first town, not signed."""
    return things.supervised(world).pk


_MEETING, _TASK = {"pk": meeting}, {"pk": task}
_ASSIGNMENT, _SUPERVISION = {"pk": assignment}, {"pk": supervision}

ROWS: tuple[Row, ...] = (
    listing("committee:list", _EVERY_UNIT),
    listing("committee:tasks", BUREAU),
    page("committee:task_new", _OFFICE, 200, 422),
    page("committee:task", BUREAU, args=_TASK),
    page("committee:matrix", BUREAU),
    page("committee:assignment", _EVERY_UNIT - _ELSEWHERE, hidden=_ELSEWHERE, args=_ASSIGNMENT),
    # Only the town itself signs; the bureau looks on.
    page(
        "committee:assignment_step",
        _EVERY_UNIT - _ELSEWHERE,
        200,
        302,
        hidden=_ELSEWHERE,
        args={**_ASSIGNMENT, "step": "sign"},
        other=dict.fromkeys(BUREAU, 409),
    ),
    listing("committee:meetings", BUREAU),
    page("committee:meeting_new", _OFFICE, 200, 422),
    page("committee:meeting", BUREAU, args=_MEETING),
    page("committee:attendance", _OFFICE, 200, 302, args=_MEETING),
    listing("committee:supervisions", _EVERY_UNIT),
    page("committee:supervision_new", _LEADERS, 200, 422),
    page("committee:supervision", _EVERY_UNIT - _ELSEWHERE, hidden=_ELSEWHERE, args=_SUPERVISION),
    page(
        "committee:supervision_step",
        _EVERY_UNIT - _ELSEWHERE,
        200,
        302,
        hidden=_ELSEWHERE,
        args={**_SUPERVISION, "step": "sign"},
        other=dict.fromkeys(BUREAU, 409),
    ),
)
