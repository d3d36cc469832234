"""What the page of an accident shows, and to whom: the inquiry's papers are the bureau's alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from bianwang.modules.accidents.lists import grade_colour
from bianwang.modules.accidents.models import (
    Accident,
    Casualty,
    Check,
    Extension,
    Investigation,
    Member,
    Report,
    Sanction,
)
from bianwang.modules.accidents.pack import pack
from bianwang.modules.accidents.workflow import FOUR, closing_gap
from bianwang.platform import access
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.files.models import Attachment
from bianwang.platform.registry import verbs
from bianwang.platform.ui.cells import Cell, Column, fact
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.objects import Facts, Related
from bianwang.platform.ui.timeline import Event, attachments

_INSIDE = (
    "accidents.investigate",
    "accidents.member",
    "accidents.check",
    "accidents.sanction",
    "accidents.settle",
    "accidents.return",
)
"""Verbs whose words name people of the inquiry."""

_COLOURS = {"按时": "green", "待报": "secondary", "迟报": "orange", "逾期未报": "red"}


def facts(accident: Accident, user: Any) -> Sequence[Facts]:
    """Groups of labels and values."""
    groups = [Facts("基本情况", _basics(accident)), Facts("等级与时限", _clocks(accident))]
    inquiry = _inquiry(accident, user)
    if inquiry is not None:
        groups.append(Facts("事故调查", _causes(accident, inquiry)))
    return groups


def related(accident: Accident, user: Any) -> Sequence[Related]:
    """Reports, people, and what the user may see of the inquiry."""
    found = [Related("事故报告", _REPORT, _of(user, Report, "accident", accident))]
    people = _of(user, Casualty, "accident", accident)
    more = list_url("accidents:casualties", q=accident.number) if people else ""
    full = access.can(user, "accidents.names")
    found.append(Related("伤亡人员", _casualty(full=full), people, more, empty="还没有登记伤亡人员。"))
    extensions = _of(user, Extension, "accident", accident, "applied_by", "decided_by")
    if extensions:
        found.append(Related("延长调查申请", _EXTENSION, extensions))
    if _inquiry(accident, user) is None:
        return found
    found.append(Related("调查组", _MEMBER, _of(user, Member, "investigation__accident", accident)))
    done = {row.item: row for row in _of(user, Check, "investigation__accident", accident, "by")}
    found.append(Related("四不放过", _CHECK, [(words, done.get(item)) for item, words in FOUR.items()]))
    sanctions = _of(user, Sanction, "investigation__accident", accident)
    found.append(Related("责任追究", _SANCTION, sanctions, empty="还没有登记责任追究。"))
    return found


def papers(accident: Accident, user: Any) -> list[Attachment]:
    """Files of the inquiry, for those who may see it."""
    inquiry = _inquiry(accident, user)
    return attachments(inquiry) if inquiry is not None else []


def public_events(events: Sequence[Event], accident: Accident, user: Any) -> list[Event]:
    """The timeline, without the inquiry for those who may not see that."""
    if access.scope_of(user, "accidents.view").whole:
        return list(events)
    hidden = {verbs()[verb] for verb in _INSIDE}
    return [event for event in events if event.text not in hidden]


def _inquiry(accident: Accident, user: Any) -> Investigation | None:
    inquiry: Investigation | None = getattr(accident, "investigation", None)
    whole = access.scope_of(user, "accidents.view").whole
    return inquiry if whole else None


def _of(user: Any, model: Any, path: str, accident: Accident, *select: str) -> list[Any]:
    rows = access.visible(user, model).filter(**{path: accident})
    return list(rows.select_related(*select) if select else rows)


def _basics(accident: Accident) -> list[Cell]:
    return [
        fact("事故单位", accident.owner.name),
        fact("事故类别", f"{accident.kind_name}（GB 6441）"),
        fact("发生时间", accident.occurred_at, "datetime"),
        fact("发生地", " ".join(filter(None, [accident.town.name if accident.town else "", accident.place]))),
        fact("死亡", accident.deaths, "number", unit="人"),
        fact("重伤（含急性工业中毒）", accident.injuries, "number", unit="人"),
        fact("直接经济损失", accident.loss, "money", unit="万元"),
        fact("生产安全事故", accident.is_work_safety, "flag"),
        fact("道路交通事故", accident.is_traffic, "flag"),
        fact("信息来源", accident.get_source_display()),
        fact("登记人", accident.registered_by),
        fact("简要经过", accident.description),
    ]


def _clocks(accident: Accident) -> list[Cell]:
    basis = next((row for row in pack().grades if row.code == accident.grade), None)
    return [
        fact("事故等级", f"{accident.get_grade_display()}事故", "badge", colour=grade_colour(accident) or "secondary"),
        fact("定级依据", f"{basis.source}{basis.article}" if basis else ""),
        fact("单位负责人接报时间", accident.known_at or accident.occurred_at, "datetime"),
        fact("区局接报时间", accident.received_at, "datetime"),
        fact("补报截止", accident.supplement_by, "datetime"),
        fact("调查期限", accident.investigate_by, "datetime"),
        fact("结案时间", accident.closed_at, "datetime"),
    ]


def _causes(accident: Accident, inquiry: Investigation) -> list[Cell]:
    gap = closing_gap(accident)
    return [
        fact("成立时间", inquiry.opened_at, "datetime"),
        fact("直接原因", inquiry.direct_cause),
        fact("间接原因", inquiry.indirect_cause),
        fact("提交调查报告时间", inquiry.submitted_at, "datetime"),
        fact("批复", " ".join(filter(None, [inquiry.approved_by, inquiry.approval]))),
        fact("批复日期", inquiry.approved_at.astimezone(SHANGHAI).date() if inquiry.approved_at else None),
        fact("结案条件", gap or "四不放过已全部销项", "badge", colour="orange" if gap else "green"),
    ]


def _overdue(row: Sanction) -> bool:
    return row.done_on is None and datetime.combine(row.due_on, time(23, 59, 59), SHANGHAI) < now()


_REPORT = (
    Column("number", "序号", lambda row: f"第{row.number}号"),
    Column("kind", "类别"),
    Column("sender", "报告单位"),
    Column("receiver", "接收单位"),
    Column("due_at", "时限", kind="datetime"),
    Column("at", "报告时间", kind="datetime"),
    Column("standing", "情况", kind="badge", colour=lambda row: _COLOURS[row.standing]),
    Column("text", "报告内容"),
)
_EXTENSION = (
    Column("days", "延长天数", kind="number"),
    Column("reason", "延长理由"),
    Column("applied_by", "申请人", "applied_by.name"),
    Column("approved", "审批", lambda row: {None: "待审批", True: "同意", False: "不同意"}[row.approved]),
    Column("decided_by", "审批人", "decided_by.name"),
)
_MEMBER = (Column("role", "职务"), Column("name", "姓名"), Column("unit", "单位"))
_CHECK = (
    Column("item", "事项", lambda row: row[0]),
    Column(
        "done",
        "情况",
        lambda row: "已销项" if row[1] else "未销项",
        kind="badge",
        colour=lambda row: "green" if row[1] else "orange",
    ),
    Column("evidence", "依据", lambda row: row[1].evidence if row[1] else ""),
    Column("files", "佐证文件", lambda row: row[1].files if row[1] else "", kind="number"),
    Column("by", "登记人", lambda row: row[1].by.name if row[1] else ""),
    Column("at", "销项时间", lambda row: row[1].at if row[1] else None, kind="datetime"),
)
_SANCTION = (
    Column("who", "责任人或单位"),
    Column("what", "处理意见"),
    Column("due_on", "办理期限", kind="date"),
    Column(
        "standing",
        "情况",
        lambda row: "已办结" if row.done_on else "逾期未办结" if _overdue(row) else "办理中",
        kind="badge",
        colour=lambda row: "green" if row.done_on else "red" if _overdue(row) else "secondary",
    ),
    Column("done_on", "办结日期", kind="date"),
    Column("result", "处理结果"),
)


def _casualty(*, full: bool) -> tuple[Column, ...]:
    return (
        Column("name", "姓名", "name" if full else "masked_name"),
        Column("outcome", "伤亡情况"),
        Column("post", "岗位或身份"),
        Column("note", "备注", "note" if full else lambda row: ""),
    )
