"""The lives of a case and of what hangs on it, as tables. Every step is taken by a service, which sets the limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bianwang.modules.penalties import guards
from bianwang.platform.workflow.table import State, Transition, Workflow

Guard = Callable[[Any, Any], str | None]

BEFORE_DECISION = ("investigating", "reviewing", "proposing", "told", "hearing", "deciding")
RUNNING = ("served", "urged", "enforcing")
"""States in which a decision is being carried out."""
OPEN = ("clue", "filing", *BEFORE_DECISION, "decided", *RUNNING)


def _step(
    code: str,
    name: str,
    sources: tuple[str, ...],
    target: str,
    permission: str,
    guard: Guard | None = None,
    *,
    reason: bool = False,
    primary: bool = False,
) -> Transition:
    """A step; its service works out which limit runs next."""
    return Transition(
        code,
        name,
        sources,
        target,
        f"penalties.{permission}",
        reason=reason,
        guard=guard,
        primary=primary,
    )


CASE = Workflow(
    "case",
    (
        State("clue", "线索核查", todo="penalties.handle"),
        State("filing", "待立案审批", "orange", todo="penalties.approve"),
        State("investigating", "调查取证", todo="penalties.handle"),
        State("reviewing", "待法制审核", "orange", todo="penalties.review"),
        State("proposing", "待告知", todo="penalties.handle"),
        State("told", "陈述申辩", todo="penalties.handle"),
        State("hearing", "听证", todo="penalties.handle"),
        State("deciding", "待决定", "orange", todo="penalties.decide"),
        State("decided", "待送达", todo="penalties.handle"),
        State("served", "待履行", todo="penalties.handle"),
        State("urged", "已催告", "orange", todo="penalties.handle"),
        State("enforcing", "申请强制执行", "orange", todo="penalties.handle"),
        State("closed", "已结案", "green", final=True),
        State("refused", "不予立案", final=True),
        State("withdrawn", "已销案", final=True),
        State("transferred", "已移送", final=True),
    ),
    (
        _step("apply", "提交立案审批", ("clue",), "filing", "handle", guards.apply, primary=True),
        _step("file", "批准立案", ("filing",), "investigating", "approve", guards.file, primary=True),
        _step("finish", "调查终结", ("investigating",), "reviewing", "handle", guards.finish, primary=True),
        _step("review", "法制审核通过", ("reviewing",), "proposing", "review", guards.review, primary=True),
        _step("tell", "登记告知", ("proposing",), "told", "handle", guards.tell, primary=True),
        _step("conclude", "提请决定", ("told", "proposing"), "deciding", "handle", guards.conclude, primary=True),
        _step("hold", "登记听证结果", ("hearing",), "deciding", "handle", guards.hold, primary=True),
        _step("decide", "作出决定", ("deciding",), "decided", "decide", guards.decide, primary=True),
        _step("serve", "登记送达", ("decided",), "served", "handle", guards.serve, primary=True),
        _step("close", "批准结案", RUNNING, "closed", "approve", guards.close, primary=True),
        _step("evidence", "登记证据", ("clue", "investigating"), "*", "handle", guards.own),
        _step("measure", "申请强制措施或登记保存", ("clue", "investigating"), "*", "handle", guards.own),
        _step("summary", "当场处罚", ("clue",), "served", "handle", guards.summary),
        _step("plead", "登记陈述申辩", ("told", "hearing"), "*", "handle", guards.own),
        _step("answer", "复核陈述申辩", ("told", "hearing", "deciding"), "*", "handle", guards.answer),
        _step("waive", "登记放弃陈述申辩和听证", ("told",), "*", "handle", guards.waive),
        _step("hear", "登记听证要求", ("told",), "hearing", "handle", guards.hear),
        _step("notify", "登记听证通知", ("hearing",), "*", "handle", guards.notify),
        _step("discuss", "登记集体讨论", ("deciding",), "*", "decide"),
        _step("recheck", "决定前再次法制审核", ("deciding",), "*", "review", guards.not_own),
        _step("pay", "登记缴款", RUNNING, "*", "pay", guards.pay),
        _step("bank", "登记当场收缴款上缴", RUNNING, "*", "pay", guards.bank),
        _step("publish", "公示决定", ("decided", *RUNNING, "closed"), "*", "publish", guards.publish),
        _step("register", "当场处罚备案", RUNNING, "*", "approve", guards.register),
        _step("urge", "催告", ("served",), "urged", "handle", guards.urge),
        _step("enforce", "申请法院强制执行", ("urged",), "enforcing", "handle", guards.enforce),
        _step("change", "更正案情和情节", ("clue", "investigating"), "*", "handle", guards.own),
        _step("officer", "增加办案人员", ("clue", "filing", *BEFORE_DECISION), "*", "approve"),
        _step("recuse", "决定回避", ("clue", "filing", *BEFORE_DECISION), "*", "approve", reason=True),
        _step("suspend", "登记停算期间", (*BEFORE_DECISION, *RUNNING), "*", "approve"),
        _step("resume", "结束停算期间", (*BEFORE_DECISION, *RUNNING), "*", "approve", guards.resume),
        _step("extend", "批准延长办案期限", BEFORE_DECISION, "*", "approve", guards.extend, reason=True),
        _step("instal", "批准延期或分期缴纳", ("served", "urged"), "*", "approve", guards.instal, reason=True),
        _step("retell", "退回补充调查", ("deciding",), "investigating", "decide", guards.not_own, reason=True),
        _step("return", "审核退回", ("reviewing",), "investigating", "review", guards.not_own, reason=True),
        _step("refuse", "不予立案", ("clue", "filing"), "refused", "approve", guards.not_own, reason=True),
        _step("unhear", "当事人撤回听证", ("hearing",), "deciding", "handle", guards.own, reason=True),
        _step("withdraw", "销案", BEFORE_DECISION, "withdrawn", "approve", guards.withdraw, reason=True),
        _step("transfer", "移送", BEFORE_DECISION, "transferred", "approve", guards.transfer, reason=True),
        _step("receipt", "登记移送回执", ("transferred",), "*", "handle", guards.receipt),
    ),
)

EVIDENCE = Workflow(
    "evidence",
    (
        State("collected", "已收集"),
        State("examined", "已审查"),
        State("shown", "已出示"),
        State("admitted", "采信", "green", final=True),
        State("excluded", "不采信", final=True),
    ),
    (
        Transition(
            "examine",
            "审查真实性、合法性、关联性",
            ("collected",),
            "examined",
            "penalties.handle",
            "penalties.evidence_examine",
            guard=guards.of_case,
            primary=True,
        ),
        Transition(
            "show",
            "向当事人出示",
            ("examined",),
            "shown",
            "penalties.handle",
            "penalties.evidence_show",
            guard=guards.of_case,
            primary=True,
        ),
        Transition(
            "admit",
            "采信",
            ("examined", "shown"),
            "admitted",
            "penalties.handle",
            "penalties.evidence_admit",
            guard=guards.admit,
        ),
        Transition(
            "exclude",
            "不采信",
            ("collected", "examined", "shown"),
            "excluded",
            "penalties.handle",
            "penalties.evidence_exclude",
            reason=True,
            guard=guards.of_case,
        ),
    ),
)

SOURCE = Workflow(
    "source",
    (
        State("registered", "待法制审核", "orange", todo="penalties.review"),
        State("lawful", "待技术审核", "orange", todo="penalties.technical"),
        State("sound", "待公布", "orange", todo="penalties.publish"),
        State("published", "已公布", "green"),
        State("retired", "已停用", final=True),
    ),
    (
        Transition(
            "legal",
            "法制审核通过",
            ("registered",),
            "lawful",
            "penalties.review",
            "penalties.source_legal",
            primary=True,
        ),
        Transition(
            "technical",
            "技术审核通过",
            ("lawful",),
            "sound",
            "penalties.technical",
            "penalties.source_technical",
            guard=guards.second_reviewer,
            primary=True,
        ),
        Transition(
            "publish",
            "向社会公布设置地点",
            ("sound",),
            "published",
            "penalties.publish",
            "penalties.source_publish",
            primary=True,
        ),
        Transition("retire", "停用", ("*",), "retired", "penalties.technical", "penalties.source_retire", reason=True),
    ),
)

MEASURE = Workflow(
    "measure",
    (
        State("asked", "待审批", "orange", todo="penalties.approve"),
        State("running", "实施中", "orange", todo="penalties.handle"),
        State("decided", "已处理", "green", final=True),
        State("refused", "不同意", final=True),
    ),
    (
        Transition(
            "approve",
            "批准",
            ("asked",),
            "running",
            "penalties.approve",
            "penalties.measure_approve",
            guard=guards.measure_approve,
            clears_deadline=True,
            primary=True,
        ),
        Transition(
            "refuse",
            "不同意",
            ("asked",),
            "refused",
            "penalties.approve",
            "penalties.measure_refuse",
            reason=True,
            guard=guards.not_own_of_case,
            clears_deadline=True,
        ),
        Transition(
            "extend",
            "批准延长",
            ("running",),
            "*",
            "penalties.approve",
            "penalties.measure_extend",
            reason=True,
            guard=guards.measure_extend,
            clears_deadline=True,
        ),
        Transition(
            "decide",
            "作出处理决定",
            ("running",),
            "decided",
            "penalties.handle",
            "penalties.measure_decide",
            guard=guards.measure_decide,
            clears_deadline=True,
            primary=True,
        ),
    ),
)

PUBLICATION = Workflow(
    "publication",
    (
        State("published", "公示中", "green"),
        State("withdrawn", "已撤下", final=True),
        State("repaired", "信用修复", final=True),
    ),
    (
        Transition(
            "unpublish",
            "撤下",
            ("published",),
            "withdrawn",
            "penalties.publish",
            "penalties.unpublish",
            reason=True,
        ),
        Transition(
            "repair",
            "信用修复后停止公示",
            ("published",),
            "repaired",
            "penalties.publish",
            "penalties.repair",
            reason=True,
            guard=guards.repair,
        ),
    ),
)
