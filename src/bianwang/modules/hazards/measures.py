"""What indicators and reports count of hazards found in a period, as they stood at its end, for the whole district."""

from __future__ import annotations

from django.db.models import Q

from bianwang.modules.hazards.models import Hazard
from bianwang.modules.hazards.queries import found_between, overdue_on, rectified_on
from bianwang.platform.measures import Measured, Rows, count, share
from bianwang.platform.period import Period
from bianwang.platform.ui.lists import list_url

_SCOPE = "全区"
_GOOD = "整改完成且已复查合格的计为已整改"


def found(period: Period) -> Measured:
    """Hazards found."""
    return count(_rows(period, "发现的隐患"), scope=_SCOPE)


def rectified(period: Period) -> Measured:
    """Of those, the ones rectified by the last day."""
    return count(_rectified(period), scope=_SCOPE, note=_GOOD)


def overdue(period: Period) -> Measured:
    """Of those, the ones due and not rectified on the last day."""
    rows = _rows(period, "超期未整改的隐患", overdue_on(period.last), overdue=1)
    return count(rows, scope=_SCOPE, note=f"截至 {period.last}")


def rectification_rate(period: Period) -> Measured:
    """整改率 = 已整改 ÷ 发现."""
    missing = "本期没有登记发现的隐患，请在“隐患”登记或导入。"
    return share(_rectified(period), _rows(period, "发现的隐患"), missing=missing, scope=_SCOPE, note=_GOOD)


def _rectified(period: Period) -> Rows:
    return _rows(period, "已整改的隐患", rectified_on(period.last), rectified=1)


def _rows(period: Period, name: str, which: Q | None = None, **query: int) -> Rows:
    rows = found_between(Hazard.objects.all(), period.first, period.last).filter(which or Q()).order_by()
    as_of = {"as_of": period.last} if query else {}
    return Rows(name, rows.count(), list_url("hazards:list", **period.query("found"), counted=1, **as_of, **query))
