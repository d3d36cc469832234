"""The lives of a call and of a reward as tables. Guards speak of one row and one person."""

from __future__ import annotations

from typing import Any

from bianwang.platform.workflow.table import Deadline, State, Transition, Workflow

PENDING = ("accepted", "verifying", "verified")
"""States in which a time limit may run."""

_OPEN = (*PENDING, "replied")


def _report(call: Any, user: Any) -> str | None:
    return None if call.is_report else "只有举报才交办核查，其他来电来件请“答复并办结”。"


def _other(call: Any, user: Any) -> str | None:
    return "举报须经核查答复后办结。" if call.is_report else None


def _extend(call: Any, user: Any) -> str | None:
    return "核查时限只能延长一次，已经延长过。" if call.extended else None


def _duplicate(call: Any, user: Any) -> str | None:
    if call.duplicate_of_id is not None:
        return "已经标记为重复举报。"
    return _report(call, user) or _rewarded(call)


def _return(call: Any, user: Any) -> str | None:
    return _rewarded(call)


def _case(call: Any, user: Any) -> str | None:
    if call.is_filed:
        return "已经登记立案。"
    return None if call.is_true else "举报不属实，不能登记立案。"


def _reward(call: Any, user: Any) -> str | None:
    if not call.is_true:
        return "举报查证属实或部分属实才有奖励。"
    if call.duplicate_of_id is not None:
        return "同一事项只奖励最先举报的人，这是重复举报。"
    return _rewarded(call)


def _close(call: Any, user: Any) -> str | None:
    waiting = call.rewards.filter(state__in=("applied", "approved")).exists()
    return "举报奖励还没有发放，不能办结。" if waiting else None


def _rewarded(call: Any) -> str | None:
    return "已经申请举报奖励。" if call.rewards.exclude(state="refused").exists() else None


def _approve(reward: Any, user: Any) -> str | None:
    if user is not None and reward.applied_by_id == user.pk:
        return "申请人不能审批自己申请的奖励，请由他人审批。"
    return None


def _pay(reward: Any, user: Any) -> str | None:
    if user is not None and user.pk in {reward.applied_by_id, reward.decided_by_id}:
        return "申请人和审批人不能发放奖励，请由他人发放。"
    return None


CALL = Workflow(
    "call",
    (
        State("accepted", "已受理", todo="outreach.dispatch"),
        State("verifying", "核查中", todo="outreach.verify"),
        State("verified", "已核实", todo="outreach.reply"),
        State("replied", "已答复", todo="outreach.close"),
        State("closed", "办结", "green", final=True),
        State("revoked", "已撤销", final=True),
    ),
    (
        Transition("dispatch", "交办", ("accepted",), "verifying", "outreach.dispatch", guard=_report, primary=True),
        Transition(
            "finish",
            "答复并办结",
            ("accepted",),
            "closed",
            "outreach.register",
            guard=_other,
            clears_deadline=True,
            primary=True,
        ),
        Transition(
            "verify",
            "登记核查结论",
            ("verifying",),
            "verified",
            "outreach.verify",
            deadline=Deadline("outreach.reply"),
            primary=True,
        ),
        Transition(
            "reply", "答复举报人", ("verified",), "replied", "outreach.reply", clears_deadline=True, primary=True
        ),
        Transition("close", "办结", ("replied",), "closed", "outreach.close", guard=_close, primary=True),
        Transition("recall", "收回重新交办", ("verifying",), "accepted", "outreach.dispatch", reason=True),
        Transition("extend", "批准延长核查", ("verifying",), "*", "outreach.extend", reason=True, guard=_extend),
        Transition("return", "退回重新核查", ("verified",), "verifying", "outreach.reply", reason=True, guard=_return),
        Transition("duplicate", "标记为重复举报", PENDING, "*", "outreach.dispatch", guard=_duplicate),
        Transition("case", "登记立案", ("verified", "replied"), "*", "outreach.verify", guard=_case),
        Transition("reward", "申请举报奖励", ("verified", "replied"), "*", "outreach.apply", guard=_reward),
        Transition("identity", "登记举报人信息", _OPEN, "*", "outreach.register"),
        Transition("correct", "更正登记", ("accepted",), "*", "outreach.register", reason=True, clears_deadline=True),
        Transition(
            "revoke", "撤销登记", ("accepted",), "revoked", "outreach.register", reason=True, clears_deadline=True
        ),
    ),
)

REWARD = Workflow(
    "reward",
    (
        State("applied", "待审批", todo="outreach.approve"),
        State("approved", "待发放", todo="outreach.pay"),
        State("paid", "已发放", "green", final=True),
        State("refused", "未批准", final=True),
    ),
    (
        Transition(
            "approve",
            "批准",
            ("applied",),
            "approved",
            "outreach.approve",
            "outreach.reward_approve",
            guard=_approve,
            primary=True,
        ),
        Transition(
            "pay", "发放", ("approved",), "paid", "outreach.pay", "outreach.reward_pay", guard=_pay, primary=True
        ),
        Transition(
            "refuse",
            "不批准",
            ("applied",),
            "refused",
            "outreach.approve",
            "outreach.reward_refuse",
            reason=True,
            guard=_approve,
        ),
    ),
)
