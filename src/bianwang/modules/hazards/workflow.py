"""The life of a hazard as a table. Guards speak of one hazard and one person; `services` adds what forms bring."""

from __future__ import annotations

from typing import Any

from bianwang.platform.access import scope_of
from bianwang.platform.clock import now
from bianwang.platform.workflow.table import Deadline, State, Transition, Workflow

RECTIFIED = ("passed", "closed")
"""States in which the rectification has been found good: 整改率 counts these, 销号率 only the last."""

OPEN = ("registered", "rectifying", "submitted", "passed")


def _certified(hazard: Any, user: Any) -> str | None:
    if hazard.track == "enforcement" and user is not None and not user.certificate:
        return "执法检查发现的隐患须由持执法证的执法人员办理，您的账号没有登记执法证号。"
    return None


def _outside(hazard: Any, user: Any) -> str | None:
    """The enterprise does not judge itself, except on its own minor findings."""
    if hazard.track != "enterprise" and is_own(hazard, user):
        return "这条隐患由检查单位闭环，责任单位不能自行定级、复查或销号。"
    return None


def _grade(hazard: Any, user: Any) -> str | None:
    return _outside(hazard, user) or _certified(hazard, user)


def _recheck(hazard: Any, user: Any) -> str | None:
    if user is not None and hazard.rectified_by_id == user.pk:
        return "提交整改的人不能复查同一条隐患，请由他人复查。"
    return _outside(hazard, user) or _certified(hazard, user)


def _close(hazard: Any, user: Any) -> str | None:
    if user is not None and hazard.rectified_by_id == user.pk:
        return "提交整改的人不能为同一条隐患销号，请由他人销号。"
    if hazard.grade == "major" and is_own(hazard, user):
        return "重大隐患不能由责任单位自行销号，须由监管单位核销。"
    return _outside(hazard, user) or _certified(hazard, user)


def _self_close(hazard: Any, user: Any) -> str | None:
    if hazard.track != "enterprise" or hazard.grade != "general":
        return "只有企业自查发现的一般隐患可以自行销号。"
    return None


def _apply(hazard: Any, user: Any) -> str | None:
    if hazard.rectify_by is not None and hazard.rectify_by < now():
        return "整改期限已过，不能再申请延期，请尽快整改并说明情况。"
    return "已有一份延期申请等待审批，请等审批后再申请。" if _waiting(hazard) else None


def _decide(hazard: Any, user: Any) -> str | None:
    if not _waiting(hazard):
        return "没有等待审批的延期申请。"
    return _grade(hazard, user)


def _waiting(hazard: Any) -> bool:
    return bool(hazard.extension_rows.filter(approved__isnull=True).exists())


def _list(hazard: Any, user: Any) -> str | None:
    if hazard.grade != "major":
        return "只有重大隐患可以挂牌督办。"
    return "这条隐患已经挂牌督办。" if hazard.listed_at else None


def is_own(hazard: Any, user: Any) -> bool:
    """Whether all the posts of a user are at the party that has the hazard."""
    if user is None:
        return False
    scope = scope_of(user)
    return not scope.whole and scope.parties == {hazard.owner_id}


WORKFLOW = Workflow(
    "hazard",
    (
        State("registered", "待定级", "secondary", todo="hazards.grade"),
        State("rectifying", "整改中", "secondary", todo="hazards.rectify"),
        State("submitted", "待复查", "secondary", todo="hazards.recheck"),
        State("passed", "待销号", "secondary", todo="hazards.close"),
        State("closed", "已销号", "green", final=True),
        State("revoked", "已撤销", "secondary", final=True),
    ),
    (
        Transition(
            "grade",
            "定级并下达整改",
            ("registered",),
            "rectifying",
            "hazards.grade",
            guard=_grade,
            primary=True,
        ),
        Transition(
            "revoke",
            "撤销",
            ("registered",),
            "revoked",
            "hazards.grade",
            reason=True,
            guard=_grade,
            clears_deadline=True,
        ),
        Transition(
            "submit",
            "提交整改",
            ("rectifying",),
            "submitted",
            "hazards.rectify",
            deadline=Deadline("hazards.recheck"),
            primary=True,
        ),
        Transition(
            "self_close",
            "自行销号",
            ("rectifying",),
            "closed",
            "hazards.self_close",
            guard=_self_close,
            clears_deadline=True,
        ),
        Transition("apply", "申请延期", ("rectifying",), "*", "hazards.extend", reason=True, guard=_apply),
        Transition("decide", "审批延期", ("rectifying",), "*", "hazards.approve", guard=_decide),
        Transition(
            "list",
            "挂牌督办",
            ("rectifying", "submitted"),
            "*",
            "hazards.list_major",
            reason=True,
            guard=_list,
        ),
        Transition("overdue", "认定超期", ("rectifying",), "*", ""),
        Transition(
            "pass",
            "复查合格",
            ("submitted",),
            "passed",
            "hazards.recheck",
            guard=_recheck,
            clears_deadline=True,
            primary=True,
        ),
        Transition("fail", "复查不合格", ("submitted",), "rectifying", "hazards.recheck", reason=True, guard=_recheck),
        Transition(
            "close",
            "销号",
            ("passed",),
            "closed",
            "hazards.close",
            guard=_close,
            clears_deadline=True,
            primary=True,
        ),
    ),
)
