"""A year's disasters by kind: their number and main figures, each with the address of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import ExtractYear

from bianwang.modules.disasters.checking import show
from bianwang.modules.disasters.models import Disaster, Total
from bianwang.modules.disasters.pack import pack, set_of
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
    """One figure of every kind of disaster, and of all together."""

    name: str
    unit: str
    figures: list[Shown]


@dataclass(frozen=True)
class Yearly:
    """A year's table: kinds across, figures down."""

    year: int
    kinds: list[str]
    """Their names, and the sum's; nothing in a year without disasters."""
    lines: list[Line]


def years(user: Any) -> list[int]:
    """Years with disasters, and this one, newest first."""
    rows = access.visible(user, Disaster, "disasters.reports")
    found = rows.order_by().values_list(ExtractYear("began_at", tzinfo=SHANGHAI), flat=True).distinct()
    return sorted({*found, now().astimezone(SHANGHAI).year}, reverse=True)


def yearly(user: Any, year: int) -> Yearly:
    """The latest filed report of every disaster that began in the year."""
    rows = access.visible(user, Disaster, "disasters.reports").filter(COUNTED)
    rows = rows.annotate(year=ExtractYear("began_at", tzinfo=SHANGHAI)).filter(year=year)
    numbers = _numbers(rows)
    kinds = [row for row in pack().kinds if row.code in numbers]
    if not kinds:
        return Yearly(year, [], [])
    codes = [row.code for row in kinds]
    open_ = {**dict.fromkeys(codes, 0), **_numbers(rows.exclude(phase=Disaster.Phase.VERIFIED))}
    sums = _sums(rows)
    lines = [
        _line("起数", "起", codes, numbers, "disasters:list", _span(year)),
        _line("其中：未核定", "起", codes, open_, "disasters:list", {**_span(year), "open": "1"}),
    ]
    for row in set_of(date(year, 12, 31)).indicators:
        if row.main:
            told = {code: sums[code][row.code] for code in codes if row.code in sums.get(code, {})}
            address = {**_span(year), "current": "1", "code": row.code, "some": "1"}
            lines.append(_line(row.plain, row.unit, codes, told, "disasters:figures", address))
    return Yearly(year, [*(row.name for row in kinds), "合计"], lines)


def _numbers(rows: QuerySet[Disaster]) -> dict[str, Any]:
    return dict(rows.order_by().values_list("kind").annotate(Count("pk", distinct=True)))


def _sums(rows: QuerySet[Disaster]) -> dict[str, dict[str, Decimal]]:
    """By kind and indicator."""
    told = Total.objects.filter(report__is_current=True, report__disaster__in=rows.order_by().values("pk"))
    sums: dict[str, dict[str, Decimal]] = {}
    for kind, code, value in told.values_list("report__disaster__kind", "code").annotate(Sum("value")):
        sums.setdefault(kind, {})[code] = value
    return sums


def _span(year: int) -> dict[str, str]:
    """The filter of a year's disasters."""
    return {"began_from": f"{year}-01-01", "began_to": f"{year}-12-31", "counted": "1"}


def _line(
    name: str, unit: str, codes: list[str], told: Mapping[str, Any], target: str, address: Mapping[str, str]
) -> Line:
    """A kind of which nothing was reported yet has no figure, and not zero."""
    cells = [
        Shown(show(Decimal(told[code])) if code in told else "—", list_url(target, **address, kind=code))
        for code in codes
    ]
    total = sum(map(Decimal, told.values()), Decimal(0))
    return Line(name, unit, [*cells, Shown(show(total), list_url(target, **address))])
