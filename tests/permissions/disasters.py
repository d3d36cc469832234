"""Rows of the disasters module."""

from __future__ import annotations

from tests.modules.disasters import things
from tests.people import World
from tests.permissions.row import BUREAU, DUTY, EVERYBODY, HEAD, TOWNS, Row, listing, page

_STAFF = DUTY | HEAD
_READERS = BUREAU | TOWNS | {"village"}
_FIGURES = BUREAU | TOWNS
_EDITORS = _STAFF | TOWNS
_WHO = HEAD | TOWNS
_ELSEWHERE = frozenset({"town2"})
"""Who reads of disasters, but not of this one."""


def disaster(world: World) -> int:
    """A flood in the first town."""
    return things.flood(world).pk


def verified(world: World) -> int:
    """A flood whose 核报 is filed."""
    made = things.flood(world)
    things.filed(world, made, stable=True)
    things.filed(world, made)
    return made.pk


def report(world: World) -> int:
    """A report whose only town has answered."""
    made = things.flood(world)
    things.filled(world, made)
    return things.latest(made).pk


def sheet(world: World) -> int:
    """The first town's sheet, not filled in."""
    return things.sheet_of(things.flood(world), world.town).pk


def house(world: World) -> int:
    """A household of the first town."""
    return things.house(world, things.flood(world)).pk


def casualty(world: World) -> int:
    """Somebody killed in the first town."""
    return things.casualty(world, things.flood(world)).pk


_DISASTER, _HOUSE, _CASUALTY = {"pk": disaster}, {"pk": house}, {"pk": casualty}
_NOT_MINE = {"hidden": _ELSEWHERE}

ROWS: tuple[Row, ...] = (
    listing("disasters:list", _READERS),
    page("disasters:register", _STAFF, 200, 422),
    page("disasters:detail", _READERS - _ELSEWHERE, args=_DISASTER, **_NOT_MINE),
    page("disasters:correct", _STAFF, 200, 422, args=_DISASTER),
    page("disasters:revoke", _STAFF, 200, 422, args=_DISASTER),
    page("disasters:towns", _STAFF, 200, 422, args=_DISASTER),
    page("disasters:recheck", _STAFF, 200, 422, args={"pk": verified}),
    page("disasters:statistics", BUREAU),
    listing("disasters:reports", BUREAU),
    page("disasters:report", BUREAU, args={"pk": report}),
    page(
        "disasters:report_step",
        BUREAU,
        200,
        422,
        args={"pk": report, "step": "file"},
        other=dict.fromkeys(BUREAU - _STAFF, 409),
    ),
    page("disasters:report_export", BUREAU, args={"pk": report}),
    listing("disasters:sheets", _FIGURES),
    page("disasters:sheet", _FIGURES - _ELSEWHERE, args={"pk": sheet}, **_NOT_MINE),
    # Only the town itself fills in its sheet; the bureau enters it for a town that told by phone.
    page(
        "disasters:sheet_step",
        _FIGURES - _ELSEWHERE,
        200,
        422,
        args={"pk": sheet, "step": "fill"},
        other=dict.fromkeys(BUREAU, 409),
        **_NOT_MINE,
    ),
    # Both lead to the import page, which asks for the permission.
    page("disasters:figure_import", EVERYBODY, 302, 302),
    page("disasters:house_import", EVERYBODY, 302, 302),
    listing("disasters:figures", _FIGURES),
    listing("disasters:houses", _FIGURES),
    page("disasters:house", _FIGURES - _ELSEWHERE, args=_HOUSE, **_NOT_MINE),
    page("disasters:house_new", _EDITORS - _ELSEWHERE, 200, 422, args=_DISASTER, **_NOT_MINE),
    page("disasters:house_change", _EDITORS - _ELSEWHERE, 200, 422, args=_HOUSE, **_NOT_MINE),
    page("disasters:house_photos", _EDITORS - _ELSEWHERE, 200, 422, args=_HOUSE, **_NOT_MINE),
    page("disasters:house_withdraw", _EDITORS - _ELSEWHERE, 200, 422, args=_HOUSE, **_NOT_MINE),
    page("disasters:house_identity", _WHO - _ELSEWHERE, 200, 422, args=_HOUSE, **_NOT_MINE),
    listing("disasters:casualties", _FIGURES),
    page("disasters:casualty", _FIGURES - _ELSEWHERE, args=_CASUALTY, **_NOT_MINE),
    page("disasters:casualty_new", _EDITORS - _ELSEWHERE, 200, 422, args=_DISASTER, **_NOT_MINE),
    page("disasters:casualty_change", _EDITORS - _ELSEWHERE, 200, 422, args=_CASUALTY, **_NOT_MINE),
    page("disasters:casualty_withdraw", _EDITORS - _ELSEWHERE, 200, 422, args=_CASUALTY, **_NOT_MINE),
    page("disasters:casualty_identity", _WHO - _ELSEWHERE, 200, 422, args=_CASUALTY, **_NOT_MINE),
)
