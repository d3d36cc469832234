"""The lists of alarms and of rules by their false alarms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django.db.models import Q
from django.http import QueryDict

from bianwang.modules.alarms.models import Alarm, Severity
from bianwang.modules.alarms.services import acknowledge
from bianwang.modules.alarms.wall import HANDLING, UNHANDLED
from bianwang.modules.rules.models import Rule
from bianwang.platform import access
from bianwang.platform.clock import SHANGHAI, to_ms
from bianwang.platform.ui.cells import Column
from bianwang.platform.ui.filters import Choice, DateRange, Filter, Flag, InTerritory, Owner, Search
from bianwang.platform.ui.lists import BatchAction, Button, ListPage

_HANDLING = {
    "open": Q(is_open=True),
    "unhandled": UNHANDLED,
    "handling": HANDLING,
    "done": Q(is_open=False),
}


@dataclass(frozen=True)
class HandlingFilter(Filter):
    """How far people are with an alarm."""

    name: str = "handling"
    title: str = "处置情况"
    control: ClassVar[str] = "choice"

    def apply(self, rows: Any, params: QueryDict, user: Any) -> Any:
        condition = _HANDLING.get(params.get(self.name, ""))
        return rows.filter(condition) if condition is not None else rows

    def options(self, model: Any, user: Any) -> Sequence[tuple[str, str]]:
        return (("open", "未办结"), ("unhandled", "未处置"), ("handling", "处置中"), ("done", "已办结"))


@dataclass(frozen=True)
class GroupFilter(Filter):
    """One flood group by the number of its first alarm; set by links from the wall."""

    name: str = "group"
    title: str = "同源合并"
    control: ClassVar[str] = "hidden"

    def apply(self, rows: Any, params: QueryDict, user: Any) -> Any:
        value = params.get(self.name, "")
        return rows.filter(Q(pk=int(value)) | Q(root=int(value))) if value.isdecimal() else rows


def _rules(user: Any) -> list[tuple[int, str]]:
    return list(access.visible(user, Rule).order_by("name").values_list("pk", "name").distinct())


@dataclass(frozen=True)
class StartedRange(DateRange):
    """Local dates over a column of milliseconds."""

    name: str = "started"
    title: str = "开始日期"

    def apply(self, rows: Any, params: QueryDict, user: Any) -> Any:
        first, last = (_day_ms(params.get(name, "")) for name in self.names())
        if first is not None:
            rows = rows.filter(started_ms__gte=first)
        if last is not None:
            rows = rows.filter(started_ms__lt=last + 86_400_000)
        return rows


def _day_ms(text: str) -> int | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return to_ms(datetime.combine(day, time(), SHANGHAI))


def state_words(alarm: Alarm) -> str:
    """持续中, 数据中断 or 已解除."""
    if not alarm.is_active:
        return "已解除"
    return "数据中断" if alarm.is_interrupted else "持续中"


def duration_words(alarm: Alarm) -> str:
    """How long it lasted, empty while it does."""
    if alarm.ended_ms is None:
        return ""
    span = timedelta(milliseconds=alarm.ended_ms - alarm.started_ms)
    hours, rest = divmod(int(span.total_seconds()), 3600)
    minutes, seconds = divmod(rest, 60)
    if hours:
        return f"{hours} 小时 {minutes} 分"
    return f"{minutes} 分 {seconds} 秒" if minutes else f"{seconds} 秒"


def _acknowledge(user: Any, rows: list[Alarm]) -> str:
    done = sum(acknowledge(row, user) for row in rows if row.acknowledged_at is None)
    return f"已确认 {done} 条告警（含同源合并的）。"


class AlarmList(ListPage):
    """All alarms, newest first."""

    model = Alarm
    permission = "alarms.view"
    title = "告警"
    columns = (
        Column("title", "告警内容", kind="link"),
        Column(
            "severity",
            "等级",
            lambda row: Severity(row.severity).label,
            kind="badge",
            sort="severity",
            colour=lambda row: Severity(row.severity).code,
        ),
        Column("owner", "责任单位", "owner.name", sort="owner__pinyin"),
        Column("started", "开始时间", "started_at", kind="datetime", sort="started_ms"),
        Column("state", "状态", state_words, kind="badge", colour=lambda row: "orange" if row.is_active else ""),
        Column("duration", "历时", duration_words),
        Column("acknowledged", "确认", "acknowledged_at", kind="datetime", sort="acknowledged_at"),
        Column(
            "verdict",
            "核实",
            kind="badge",
            colour=lambda row: {"genuine": "red", "false": "green"}.get(row.verdict or "", "secondary"),
        ),
        Column("level", "通知到", default=False),
        Column("peak", "最高等级", lambda row: Severity(row.peak).label, default=False),
        Column("repeat", "第几次", kind="number", default=False),
        Column("verdict_reason", "核实理由", default=False),
        Column("is_late", "补判", kind="flag", default=False),
    )
    filters = (
        Search(title="告警内容、单位或拼音首字母", fields=("title", "owner__name", "owner__initials")),
        HandlingFilter(),
        Choice("severity", "等级"),
        Choice("verdict", "核实结论"),
        Choice("rule", "规则", field="rule_version__rule", choices=_rules),
        InTerritory(),
        StartedRange(),
        Flag("active", "持续中", field="is_active"),
        Flag("interrupted", "数据中断", field="is_interrupted"),
        Flag("late", "补判", field="is_late"),
        Flag("acknowledged", "已确认", where=Q(acknowledged_at__isnull=False)),
        Flag("verified", "已核实", where=Q(verified_at__isnull=False)),
        Owner(),
        GroupFilter(),
    )
    related = ("owner",)
    sort = "-started_ms"
    empty = "还没有告警。设备接入并启用规则后，超过限值的情况会自动出现在这里。"
    buttons = (Button("打开告警墙", "alarms:wall", "alarms.view", "device-desktop"),)
    actions = (BatchAction("acknowledge", "确认", "alarms.acknowledge", _acknowledge),)
