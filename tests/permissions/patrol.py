"""Rows of the patrol module."""

from __future__ import annotations

from typing import Any

from tests.modules.patrol import scenes
from tests.permissions.row import (
    BUREAU,
    BUSINESS,
    DUTY,
    FINANCE,
    HEAD,
    LEADER,
    OFFICERS,
    TOWNS,
    UNITS,
    Made,
    Row,
    listing,
    page,
    thing,
)

_WATCHERS = BUSINESS - FINANCE
_JUDGES = DUTY | OFFICERS | HEAD | TOWNS | UNITS
_PLANNERS = DUTY | HEAD | TOWNS | UNITS
_WALKERS = DUTY | OFFICERS | TOWNS | UNITS


def of_town(url: str, made: Made, ok: frozenset[str] | set[str], get: int = 200, post: int = 0, **more: Any) -> Row:
    """A page of the plan of the plant's town: it is the town's and the bureau's, and nobody else's."""
    holders = frozenset(ok)
    near = holders & (BUREAU | {"town"})
    args = {"pk": made, **more.pop("args", {})}
    return Row(url, near, get, post, holders - near, args, **more)


ROWS = (
    page("patrol:review", _JUDGES),
    # An empty judgement is answered in the queue.
    thing("patrol:judge", scenes.suspicion_key, _JUDGES, 0, 302),
    listing("patrol:suspicion_list", _WATCHERS),
    thing("patrol:suspicion", scenes.suspicion_key, _WATCHERS),
    thing(
        "patrol:suspicion_step",
        scenes.suspicion_key,
        _WATCHERS,
        200,
        422,
        args={"step": "confirm"},
        other=dict.fromkeys(("leader", "village", "safety", "safety_mate"), 409),
    ),
    listing("patrol:plan_list", _PLANNERS),
    page("patrol:plan_new", _PLANNERS, 200, 422),
    of_town("patrol:plan", scenes.plan_key, _PLANNERS),
    of_town("patrol:plan_edit", scenes.plan_key, _PLANNERS, 200, 422),
    of_town("patrol:plan_switch", scenes.plan_key, _PLANNERS, 200, 422),
    listing("patrol:round_list", _WATCHERS),
    of_town("patrol:round", scenes.round_key, _WATCHERS),
    of_town(
        "patrol:round_step",
        scenes.round_key,
        _WATCHERS,
        200,
        422,
        args={"step": "cancel"},
        other=dict.fromkeys(OFFICERS | LEADER, 409),
    ),
    of_town("patrol:walk", scenes.round_key, _WALKERS, 200, 302),
    listing("patrol:look_list", _WATCHERS),
    thing("patrol:look", scenes.look_key, _WATCHERS),
    thing("patrol:look_save", scenes.look_key, _WALKERS, 302, 422),
    thing("patrol:to_review", scenes.look_key, _WALKERS, 0, 302),
    listing("patrol:wall", _WATCHERS),
    page("patrol:statistics", _WATCHERS),
    # Nothing to export yet, which the statistics say.
    page("patrol:coco", HEAD | LEADER | TOWNS, 302),
    # The duty officer may not look again at what he saw himself.
    page("patrol:second", HEAD | OFFICERS, 200, 422, args={"pk": scenes.wanted_key}),
)
