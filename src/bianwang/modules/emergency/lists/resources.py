"""Lists of resources and of their call-ups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import QueryDict

from bianwang.modules.emergency import services
from bianwang.modules.emergency.lists.events import place_choices
from bianwang.modules.emergency.models import CallUp, Resource, ResourceItem
from bianwang.modules.emergency.pack.resources import kind_choices
from bianwang.modules.emergency.queries.resources import unverified
from bianwang.modules.emergency.queries.shelters import counted
from bianwang.modules.emergency.workflow.resources import OUT
from bianwang.platform.places.models import Territory
from bianwang.platform.ui.cells import Column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Filter, Flag, Rows, Search
from bianwang.platform.ui.lists import BatchAction, Button, ListPage


@dataclass(frozen=True)
class Holding(Filter):
    """Stores where something of this name lies."""

    name: str = "item"
    title: str = "存放物资"
    control: ClassVar[str] = "search"

    def apply(self, rows: Rows, params: QueryDict, user: Any) -> Rows:
        text = params.get(self.name, "").strip()
        items = ResourceItem.objects.filter(name__icontains=text, quantity__gt=0).order_by()
        return rows.filter(pk__in=items.values("resource")) if text else rows


@dataclass(frozen=True)
class OfEvent(Filter):
    """The call-ups of one event and of those merged into it, set by links from its page."""

    name: str = "event"
    title: str = "事件"

    def apply(self, rows: Rows, params: QueryDict, user: Any) -> Rows:
        value = params.get(self.name, "")
        if not value.isdecimal():
            return rows
        return rows.filter(Q(event=int(value)) | Q(event__merged_into=int(value)))


@dataclass(frozen=True)
class Inside(Choice):
    """What lies in a town, also in its villages."""

    def apply(self, rows: Rows, params: QueryDict, user: Any) -> Rows:
        value = params.get(self.name, "")
        place = Territory.objects.filter(pk=int(value)).first() if value.isdecimal() else None
        return rows.filter(territory__path__startswith=place.path) if place else rows


def verified_colour(row: Any) -> str:
    """The badge of the day by which it must be looked at again."""
    return "red" if row.is_unverified else "green"


FILTERS = (
    Search(title="名称、单位、驻地或能力", fields=("name", "owner__name", "outside_unit", "place", "capabilities")),
    Choice("kind", "种类", choices=lambda user: kind_choices()),
    Choice("state", "状态", choices=lambda user: Resource.workflow.choices()),
    Inside("territory", "所在镇街", choices=place_choices),
    Holding(),
)
"""What every list of resources can be narrowed by."""


class ResourceList(ListPage):
    """All resources in scope; phones are masked here and in exports."""

    model = Resource
    permission = "emergency.resources"
    title = "应急资源"
    columns = (
        Column("name", "名称", kind="link", sort="name"),
        Column("kind", "种类", "kind_name", sort="kind"),
        Column("unit", "单位", "unit_name", sort="owner__pinyin"),
        Column("territory", "所在镇街或村社", "territory.name", sort="territory__code", default=False),
        Column("amount", "数量", sort="quantity"),
        state_column(),
        Column("verify_by", "核实有效至", kind="badge", sort="verified_on", colour=verified_colour),
        Column("contact", "联系人"),
        Column("phone", "联系电话", kind="phone"),
        Column("place", "驻地", default=False),
        Column("capabilities", "能力标签", default=False),
        Column("longitude", "经度", kind="number", default=False),
        Column("latitude", "纬度", kind="number", default=False),
        Column("present", "现有人数", kind="number", default=False),
        Column("occupied", "登记入住人数", kind="number", sort="occupied", total="occupied", default=False),
        Column("state_note", "状态说明", default=False),
        Column("relief_store", "对应救灾仓库", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        *FILTERS,
        Flag("unverified", "超期未核实", where=lambda user: unverified()),
        Flag("unplaced", "缺坐标", where=Q(longitude=None)),
    )
    related = ("owner", "territory")
    sort = "kind"
    empty = "还没有应急资源。先“登记资源”，或从“导入 Excel”一次导入队伍、装备、物资库和避难场所。"
    buttons = (
        Button("登记资源", "emergency:resource_new", "emergency.resource_edit"),
        Button("导入 Excel", "emergency:resource_import", "emergency.resource_edit", "file-import"),
        Button("使用统计", "emergency:resource_use", "emergency.statistics", "chart-bar"),
    )

    def rows(self) -> QuerySet[Any]:
        return counted(super().rows())


def _release(user: Any, rows: list[Any]) -> str:
    return f"已登记归建 {services.release_all(user, rows)} 项，其余早已归建。"


class CallUpList(ListPage):
    """Every time a resource was called to an event."""

    model = CallUp
    permission = "emergency.resources"
    title = "资源调用"
    columns = (
        Column("resource", "资源", "resource.name", kind="link"),
        Column("kind", "种类", "resource.kind_name", sort="resource__kind"),
        Column("event", "事件", "event.name", sort="event__received_at"),
        Column("quantity", "数量", kind="number", sort="quantity"),
        state_column(),
        Column("called_at", "调用时间", kind="datetime", sort="called_at"),
        Column("arrived_at", "到达时间", kind="datetime", sort="arrived_at"),
        Column("released_at", "归建时间", kind="datetime", sort="released_at"),
        Column("minutes", "用时（分钟）", kind="number", sort="minutes", total="minutes"),
        Column("distance", "直线距离（公里）", kind="number", sort="distance", default=False),
        Column("answered_by", "电话接听人", default=False),
        Column("content", "任务内容", default=False),
    )
    filters = (
        Search(title="资源、事件或任务", fields=("resource__name", "event__name", "event__number", "content")),
        Choice("kind", "种类", field="resource__kind", choices=lambda user: kind_choices()),
        Choice("state", "状态", choices=lambda user: CallUp.workflow.choices()),
        DateRange("called", "调用日期", field="called_at"),
        Flag("out", "未归建", where=Q(state__in=OUT)),
        Flag("counted", "不含演练", where=Q(event__is_exercise=False)),
        OfEvent(),
    )
    related = ("resource__owner", "event")
    sort = "-called_at"
    empty = "还没有调用资源。在事件页面点“调用资源”，按距离由近到远选。"
    actions = (BatchAction("release", "登记归建（现在）", "emergency.command", _release),)
