"""The lives of a roster, a swap and a hand-over as tables. Guards speak of one row and one person."""

from __future__ import annotations

from typing import Any

from bianwang.platform.workflow.table import State, Transition, Workflow


def _taker(swap: Any, user: Any) -> str | None:
    return None if user is None or swap.taker.user_id == user.pk else f"要由{swap.taker}本人答复。"


def _giver(swap: Any, user: Any) -> str | None:
    return None if user is None or swap.giver.user_id == user.pk else f"只能由{swap.giver}本人撤回。"


def _third(swap: Any, user: Any) -> str | None:
    if user is not None and user.pk in (swap.giver.user_id, swap.taker.user_id):
        return "换班的双方不能审批自己的换班，请由他人审批。"
    return None


ROSTER = Workflow(
    "roster",
    (
        State("draft", "编制中", "orange", todo="duty.roster"),
        State("published", "已发布", "green"),
        State("discarded", "已作废", final=True),
    ),
    (
        Transition("publish", "发布", ("draft",), "published", "duty.roster", "duty.publish", primary=True),
        Transition("discard", "作废", ("draft",), "discarded", "duty.roster", "duty.discard", reason=True),
    ),
)

SWAP = Workflow(
    "swap",
    (
        State("asked", "待对方同意", "orange"),
        State("accepted", "待批准", "orange", todo="duty.approve"),
        State("approved", "已换班", "green", final=True),
        State("refused", "未同意", final=True),
        State("withdrawn", "已撤回", final=True),
    ),
    (
        Transition(
            "accept", "同意替班", ("asked",), "accepted", "duty.keep", "duty.swap_accept", guard=_taker, primary=True
        ),
        Transition(
            "decline", "不同意", ("asked",), "refused", "duty.keep", "duty.swap_decline", reason=True, guard=_taker
        ),
        Transition(
            "approve",
            "批准换班",
            ("accepted",),
            "approved",
            "duty.approve",
            "duty.swap_approve",
            guard=_third,
            primary=True,
        ),
        Transition(
            "reject", "不批准", ("accepted",), "refused", "duty.approve", "duty.swap_reject", reason=True, guard=_third
        ),
        Transition(
            "withdraw", "撤回", ("asked", "accepted"), "withdrawn", "duty.keep", "duty.swap_withdraw", guard=_giver
        ),
    ),
)

HANDOVER = Workflow(
    "handover",
    (
        State("owed", "待交班", "orange"),
        State("written", "待接班", "orange"),
        State("signed", "已交接", "green", final=True),
    ),
    (
        Transition("write", "交班", ("owed",), "written", "duty.keep", "duty.hand_over", primary=True),
        Transition(
            "sign", "接班", ("written",), "signed", "duty.keep", "duty.take_over", clears_deadline=True, primary=True
        ),
        Transition("escalate", "提醒带班领导", ("owed", "written"), "*", "", "duty.escalate"),
    ),
)
