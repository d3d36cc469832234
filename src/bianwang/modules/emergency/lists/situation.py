"""Lists of settlements, imported maps and judgements."""

from __future__ import annotations

from typing import Any

from bianwang.modules.emergency import services
from bianwang.modules.emergency.models import Arrival, Ground, Judgement, MapLayer, Settlement
from bianwang.platform import access
from bianwang.platform.ui.cells import Column
from bianwang.platform.ui.filters import Choice, Flag, InTerritory, Search
from bianwang.platform.ui.lists import BatchAction, Button, ListPage

JUDGEMENT_COLOURS = {"waiting": "secondary", "running": "blue", "done": "green", "failed": "red"}


def judgement_colour(row: Judgement) -> str:
    """The badge of a judgement's state."""
    return JUDGEMENT_COLOURS[row.state]


def _retire(user: Any, rows: list[Any]) -> str:
    for row in rows:
        services.retire(user, row)
    return f"已停用 {len(rows)} 项，以前的研判不受影响。"


class SettlementList(ListPage):
    """All settlements in scope."""

    model = Settlement
    permission = "emergency.view"
    title = "居民点"
    columns = (
        Column("name", "居民点", kind="link", sort="name"),
        Column("owner", "所属镇街", "owner.name", sort="owner__pinyin"),
        Column("households", "户数", kind="number", sort="households", total="households"),
        Column("people", "人数", kind="number", sort="people", total="people"),
        Column("frail", "需协助转移", kind="number", sort="frail", total="frail"),
        Column("contact", "联系人"),
        Column("phone", "联系电话", kind="phone"),
        Column("longitude", "经度", kind="number", default=False),
        Column("latitude", "纬度", kind="number", default=False),
        Column("is_active", "在用", kind="flag", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="居民点或镇街", fields=("name", "owner__name", "owner__pinyin")),
        InTerritory(),
        Flag("is_active", "在用"),
    )
    related = ("owner",)
    sort = "name"
    empty = "还没有居民点。下载模板填好后“导入居民点”，或逐个“登记居民点”；火势研判据此排出转移先后。"
    buttons = (
        Button("导入居民点", "emergency:settlement_import", "emergency.settlements", "file-upload"),
        Button("登记居民点", "emergency:settlement_new", "emergency.settlements"),
    )


class LayerList(ListPage):
    """Imported roads and rivers."""

    model = MapLayer
    permission = "emergency.view"
    title = "地图资料：道路和河流"
    columns = (
        Column("name", "名称", sort="name"),
        Column("kind", "类别", sort="kind"),
        Column("count", "线数", kind="number", sort="count"),
        Column("source", "来源"),
        Column("imported_by", "导入人", "imported_by.name"),
        Column("imported_at", "导入时间", kind="datetime", sort="imported_at"),
        Column("is_active", "在用", kind="flag"),
        Column("digest", "文件 SM3", default=False),
    )
    filters = (Search(title="名称或来源", fields=("name", "source")), Choice("kind", "类别"), Flag("is_active", "在用"))
    related = ("imported_by",)
    sort = "kind"
    empty = "还没有道路和河流。点“导入道路和河流”，态势图和火势研判图上即显示。"
    actions = (BatchAction("retire", "停用", "emergency.layers", _retire),)
    buttons = (
        Button("导入道路和河流", "emergency:layer_new", "emergency.layers", "file-upload"),
        Button("高程和可燃物", "emergency:grounds", "emergency.view", "mountain"),
    )


class GroundList(ListPage):
    """Imported rasters."""

    model = Ground
    permission = "emergency.view"
    title = "地图资料：高程和可燃物"
    columns = (
        Column("name", "名称", sort="name"),
        Column("kind", "类别", sort="kind"),
        Column("rows", "行数", kind="number"),
        Column("columns", "列数", kind="number"),
        Column("cell", "格距（度）", lambda row: f"{row.cell:.6f}"),
        Column("source", "来源"),
        Column("imported_by", "导入人", "imported_by.name"),
        Column("imported_at", "导入时间", kind="datetime", sort="imported_at"),
        Column("is_active", "在用", kind="flag"),
        Column("digest", "文件 SM3", default=False),
    )
    filters = (Search(title="名称或来源", fields=("name", "source")), Choice("kind", "类别"), Flag("is_active", "在用"))
    related = ("imported_by",)
    sort = "kind"
    empty = "还没有栅格。没有高程时火势研判按平地推演，没有可燃物栅格时全范围按一种可燃物。"
    actions = (BatchAction("retire", "停用", "emergency.layers", _retire),)
    buttons = (Button("导入高程或可燃物", "emergency:ground_new", "emergency.layers", "file-upload"),)

    def rows(self) -> Any:
        return super().rows().defer("values")


class JudgementList(ListPage):
    """All judgements, the newest first."""

    model = Judgement
    permission = "emergency.view"
    title = "火势研判"
    columns = (
        Column("number", "研判", lambda row: f"第 {row.number} 次", kind="link", sort="pk"),
        Column("event", "事件", "event.name", sort="event__number"),
        Column("starts_at", "起算时间", kind="datetime", sort="starts_at"),
        Column("hours", "时长", kind="number", unit="小时", sort="hours"),
        Column("state", "状态", kind="badge", sort="state", colour=judgement_colour),
        Column("asked_by", "提出人", "asked_by.name"),
        Column("asked_at", "提出时间", kind="datetime", sort="asked_at"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (Search(title="事件编号或名称", fields=("event__number", "event__name")), Choice("state", "状态"))
    related = ("event", "asked_by")
    sort = "-asked_at"
    empty = "还没有火势研判。打开森林火灾或荒坡山火事件，点“火势研判”。"

    def rows(self) -> Any:
        return super().rows().defer("inputs", "result")


BASES = (
    ("first", "最早可能（两个公式取早）"),
    ("wang_likely", "王正非 可能"),
    ("wang_early", "王正非 最早"),
    ("rothermel_likely", "Rothermel 可能"),
    ("rothermel_early", "Rothermel 最早"),
)
"""Columns of minutes that the list of arrivals can be cut by."""


class By(Choice):
    """Which minute the hours are about; by itself it takes no row away."""

    def apply(self, rows: Any, params: Any, user: Any) -> Any:
        return rows


class Within(Choice):
    """Reached by the end of an hour."""

    def apply(self, rows: Any, params: Any, user: Any) -> Any:
        hour, by = params.get(self.name, ""), params.get("by", "")
        if not hour.isdecimal():
            return rows
        column = by if by in dict(BASES) else BASES[0][0]
        return rows.filter(**{f"{column}__lte": int(hour[:3]) * 60})


def _minutes(name: str) -> Any:
    return lambda row: row.judgement.moment(getattr(row, name))


class ArrivalList(ListPage):
    """The order of evacuation of one judgement."""

    model = Arrival
    permission = "emergency.view"
    columns = (
        Column("first", "最早可能到达", _minutes("first"), kind="datetime", sort="first"),
        Column("name", "名称", sort="name"),
        Column("kind", "类别", sort="kind"),
        Column("party", "所属镇街或企业", "party.name", sort="party__pinyin"),
        Column("households", "户数", kind="number", sort="households", total="households"),
        Column("people", "人数", kind="number", sort="people", total="people"),
        Column("frail", "需协助转移", kind="number", sort="frail", total="frail"),
        Column("wang_likely", "王正非可能到达", _minutes("wang_likely"), kind="datetime", sort="wang_likely"),
        Column(
            "rothermel_likely",
            "Rothermel 可能到达",
            _minutes("rothermel_likely"),
            kind="datetime",
            sort="rothermel_likely",
        ),
        Column("remark", "说明"),
        Column("wang_early", "王正非最早", _minutes("wang_early"), kind="datetime", default=False),
        Column("wang_late", "王正非最晚", _minutes("wang_late"), kind="datetime", default=False),
        Column("rothermel_early", "Rothermel 最早", _minutes("rothermel_early"), kind="datetime", default=False),
        Column("rothermel_late", "Rothermel 最晚", _minutes("rothermel_late"), kind="datetime", default=False),
        Column("longitude", "经度", kind="number", default=False),
        Column("latitude", "纬度", kind="number", default=False),
    )
    filters = (
        Search(title="名称或所属", fields=("name", "party__name", "party__pinyin")),
        Choice("kind", "类别"),
        Within("hour", "几小时内到达", choices=tuple((str(hour), f"{hour} 小时内") for hour in range(1, 25))),
        By("by", "到达按", choices=BASES),
    )
    related = ("party", "judgement")
    sort = "first"
    empty = "推演的时长内火线不会到达任何已登记的居民点和企业；没有登记的请先在“居民点”中补上。"
    template = "emergency/arrivals.html"

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.judgement: Judgement | None = None

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        access.require(request.user, self.permission)
        pk = self.kwargs["pk"]
        self.judgement = access.get(request.user, Judgement, pk, self.permission, related=("event",))
        return super().dispatch(request, *args, **kwargs)

    def rows(self) -> Any:
        return super().rows().filter(judgement=self.judgement).defer("judgement__inputs", "judgement__result")

    def get_title(self) -> str:
        return f"转移先后：第 {self.judgement.number} 次研判" if self.judgement else ""

    def get_crumbs(self) -> Any:
        assert self.judgement is not None  # noqa: S101
        event = self.judgement.event
        return [
            (str(event), event.get_absolute_url()),
            (f"第 {self.judgement.number} 次研判", self.judgement.get_absolute_url()),
        ]
