"""Rows of the outreach module."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db.models import Model

from tests.modules.outreach import people, publicity
from tests.people import World
from tests.permissions import subjects
from tests.permissions.row import (
    BUREAU,
    DUTY,
    EVERYBODY,
    FINANCE,
    HEAD,
    LEADER,
    OFFICERS,
    TOWNS,
    UNITS,
    Row,
    listing,
    page,
)

_HOTLINE = BUREAU | TOWNS | UNITS
_ELSEWHERE = UNITS | {"town2"}
_HOTLINE_STAFF = DUTY | OFFICERS | HEAD
_CALL = {"pk": subjects.call}
_REWARD = {"pk": subjects.reward}
_PUBLISHERS = _HOTLINE_STAFF | TOWNS | UNITS
_NOT_THEIRS = frozenset({"town2", "department", "committee"})
"""Units that see publicity, but not the first town's."""


def _key(make: Callable[[World], Model]) -> Mapping[str, Callable[[World], int]]:
    return {"pk": lambda world: make(world).pk}


def _publicity(name: str, made: Callable[[World], Model]) -> tuple[Row, ...]:
    """Something of the first town: its list, its page, and the pages that enter and change it."""
    return (
        listing(f"outreach:{name}s", _HOTLINE),
        page(f"outreach:{name}_new", _PUBLISHERS, 200, 422),
        page(f"outreach:{name}", _HOTLINE - _NOT_THEIRS, args=_key(made), hidden=_NOT_THEIRS),
        page(f"outreach:{name}_change", _PUBLISHERS - _NOT_THEIRS, 200, 422, args=_key(made), hidden=_NOT_THEIRS),
    )


ROWS = (
    # Campaigns are the district's: every unit sees them.
    listing("outreach:campaigns", _HOTLINE),
    page("outreach:campaign_new", OFFICERS | HEAD, 200, 422),
    page("outreach:campaign", _HOTLINE, args=_key(publicity.campaign)),
    page("outreach:campaign_change", OFFICERS | HEAD, 200, 422, args=_key(publicity.campaign)),
    *_publicity("event", publicity.event),
    *_publicity("channel", publicity.channel),
    *_publicity("pilot", publicity.pilot),
    page("outreach:publicity", _HOTLINE),
    listing("outreach:surveys", BUREAU),
    page("outreach:survey_new", _HOTLINE_STAFF, 200, 422),
    listing("outreach:answers", BUREAU),
    page("outreach:survey", BUREAU, args=_key(people.survey)),
    page(
        "outreach:survey_step",
        BUREAU,
        200,
        422,
        args={**_key(people.opened), "step": "prolong"},
        other=dict.fromkeys(LEADER | FINANCE, 409),
    ),
    # The one page that anybody may open who has the link.
    page("outreach:answer", EVERYBODY, 200, 422, args={"token": people.token}, visitor=200, visitor_post=422),
    listing("outreach:petitions", _HOTLINE),
    page("outreach:petition_new", _HOTLINE_STAFF, 200, 422),
    page("outreach:petition", _HOTLINE - _ELSEWHERE, args=_key(people.handled), hidden=_ELSEWHERE),
    page(
        "outreach:petition_step",
        _HOTLINE - _ELSEWHERE,
        200,
        422,
        args={**_key(people.handled), "step": "answer"},
        hidden=_ELSEWHERE,
        other=dict.fromkeys(DUTY | LEADER | FINANCE, 409),
    ),
    page("outreach:petitioner", HEAD | FINANCE, 200, 422, args=_key(people.handled)),
    listing("outreach:broadcasts", BUREAU),
    page("outreach:broadcast_new", _HOTLINE_STAFF, 200, 422),
    page("outreach:broadcast", BUREAU, args=_key(people.broadcast)),
    # The duty officer drafted it, so somebody else decides.
    page(
        "outreach:broadcast_step",
        BUREAU,
        200,
        422,
        args={**_key(people.broadcast), "step": "refuse"},
        other=dict.fromkeys(BUREAU - HEAD - LEADER, 409),
    ),
    listing("outreach:receipts", BUREAU | TOWNS),
    page("outreach:receipt", BUREAU | {"town"}, args=_key(people.receipt), hidden=frozenset({"town2"})),
    page(
        "outreach:receipt_step",
        BUREAU | {"town"},
        200,
        422,
        args={**_key(people.receipt), "step": "played"},
        hidden=frozenset({"town2"}),
        other=dict.fromkeys(BUREAU - DUTY, 409),
    ),
    page("outreach:exports", _HOTLINE_STAFF | FINANCE),
    page("outreach:export", _HOTLINE_STAFF | FINANCE, 422, args={"code": "hotline"}),
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
