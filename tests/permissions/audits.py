"""Rows of the audits module."""

from __future__ import annotations

from tests.permissions import subjects
from tests.permissions.row import BUREAU, LEADER, listing, page

_AUDITORS = BUREAU - LEADER
_AUDIT = {"pk": subjects.audit}
ROWS = (
    # Reports belong to units of the bureau, all of which its staff see.
    listing("audits:list", BUREAU),
    page("audits:new", _AUDITORS, 200, 422),
    page("audits:detail", BUREAU, args=_AUDIT),
    page("audits:version", BUREAU, args={**_AUDIT, "number": "1"}),
    page("audits:revise", _AUDITORS, 200, 422, args=_AUDIT),
    page("audits:rename", _AUDITORS, 200, 422, args=_AUDIT),
    page("audits:decide", _AUDITORS, 0, 422, args=_AUDIT),
    page("audits:withdraw", _AUDITORS, 0, 302, args=_AUDIT),
    page("audits:word", BUREAU, args=_AUDIT),
    page("audits:findings", BUREAU, args=_AUDIT),
)
