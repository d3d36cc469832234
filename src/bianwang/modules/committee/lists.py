"""The lists of assignments, tasks, meetings and supervised matters."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from bianwang.modules.committee.models import Assessment, Assignment, Meeting, Supervision, Task
from bianwang.modules.committee.queries import came_due, in_time, overdue
from bianwang.modules.committee.units import choices as unit_choices
from bianwang.modules.committee.workflow import ASSIGNMENT, COUNTED, SUPERVISION
from bianwang.platform.ui.cells import Column, due_column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, Search
from bianwang.platform.ui.lists import Button, ListPage


def _page(row: Any) -> str:
    """Where the rows behind a number stand."""
    url: str = row.get_absolute_url()
    return url


_CLOSED = ("closed", "cancelled", "revoked")


class AssignmentList(ListPage):
    """Tasks as the units have them."""

    model = Assignment
    permission = "committee.units"
    title = "任务落实"
    columns = (
        Column("task", "任务", kind="link", sort="task"),
        Column("unit", "承办单位", "unit.name", sort="unit__pinyin"),
        Column("is_lead", "牵头", kind="flag", sort="is_lead"),
        state_column(),
        due_column(),
        Column("deadline", "完成时限", kind="date", sort="deadline"),
        Column("progress", "最近进展"),
        Column("submitted_at", "报结时间", kind="datetime", sort="submitted_at"),
        Column("signed_at", "签收时间", kind="datetime", sort="signed_at", default=False),
        Column("returns", "退回次数", kind="number", sort="returns", default=False),
        Column("closed_at", "销号时间", kind="datetime", sort="closed_at", default=False),
        Column("is_demo", "演示数据", "task.is_demo", kind="flag", default=False),
    )
    filters = (
        Search(title="编号、任务或单位", fields=("task__number", "task__title", "unit__name", "unit__initials")),
        Choice("state", "状态", choices=tuple(ASSIGNMENT.choices())),
        Choice("unit", "承办单位", choices=unit_choices),
        Choice("source", "来源", field="task__source"),
        DateRange("deadline", "完成时限"),
        DateRange("given", "交办日期", field="task__made_at"),
        Flag("overdue", "逾期", where=lambda user: overdue()),
        Flag("open", "未销号", where=~Q(state__in=_CLOSED)),
        Flag("due", "已到期", where=lambda user: came_due()),
        Flag("in_time", "按期办结", where=lambda user: in_time()),
        Flag("counted", "不含已取消", where=Q(state__in=COUNTED)),
    )
    related = ("task", "unit")
    empty = "还没有任务。安委会办公室“交办任务”后，各单位的任务会出现在这里。"
    buttons = (Button("交办任务", "committee:task_new", "committee.assign"),)


class TaskList(ListPage):
    """Tasks as they were given."""

    model = Task
    permission = "committee.overview"
    title = "安委会任务"
    columns = (
        Column("number", "编号", kind="link", sort="pk"),
        Column("title", "任务"),
        Column("source", "来源", sort="source"),
        Column("deadline", "完成时限", kind="date", sort="deadline"),
        Column("units", "承办单位", kind="number", link=_page),
        Column("closed", "已销号", kind="number", link=_page),
        Column("late", "逾期", kind="number", link=_page),
        Column("made_at", "交办时间", kind="datetime", sort="made_at"),
        Column("document", "来源文件", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="编号、任务或来源文件", fields=("number", "title", "document")),
        Choice("source", "来源"),
        DateRange("given", "交办日期", field="made_at"),
        DateRange("deadline", "完成时限"),
    )
    empty = "还没有任务。点“交办任务”，或在会议的页面上把议定事项交办下去。"
    buttons = (
        Button("交办任务", "committee:task_new", "committee.assign"),
        Button("任务总表", "committee:matrix", "committee.overview", "layout-grid"),
    )

    def rows(self) -> QuerySet[Any]:
        late = Q(assignments__in=Assignment.objects.filter(overdue()).order_by().values("pk"))
        rows: QuerySet[Any] = (
            super()
            .rows()
            .annotate(
                units=Count("assignments", filter=Q(assignments__state__in=COUNTED)),
                closed=Count("assignments", filter=Q(assignments__state="closed")),
                late=Count("assignments", filter=late),
            )
        )
        return rows


class MeetingList(ListPage):
    """Meetings, newest first."""

    model = Meeting
    permission = "committee.overview"
    title = "安委会会议"
    columns = (
        Column("title", "会议", kind="link", sort="title"),
        Column("kind", "类别", sort="kind"),
        Column("held_at", "会议时间", kind="datetime", sort="held_at"),
        Column("place", "地点"),
        Column("asked", "应到单位", kind="number", link=_page),
        Column("came", "实到单位", kind="number", link=_page),
        Column("task_count", "交办任务", kind="number", link=_page),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="会议名称或地点", fields=("title", "place")),
        Choice("kind", "类别"),
        DateRange("held", "会议日期", field="held_at"),
    )
    sort = "-held_at"
    empty = "还没有会议。点“登记会议”，会后在会议的页面上记到会情况、议定事项，再交办任务。"
    buttons = (Button("登记会议", "committee:meeting_new", "committee.assign"),)

    def rows(self) -> QuerySet[Any]:
        came = Q(attendance__presence__in=("present", "substitute"))
        rows: QuerySet[Any] = (
            super()
            .rows()
            .annotate(
                asked=Count("attendance", distinct=True),
                came=Count("attendance", filter=came, distinct=True),
                task_count=Count("tasks", distinct=True),
            )
        )
        return rows


class SupervisionList(ListPage):
    """Supervised matters, newest first."""

    model = Supervision
    permission = "committee.units"
    title = "督办"
    columns = (
        Column("number", "编号", kind="link", sort="pk"),
        Column("title", "督办事项"),
        Column("level", "级别", sort="level"),
        Column("unit", "督办对象", "unit.name", sort="unit__pinyin"),
        state_column(),
        due_column(),
        Column("deadline", "督办时限", kind="date", sort="deadline"),
        Column("hazard", "隐患", "hazard.number"),
        Column("made_at", "挂牌时间", kind="datetime", sort="made_at"),
        Column("submitted_at", "报结时间", kind="datetime", sort="submitted_at", default=False),
        Column("closed_at", "摘牌时间", kind="datetime", sort="closed_at", default=False),
        Column("extensions", "延期次数", kind="number", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="编号、事项或单位", fields=("number", "title", "unit__name", "unit__initials")),
        Choice("state", "状态", choices=tuple(SUPERVISION.choices())),
        Choice("level", "级别"),
        Choice("unit", "督办对象", choices=unit_choices),
        DateRange("listed", "挂牌日期", field="made_at"),
        DateRange("deadline", "督办时限"),
        Flag("overdue", "逾期", where=lambda user: overdue()),
        Flag("open", "未摘牌", where=~Q(state__in=_CLOSED)),
        Flag("in_time", "按期报结", where=lambda user: in_time()),
        Flag("counted", "不含已撤销", where=Q(state__in=COUNTED)),
        Flag("hazards", "督办隐患", where=Q(hazard__isnull=False)),
    )
    related = ("unit", "hazard")
    empty = "还没有督办。局领导或科室负责人“挂牌督办”后，会出现在这里。"
    buttons = (Button("挂牌督办", "committee:supervision_new", "committee.decide"),)


class VersionList(ListPage):
    """Frozen versions of the yearly assessment."""

    model = Assessment
    permission = "committee.overview"
    title = "考核冻结版本"
    columns = (
        Column("number", "版本", str, kind="link", sort="number"),
        Column("year", "年度", lambda row: str(row.year), sort="year"),
        Column("scheme", "考核办法"),
        Column("as_of", "数据截至", kind="date", sort="as_of"),
        Column("frozen_by", "冻结人", "frozen_by.name"),
        Column("frozen_at", "冻结时间", kind="datetime", sort="frozen_at"),
        Column("reason", "说明"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (Search(title="考核办法或说明", fields=("scheme", "reason")), DateRange("as_of", "数据截至"))
    related = ("frozen_by",)
    empty = "还没有冻结的版本。在“巡查考核”中核对得分后，由局领导或科室负责人“冻结本年度结果”。"
