"""A year's disasters by kind: their number and main figures, each with the address of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import ExtractYear

from bianwang.modules.disasters.checking import Indicator, show
from bianwang.modules.disasters.models import Disaster, Total
from bianwang.modules.disasters.pack import pack
from bianwang.modules.disasters.queries import COUNTED
from bianwang.platform import access
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.ui.lists import list_url


@dataclass(frozen=True)
class Shown:
    """A figure and the address of its rows."""

    value: str
    url: str


@dataclass(frozen=True)
class Line:
    """One kind of disaster."""

    name: str
    disasters: Shown
    open: Shown
    """Not verified yet: their figures can still change."""
    figures: list[Shown]


@dataclass(frozen=True)
class Yearly:
    """A year's table."""

    year: int
    indicators: list[Indicator]
    lines: list[Line]
    sum: Line | None


def years(user: Any) -> list[int]:
    """Years with disasters, and this one, newest first."""
    rows = access.visible(user, Disaster, "disasters.reports")
    found = rows.order_by().values_list(ExtractYear("began_at", tzinfo=SHANGHAI), flat=True).distinct()
    return sorted({*found, now().astimezone(SHANGHAI).year}, reverse=True)


def yearly(user: Any, year: int) -> Yearly:
    """The latest filed report of every disaster that began in the year."""
    rows = access.visible(user, Disaster, "disasters.reports").filter(COUNTED)
    rows = rows.annotate(year=ExtractYear("began_at", tzinfo=SHANGHAI)).filter(year=year)
    numbers = dict(rows.order_by().values_list("kind").annotate(Count("pk", distinct=True)))
    still = rows.exclude(phase=Disaster.Phase.VERIFIED)
    unverified = dict(still.order_by().values_list("kind").annotate(Count("pk", distinct=True)))
    sums: dict[str, dict[str, Decimal]] = {}
    told = Total.objects.filter(report__is_current=True, report__disaster__in=rows.order_by().values("pk"))
    for kind, code, value in told.values_list("report__disaster__kind", "code").annotate(Sum("value")):
        sums.setdefault(kind, {})[code] = value
    indicators = [row for row in pack().sets[-1].indicators if row.main]
    kinds = [row for row in pack().kinds if row.code in numbers]
    lines = [
        _line(
            row.name, year, row.code, numbers[row.code], unverified.get(row.code, 0), sums.get(row.code, {}), indicators
        )
        for row in kinds
    ]
    if not lines:
        return Yearly(year, indicators, [], None)
    whole = {
        row.code: sum((table.get(row.code, Decimal(0)) for table in sums.values()), Decimal(0)) for row in indicators
    }
    total = _line("合计", year, "", sum(numbers.values()), sum(unverified.values()), whole, indicators)
    return Yearly(year, indicators, lines, total)


def _line(
    name: str, year: int, kind: str, number: int, still: int, sums: Mapping[str, Decimal], indicators: list[Indicator]
) -> Line:
    span = {"began_from": f"{year}-01-01", "began_to": f"{year}-12-31", "counted": "1"}
    if kind:
        span["kind"] = kind
    return Line(
        name,
        Shown(str(number), list_url("disasters:list", **span)),
        Shown(str(still), list_url("disasters:list", **span, open="1")),
        [
            Shown(
                show(sums.get(row.code, Decimal(0))),
                list_url("disasters:figures", **span, current="1", code=row.code, some="1"),
            )
            for row in indicators
        ],
    )
