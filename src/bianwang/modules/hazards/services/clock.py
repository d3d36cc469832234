"""What time itself does to hazards."""

from __future__ import annotations

from bianwang.modules.hazards import board
from bianwang.modules.hazards.models import BoardDay, Hazard
from bianwang.platform.clock import now, today
from bianwang.platform.jobs.services import each
from bianwang.platform.workflow.services import advance

_AT_ONCE = 500


def find_overdue() -> None:
    """Note once each time limit that has passed without rectification."""
    moment = now()
    rows = Hazard.objects.filter(state="rectifying", rectify_by__lt=moment, overdue_at__isnull=True)
    each(list(rows.order_by("rectify_by")[:_AT_ONCE]), _note)


def _note(hazard: Hazard) -> None:
    advance(hazard, "overdue", None, fields={"overdue_at": now()})


def keep_board_day() -> None:
    """Remember today's quadrants of the see × manage board; called often, the last of a day stays."""
    present = today()
    counts = board.quadrant_counts(board.standings(None))
    BoardDay.objects.update_or_create(day=present, defaults=counts)
