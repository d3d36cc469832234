"""The lives of a broadcast (村村通) and of each town's receipt as tables."""

from __future__ import annotations

from typing import Any

from bianwang.platform.clock import now
from bianwang.platform.workflow.table import State, Transition, Workflow


def _approve(broadcast: Any, user: Any) -> str | None:
    if user is not None and broadcast.drafted_by_id == user.pk:
        return "拟稿人不能审批自己拟的广播，请由他人审批。"
    return None


def _in_time(broadcast: Any, user: Any) -> str | None:
    if broadcast.play_at < now():
        return "播出时间已过，请重新拟稿。"
    return _approve(broadcast, user)


def _cancel(broadcast: Any, user: Any) -> str | None:
    return "播出时间已过，不能取消。" if broadcast.play_at <= now() else None


BROADCAST = Workflow(
    "broadcast",
    (
        State("drafted", "待审批", todo="outreach.broadcast_approve"),
        State("approved", "已批准", "green"),
        State("refused", "未批准", final=True),
        State("cancelled", "已取消", final=True),
    ),
    (
        Transition(
            "approve",
            "批准播出",
            ("drafted",),
            "approved",
            "outreach.broadcast_approve",
            "outreach.broadcast_approve",
            guard=_in_time,
            clears_deadline=True,
            primary=True,
        ),
        Transition(
            "refuse",
            "不批准",
            ("drafted",),
            "refused",
            "outreach.broadcast_approve",
            "outreach.broadcast_refuse",
            reason=True,
            guard=_approve,
            clears_deadline=True,
        ),
        Transition(
            "cancel",
            "取消播出",
            ("approved",),
            "cancelled",
            "outreach.broadcast_approve",
            "outreach.broadcast_cancel",
            reason=True,
            guard=_cancel,
            clears_deadline=True,
        ),
    ),
)

RECEIPT = Workflow(
    "receipt",
    (
        State("waiting", "待回执", todo="outreach.receipt"),
        State("played", "已播出", "green", final=True),
        State("missed", "未播出", "red", final=True),
        State("cancelled", "已取消", final=True),
    ),
    (
        Transition(
            "played",
            "登记已播出",
            ("waiting",),
            "played",
            "outreach.receipt",
            "outreach.receipt_played",
            clears_deadline=True,
            primary=True,
        ),
        Transition(
            "missed",
            "登记未播出",
            ("waiting",),
            "missed",
            "outreach.receipt",
            "outreach.receipt_missed",
            reason=True,
            clears_deadline=True,
        ),
        Transition("cancel", "取消", ("waiting",), "cancelled", "", "outreach.receipt_cancel", clears_deadline=True),
    ),
)
