"""What indicators and reports count of patrols, as they stood at the end of a period, for the whole district."""

from __future__ import annotations

from django.db.models import Count

from bianwang.modules.patrol import queries
from bianwang.modules.patrol.models import Look
from bianwang.platform.measures import Measured, Rows, count, share
from bianwang.platform.period import Period
from bianwang.platform.ui.lists import list_url

_SCOPE = "全区"


def coverage(period: Period) -> Measured:
    """巡检覆盖率 = 看到画面 ÷ 应看, of the rounds that began in the period and were due by its last day."""
    due = queries.looks_due(period.end)
    rows = Look.objects.filter(period.moments("round__starts_at")).order_by()
    n = rows.aggregate(due=Count("pk", filter=due), seen=Count("pk", filter=due & queries.seen_by(period.end)))
    base = {**period.query("starts"), "due": 1, "as_of": period.last}
    return share(
        Rows("看到画面的台次", n["seen"], list_url("patrol:look_list", **base, seen=1)),
        Rows("应看的台次", n["due"], list_url("patrol:look_list", **base)),
        missing="本期没有到期的视频巡检轮次，请在“巡检计划”编制计划。",
        scope=_SCOPE,
        note="视频不可用的不算看到",
    )


def found(period: Period) -> Measured:
    """Problems that patrols found."""
    rows = Look.objects.filter(period.moments("at"), result=Look.Result.PROBLEM)
    url = list_url("patrol:look_list", **period.query("at"), result="problem")
    return count(Rows("有问题的巡检记录", rows.count(), url), scope=_SCOPE)
