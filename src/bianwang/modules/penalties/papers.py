"""Which documents a step of the case needs; the documents themselves are another module's."""

from __future__ import annotations

from typing import Any

FILING = "filing"
REPORT = "report"
REVIEW = "review"
NOTICE = "notice"
HEARING_NOTICE = "hearing_notice"
HEARING_RECORD = "hearing_record"
DECISION = "decision"
SUMMARY_DECISION = "summary_decision"
URGING = "urging"
CLOSING = "closing"
PRESERVING = "preserving"
SEIZING = "seizing"


def missing(case: Any, kind: str, state: str = "issued") -> str | None:
    """What stands in the way, in one sentence, or None."""
    return None


def number_of_decision(case: Any) -> str:
    """The number of the decision's document, or ''."""
    return ""
