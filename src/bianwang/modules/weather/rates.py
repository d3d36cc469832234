"""The year's 叫应率: passed on, answered within the limit, by level and by unit; each figure leads to its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from bianwang.modules.weather import pack, queries
from bianwang.modules.weather.models import Receipt
from bianwang.platform import access
from bianwang.platform.ui.lists import list_url


@dataclass(frozen=True)
class Line:
    """One level's or unit's share: `part` answered in time of `whole` that came due."""

    name: str
    part: int
    whole: int
    part_url: str
    whole_url: str

    @property
    def percent(self) -> float | None:
        """In per cent; None of nothing."""
        return 100 * self.part / self.whole if self.whole else None


def years(user: Any) -> list[int]:
    """Years in which warnings were passed on to somebody in the user's scope, the latest first."""
    return [day.year for day in access.visible(user, Receipt, "weather.view").dates("sent_at", "year", order="DESC")]


def by_level(user: Any, year: int) -> list[Line]:
    """A line for each level that occurred, and the sum of all first."""
    rows = {row["warning__level"]: row for row in _counted(user, year, "warning__level")}
    total = {name: sum(row[name] for row in rows.values()) for name in ("part", "whole")}
    lines = [_line("合计", total, year)]
    return lines + [_line(pack.level(level).name, rows[level], year, level=level) for level in sorted(rows)]


def by_unit(user: Any, year: int) -> list[Line]:
    """A line for each unit and enterprise, the worst first."""
    rows = _counted(user, year, "unit", "unit__name")
    lines = [_line(row["unit__name"], row, year, owner=row["unit"]) for row in rows]
    return sorted(lines, key=lambda line: (line.percent or 0, -line.whole, line.name))


def _counted(user: Any, year: int, *by: str) -> list[dict[str, Any]]:
    rows = access.visible(user, Receipt, "weather.view").filter(queries.came_due(), sent_at__year=year)
    return list(rows.order_by().values(*by).annotate(whole=Count("pk"), part=Count("pk", filter=queries.in_time())))


def _line(name: str, row: dict[str, Any], year: int, **more: Any) -> Line:
    days = {"sent_from": date(year, 1, 1), "sent_to": date(year, 12, 31), "due": 1, **more}
    whole, part = list_url("weather:receipts", **days), list_url("weather:receipts", **days, in_time=1)
    return Line(name, row["part"], row["whole"], part, whole)
