"""What the object pages show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bianwang.modules.committee.models import Assignment, Meeting, Supervision, SupervisionExtension, Task
from bianwang.platform import access
from bianwang.platform.ui.cells import Cell, Column, due_column, fact, state_column
from bianwang.platform.ui.objects import Facts, Related


def meeting_facts(meeting: Meeting) -> Sequence[Facts]:
    """When, where, about what."""
    groups = [
        Facts(
            "会议情况",
            [
                fact("类别", meeting.get_kind_display()),
                fact("会议时间", meeting.held_at, "datetime"),
                fact("地点", meeting.place),
                fact("主持人", meeting.host),
            ],
        )
    ]
    for title, text in (("议程", meeting.agenda), ("议定事项", meeting.decisions)):
        if text:
            groups.append(Facts(title, [fact(title, text)]))
    return groups


def meeting_related(meeting: Meeting, user: Any, add: tuple[str, str] | None) -> Sequence[Related]:
    """Tasks that came of it, and who attended."""
    tasks = access.visible(user, Task, "committee.overview").filter(meeting=meeting)
    return [
        Related("交办的任务", _TASK, tasks, add=add, empty="还没有交办任务。"),
        Related("到会情况", _ATTENDANCE, meeting.attendance.select_related("unit")),
    ]


def task_facts(task: Task) -> list[Facts]:
    """What is to be done; the same on the pages of the task and of each assignment."""
    rows = [
        fact("编号", task.number),
        fact("来源", task.get_source_display()),
        fact("来源文件", task.document),
        fact("完成时限", task.deadline, "datetime"),
        fact("交办人", task.made_by.name),
        fact("交办时间", task.made_at, "datetime"),
    ]
    return [Facts("任务", rows), Facts("任务要求", [fact(task.title, task.content)])]


def task_related(task: Task, user: Any) -> Sequence[Related]:
    """The units that have it."""
    rows = access.visible(user, Assignment, "committee.units").filter(task=task).select_related("task", "unit")
    return [Related("承办单位", _ASSIGNMENT, rows)]


def assignment_facts(row: Assignment, user: Any) -> Sequence[Facts]:
    """The task, and how the unit stands."""
    task = row.task
    others = "、".join(unit.unit.name for unit in task.assignments.select_related("unit").exclude(pk=row.pk))
    mine = [
        fact("承办单位", row.unit.name),
        fact("分工", "牵头" if row.is_lead else "配合"),
        fact("其他承办单位", others),
        fact("本单位时限", row.deadline, "datetime"),
        fact("签收时间", row.signed_at, "datetime"),
        fact("最近进展", row.progress),
        fact("完成情况", row.result),
        fact("报结时间", row.submitted_at, "datetime"),
        late(row.is_late, row.submitted_at is not None),
        fact("退回次数", row.returns, "number", unit="次"),
        fact("销号时间", row.closed_at, "datetime"),
    ]
    groups = task_facts(task)
    if access.can(user, "committee.overview"):
        groups[0].rows.insert(0, fact("任务", task.title, href=task.get_absolute_url()))
    return [Facts("办理情况", mine), *groups]


def assignment_related(row: Assignment, user: Any) -> Sequence[Related]:
    """Where it is supervised."""
    rows = list(access.visible(user, Supervision, "committee.units").filter(assignment=row))
    return [Related("督办", _SUPERVISION, rows)] if rows else []


def supervision_facts(row: Supervision, user: Any) -> Sequence[Facts]:
    """What is supervised, and what became of it."""
    about = [
        fact("督办级别", row.get_level_display()),
        fact("督办对象", row.unit.name),
        fact("督办时限", row.deadline, "datetime"),
        fact("延期次数", row.extensions, "number", unit="次"),
        fact("挂牌人", row.made_by.name),
        fact("挂牌时间", row.made_at, "datetime"),
    ]
    if row.hazard is not None:
        seen = access.visible(user, type(row.hazard), "hazards.view").filter(pk=row.hazard.pk).exists()
        about.append(fact("督办隐患", str(row.hazard), href=row.hazard.get_absolute_url() if seen else ""))
    if row.assignment is not None:
        about.append(fact("督办任务", str(row.assignment), href=row.assignment.get_absolute_url()))
    if row.case_number:
        about.append(fact("案件文号", row.case_number))
    done = [
        fact("签收时间", row.signed_at, "datetime"),
        fact("办理结果", row.result),
        fact("报结人", row.submitted_by.name if row.submitted_by else ""),
        fact("报结时间", row.submitted_at, "datetime"),
        late(row.is_late, row.submitted_at is not None),
        fact("核验人", row.verified_by.name if row.verified_by else ""),
        fact("核验意见", row.opinion),
        fact("摘牌时间", row.closed_at, "datetime"),
    ]
    return [Facts("督办事项", about), Facts("督办要求", [fact(row.title, row.demand)]), Facts("办理情况", done)]


def supervision_related(row: Supervision, user: Any) -> Sequence[Related]:
    """Applications for a later time limit."""
    rows = access.visible(user, SupervisionExtension, "committee.units").filter(supervision=row)
    found = list(rows.select_related("applied_by", "decided_by"))
    return [Related("延期申请", _WISH, found)] if found else []


def late(is_late: bool, is_done: bool) -> Cell:
    """Whether it was in time, in words and colour."""
    if is_late:
        return fact("是否按期", "未按期", "badge", colour="red")
    return fact("是否按期", "按期" if is_done else "", "badge", colour="green")


def _decision(row: SupervisionExtension) -> str:
    return "待审批" if row.approved is None else "同意" if row.approved else "不同意"


_TASK = (
    Column("number", "编号", kind="link"),
    Column("title", "任务"),
    Column("deadline", "完成时限", kind="date"),
)
_ATTENDANCE = (
    Column("unit", "单位", "unit.name"),
    Column("presence", "到会情况"),
    Column("person", "参会人"),
)
_ASSIGNMENT = (
    Column("unit", "单位", "unit.name", link=lambda row: row.get_absolute_url()),
    Column("is_lead", "分工", lambda row: "牵头" if row.is_lead else "配合"),
    state_column(),
    due_column(),
    Column("progress", "最近进展"),
)
_SUPERVISION = (
    Column("number", "编号", kind="link"),
    Column("title", "督办事项"),
    state_column(),
)
_WISH = (
    Column("wanted", "申请延至", kind="date"),
    Column("reason", "理由"),
    Column("applied_by", "申请人", "applied_by.name"),
    Column("approved", "审批", _decision),
    Column("decided_by", "审批人", "decided_by.name"),
)
