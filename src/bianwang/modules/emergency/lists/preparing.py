"""Lists of members, plans and drills."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse_lazy

from bianwang.modules.emergency.models import Drill, Member, Plan
from bianwang.modules.emergency.models.headquarters import in_office
from bianwang.modules.emergency.pack.events import class_choices, headquarters_choices, plan_term
from bianwang.modules.emergency.queries import preparing
from bianwang.modules.emergency.workflow.drills import HELD
from bianwang.modules.emergency.workflow.plans import IN_FORCE
from bianwang.platform.clock import today
from bianwang.platform.ui.cells import Column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, Search
from bianwang.platform.ui.lists import Button, ListPage

_OFFICE = Column("headquarters", "指挥部", "headquarters_name", sort="headquarters")


def _headquarters(user: Any) -> Sequence[tuple[str, str]]:
    return headquarters_choices()


def review_due() -> Q:
    """Plans in force whose assessment is due within the district's reminder."""
    day = today()
    return Q(state__in=IN_FORCE, review_on__lte=day + timedelta(days=plan_term((), day).remind_days))


def review_count(user: Any) -> int:
    """How many plans have to be looked at again."""
    return preparing.plans(user).filter(review_due()).count()


def review_colour(row: Plan) -> str:
    """Red when the day has passed, orange within the reminder."""
    if row.review_on is None or row.state not in IN_FORCE:
        return "secondary"
    day = today()
    if row.review_on < day:
        return "red"
    return "orange" if row.review_on <= day + timedelta(days=plan_term((), day).remind_days) else "secondary"


def _page(row: Any) -> str:
    """Its page, for those who open it."""
    return str(row.get_absolute_url()) if row.may_open else ""


def plan_columns() -> tuple[Column, ...]:
    """A plan in a table of plans."""
    return (
        Column("title", "预案", lambda row: str(row), kind="link", sort="title", link=_page),
        Column("kinds", "适用类别", "kind_names"),
        Column("level", "层级", sort="level"),
        Column("document", "文号"),
        Column("issued_on", "发布", kind="date", sort="issued_on"),
        Column("review_on", "下次评估", kind="badge", colour=review_colour, sort="review_on"),
        state_column(),
    )


def drill_columns() -> tuple[Column, ...]:
    """A drill in a table of drills."""
    return (
        Column("title", "演练", kind="link", sort="title", link=_page),
        Column("kind", "形式", sort="kind"),
        Column("planned_on", "计划日期", kind="date", sort="planned_on"),
        Column("held_on", "开展日期", kind="date", sort="held_on"),
        Column("people", "参加人数", kind="number", sort="people", total="people"),
        state_column(),
    )


class MemberList(ListPage):
    """Members of all headquarters, also former ones; phones are masked here and in exports."""

    model = Member
    permission = "emergency.preparedness"
    title = "指挥部成员"
    columns = (
        Column("headquarters", "指挥部", "headquarters_name", kind="link", sort="headquarters"),
        Column("role", "职责", sort="role"),
        Column("unit", "单位", sort="unit"),
        Column("name", "姓名"),
        Column("title", "职务"),
        Column("phone", "电话", kind="phone"),
        Column("valid_from", "起", kind="date", sort="valid_from"),
        Column("valid_to", "止", kind="date", sort="valid_to"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="单位、姓名或职务", fields=("unit", "name", "title")),
        Choice("headquarters", "指挥部", choices=_headquarters),
        Choice("role", "职责"),
        Flag("current", "现任", where=lambda user: in_office(today())),
    )
    sort = "headquarters"
    empty = "还没有成员。由值班员或科室负责人从“指挥部”进入一个指挥部“登记成员”，或用 Excel 导入。"
    buttons = (Button("Excel 导入", "emergency:member_import", "emergency.prepare", "file-upload"),)
    crumbs = (("指挥部", reverse_lazy("emergency:headquarters_list")),)

    def rows(self) -> QuerySet[Any]:
        return preparing.members(self.user)


class PlanList(ListPage):
    """Plans of all headquarters."""

    model = Plan
    permission = "emergency.preparedness"
    title = "应急预案"
    columns = (*plan_columns(), _OFFICE, Column("is_demo", "演示数据", kind="flag", default=False))
    filters = (
        Search(title="名称或文号", fields=("title", "document", "version")),
        Choice("headquarters", "指挥部", choices=_headquarters),
        Choice("kind", "适用类别", field="kinds__kind", choices=lambda user: class_choices()),
        Choice("level", "层级"),
        Choice("state", "状态", choices=lambda user: Plan.workflow.choices()),
        Flag("in_force", "现行", where=Q(state__in=IN_FORCE)),
        Flag("due", "到期待评估", where=lambda user: review_due()),
    )
    sort = "headquarters"
    empty = "还没有预案。由值班员或科室负责人“编制预案”，上传文本后送评审、发布、备案。"
    buttons = (Button("编制预案", "emergency:plan_new", "emergency.prepare"),)

    def rows(self) -> QuerySet[Any]:
        return preparing.plans(self.user).prefetch_related("kinds")


class DrillList(ListPage):
    """Drills of all headquarters."""

    model = Drill
    permission = "emergency.preparedness"
    title = "应急演练"
    columns = (
        *drill_columns(),
        _OFFICE,
        Column("plan", "检验的预案", "plan.title"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="名称或参加单位", fields=("title", "participants")),
        Choice("headquarters", "指挥部", choices=_headquarters),
        Choice("kind", "形式"),
        Choice("state", "状态", choices=lambda user: Drill.workflow.choices()),
        DateRange("planned", "计划日期", field="planned_on"),
        DateRange("held", "开展日期", field="held_on"),
        Flag("done", "已开展", where=Q(state__in=HELD)),
        Flag("kept", "未取消", where=~Q(state="cancelled")),
    )
    related = ("plan",)
    sort = "-planned_on"
    empty = "还没有演练。由值班员或科室负责人“计划演练”，写明形式、日期、参加单位和情景。"
    buttons = (
        Button("计划演练", "emergency:drill_new", "emergency.prepare"),
        Button("年度统计", "emergency:drill_statistics", "emergency.plans", "chart-bar"),
    )

    def rows(self) -> QuerySet[Any]:
        return preparing.drills(self.user)
