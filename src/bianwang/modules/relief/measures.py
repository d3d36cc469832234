"""What indicators and reports count of relief, for the whole district. Money counts on the day on which it was paid."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from bianwang.modules.relief.models import Claim
from bianwang.modules.relief.pack import kind_choices
from bianwang.modules.relief.queries.claims import came_due, in_time
from bianwang.platform.measures import Measured, Rows, share, unknown
from bianwang.platform.period import Period
from bianwang.platform.ui.lists import list_url

_SCOPE = "全区"


def timeliness(period: Period) -> Measured:
    """自然灾害救助及时率 of the year's programmes by the last day: households paid in time ÷ those due."""
    rows, day = Claim.objects.filter(programme__year=period.year).order_by(), period.last
    asked = {"year": period.year, "as_of": day}
    part = Rows("及时拨付的户", rows.filter(in_time(day)).count(), list_url("relief:list", **asked, in_time_decision=1))
    whole = Rows("应拨付的户", rows.filter(came_due(day)).count(), list_url("relief:list", **asked, due_decision=1))
    return share(
        part,
        whole,
        missing=f"{period.year}年度的救助项目到 {day} 没有应拨付的户，请按不适用处理。",
        scope=_SCOPE,
        note=f"{period.year}年度救助项目，自区局审定起算拨付期限，截至 {day}",
    )


def paid(period: Period, *, kind: str = "") -> Measured:
    """Yuan that were paid; `kind`: kinds of help (`relief.yaml`, with commas), all when empty."""
    return _paid(period, kind, Coalesce(Sum("amount"), Decimal(0)))


def households(period: Period, *, kind: str = "") -> Measured:
    """Households that were paid."""
    return _paid(period, kind, Count("pk"))


def persons(period: Period, *, kind: str = "") -> Measured:
    """People of these households."""
    return _paid(period, kind, Coalesce(Sum("persons"), 0))


def rooms(period: Period, *, kind: str = "") -> Measured:
    """Damaged rooms of these households."""
    return _paid(period, kind, Coalesce(Sum("rooms"), 0))


def _paid(period: Period, kind: str, figure: Any) -> Measured:
    wanted, known = tuple(filter(None, kind.split(","))), dict(kind_choices())
    if lacking := [code for code in wanted if code not in known]:
        return unknown("kind", lacking[0])
    chosen = Q(programme__kind__in=wanted) if wanted else Q()
    found = Claim.objects.filter(chosen, period.days("paid_on")).aggregate(figure=figure, rows=Count("pk"))
    query = {**period.query("paid_on"), **({"kind": wanted} if wanted else {})}
    name = "、".join(known[code] for code in wanted) or "救助"
    rows = Rows(f"已拨付的{name}", found["rows"], list_url("relief:list", **query))
    return Measured(found["figure"], (rows,), scope=_SCOPE)
