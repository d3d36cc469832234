"""Rows of the enforcement module."""

from __future__ import annotations

from tests.modules.enforcement import things
from tests.people import World
from tests.permissions import subjects
from tests.permissions.row import BUREAU, EVERYBODY, HEAD, LEADER, OFFICERS, TOWNS, UNITS, listing, page

_PLANNERS = OFFICERS | HEAD
_VISITORS = BUREAU | TOWNS | UNITS
_NOT_THE_TOWN = _VISITORS - BUREAU - {"town"}
"""Visits belong to the unit that made them: the first town."""
_VISIT_REPORTERS = _PLANNERS | TOWNS | UNITS


def _recusal(world: World) -> int:
    """The first officer keeps away from the plant."""
    return things.recused(world).pk


_PLAN = {"pk": subjects.plan}
ROWS = (
    listing("enforcement:list", _VISITORS),
    page("enforcement:visit_new", _VISIT_REPORTERS, 200, 422),
    page("enforcement:import", EVERYBODY, 302, 302),
    page("enforcement:visit", _VISITORS - _NOT_THE_TOWN, hidden=_NOT_THE_TOWN, args={"pk": subjects.visit}),
    page(
        "enforcement:visit_change",
        _VISIT_REPORTERS - _NOT_THE_TOWN,
        200,
        422,
        hidden=_NOT_THE_TOWN,
        args={"pk": subjects.visit},
    ),
    page(
        "enforcement:visit_void",
        _VISIT_REPORTERS - _NOT_THE_TOWN,
        200,
        422,
        hidden=_NOT_THE_TOWN,
        args={"pk": subjects.visit},
    ),
    page("enforcement:visit_exceed", HEAD | LEADER, 200, 422, args={"pk": subjects.over_visit}),
    listing("enforcement:plans", BUREAU),
    page("enforcement:plan_new", _PLANNERS, 200, 422),
    listing("enforcement:items", BUREAU),
    page("enforcement:item", _PLANNERS, 200, 422, args={"pk": subjects.plan_item}),
    page("enforcement:plan", BUREAU, args=_PLAN),
    page("enforcement:plan_change", _PLANNERS, 200, 422, args=_PLAN),
    page("enforcement:plan_add", _PLANNERS, 200, 422, args=_PLAN),
    page("enforcement:plan_draw", _PLANNERS, 200, 422, args=_PLAN),
    page("enforcement:plan_discard", _PLANNERS, 200, 422, args=_PLAN),
    # The draft has one officer only, so the approval is refused with what it lacks.
    page("enforcement:plan_approve", HEAD | LEADER, 200, 422, args=_PLAN),
    page("enforcement:plan_amend", _PLANNERS, 200, 422, args={"pk": subjects.approved_plan}),
    page("enforcement:draw", BUREAU, 200, 200, args={"pk": subjects.inspection_draw}),
    listing("enforcement:recusals", BUREAU),
    page("enforcement:recusal_new", _PLANNERS, 200, 422),
    page("enforcement:recusal_withdraw", _PLANNERS, 200, 422, args={"pk": _recusal}),
    listing("enforcement:campaigns", _VISITORS),
    page("enforcement:campaign_new", _PLANNERS, 200, 422),
    page("enforcement:campaign", _VISITORS, args={"pk": subjects.campaign}),
    listing("enforcement:campaign_hazards", _VISITORS, args={"pk": subjects.campaign}),
    page("enforcement:campaign_change", _PLANNERS, 200, 422, args={"pk": subjects.campaign}),
    listing("enforcement:coverage", BUREAU),
    page("enforcement:statistics", _VISITORS),
)
