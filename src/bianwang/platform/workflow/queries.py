"""Limits of law and policy, as of a date, and the moments they lead to."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Q

from bianwang.platform.calendar.queries import add_working_days
from bianwang.platform.clock import SHANGHAI, today
from bianwang.platform.workflow.errors import UnknownLimit
from bianwang.platform.workflow.models import Limit

_END_OF_DAY = time(23, 59, 59)


def limit(code: str, on: date | None = None) -> Limit:
    """The limit with this code that is valid on a date (default: today). Raises UnknownLimit."""
    day = on or today()
    row = (
        Limit.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), code=code, valid_from__lte=day)
        .order_by("-valid_from")
        .first()
    )
    if row is None:
        raise UnknownLimit(
            f"时限“{code}”在 {day} 没有有效的规定，请系统管理员在地区包的 limits.yaml 中补充后重新载入。"
        )
    return row


def deadline(row: Limit, since: datetime) -> datetime:
    """When a limit that starts to run at `since` has run out (aware, UTC).

    Minutes and hours run from moment to moment. Days and working days do not count the first day and
    end with the last (民法典第201条、第202条), 23:59:59 in Shanghai. Calendar days are not moved past a
    holiday: the platform reminds rather too early. Raises ValueError for a limit that is no time.
    """
    amount = row.value
    if row.unit == Limit.Unit.MINUTES:
        return since + timedelta(minutes=float(amount))
    if row.unit == Limit.Unit.HOURS:
        return since + timedelta(hours=float(amount))
    if row.unit in {Limit.Unit.DAYS, Limit.Unit.WORKING_DAYS}:
        start = since.astimezone(SHANGHAI).date()
        days = int(amount)
        last = add_working_days(start, days) if row.unit == Limit.Unit.WORKING_DAYS else start + timedelta(days=days)
        return datetime.combine(last, _END_OF_DAY, SHANGHAI).astimezone(UTC)
    raise ValueError(f"limit {row.code} is measured in {row.unit}, which is no length of time")
