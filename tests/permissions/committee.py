"""Rows of the committee module."""

from __future__ import annotations

from bianwang.modules.committee import services
from bianwang.platform.clock import today
from tests.modules.committee import things
from tests.people import World
from tests.permissions.row import BUREAU, DUTY, FINANCE, HEAD, LEADER, SAFETY, TOWNS, UNITS, Row, listing, page, thing

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


def notice(world: World) -> int:
    """A notice to the first town and the plant."""
    return things.noticed(world).pk


def receipt(world: World) -> int:
    """The plant's receipt, delivered."""
    return things.noticed(world).receipts.get(unit=world.plant).pk


def check_in(world: World) -> int:
    """A check-in."""
    return things.called(world).pk


def period(world: World) -> int:
    """A key period."""
    return things.watched(world).pk


def zero_report(world: World) -> int:
    """The first town's report of today."""
    return things.watched(world).reports.filter(unit=world.town).earliest("day").pk


def unit(world: World) -> int:
    """The first town."""
    return world.town.pk


def version(world: World) -> int:
    """A frozen version of this year."""
    return services.freeze(world.who("leader"), today().year).pk


def this_year(world: World) -> int:
    """A year that can be assessed."""
    return today().year


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
    listing("committee:notices", BUREAU),
    page("committee:notice_new", _OFFICE, 200, 422),
    page("committee:notice", BUREAU, args={"pk": notice}),
    page("committee:notice_remind", _OFFICE, 200, 302, args={"pk": notice}),
    listing("committee:receipts", _EVERY_UNIT | SAFETY),
    thing("committee:receipt", receipt, _EVERY_UNIT | SAFETY),
    # Only the plant itself confirms; the town and the department look on.
    thing(
        "committee:receipt_step",
        receipt,
        _EVERY_UNIT | SAFETY,
        200,
        302,
        args={"step": "read"},
        other=dict.fromkeys(BUREAU | {"town", "department"}, 409),
    ),
    listing("committee:check_ins", BUREAU),
    page("committee:check_in_new", _OFFICE, 200, 422),
    page("committee:check_in", BUREAU, args={"pk": check_in}),
    page("committee:calls_record", _OFFICE, 200, 302, args={"pk": check_in}),
    listing("committee:calls", _EVERY_UNIT),
    listing("committee:periods", BUREAU),
    page("committee:period_new", _OFFICE, 200, 422),
    page("committee:period", BUREAU, args={"pk": period}),
    listing("committee:zero_reports", _EVERY_UNIT),
    page("committee:zero_report", _EVERY_UNIT - _ELSEWHERE, hidden=_ELSEWHERE, args={"pk": zero_report}),
    page(
        "committee:report_day",
        {"town"},
        200,
        422,
        hidden=_ELSEWHERE | SAFETY,
        args={"pk": zero_report},
    ),
    page("committee:assessment", BUREAU),
    listing("committee:versions", BUREAU),
    page("committee:version", BUREAU, args={"pk": version}),
    page("committee:freeze", _LEADERS, 200, 302, args={"year": this_year}),
    page("committee:unit_sheet", BUREAU, args={"year": this_year, "unit": unit}),
    page("committee:score", HEAD | FINANCE, 200, 422, args={"year": this_year, "unit": unit, "code": "duty"}),
    page("committee:statistics", BUREAU),
)
