"""Rows of the hazards module."""

from __future__ import annotations

from tests.modules.patrol import scenes
from tests.permissions import subjects
from tests.permissions.row import (
    BUREAU,
    BUSINESS,
    DUTY,
    ELSEWHERE,
    EVERYBODY,
    HEAD,
    OFFICERS,
    SAFETY,
    TOWNS,
    UNITS,
    listing,
    page,
    thing,
)

_HAZARD_UNITS = OFFICERS | HEAD | TOWNS | UNITS
_REPORTERS = _HAZARD_UNITS | DUTY | {"village"} | SAFETY
ROWS = (
    listing("hazards:list", BUSINESS),
    page("hazards:register", _REPORTERS, 200, 422),
    thing("hazards:from_alarm", subjects.alarm, _REPORTERS, 200, 422),
    thing("hazards:from_look", scenes.look_key, _REPORTERS, 200, 422),
    thing("hazards:from_suspicion", scenes.suspicion_key, _REPORTERS, 200, 422),
    page("hazards:import", EVERYBODY, 302, 302),
    listing("hazards:criteria", BUSINESS),
    page("hazards:statistics", BUSINESS),
    page("hazards:board", BUREAU | TOWNS | UNITS),
    listing("hazards:board_rows", BUREAU | TOWNS | UNITS),
    page("hazards:wall_counters", BUSINESS),
    thing("hazards:detail", subjects.hazard, BUSINESS),
    # Whoever may only look is told that this step is not his to take.
    thing(
        "hazards:detail_step",
        subjects.hazard,
        BUSINESS,
        200,
        422,
        args={"step": "grade"},
        other=dict.fromkeys(BUSINESS - _HAZARD_UNITS - ELSEWHERE, 409),
    ),
)
