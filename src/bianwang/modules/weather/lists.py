"""The lists of warnings, receipts and internal hints."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from bianwang.modules.weather import pack, queries
from bianwang.modules.weather.models import Hint, Receipt, WeatherWarning, step_name
from bianwang.modules.weather.workflow import HINT, OPEN, RECEIPT
from bianwang.platform import access
from bianwang.platform.clock import now
from bianwang.platform.ui.cells import Column, due_column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, InTerritory, Owner, Search
from bianwang.platform.ui.lists import Button, ListPage, list_url


def validity(row: WeatherWarning) -> tuple[str, str]:
    """How a warning stands now, in a word and a colour."""
    moment = now()
    if row.message == WeatherWarning.Kind.CANCEL:
        return "解除通知", "secondary"
    if row.ended_at is not None and row.ended_at <= moment:
        return "已更新或解除", "secondary"
    if row.valid_until <= moment:
        return "已过期", "secondary"
    return ("有效", row.level_row.colour) if row.issued_at <= moment else ("尚未生效", "blue")


def _received(user: Any) -> list[tuple[int, str]]:
    """Warnings of which the user sees a receipt."""
    seen = access.visible(user, Receipt, "weather.view").order_by().values("warning")
    rows = WeatherWarning.objects.filter(pk__in=seen)
    return list(rows.values_list("pk", "headline")[:200])


class WarningList(ListPage):
    """What the weather service issued and we received, newest first."""

    model = WeatherWarning
    permission = "weather.overview"
    title = "预警信息"
    columns = (
        Column("headline", "标题", kind="link", sort="headline"),
        Column(
            "level",
            "级别",
            lambda row: row.level_row.name,
            kind="badge",
            colour=lambda row: row.level_row.colour,
            sort="level",
        ),
        Column("validity", "效力", lambda row: validity(row)[0], kind="badge", colour=lambda row: validity(row)[1]),
        Column("message", "类型", sort="message"),
        Column("kind", "种类", "kind_name", sort="kind", default=False),
        Column("issuer", "发布单位", sort="issuer"),
        Column("issued_at", "发布时间", kind="datetime", sort="issued_at"),
        Column("valid_until", "有效至", kind="datetime", sort="valid_until"),
        Column("sent", "转发", kind="number", link=lambda row: list_url("weather:receipts", warning=row.pk)),
        Column(
            "answered",
            "已应答",
            kind="number",
            link=lambda row: list_url("weather:receipts", warning=row.pk, state="answered"),
        ),
        Column("area", "区域", default=False),
        Column("way", "接收方式", sort="way", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="标题或区域", fields=("headline", "area")),
        Choice("level", "级别", choices=lambda user: pack.level_choices()),
        Choice("kind", "种类", choices=lambda user: pack.kind_choices()),
        Choice("message", "类型"),
        DateRange("issued", "发布日期", field="issued_at"),
        Flag("in_force", "现在有效", where=lambda user: queries.in_force(now())),
    )
    sort = "-issued_at"
    empty = "还没有接收预警。气象台发布后，点“接收 CAP 文件”或“录入预警”；平台只接收和转发，不发布预警。"
    buttons = (
        Button("接收 CAP 文件", "weather:cap", "weather.enter", "upload"),
        Button("录入预警", "weather:new", "weather.enter", "keyboard"),
    )

    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = (
            super()
            .rows()
            .annotate(sent=Count("receipts"), answered=Count("receipts", filter=Q(receipts__state="answered")))
        )
        return rows


class ReceiptList(ListPage):
    """Who got a warning and who answered: one's own unit, those in its area, or all."""

    model = Receipt
    permission = "weather.view"
    title = "预警回执"
    columns = (
        Column("warning", "预警信息", "warning.headline", kind="link", sort="warning__issued_at"),
        Column(
            "level",
            "级别",
            lambda row: row.warning.level_row.name,
            kind="badge",
            colour=lambda row: row.warning.level_row.colour,
            sort="warning__level",
        ),
        Column("unit", "接收单位", "unit.name", sort="unit__pinyin"),
        state_column(),
        due_column(),
        Column("sent_at", "转发时间", kind="datetime", sort="sent_at"),
        Column("answered_at", "应答时间", kind="datetime", sort="answered_at"),
        Column("way", "应答方式", sort="way"),
        Column("note", "应答说明", default=False),
        Column("answer_by", "应答时限", kind="datetime", sort="answer_by", default=False),
        Column("escalation", "逾时上报级次", kind="number", sort="escalation", default=False),
        Column("is_demo", "演示数据", "warning.is_demo", kind="flag", default=False),
    )
    filters = (
        Search(title="预警或单位", fields=("warning__headline", "unit__name", "unit__initials")),
        Choice("warning", "预警信息", choices=_received),
        Choice("state", "状态", choices=tuple(RECEIPT.choices())),
        Choice("level", "级别", field="warning__level", choices=lambda user: pack.level_choices()),
        Choice("way", "应答方式"),
        InTerritory(field="unit"),
        DateRange("sent", "转发日期", field="sent_at"),
        Flag("open", "未应答", where=Q(state__in=OPEN)),
        Flag("overdue", "逾时未应答", where=lambda user: queries.unanswered()),
        Flag("due", "应计应答", where=lambda user: queries.came_due()),
        Flag("in_time", "按时应答", where=lambda user: queries.in_time()),
        Owner(title="接收单位", field="unit"),
    )
    related = ("warning", "unit")
    sort = "-sent_at"
    empty = "还没有转发来的预警。区局转发气象台的预警后会出现在这里和“待办”里，请及时应答。"


class HintList(ListPage):
    """Internal hints, newest first."""

    model = Hint
    permission = "weather.rain"
    title = "雨量内部提示（不是预警）"
    columns = (
        Column("gauge", "内部提示", lambda row: str(row), kind="link", sort="gauge__name"),
        Column("level", "档位", "step", sort="level"),
        state_column(),
        Column("amount", "达到时雨量", kind="number", sort="amount", unit="毫米"),
        Column("opened_at", "达到时间", kind="datetime", sort="opened_at"),
        Column("closed_at", "结束时间", kind="datetime", sort="closed_at"),
        Column("owner", "所属单位", "gauge.owner.name", sort="gauge__owner__pinyin"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="雨量站", fields=("gauge__name",)),
        Choice("level", "档位", choices=tuple((str(number), step_name(number)) for number in pack.LEVELS)),
        Choice("state", "状态", choices=tuple(HINT.choices())),
        DateRange("opened", "达到日期", field="opened_at"),
        Flag("running", "还在持续", where=Q(closed_at__isnull=True)),
        Owner(title="雨量站单位", field="gauge__owner"),
    )
    related = ("gauge__owner",)
    sort = "-opened_at"
    empty = "没有内部提示。雨量站的累计雨量达到地区包的阈值时自动出现；请先登记雨量站。"
