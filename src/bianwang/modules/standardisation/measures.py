"""What indicators and reports count of standardisation, for the whole district."""

from __future__ import annotations

from bianwang.modules.standardisation.queries import held
from bianwang.platform.clock import today
from bianwang.platform.measures import Measured, Rows, count
from bianwang.platform.period import Period
from bianwang.platform.ui.lists import list_url


def certified(period: Period) -> Measured:
    """有效达标: enterprises whose certificate was valid on the last day, or is today in a period that goes on."""
    day = min(period.last, today())
    rows = Rows("有效达标企业", held(day).count(), list_url("standardisation:list", counted="held", on=day))
    return count(rows, scope="全区", note=f"{day} 证书有效，每家企业计一次")
