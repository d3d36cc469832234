"""Rows of the inspections module."""

from __future__ import annotations

from uuid import uuid4

from tests.modules.inspections import things
from tests.people import World
from tests.permissions.row import BUREAU, HEAD, OFFICERS, SAFETY, TOWNS, UNITS, listing, page

_VIEWERS = BUREAU | TOWNS | UNITS | SAFETY
_INSPECTORS = OFFICERS | HEAD | TOWNS | UNITS | SAFETY
_NOT_THE_TOWN = (TOWNS | UNITS | SAFETY) - {"town"}
"""An inspection belongs to the unit that makes it: the first town."""
_NO_PAGE = {"get": 405, "post": 405}


def patrol(world: World) -> int:
    """A draft of the first town at the plant."""
    return things.started(world).pk


def key(world: World) -> str:
    """The phone's key of an inspection."""
    return str(things.started(world).key)


_VERSION = {
    "pk": lambda world: things.conflicted(world).inspection_id,
    "version": lambda world: things.latest(),
}
ROWS = (
    listing("inspections:list", _VIEWERS),
    page("inspections:arrange", _INSPECTORS, 200, 422),
    page("inspections:checklists", _VIEWERS),
    page("inspections:field", _INSPECTORS),
    page("inspections:worker", _INSPECTORS),
    page("inspections:data", _INSPECTORS),
    # Phones send with PUT only; tests/modules/inspections/test_sync.py asks who may.
    page("inspections:sync", _INSPECTORS, args={"key": key}, **_NO_PAGE),
    page("inspections:picture", _INSPECTORS, args={"key": key, "picture": lambda world: str(uuid4())}, **_NO_PAGE),
    page("inspections:version", _VIEWERS - _NOT_THE_TOWN, hidden=_NOT_THE_TOWN, args=_VERSION),
    page("inspections:choose", _INSPECTORS - _NOT_THE_TOWN, 0, 422, hidden=_NOT_THE_TOWN, args=_VERSION),
    # The town's patrol has no dossier: whoever draws up documents is told so.
    page("inspections:order", OFFICERS | HEAD, 200, 422, args={"pk": patrol}),
    page("inspections:detail", _VIEWERS - _NOT_THE_TOWN, hidden=_NOT_THE_TOWN, args={"pk": patrol}),
    page(
        "inspections:detail_step",
        _VIEWERS - _NOT_THE_TOWN,
        200,
        422,
        hidden=_NOT_THE_TOWN,
        args={"pk": patrol, "step": "discard"},
        other=dict.fromkeys(BUREAU - HEAD - OFFICERS, 409),
    ),
)
