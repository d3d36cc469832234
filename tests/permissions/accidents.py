"""Rows of the accidents module."""

from __future__ import annotations

from tests.permissions import subjects
from tests.permissions.row import (
    BUREAU,
    BUSINESS,
    DUTY,
    ELSEWHERE,
    FINANCE,
    HEAD,
    OFFICERS,
    TOWNS,
    UNITS,
    listing,
    page,
    thing,
)

_ACCIDENT_STAFF = DUTY | OFFICERS | HEAD
_ACCIDENT_FIGURES = BUREAU | TOWNS | UNITS
ROWS = (
    listing("accidents:list", BUSINESS),
    page("accidents:register", _ACCIDENT_STAFF, 200, 422),
    listing("accidents:casualties", BUSINESS),
    page("accidents:statistics", _ACCIDENT_FIGURES),
    listing("accidents:gdp", _ACCIDENT_FIGURES),
    page("accidents:gdp_edit", FINANCE | HEAD, 200, 422),
    thing("accidents:detail", subjects.accident, BUSINESS),
    # Whoever may only look is told that this step is not his to take.
    thing(
        "accidents:detail_step",
        subjects.accident,
        BUSINESS,
        200,
        422,
        args={"step": "correct"},
        other=dict.fromkeys(BUSINESS - _ACCIDENT_STAFF - ELSEWHERE, 409),
    ),
)
