"""What follows an event as tables: a day of the watch, a note of public opinion, a review and its measures."""

from __future__ import annotations

from typing import Any

from bianwang.platform.workflow.table import State, Transition, Workflow

WATCH_DAY = Workflow(
    "emergency watch",
    (
        State("owed", "待检查", "orange", todo="emergency.watch"),
        State("checked", "已检查", "green", final=True),
        State("missed", "缺检", "red", final=True),
        State("stopped", "盯守中止", final=True),
    ),
    (
        Transition(
            "check",
            "登记盯守检查",
            ("owed",),
            "checked",
            "emergency.watch",
            verb="emergency.watch_check",
            primary=True,
        ),
        Transition("miss", "缺检", ("owed",), "missed", "", verb="emergency.watch_miss"),
        Transition("stop", "盯守中止", ("owed",), "stopped", "", verb="emergency.watch_stop", clears_deadline=True),
    ),
)

OPINION = Workflow(
    "emergency opinion",
    (
        State("noted", "待回应", "orange", todo="emergency.opinion"),
        State("answered", "已回应", "green", final=True),
        State("dropped", "不需回应", final=True),
    ),
    (
        Transition(
            "answer",
            "登记回应",
            ("noted",),
            "answered",
            "emergency.opinion",
            verb="emergency.opinion_answer",
            primary=True,
        ),
        Transition(
            "drop",
            "不需回应",
            ("noted",),
            "dropped",
            "emergency.opinion",
            verb="emergency.opinion_drop",
            reason=True,
            clears_deadline=True,
        ),
    ),
)


def _complete(review: Any, user: Any) -> str | None:
    """What a draft still lacks."""
    lacking = [name for name, text in review.parts if not text]
    if lacking:
        return f"“{'”“'.join(lacking)}”还没有写，请先点“修改”补全。"
    return None


def _another(review: Any, user: Any) -> str | None:
    """Nobody approves what he wrote himself."""
    return "起草人不能审核自己的总结评估，请由其他同事审核。" if user and review.drafted_by_id == user.pk else None


REVIEW = Workflow(
    "emergency review",
    (
        State("draft", "起草中", "orange", todo="emergency.review"),
        State("submitted", "待审核", "orange", todo="emergency.review_check"),
        State("checked", "待印发", "blue", todo="emergency.review_issue"),
        State("issued", "已印发", "green", final=True),
    ),
    (
        Transition(
            "submit",
            "提交审核",
            ("draft",),
            "submitted",
            "emergency.review",
            verb="emergency.review_submit",
            guard=_complete,
            primary=True,
        ),
        Transition(
            "check",
            "审核通过",
            ("submitted",),
            "checked",
            "emergency.review_check",
            verb="emergency.review_check",
            guard=_another,
            primary=True,
        ),
        Transition(
            "return",
            "退回修改",
            ("submitted",),
            "draft",
            "emergency.review_check",
            verb="emergency.review_return",
            reason=True,
        ),
        Transition(
            "withhold",
            "退回修改",
            ("checked",),
            "draft",
            "emergency.review_issue",
            verb="emergency.review_return",
            reason=True,
        ),
        Transition(
            "issue",
            "印发",
            ("checked",),
            "issued",
            "emergency.review_issue",
            verb="emergency.review_issue",
            primary=True,
        ),
        Transition("again", "重新起算", ("draft",), "*", "", verb="emergency.review_again"),
    ),
)

MEASURE = Workflow(
    "emergency measure",
    (
        State("planned", "拟定"),
        State("open", "落实中", "orange", todo="emergency.improve"),
        State("done", "已落实", "green", final=True),
        State("dropped", "已撤销", final=True),
    ),
    (
        Transition("issue", "随评估印发", ("planned",), "open", "", verb="emergency.measure_issue"),
        Transition(
            "finish",
            "报告落实",
            ("open",),
            "done",
            "emergency.improve",
            verb="emergency.measure_done",
            primary=True,
        ),
        Transition(
            "drop",
            "撤销",
            ("planned", "open"),
            "dropped",
            "emergency.review",
            verb="emergency.measure_drop",
            reason=True,
            clears_deadline=True,
        ),
    ),
)
