"""Rows of the relief module."""

from __future__ import annotations

from bianwang.modules.relief.services import meetings
from tests.modules.relief import things
from tests.people import World
from tests.permissions.row import BUREAU, DUTY, EVERYBODY, FINANCE, HEAD, TOWNS, Row, listing, page

_PLACES = TOWNS | {"village"}
_READERS = BUREAU | _PLACES
_STORE = DUTY | HEAD
_ELSEWHERE = frozenset({"town2"})
"""Who holds the permission, but not in the first town."""


def claim(world: World) -> int:
    """A household of the first town's village, waiting for the town."""
    return things.submitted(world).pk


def on_notice(world: World) -> int:
    """A household whose notice hangs."""
    row = things.reported(world)
    things.met(world, row)
    return row.pk


def objected(world: World) -> int:
    """One with an open objection."""
    row = things.reported(world)
    things.met(world, row)
    row.refresh_from_db()
    meetings.note_objection(row, world.who("village"), "常年在外居住")
    return row.pk


def meeting(world: World) -> int:
    """The village's meeting."""
    return things.met(world, things.reported(world)).pk


def waiting(world: World) -> int:
    """A programme with a household that waits for a meeting."""
    return things.reported(world).programme_id


def village(world: World) -> int:
    """The first town's village."""
    return world.village.pk


def appeal(world: World) -> int:
    """An appeal that waits for the bureau."""
    return things.appealed(world).pk


def programme(world: World) -> int:
    """Winter help."""
    return things.programme(world).pk


def token(world: World) -> str:
    """The public link of winter help."""
    return things.programme(world).token


def fund(world: World) -> int:
    """Money that has come."""
    return things.fund(world).pk


def batch(world: World) -> int:
    """A batch at the bank."""
    return things.batch(world).pk


def donation(world: World) -> int:
    """Goods that somebody gave."""
    return things.donation(world).pk


def issue(world: World) -> int:
    """Quilts on their way to the first town."""
    return things.issued(world).pk


_CLAIM, _NEAR = {"pk": claim}, _READERS - _ELSEWHERE

ROWS: tuple[Row, ...] = (
    listing("relief:list", _READERS),
    page("relief:new", _PLACES, 200, 422),
    page("relief:import", _PLACES, 302, 302),
    page("relief:detail", _NEAR, hidden=_ELSEWHERE, args=_CLAIM),
    # Only the town checks; the others look on.
    page(
        "relief:detail_step",
        _NEAR,
        200,
        302,
        hidden=_ELSEWHERE,
        args={**_CLAIM, "step": "check"},
        other=dict.fromkeys(_NEAR - {"town"}, 409),
    ),
    page("relief:paper", _NEAR, hidden=_ELSEWHERE, args=_CLAIM),
    page("relief:numbers", FINANCE, 200, 422, args=_CLAIM),
    page("relief:objection", {"village"}, 200, 422, args={"pk": on_notice}),
    page("relief:settle", {"village"}, 200, 422, args={"pk": objected}),
    listing("relief:meetings", _READERS),
    page("relief:waiting", {"village"}),
    page("relief:meeting_new", {"village"}, 200, 422, args={"programme": waiting, "village": village}),
    page("relief:meeting", _NEAR, hidden=_ELSEWHERE, args={"pk": meeting}),
    page("relief:notice", _NEAR, hidden=_ELSEWHERE, args={"pk": meeting}),
    listing("relief:appeals", _READERS),
    page("relief:appeal", _NEAR, hidden=_ELSEWHERE, args={"pk": appeal}),
    page(
        "relief:appeal_step",
        _NEAR,
        200,
        422,
        hidden=_ELSEWHERE,
        args={"pk": appeal, "step": "dismiss"},
        other=dict.fromkeys(_NEAR - HEAD, 409),
    ),
    listing("relief:programmes", BUREAU),
    page("relief:programme_new", HEAD, 200, 422),
    page("relief:programme", BUREAU, args={"pk": programme}),
    page("relief:programme_open", HEAD, 0, 302, args={"pk": programme}),
    listing("relief:funds", BUREAU),
    page("relief:fund_new", FINANCE, 200, 422),
    page("relief:fund", BUREAU, args={"pk": fund}),
    page("relief:receive", FINANCE, 200, 422, args={"pk": fund}),
    page("relief:allot", FINANCE, 200, 422, args={"pk": fund}),
    listing("relief:batches", BUREAU),
    page("relief:batch_new", FINANCE, 200, 422),
    page("relief:results", FINANCE, 302, 302),
    page("relief:batch", BUREAU, args={"pk": batch}),
    page(
        "relief:batch_step",
        BUREAU,
        200,
        422,
        args={"pk": batch, "step": "void"},
        other=dict.fromkeys(BUREAU - FINANCE, 409),
    ),
    page("relief:bank", FINANCE, args={"pk": batch}),
    listing("relief:lines", BUREAU),
    listing("relief:donations", BUREAU),
    page("relief:donation_new", FINANCE | HEAD, 200, 422),
    page("relief:donation", BUREAU, args={"pk": donation}),
    page("relief:published", BUREAU),
    listing("relief:stock", BUREAU),
    listing("relief:moves", BUREAU),
    page("relief:store_new", _STORE, 200, 422),
    page("relief:take_in", _STORE, 200, 422),
    listing("relief:issues", BUREAU | TOWNS),
    page("relief:issue_new", _STORE, 200, 422),
    page("relief:issue", BUREAU | {"town"}, hidden=_ELSEWHERE, args={"pk": issue}),
    page(
        "relief:issue_step",
        BUREAU | {"town"},
        200,
        422,
        hidden=_ELSEWHERE,
        args={"pk": issue, "step": "receive"},
        other=dict.fromkeys(BUREAU, 409),
    ),
    page("relief:statistics", _READERS),
    # Households report themselves: anybody who has the link, and nothing is entered without the code.
    page("relief:self_report", EVERYBODY, 200, 422, args={"token": token}, visitor=200, visitor_post=422),
    page(
        "relief:self_confirm",
        EVERYBODY,
        200,
        422,
        args={"token": token, "ticket": "unknown"},
        visitor=200,
        visitor_post=422,
    ),
)
