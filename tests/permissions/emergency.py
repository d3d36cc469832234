"""Rows of the emergency module."""

from __future__ import annotations

from tests.modules.emergency import command, resources, things
from tests.people import World
from tests.permissions.row import BUREAU, DUTY, EVERYBODY, HEAD, LEADER, TOWNS, UNITS, Row, listing, page

_READERS = BUREAU | TOWNS
_ELSEWHERE = frozenset({"town2"})
_STAFF = DUTY | HEAD
_REGISTRARS = _STAFF | TOWNS


def event(world: World) -> int:
    """A fire in the first town."""
    return things.fire(world).pk


def task(world: World) -> int:
    """A task of the first town, not signed."""
    return things.tasked(world, things.fire(world)).pk


def report(world: World) -> int:
    """The 初报 of a fire in the first town."""
    return things.reported(world, things.fire(world)).pk


def resource(world: World) -> int:
    """A team of the first town."""
    return resources.team(world).pk


def callup(world: World) -> int:
    """The team of the first town, on its way to a fire there."""
    return resources.called(world, things.fire(world)).pk


_ANSWERERS = BUREAU | TOWNS | UNITS
_KEEPERS = _STAFF | TOWNS | UNITS
_OTHERS = _ELSEWHERE | UNITS
_RESOURCE = {"pk": resource}


def judgement(world: World) -> int:
    """A judgement of a fire in the first town that nobody has computed."""
    return things.judged(world, things.fire(world)).pk


def settlement(world: World) -> int:
    """A settlement of the first town."""
    return things.settled(world).pk


def ended(world: World) -> int:
    """A fire in the first town that is watched and reviewed."""
    return things.ended(world).pk


def watch_day(world: World) -> int:
    """Today's check of a fire in the first town."""
    return things.watched(world).pk


def opinion(world: World) -> int:
    """What is said of a fire in the first town."""
    return things.said(world, things.fire(world)).pk


def review(world: World) -> int:
    """The draft of the review of a fire in the first town."""
    return things.ended(world).review.pk


def measure(world: World) -> int:
    """What the first town has to do better."""
    return things.improving(world).pk


def member(world: World) -> int:
    """The commander of the forest fire headquarters."""
    return command.seat(world).pk


def plan(world: World) -> int:
    """A plan that is being written."""
    return command.drafted(world).pk


def drill(world: World) -> int:
    """A drill that has taken place."""
    return command.held(world).pk


def drill_item(world: World) -> int:
    """What a drill showed."""
    return command.found(world, command.held(world)).pk


def evacuee(world: World) -> int:
    """Somebody of the first town who has to leave."""
    return command.listed(world, things.fire(world), 1)[0].pk


def neighbour(world: World) -> int:
    """Somebody of the first town's village who has to leave."""
    return command.listed(world, things.fire(world), 1, home=world.village_area)[0].pk


_OFFICE, _PREPARERS = {"code": "forest_fire"}, _STAFF
_EVENT, _NOT_MINE = {"pk": event}, {"hidden": _ELSEWHERE}

ROWS: tuple[Row, ...] = (
    listing("emergency:list", _READERS),
    page("emergency:register", _REGISTRARS, 200, 422),
    page("emergency:detail", _READERS - _ELSEWHERE, args=_EVENT, **_NOT_MINE),
    page(
        "emergency:detail_step",
        _READERS - _ELSEWHERE,
        200,
        422,
        args={"pk": event, "step": "respond"},
        other=dict.fromkeys((_READERS - _ELSEWHERE) - _STAFF - LEADER, 409),
        **_NOT_MINE,
    ),
    page("emergency:correct", _REGISTRARS - _ELSEWHERE, 200, 422, args=_EVENT, **_NOT_MINE),
    page("emergency:task_new", _STAFF | LEADER, 200, 422, args=_EVENT),
    page("emergency:report_new", _REGISTRARS - _ELSEWHERE, 200, 422, args=_EVENT, **_NOT_MINE),
    page("emergency:loss_new", _REGISTRARS - _ELSEWHERE, 200, 422, args=_EVENT, **_NOT_MINE),
    listing("emergency:tasks", BUREAU | TOWNS | UNITS),
    page("emergency:task", _READERS - _ELSEWHERE, args={"pk": task}, hidden=_ELSEWHERE | UNITS),
    # Only the town itself signs; the bureau enters what it was told by phone.
    page(
        "emergency:task_step",
        _READERS - _ELSEWHERE,
        200,
        302,
        args={"pk": task, "step": "sign"},
        other=dict.fromkeys(BUREAU, 409),
        hidden=_ELSEWHERE | UNITS,
    ),
    listing("emergency:reports", _READERS),
    page("emergency:report", _READERS - _ELSEWHERE, args={"pk": report}, **_NOT_MINE),
    page("emergency:statistics", BUREAU),
    listing("emergency:watch", _READERS),
    page("emergency:watch_day", _READERS - _ELSEWHERE, args={"pk": watch_day}, **_NOT_MINE),
    page(
        "emergency:watch_day_step",
        _READERS - _ELSEWHERE,
        200,
        422,
        args={"pk": watch_day, "step": "check"},
        other=dict.fromkeys((_READERS - _ELSEWHERE) - _REGISTRARS, 409),
        **_NOT_MINE,
    ),
    listing("emergency:opinions", _READERS),
    page("emergency:opinion_new", _REGISTRARS - _ELSEWHERE, 200, 422, args=_EVENT, **_NOT_MINE),
    page("emergency:opinion", _READERS - _ELSEWHERE, args={"pk": opinion}, **_NOT_MINE),
    page("emergency:opinion_edit", _REGISTRARS - _ELSEWHERE, 200, 422, args={"pk": opinion}, **_NOT_MINE),
    page(
        "emergency:opinion_step",
        _READERS - _ELSEWHERE,
        200,
        422,
        args={"pk": opinion, "step": "answer"},
        other=dict.fromkeys((_READERS - _ELSEWHERE) - _REGISTRARS, 409),
        **_NOT_MINE,
    ),
    listing("emergency:reviews", _READERS),
    page("emergency:review_new", _STAFF, 200, 302, args={"pk": ended}),
    page("emergency:review", _READERS - _ELSEWHERE, args={"pk": review}, **_NOT_MINE),
    page("emergency:review_edit", _STAFF, 200, 422, args={"pk": review}),
    page("emergency:measure_new", _STAFF, 200, 422, args={"pk": review}),
    # The draft is not written yet, so that nobody can hand it in.
    page(
        "emergency:review_step",
        _READERS - _ELSEWHERE,
        409,
        409,
        args={"pk": review, "step": "submit"},
        **_NOT_MINE,
    ),
    listing("emergency:measures", BUREAU | TOWNS | UNITS),
    page("emergency:measure", _READERS - _ELSEWHERE, args={"pk": measure}, hidden=_ELSEWHERE | UNITS),
    page(
        "emergency:measure_step",
        _READERS - _ELSEWHERE,
        200,
        422,
        args={"pk": measure, "step": "finish"},
        other=dict.fromkeys(BUREAU - _STAFF, 409),
        hidden=_ELSEWHERE | UNITS,
    ),
    page("emergency:live", _READERS - _ELSEWHERE, args=_EVENT, **_NOT_MINE),
    page("emergency:record", _READERS - _ELSEWHERE, args=_EVENT, **_NOT_MINE),
    page("emergency:map", _READERS - _ELSEWHERE, args=_EVENT, **_NOT_MINE),
    page("emergency:wind_new", _READERS - _ELSEWHERE, 200, 422, args=_EVENT, **_NOT_MINE),
    page("emergency:judgement_new", _STAFF | LEADER, 200, 422, args=_EVENT),
    listing("emergency:judgements", _READERS),
    page("emergency:judgement", _READERS - _ELSEWHERE, args={"pk": judgement}, **_NOT_MINE),
    listing("emergency:arrivals", _READERS - _ELSEWHERE, args={"pk": judgement}, **_NOT_MINE),
    listing("emergency:settlement_list", _READERS),
    page("emergency:settlement_new", _REGISTRARS, 200, 422),
    # It leads to the page of the import, which asks for the permission.
    page("emergency:settlement_import", EVERYBODY, 302, 302),
    page("emergency:settlement", _READERS - _ELSEWHERE, args={"pk": settlement}, **_NOT_MINE),
    page("emergency:settlement_edit", _REGISTRARS - _ELSEWHERE, 200, 422, args={"pk": settlement}, **_NOT_MINE),
    listing("emergency:layers", _READERS),
    page("emergency:layer_new", _STAFF, 200, 422),
    listing("emergency:grounds", _READERS),
    page("emergency:ground_new", _STAFF, 200, 422),
    page("emergency:note_new", _READERS - _ELSEWHERE, 200, 422, args=_EVENT, **_NOT_MINE),
    listing("emergency:resources", _ANSWERERS),
    page("emergency:resource_new", _KEEPERS, 200, 422),
    page("emergency:resource_import", EVERYBODY, 302, 302),
    page("emergency:resource_use", BUREAU),
    page("emergency:resource", _ANSWERERS - _OTHERS, args=_RESOURCE, hidden=_OTHERS),
    page(
        "emergency:resource_step",
        _ANSWERERS - _OTHERS,
        200,
        422,
        args={**_RESOURCE, "step": "repair"},
        other=dict.fromkeys(BUREAU - _STAFF, 409),
        hidden=_OTHERS,
    ),
    page("emergency:resource_edit", _KEEPERS - _OTHERS, 200, 422, args=_RESOURCE, hidden=_OTHERS),
    listing("emergency:nearest", _READERS - _ELSEWHERE, args=_EVENT, **_NOT_MINE),
    page("emergency:call_up", _STAFF | LEADER, 200, 422, args={"pk": event, "resource": resource}),
    listing("emergency:callups", _ANSWERERS),
    page("emergency:callup", _ANSWERERS - _OTHERS, args={"pk": callup}, hidden=_OTHERS),
    # The team itself reports its arrival; the bureau enters what it was told by phone.
    page(
        "emergency:callup_step",
        _ANSWERERS - _OTHERS,
        200,
        302,
        args={"pk": callup, "step": "arrive"},
        other=dict.fromkeys(BUREAU, 409),
        hidden=_OTHERS,
    ),
    page("emergency:evacuation", _READERS - _ELSEWHERE, args=_EVENT, **_NOT_MINE),
    page("emergency:evacuation_paper", _READERS - _ELSEWHERE, args=_EVENT, **_NOT_MINE),
    page("emergency:batch_new", _REGISTRARS - _ELSEWHERE, 200, 422, args=_EVENT, **_NOT_MINE),
    page("emergency:person_new", _REGISTRARS - _ELSEWHERE, 200, 422, args=_EVENT, **_NOT_MINE),
    listing("emergency:evacuees", _READERS),
    page("emergency:evacuee_import", EVERYBODY, 302, 302),
    page("emergency:person_change", _REGISTRARS - _ELSEWHERE, 200, 422, args={"pk": evacuee}, **_NOT_MINE),
    page("emergency:person_set", _REGISTRARS - _ELSEWHERE, 0, 302, args={"pk": evacuee}, **_NOT_MINE),
    page("emergency:roll_call", TOWNS | {"village"}),
    page(
        "emergency:roll_call_set",
        {"town", "village"},
        0,
        302,
        args={"pk": neighbour},
        data={"state": "safe"},
        hidden=_ELSEWHERE,
    ),
    page("emergency:headquarters_list", _READERS),
    page("emergency:headquarters", _READERS, args=_OFFICE),
    page("emergency:member_new", _PREPARERS, 200, 422, args=_OFFICE),
    listing("emergency:members", _READERS),
    page("emergency:member_import", EVERYBODY, 302, 302),
    page("emergency:member_change", _PREPARERS, 200, 422, args={"pk": member}),
    listing("emergency:plans", _READERS),
    page("emergency:plan_new", _PREPARERS, 200, 422),
    page("emergency:plan_change", _PREPARERS, 200, 422, args={"pk": plan}),
    page("emergency:plan", BUREAU, args={"pk": plan}),
    page(
        "emergency:plan_step",
        BUREAU,
        200,
        302,
        args={"pk": plan, "step": "submit"},
        other=dict.fromkeys(BUREAU - _PREPARERS, 409),
    ),
    listing("emergency:drills", _READERS),
    page("emergency:drill_new", _PREPARERS, 200, 422),
    page("emergency:drill_statistics", BUREAU),
    page("emergency:drill_item_new", _PREPARERS, 200, 422, args={"pk": drill}),
    page("emergency:drill_item_done", _PREPARERS, 200, 422, args={"pk": drill_item}),
    page("emergency:drill", BUREAU, args={"pk": drill}),
    page(
        "emergency:drill_step",
        BUREAU,
        200,
        422,
        args={"pk": drill, "step": "evaluate"},
        other=dict.fromkeys(BUREAU - _PREPARERS, 409),
    ),
)
