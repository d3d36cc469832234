"""The life of an accident as a table. Guards speak of one accident and one person; `services` adds what forms bring."""

from __future__ import annotations

from typing import Any

from bianwang.platform.workflow.table import State, Transition, Workflow

FOUR = {
    "cause": "原因未查清不放过",
    "people": "责任人员未处理不放过",
    "measures": "整改措施未落实不放过",
    "teaching": "有关人员未受到教育不放过",
}
"""四不放过."""

PENDING = ("registered", "investigating", "submitted")
"""States in which a time limit of the law runs."""

_INQUIRY = ("investigating", "submitted", "following")
_OPEN = ("registered", *_INQUIRY)


def closing_gap(accident: Any) -> str:
    """What still stands in the way of closing, as words; empty if nothing does."""
    investigation = accident.investigation
    done = set(investigation.checks.values_list("item", flat=True))
    missing = [name.removesuffix("不放过") for code, name in FOUR.items() if code not in done]
    words = [f"四不放过还差“{'”“'.join(missing)}”"] if missing else []
    open_ones = investigation.sanctions.filter(done_on__isnull=True).count()
    if open_ones:
        words.append(f"责任追究还有 {open_ones} 项未办结")
    owed = accident.reports.filter(at__isnull=True).count()
    if owed:
        # A closed file takes no more reports, and their to-dos would wait for ever.
        words.append(f"还有 {owed} 份事故报告没有登记报出")
    return "；".join(words)


def _close(accident: Any, user: Any) -> str | None:
    gap = closing_gap(accident)
    return f"不能结案：{gap}。" if gap else None


def _investigate(accident: Any, user: Any) -> str | None:
    return None if accident.is_work_safety else "不是生产安全事故，不组织事故调查；认定有误请先“更正登记”。"


def _file(accident: Any, user: Any) -> str | None:
    return "生产安全事故须调查结案，不能直接归档。" if accident.is_work_safety else None


def _apply(accident: Any, user: Any) -> str | None:
    return "已有一份延期申请等待审批，请等审批后再申请。" if _waiting(accident) is not None else None


def _decide(accident: Any, user: Any) -> str | None:
    row = _waiting(accident)
    if row is None:
        return "没有等待审批的延期申请。"
    if user is not None and row.applied_by_id == user.pk:
        return "申请人不能审批自己的延期申请。"
    return None


def _waiting(accident: Any) -> Any:
    return accident.extensions.filter(approved__isnull=True).first()


def _approve(accident: Any, user: Any) -> str | None:
    if user is not None and accident.investigation.submitted_by_id == user.pk:
        return "提交调查报告的人不能登记批复，请由他人登记。"
    return None


def _settle(accident: Any, user: Any) -> str | None:
    if accident.investigation.sanctions.filter(done_on__isnull=True).exists():
        return None
    return "没有未办结的责任追究。"


WORKFLOW = Workflow(
    "accident",
    (
        State("registered", "待调查", "secondary", todo="accidents.investigate"),
        State("investigating", "调查中", "secondary", todo="accidents.investigate"),
        State("submitted", "待批复", "secondary", todo="accidents.approve"),
        State("following", "落实中", "secondary", todo="accidents.investigate"),
        State("closed", "已结案", "green", final=True),
        State("filed", "已归档", "green", final=True),
        State("revoked", "已撤销", "secondary", final=True),
    ),
    (
        Transition(
            "investigate",
            "成立调查组",
            ("registered",),
            "investigating",
            "accidents.investigate",
            guard=_investigate,
            primary=True,
        ),
        Transition("submit", "提交调查报告", ("investigating",), "submitted", "accidents.investigate", primary=True),
        Transition(
            "approve",
            "登记批复",
            ("submitted",),
            "following",
            "accidents.approve",
            guard=_approve,
            clears_deadline=True,
            primary=True,
        ),
        Transition("close", "结案", ("following",), "closed", "accidents.close", guard=_close, primary=True),
        Transition("report", "登记事故报告", ("*",), "*", "accidents.report"),
        Transition("change", "更新伤亡与损失", _OPEN, "*", "accidents.register", reason=True),
        Transition("casualty", "登记伤亡人员", _OPEN, "*", "accidents.register"),
        Transition("correct", "更正登记", ("registered", "investigating"), "*", "accidents.register", reason=True),
        Transition("member", "增加调查组成员", ("investigating",), "*", "accidents.investigate"),
        Transition(
            "apply", "申请延长调查", ("investigating",), "*", "accidents.investigate", reason=True, guard=_apply
        ),
        Transition("decide", "审批延长调查", ("investigating",), "*", "accidents.extend", guard=_decide),
        Transition("check", "四不放过销项", _INQUIRY, "*", "accidents.investigate"),
        Transition("sanction", "登记责任追究", _INQUIRY, "*", "accidents.investigate"),
        Transition("settle", "责任追究办结", _INQUIRY, "*", "accidents.investigate", guard=_settle),
        Transition("return", "退回补充调查", ("submitted",), "investigating", "accidents.approve", reason=True),
        Transition(
            "file",
            "归档（非生产安全事故）",
            ("registered",),
            "filed",
            "accidents.investigate",
            reason=True,
            guard=_file,
            clears_deadline=True,
        ),
        Transition(
            "revoke", "撤销登记", ("registered",), "revoked", "accidents.register", reason=True, clears_deadline=True
        ),
    ),
)
