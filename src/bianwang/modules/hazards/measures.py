"""What indicators and reports count of hazards found in a period, as they stood at its end, for the whole district."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet

from bianwang.modules.hazards.models import Hazard
from bianwang.modules.hazards.queries import found_between, overdue_on, rectified_on
from bianwang.platform.measures import Measured, Rows, count, share
from bianwang.platform.period import Period
from bianwang.platform.ui.lists import list_url

_SCOPE = "全区"
_GOOD = "整改完成且已复查合格的计为已整改"


def found(period: Period) -> Measured:
    """Hazards found."""
    return count(_found(period, _hazards(period).count()), scope=_SCOPE)


def rectified(period: Period) -> Measured:
    """Of those, the ones rectified by the last day."""
    rows = _hazards(period).filter(rectified_on(period.last))
    return count(_rectified(period, rows.count()), scope=_SCOPE, note=_GOOD)


def overdue(period: Period) -> Measured:
    """Of those, the ones due and not rectified on the last day."""
    number = _hazards(period).filter(overdue_on(period.last)).count()
    url = _url(period, overdue=1, as_of=period.last)
    return count(Rows("超期未整改的隐患", number, url), scope=_SCOPE, note=f"截至 {period.last}")


def rectification_rate(period: Period) -> Measured:
    """整改率 = 已整改 ÷ 发现, in one pass."""
    good = Count("pk", filter=rectified_on(period.last))
    n = _hazards(period).aggregate(found=Count("pk"), rectified=good)
    missing = "本期没有登记发现的隐患，请在“隐患”登记或导入。"
    part, whole = _rectified(period, n["rectified"]), _found(period, n["found"])
    return share(part, whole, missing=missing, scope=_SCOPE, note=_GOOD)


def _hazards(period: Period) -> QuerySet[Hazard]:
    return found_between(Hazard.objects.all(), period.first, period.last).order_by()


def _found(period: Period, number: int) -> Rows:
    return Rows("发现的隐患", number, _url(period))


def _rectified(period: Period, number: int) -> Rows:
    return Rows("已整改的隐患", number, _url(period, rectified=1, as_of=period.last))


def _url(period: Period, **query: Any) -> str:
    return list_url("hazards:list", **period.query("found"), counted=1, **query)
