"""Nobody has to answer for a warning that holds no longer."""

from __future__ import annotations

from functools import partial
from itertools import groupby

from bianwang.modules.weather import queries
from bianwang.modules.weather.models import Receipt, WeatherWarning
from bianwang.modules.weather.workflow import OPEN
from bianwang.platform.clock import now
from bianwang.platform.jobs.services import each
from bianwang.platform.workflow.services import advance

_AT_ONCE = 200


def end_receipts() -> None:
    """End what is still open of warnings that ran out, were updated or cancelled; the loop calls this."""
    rows = Receipt.objects.filter(queries.over(now(), "warning__"), state__in=OPEN).select_related("warning", "unit")
    for warning, group in groupby(rows.order_by("warning", "pk")[:_AT_ONCE], key=lambda row: row.warning):
        each(group, partial(advance, code="end", user=None, reason=_why(warning)))


def _why(warning: WeatherWarning) -> str:
    if warning.ended_at is None or warning.ended_at > warning.valid_until:
        return "预警有效期已过"
    chain = WeatherWarning.objects.filter(first=warning.first_id or warning.pk, issued_at=warning.ended_at)
    by = chain.latest("pk")
    return f"{by.issuer}{by.get_message_display()}：{by.headline}"[:300]
