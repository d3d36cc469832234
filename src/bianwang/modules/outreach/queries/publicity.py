"""A year's figures of publicity, each with the address of the rows that it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.shortcuts import get_object_or_404

from bianwang.modules.outreach.models import Campaign, ChannelCount, Event, Pilot
from bianwang.modules.outreach.pack import choices
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.ui.lists import list_url

_PERMISSION = "outreach.publicity"


@dataclass(frozen=True)
class Figure:
    """One figure: what it is, how much, and where its rows are. `note` says what a reader must know."""

    name: str
    value: str
    unit: str
    url: str
    note: str = ""


def campaigns() -> QuerySet[Campaign]:
    """All campaigns: every unit enters events under their names."""
    return Campaign.objects.all()


def campaign(pk: int) -> Campaign:
    """One campaign. Raises Http404."""
    return get_object_or_404(Campaign, pk=pk)


def as_of(day: date) -> Q:
    """Pilots that counted on a day."""
    return Q(started_on__lte=day) & (Q(ended_on__isnull=True) | Q(ended_on__gt=day))


def last_day(year: int) -> date:
    """The day as of which a year is told: its last, or today."""
    return min(date(year, 12, 31), today())


def figures(user: Any, year: int) -> list[Figure]:
    """The year's main figures."""
    events, channels = _events(user, year), _channels(user, year)
    total = events.aggregate(count=Count("pk"), audience=Sum("audience"))
    talks = events.filter(kind="talk").aggregate(count=Count("pk"), people=Count("speaker", distinct=True))
    day = last_day(year)
    pilots = access.visible(user, Pilot, _PERMISSION).filter(as_of(day)).count()
    found = [
        Figure("宣传活动", f"{total['count']:,}", "场", _event_url(year)),
        Figure("受众", f"{total['audience'] or 0:,}", "人次", _event_url(year)),
        Figure("宣讲", f"{talks['count']:,}", "场", _event_url(year, kind="talk"), f"主讲 {talks['people']} 人"),
        Figure("安全宣传“五进”", f"{events.exclude(setting='').count():,}", "场", _event_url(year, five=1)),
        Figure("技术应用试点", f"{pilots:,}", "个", list_url("outreach:pilots", as_of=day), f"截至 {day} 在用"),
    ]
    sums = dict(channels.values_list("channel").annotate(total=Sum("count")))
    for code, name in choices("channels"):
        if code in sums:
            plain, _, unit = name.removesuffix("）").partition("（")
            url = list_url("outreach:channels", channel=code, **_days("month", year))
            found.append(Figure(plain, f"{sums[code]:,}", unit, url))
    return found


def groups(user: Any, year: int) -> list[tuple[str, list[Figure]]]:
    """The year's events by theme, by kind and by which of the five."""
    events = _events(user, year)
    return [
        ("主题", _group(events, "campaign__theme", "theme", choices("themes"), year)),
        ("形式", _group(events, "kind", "kind", choices("event_kinds"), year)),
        ("五进", _group(events, "setting", "setting", choices("settings"), year)),
    ]


def years(user: Any) -> list[int]:
    """The years that have events or channel counts, and this one, the newest first."""
    present = today()
    first = [
        access.visible(user, Event, _PERMISSION).order_by("day").values_list("day", flat=True).first(),
        access.visible(user, ChannelCount, _PERMISSION).order_by("month").values_list("month", flat=True).first(),
    ]
    return list(range(present.year, min((day.year for day in first if day), default=present.year) - 1, -1))


def _events(user: Any, year: int) -> QuerySet[Event]:
    return access.visible(user, Event, _PERMISSION).filter(day__range=_range(year)).order_by()


def _channels(user: Any, year: int) -> QuerySet[ChannelCount]:
    return access.visible(user, ChannelCount, _PERMISSION).filter(month__range=_range(year)).order_by()


def _group(
    events: QuerySet[Event], field: str, parameter: str, words: list[tuple[str, str]], year: int
) -> list[Figure]:
    rows = {
        code: (count, people)
        for code, count, people in events.values_list(field).annotate(Count("pk"), Sum("audience"))
    }
    return [
        Figure(name, f"{rows[code][0]:,}", "场", _event_url(year, **{parameter: code}), f"{rows[code][1]:,} 人次")
        for code, name in words
        if code in rows
    ]


def _range(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def _days(name: str, year: int) -> dict[str, Any]:
    first, last = _range(year)
    return {f"{name}_from": first, f"{name}_to": last}


def _event_url(year: int, **more: Any) -> str:
    return list_url("outreach:events", **_days("day", year), **more)
