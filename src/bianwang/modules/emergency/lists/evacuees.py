"""The people of evacuation lists at the desk: filters, bulk setting, export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import reverse, reverse_lazy

from bianwang.modules.emergency import services
from bianwang.modules.emergency.evacuating import LEFT, MOVED, STATES, UNSAFE
from bianwang.modules.emergency.models import Evacuee, Event
from bianwang.modules.emergency.queries import evacuees
from bianwang.modules.emergency.queries.shelters import over_words
from bianwang.platform import access
from bianwang.platform.ui.cells import Column
from bianwang.platform.ui.filters import AsOf, Choice, DateRange, Flag, FlagOn, Search
from bianwang.platform.ui.forms import refusals_in_form
from bianwang.platform.ui.lists import BatchAction, Button, ListPage


def _events(user: Any) -> Sequence[tuple[int, str]]:
    rows = access.visible(user, Event, "emergency.view").filter(batches__isnull=False).distinct()
    return [(row.pk, str(row)) for row in rows.order_by("-pk")[:200]]


def _sites(user: Any) -> Sequence[tuple[int, str]]:
    rows = access.visible(user, Evacuee, "emergency.view").filter(site__isnull=False).order_by("site__name", "site")
    return list(rows.values_list("site", "site__name").distinct())


def _shelter(row: Any) -> str:
    """The page of the shelter, for those who may open it."""
    return reverse("emergency:resource", args=[row.site_id]) if row.site_id and row.opens else ""


def _setting(state: str) -> Callable[[Any, list[Any]], str]:
    """A batch action: these people are there now."""

    def handle(user: Any, rows: list[Any]) -> str:
        with refusals_in_form():
            changed = services.set_people(user, rows, state)
        full = over_words({row.site_id for row in rows}) if state == "safe" else ""
        return f"已把 {changed} 人设为“{STATES[state][0]}”，{len(rows) - changed} 人本来就是。{full}"

    return handle


class PersonSearch(Search):
    """By name and phone only for those who read them."""

    def apply(self, rows: QuerySet[Any], params: QueryDict, user: Any) -> QuerySet[Any]:
        full = access.can(user, "emergency.evacuate")
        for word in params.get(self.name, "").split()[:5]:
            rows = rows.filter(evacuees.matching(word, full=full))
        return rows


class EvacueeList(ListPage):
    """Everybody of every list in scope; whoever is not safe is red."""

    model = Evacuee
    permission = "emergency.view"
    title = "转移人员"
    page_size = 200
    columns = (
        Column("name", "姓名", lambda row: evacuees.shown_name(row, full=row.full), kind="link"),
        Column("phone", "电话", lambda row: evacuees.shown_phone(row, full=row.full)),
        Column("household", "村组和户", sort="household"),
        Column("state", "状态", kind="badge", colour=lambda row: row.colour, sort="state"),
        Column("place_from", "从何处", sort="place_from", default=False),
        Column("shelter", "安置点", sort="shelter", link=_shelter),
        Column("home", "所在村社", "home.name", sort="home__code", default=False),
        Column("help", "需要照顾"),
        Column("batch", "批次", lambda row: f"第{row.batch.number}批", sort="batch__number"),
        Column("event", "事件", "batch.event.name"),
        Column("state_at", "状态时间", kind="datetime", sort="state_at"),
        Column("state_by", "登记人", "state_by.name"),
        Column("note", "说明", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        PersonSearch(title="姓名、电话、村组户或安置点"),
        Choice("event", "事件", field="batch__event", choices=_events),
        Choice("state", "状态"),
        Choice("site", "避难场所", choices=_sites),
        Flag("unsafe", "未转和失联", where=Q(state__in=UNSAFE)),
        DateRange("ordered", "下达转移日期", field="batch__ordered_at"),
        AsOf(),
        FlagOn("moved", "已转", where=Q(state__in=MOVED), on=evacuees.moved_on),
        Flag("left", "未转", where=Q(state__in=LEFT)),
        Flag("ought", "应转", where=~Q(state="void")),
        Flag("care", "需要照顾", where=~Q(help="")),
        Flag("counted", "计入统计", where=evacuees.COUNTED),
    )
    related = ("batch__event", "state_by", "home")
    sort = "urgency"
    empty = "还没有转移名单。在事件页面点“转移安置”，下达转移后登记名单。"
    buttons = (Button("Excel 导入", "emergency:evacuee_import", "emergency.evacuate", "file-upload"),)
    actions = tuple(
        BatchAction(state, f"设为“{STATES[state][0]}”", "emergency.evacuate", _setting(state))
        for state in ("told", "moving", "safe", "returned", "missing")
    )
    crumbs = (("突发事件", reverse_lazy("emergency:list")),)

    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = (
            super()
            .rows()
            .annotate(full=evacuees.full(self.user), opens=evacuees.opens(self.user), urgency=evacuees.urgency())
        )
        return rows
