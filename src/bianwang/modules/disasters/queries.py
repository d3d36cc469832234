"""Reads of disasters for others, and counts for tiles."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from bianwang.modules.disasters.models import Disaster, Report, Sheet
from bianwang.modules.disasters.workflow import WAITED_FOR
from bianwang.platform import access
from bianwang.platform.clock import now
from bianwang.platform.ui.search import LIMIT, Hit

COUNTED = Q(is_exercise=False) & ~Q(phase=Disaster.Phase.REVOKED)
"""What statistics and relief are about: no exercise, nothing entered by mistake."""


def search(user: Any, text: str) -> list[Hit]:
    """Disasters by number or name, the newest first."""
    rows = access.visible(user, Disaster, "disasters.view").filter(Q(number__icontains=text) | Q(name__icontains=text))
    return [
        Hit(str(row), f"{row.kind_name} · {row.get_phase_display()}", row.get_absolute_url())
        for row in rows.order_by("-pk")[:LIMIT]
    ]


def late_sheets() -> Q:
    """Sheets that their towns owe beyond their time limit."""
    return Q(state__in=WAITED_FOR, due_at__lt=now())


def late_reports() -> Q:
    """Reports that the bureau owes beyond their time limit, in earnest."""
    return Q(state="collecting", due_at__lt=now(), disaster__is_exercise=False)


def late_reports_count(user: Any) -> int:
    """Reports that are overdue."""
    return access.visible(user, Report, "disasters.reports").filter(late_reports()).count()


def waiting_count(user: Any) -> int:
    """Sheets that wait for their towns."""
    return access.visible(user, Sheet, "disasters.figures").filter(state__in=WAITED_FOR).count()


def given_before(sheet: Sheet) -> dict[str, Decimal]:
    """What the town has told already: in this sheet, or else in its last one."""
    own = dict(sheet.figures.values_list("code", "value"))
    if own:
        return own
    last = earlier(sheet).order_by("-report__number").first()
    return dict(last.figures.values_list("code", "value")) if last else {}


def earlier(sheet: Sheet) -> QuerySet[Sheet]:
    """The town's summed sheets of earlier reports."""
    return Sheet.objects.filter(
        unit=sheet.unit_id,
        state="summed",
        report__disaster=sheet.report.disaster_id,
        report__number__lt=sheet.report.number,
    )
