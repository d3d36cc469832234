"""The life of a document as a table. Guards speak of one row and one person."""

from __future__ import annotations

from typing import Any

from bianwang.platform.workflow.table import State, Transition, Workflow

LIVE = ("issued", "served")
"""States in which a document counts."""


def _issue(document: Any, user: Any) -> str | None:
    from bianwang.modules.documents.gates import refusal
    from bianwang.platform import access

    kind = document.kind_row
    if kind.approval and user is not None:
        if not access.can(user, "documents.approve"):
            return f"“{kind.name}”须由科室负责人或局领导审批签发。"
        if document.drawn_by_id == user.pk:
            return f"“{kind.name}”须由制作人以外的人审批签发。"
    return refusal(document)


def _serve(document: Any, user: Any) -> str | None:
    return None if document.kind_row.serve_within else f"“{document.kind_row.name}”是内部文书，不需要送达。"


def _sign(document: Any, user: Any) -> str | None:
    if not document.kind_row.is_signed:
        return f"“{document.kind_row.name}”不需要当事人签字。"
    return "已经登记签字情况。" if document.signed_at else None


def _escalate(document: Any, user: Any) -> str | None:
    return "送达时限还没有到，或者已经督促过。" if document.escalated_at or not document.is_overdue else None


def _void(document: Any, user: Any) -> str | None:
    from bianwang.modules.documents.gates import needed_by

    others = needed_by(document)
    return f"后面的“{others[0]}”以它为前提，请先作废后面的文书。" if others else None


WORKFLOW = Workflow(
    "documents.document",
    (
        State("draft", "草稿", "secondary", todo="documents.approve"),
        State("issued", "已制发", "blue", todo="documents.serve"),
        State("served", "已送达", "green", final=True),
        State("void", "已作废", "secondary", final=True),
    ),
    (
        Transition("issue", "签发编号", ("draft",), "issued", "documents.issue", guard=_issue, primary=True),
        Transition("change", "修改内容", ("draft",), "*", "documents.draw_up"),
        Transition(
            "serve",
            "登记送达",
            ("issued",),
            "served",
            "documents.serve",
            guard=_serve,
            clears_deadline=True,
            primary=True,
        ),
        Transition("sign", "登记签字", ("issued", "served"), "*", "documents.serve", guard=_sign),
        Transition("escalate", "督促送达", ("issued",), "*", "", guard=_escalate),
        Transition(
            "void", "作废", ("draft", *LIVE), "void", "documents.void", reason=True, guard=_void, clears_deadline=True
        ),
    ),
)
