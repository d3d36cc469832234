"""The lives of a claim, an appeal, a payment batch and an issue of supplies. Guards speak of one row and one person."""

from __future__ import annotations

from typing import Any

from bianwang.modules.relief.amounts import COUNTED
from bianwang.platform.clock import today
from bianwang.platform.workflow.table import Deadline, State, Transition, Workflow

UNDECIDED = ("reported", "public", "submitted", "checked")
"""States before the bureau has decided."""

GRANTED = ("approved", "paid", "confirmed")
"""States of what the bureau has granted."""

LIVE = (*UNDECIDED, *GRANTED)
"""States in which a claim stands: nobody gets the same help a second time."""

TIMED = ("reported", "public", "submitted", "checked", "approved", "paid")
"""States in which somebody has to act until a day."""


def _notice_over(claim: Any, user: Any) -> str | None:
    """The village reports upwards only after the public notice."""
    if claim.meeting is None:
        return "还没有评议和公示。"
    present = today()
    if present <= claim.meeting.notice_to:
        return f"公示到 {claim.meeting.notice_to} 为止，期满后才能报镇街。"
    if claim.objections.filter(settled_at__isnull=True).exists():
        return "公示期间收到的异议还没有处理，请先处理。"
    return None


def _not_in_batch(claim: Any, user: Any) -> str | None:
    waiting = claim.lines.filter(state="pending").select_related("batch").first()
    return f"已列入拨付批次 {waiting.batch.number}，结果回来以前不能改动。" if waiting else None


def _counts_more(claim: Any, user: Any) -> str | None:
    """Nothing of a household can be put right where only its people count: they are another claim."""
    if claim.programme.policy.per in COUNTED:
        return None
    return "这个项目按人口或按户计算，没有可以更正的间数和天数；人口有误的请退回重新评议。"


def _open_appeal(claim: Any, user: Any) -> str | None:
    return "已有一份申诉在办理，请等办结。" if claim.appeals.filter(state="filed").exists() else None


def _no_result(batch: Any, user: Any) -> str | None:
    settled = batch.lines.exclude(state="pending").exists()
    return "银行已有回盘结果，不能作废；请导入其余结果。" if settled else None


def _same_town(issue: Any, user: Any) -> str | None:
    from bianwang.platform import access

    if user is not None and issue.receiver_id not in access.scope_of(user, "relief.receive").parties:
        return f"只能由{issue.receiver}的人员确认收到。"
    return None


CLAIM = Workflow(
    "claim",
    (
        State("reported", "待村评"),
        State("public", "公示中"),
        State("submitted", "待镇街核"),
        State("checked", "待区局定"),
        State("approved", "待拨付"),
        State("paid", "待确认"),
        State("confirmed", "已到户", "green", final=True),
        State("refused", "不予救助", final=True),
        State("withdrawn", "已撤回", final=True),
    ),
    (
        Transition("pass", "评议通过", ("reported",), "public", "relief.assess"),
        Transition("fail", "评议不通过", ("reported",), "refused", "relief.assess", reason=True, clears_deadline=True),
        Transition(
            "sustain",
            "异议成立",
            ("public",),
            "refused",
            "relief.assess",
            reason=True,
            clears_deadline=True,
        ),
        Transition(
            "submit",
            "报镇街",
            ("public",),
            "submitted",
            "relief.assess",
            guard=_notice_over,
            deadline=Deadline("relief.check"),
            primary=True,
        ),
        Transition(
            "check",
            "审核通过",
            ("submitted",),
            "checked",
            "relief.check",
            deadline=Deadline("relief.decide"),
            primary=True,
        ),
        Transition("amend", "核减或更正", ("submitted",), "*", "relief.check", reason=True, guard=_counts_more),
        Transition(
            "return",
            "退回重新评议",
            ("public", "submitted"),
            "reported",
            "relief.check",
            reason=True,
            deadline=Deadline("relief.assess"),
        ),
        Transition("approve", "批准", ("checked",), "approved", "relief.decide", primary=True),
        Transition(
            "send_back",
            "退回镇街",
            ("checked",),
            "submitted",
            "relief.decide",
            reason=True,
            deadline=Deadline("relief.check"),
        ),
        Transition("refuse", "不予救助", ("submitted",), "refused", "relief.check", reason=True, clears_deadline=True),
        Transition(
            "reject",
            "不予批准",
            ("checked",),
            "refused",
            "relief.decide",
            reason=True,
            clears_deadline=True,
        ),
        Transition(
            "account",
            "更正银行账号",
            ("reported", "public", "submitted", "checked", "approved"),
            "*",
            "relief.report",
            reason=True,
            guard=_not_in_batch,
        ),
        Transition(
            "withdraw",
            "撤回",
            (*UNDECIDED, "approved"),
            "withdrawn",
            "relief.report",
            reason=True,
            guard=_not_in_batch,
            clears_deadline=True,
        ),
        Transition("appeal", "提出申诉", ("refused", "approved"), "*", "relief.report", guard=_open_appeal),
        Transition("reopen", "申诉成立", ("refused", "approved"), "submitted", "", guard=_not_in_batch),
        Transition("pay", "拨付成功", ("approved",), "paid", "", deadline=Deadline("relief.confirm")),
        Transition("bounce", "银行退回", ("approved",), "*", ""),
        Transition("confirm", "确认到户", ("paid",), "confirmed", "relief.report", clears_deadline=True, primary=True),
        Transition("escalate", "逾期上报", TIMED, "*", ""),
    ),
)

APPEAL = Workflow(
    "appeal",
    (
        State("filed", "办理中", todo="relief.hear"),
        State("upheld", "申诉成立", "green", final=True),
        State("dismissed", "维持原结果", final=True),
    ),
    (
        Transition(
            "uphold",
            "申诉成立",
            ("filed",),
            "upheld",
            "relief.hear",
            "relief.appeal_uphold",
            reason=True,
            clears_deadline=True,
            primary=True,
        ),
        Transition(
            "dismiss",
            "维持原结果",
            ("filed",),
            "dismissed",
            "relief.hear",
            "relief.appeal_dismiss",
            reason=True,
            clears_deadline=True,
        ),
    ),
)

BATCH = Workflow(
    "batch",
    (
        State("made", "待回盘", todo="relief.pay"),
        State("done", "已完成", "green", final=True),
        State("void", "已作废", final=True),
    ),
    (
        Transition("finish", "全部回盘", ("made",), "done", "", "relief.batch_done"),
        Transition("void", "作废", ("made",), "void", "relief.pay", "relief.batch_void", reason=True, guard=_no_result),
    ),
)

ISSUE = Workflow(
    "issue",
    (
        State("sent", "待确认收到", todo="relief.receive"),
        State("received", "已收到", "green", final=True),
    ),
    (
        Transition(
            "receive",
            "确认收到",
            ("sent",),
            "received",
            "relief.receive",
            "relief.issue_receive",
            guard=_same_town,
            clears_deadline=True,
            primary=True,
        ),
    ),
)
