"""The year's events by class and subtype and the response rate, each figure a link to its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse

from bianwang.modules.emergency.models import Event
from bianwang.modules.emergency.pack.events import pack
from bianwang.modules.emergency.queries.events import COUNTED, answered
from bianwang.platform import access
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.pages import Page

FIRST_YEAR = 2020


@dataclass(frozen=True)
class Line:
    """A class or a part of one."""

    name: str
    count: int
    in_time: int
    url: str
    in_time_url: str
    is_part: bool = False

    @property
    def rate(self) -> str:
        """按时响应 ÷ 全部."""
        return f"{self.in_time * 100 / self.count:.1f}%" if self.count else "—"


def lines(user: Any, year: int) -> list[Line]:
    """The whole, every class that occurred, and its parts. Exercises and merged events are not among them."""
    begin, end = (datetime(of, 1, 1, tzinfo=SHANGHAI) for of in (year, year + 1))
    rows = access.visible(user, Event, "emergency.statistics").filter(
        COUNTED, received_at__gte=begin, received_at__lt=end
    )
    counted = rows.order_by().values("kind", "subtype")
    table = {
        (row["kind"], row["subtype"]): (row["all"], row["timely"])
        for row in counted.annotate(all=Count("pk"), timely=Count("pk", filter=answered()))
    }
    span: dict[str, Any] = {"counted": 1, "received_from": f"{year}-01-01", "received_to": f"{year}-12-31"}
    found = [_line("全部", list(table.values()), span)]
    for kind in {row.code: row for row in pack().classes}.values():
        mine = {subtype: pair for (code, subtype), pair in table.items() if code == kind.code}
        if not mine:
            continue
        found.append(_line(kind.name, list(mine.values()), {**span, "kind": kind.code}))
        for part in kind.subtypes:
            pair = mine.get(part.code, (0, 0))
            found.append(_line(part.name, [pair], {**span, "kind": kind.code, "subtype": part.code}, is_part=True))
    return found


def _line(name: str, pairs: list[tuple[int, int]], query: dict[str, Any], *, is_part: bool = False) -> Line:
    total, timely = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    url = list_url("emergency:list", **query)
    return Line(name, total, timely, url, list_url("emergency:list", **query, answered=1), is_part)


class Statistics(Page):
    """One year."""

    title = "应急统计"
    permission = "emergency.statistics"
    template = "emergency/statistics.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        this = now().astimezone(SHANGHAI).year
        asked = request.GET.get("year", "")
        year = int(asked) if asked.isdecimal() and FIRST_YEAR <= int(asked) <= this else this
        return self.render(year=year, years=range(this, FIRST_YEAR - 1, -1), lines=lines(self.user, year))
