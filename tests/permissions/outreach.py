"""Rows of the outreach module."""

from __future__ import annotations

from tests.permissions import subjects
from tests.permissions.row import BUREAU, DUTY, FINANCE, HEAD, LEADER, OFFICERS, TOWNS, UNITS, listing, page

_HOTLINE = BUREAU | TOWNS | UNITS
_ELSEWHERE = UNITS | {"town2"}
_HOTLINE_STAFF = DUTY | OFFICERS | HEAD
_CALL = {"pk": subjects.call}
_REWARD = {"pk": subjects.reward}
ROWS = (
    listing("outreach:list", _HOTLINE),
    page("outreach:register", _HOTLINE_STAFF, 200, 422),
    page("outreach:statistics", BUREAU),
    listing("outreach:rewards", BUREAU),
    # A call lies with the town that handles it; the unit complained of never sees it.
    page("outreach:detail", _HOTLINE - _ELSEWHERE, hidden=_ELSEWHERE, args=_CALL),
    page(
        "outreach:detail_step",
        _HOTLINE - _ELSEWHERE,
        200,
        422,
        hidden=_ELSEWHERE,
        args={**_CALL, "step": "verify"},
        other=dict.fromkeys(DUTY | LEADER | FINANCE, 409),
    ),
    page("outreach:identity", HEAD | FINANCE, 200, 422, args=_CALL),
    page("outreach:reward", BUREAU, args=_REWARD),
    # The first officer applied, so somebody else decides.
    page(
        "outreach:reward_step",
        BUREAU,
        200,
        422,
        args={**_REWARD, "step": "refuse"},
        other=dict.fromkeys(BUREAU - HEAD - LEADER, 409),
    ),
)
