"""The list of disasters."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from bianwang.modules.disasters.models import Disaster
from bianwang.modules.disasters.pack import kind_choices
from bianwang.modules.disasters.queries import COUNTED
from bianwang.modules.disasters.units import places
from bianwang.platform.ui.cells import Column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, Search
from bianwang.platform.ui.lists import Button, ListPage

PHASE_COLOURS = {"reporting": "orange", "stable": "blue", "verified": "green", "revoked": "secondary"}


def phase_colour(row: Any) -> str:
    """The badge of a disaster's phase."""
    return PHASE_COLOURS[row.phase]


def place_choices(user: Any) -> list[tuple[str, str]]:
    """The district and its towns, for filters."""
    return [(str(pk), name) for pk, name in places().values_list("pk", "name")]


class DisasterList(ListPage):
    """All disasters, newest first."""

    model = Disaster
    permission = "disasters.view"
    title = "灾情"
    columns = (
        Column("number", "编号", kind="link", sort="pk"),
        Column("name", "灾害"),
        Column("kind", "种类", "kind_name", sort="kind"),
        Column("territory", "发生地", "territory.name", sort="territory__code"),
        Column("began_at", "发生时间", kind="datetime", sort="began_at"),
        Column("ended_at", "结束时间", kind="datetime", sort="ended_at"),
        Column("phase", "阶段", kind="badge", sort="phase", colour=phase_colour),
        Column("known_at", "区局得知时间", kind="datetime", sort="known_at", default=False),
        Column("is_exercise", "演练", kind="flag", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="编号或灾害名称", fields=("number", "name")),
        Choice("phase", "阶段"),
        Choice("kind", "种类", choices=lambda user: kind_choices()),
        Choice("territory", "发生地", choices=place_choices),
        DateRange("began", "发生日期", field="began_at"),
        Flag("open", "未核定", where=Q(phase__in=("reporting", "stable"))),
        Flag("counted", "计入统计", where=COUNTED),
    )
    related = ("territory",)
    sort = "-began_at"
    empty = "还没有灾情。得知灾害发生后点“登记灾害”，受灾镇街就会收到填报任务。"
    buttons = (Button("登记灾害", "disasters:register", "disasters.register"),)
