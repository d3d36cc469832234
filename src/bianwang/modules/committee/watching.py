"""Reads of notices, check-ins and daily reports: who has answered, who is silent, and the share of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from bianwang.modules.committee.models import Receipt, RiskNotice, ZeroReport
from bianwang.modules.committee.workflow import UNANSWERED
from bianwang.platform import access
from bianwang.platform.clock import now
from bianwang.platform.places.models import Enterprise, Territory
from bianwang.platform.ui.lists import list_url


@dataclass(frozen=True)
class Share:
    """A part of a whole; both lead to their rows."""

    name: str
    part: int
    whole: int
    url: str
    whole_url: str

    @property
    def percent(self) -> float | None:
        """In per cent; None of nothing."""
        return 100 * self.part / self.whole if self.whole else None


def unanswered() -> Q:
    """Receipts without an answer though it was due."""
    return Q(state__in=UNANSWERED, notice__answer_by__lt=now())


def answered_in_time() -> Q:
    """Acted upon within the time limit."""
    return Q(state="done", done_at__lte=F("notice__answer_by"))


def answer_due() -> Q:
    """Receipts whose time limit has passed, or which are answered: what the share is of."""
    return Q(state="done") | Q(notice__answer_by__lt=now())


def missing() -> Q:
    """Daily reports that are due and not there."""
    return Q(reported_at__isnull=True, due_at__lt=now())


def reported_in_time() -> Q:
    """Reported until the very moment that they were due."""
    return Q(reported_at__lte=F("due_at"))


def report_due() -> Q:
    """Reports that are due or there."""
    return Q(reported_at__isnull=False) | Q(due_at__lt=now())


def unanswered_count(user: Any) -> int:
    """Receipts in the user's scope that are overdue."""
    return access.visible(user, Receipt, "committee.view").filter(unanswered()).count()


def missing_count(user: Any) -> int:
    """Daily reports in the user's scope that are missing."""
    return access.visible(user, ZeroReport, "committee.units").filter(missing()).count()


def receipts(user: Any, notice: RiskNotice) -> list[Share]:
    """How far a notice has come: delivered, read, acted upon, each as a share of all recipients, in one query."""
    rows = access.visible(user, Receipt, "committee.view").filter(notice=notice)
    states = list(rows.values_list("state", flat=True))
    steps = (
        ("送达", ("delivered", "read", "done"), {"delivered": "1"}),
        ("已阅", ("read", "done"), {"read": "1"}),
        ("已落实", ("done",), {"state": "done"}),
    )
    whole = list_url("committee:receipts", notice=notice.pk)
    return [
        Share(
            name,
            sum(state in codes for state in states),
            len(states),
            list_url("committee:receipts", notice=notice.pk, **query),
            whole,
        )
        for name, codes, query in steps
    ]


def enterprises(user: Any, towns: list[Territory], sectors: list[str], risks: list[str]) -> list[Enterprise]:
    """Active enterprises in the user's scope that meet every filter which is set."""
    rows = access.visible(user, Enterprise, "committee.assign").filter(is_active=True)
    if towns:
        rows = rows.filter(territories__in=towns).distinct()
    if sectors:
        rows = rows.filter(sector__in=sectors)
    if risks:
        rows = rows.filter(risk__in=risks)
    return list(rows.order_by("pk"))
