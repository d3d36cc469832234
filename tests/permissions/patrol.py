"""Rows of the patrol module."""

from __future__ import annotations

from tests.modules.patrol import scenes
from tests.permissions.row import BUSINESS, DUTY, FINANCE, HEAD, OFFICERS, TOWNS, UNITS, listing, page, thing

_WATCHERS = BUSINESS - FINANCE
_JUDGES = DUTY | OFFICERS | HEAD | TOWNS | UNITS
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
)
