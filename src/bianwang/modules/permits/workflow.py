"""The life of a permit as a table. Guards speak of the person and the type; `checks` tells what the job still lacks."""

from __future__ import annotations

from typing import Any

from bianwang.platform.workflow.table import State, Transition, Workflow

PREPARING = ("draft", "analysed", "applied")
IN_FORCE = ("approved", "ready", "active", "interrupted")
"""States of a permit that is good for work while its time lasts."""
LIVE = (*IN_FORCE, "suspended")
"""States that occupy place and time."""
ENDED = ("closed", "cancelled")
_LOCKABLE = ("applied", *LIVE, "stopped", "expired", "accepted")


def is_worker(permit: Any, user: Any) -> bool:
    """Whether a person is named among the workers."""
    return user.name in permit.worker_names


def _edit(permit: Any, user: Any) -> str | None:
    return "作业已开工，不能取消，请办理停止作业。" if permit.started_at else None


def _test(permit: Any, user: Any) -> str | None:
    return None if permit.kind_row.gas else f"{permit.kind_row.name}作业不要求气体检测。"


def _isolate(permit: Any, user: Any) -> str | None:
    kind = permit.kind_row
    if permit.isolated_at:
        return "隔离已经确认到位。"
    if kind.plates:
        return None if permit.state == "active" else "盲板抽堵作业开始后才能确认盲板到位。"
    return None if kind.isolates and permit.isolations else "这张作业票没有隔离点。"


def _lock(permit: Any, user: Any) -> str | None:
    if not permit.kind_row.locks:
        return f"{permit.kind_row.name}作业不要求上锁挂牌。"
    return "已经上锁挂牌。" if permit.is_locked else None


def _unlock(permit: Any, user: Any) -> str | None:
    return None if permit.is_locked else "没有上锁挂牌。"


def _approve(permit: Any, user: Any) -> str | None:
    if user is not None and permit.applied_by_id == user.pk:
        return "申请人不能审批自己申请的作业票，请由他人审批。"
    if user is not None and permit.guard_id == user.pk:
        return "监护人不能审批自己监护的作业票，请由他人审批。"
    return "作业人不能审批自己的作业票，请由他人审批。" if user is not None and is_worker(permit, user) else None


def _sign_in(permit: Any, user: Any) -> str | None:
    return None if user is not None and permit.guard_id == user.pk else f"只有监护人{permit.guard.name}本人可以签到。"


def _accept(permit: Any, user: Any) -> str | None:
    if permit.started_at is None:
        return "作业没有开工，不需验收，请直接关闭。"
    return "作业人不能验收自己的作业，请由他人验收。" if user is not None and is_worker(permit, user) else None


def _close(permit: Any, user: Any) -> str | None:
    return "作业已开工，须先验收再关闭。" if permit.state == "expired" and permit.started_at else None


def _release(permit: Any, user: Any) -> str | None:
    return "作业已开工，解除后为“已中断”。" if permit.started_at else None


def _release_started(permit: Any, user: Any) -> str | None:
    return None if permit.started_at else "作业没有开工，解除后须重新签到。"


WORKFLOW = Workflow(
    "permit",
    (
        State("draft", "待危害分析", "secondary", todo="permits.apply"),
        State("analysed", "待申请", "secondary", todo="permits.apply"),
        State("applied", "待审批", "secondary", todo="permits.approve"),
        State("approved", "待监护签到", "secondary"),
        State("ready", "待开工", "secondary"),
        State("active", "作业中", "green"),
        State("interrupted", "已中断", "secondary"),
        State("suspended", "已暂停", "secondary"),
        State("stopped", "待验收", "secondary", todo="permits.accept"),
        State("expired", "已过期", "secondary", todo="permits.accept"),
        State("accepted", "待关闭", "secondary", todo="permits.apply"),
        State("closed", "已关闭", "green", final=True),
        State("cancelled", "已取消", "secondary", final=True),
    ),
    (
        # While the applicant waits, the first of his buttons is what he can do for the approval.
        Transition("test", "记录气体检测", ("applied", *LIVE), "*", "permits.handle", guard=_test),
        Transition("brief", "安全交底", ("applied", "approved", "ready", "interrupted"), "*", "permits.handle"),
        Transition("isolate", "确认隔离到位", ("applied", *IN_FORCE), "*", "permits.handle", guard=_isolate),
        Transition("lock", "上锁挂牌", ("applied", *IN_FORCE), "*", "permits.handle", guard=_lock),
        Transition("analyse", "作业危害分析", ("draft", "analysed"), "analysed", "permits.apply"),
        Transition("apply", "提交申请", ("analysed",), "applied", "permits.apply", primary=True),
        Transition("approve", "批准", ("applied",), "approved", "permits.approve", guard=_approve, primary=True),
        Transition("reject", "退回", ("applied",), "analysed", "permits.approve", reason=True, guard=_approve),
        Transition("sign_in", "监护人签到", ("approved",), "ready", "permits.handle", guard=_sign_in, primary=True),
        Transition("start", "开始作业", ("ready",), "active", "permits.handle", primary=True),
        Transition("resume", "恢复作业", ("interrupted",), "active", "permits.handle", primary=True),
        Transition(
            "stop",
            "作业结束",
            ("active", "interrupted"),
            "stopped",
            "permits.handle",
            clears_deadline=True,
            primary=True,
        ),
        Transition("interrupt", "中断作业", ("active",), "interrupted", "permits.handle", reason=True),
        Transition("accept", "验收", ("stopped", "expired"), "accepted", "permits.accept", guard=_accept, primary=True),
        Transition("close", "关闭", ("accepted", "expired"), "closed", "permits.apply", guard=_close, primary=True),
        Transition("unlock", "解锁摘牌", _LOCKABLE, "*", "permits.handle", guard=_unlock),
        Transition("suspend", "暂停作业", IN_FORCE, "suspended", "permits.supervise", reason=True),
        Transition("release", "解除暂停", ("suspended",), "approved", "permits.supervise", reason=True, guard=_release),
        Transition(
            "release_started",
            "解除暂停",
            ("suspended",),
            "interrupted",
            "permits.supervise",
            verb="permits.release",
            reason=True,
            guard=_release_started,
        ),
        Transition(
            "cancel",
            "取消",
            (*PREPARING, "approved", "ready"),
            "cancelled",
            "permits.apply",
            reason=True,
            guard=_edit,
            clears_deadline=True,
        ),
        Transition("begin", "生效", LIVE, "*", ""),
        Transition("expire", "到期", LIVE, "expired", "", clears_deadline=True),
    ),
)
