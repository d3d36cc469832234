"""The life of a survey as a table."""

from __future__ import annotations

from typing import Any

from bianwang.platform.clock import today
from bianwang.platform.workflow.table import State, Transition, Workflow


def _open(survey: Any, user: Any) -> str | None:
    over = survey.closes_on < today()
    return "截止日期已过，请先“修改”截止日期。" if over else None


SURVEY = Workflow(
    "survey",
    (
        State("draft", "草稿"),
        State("open", "回收中", "blue", todo="outreach.survey"),
        State("closed", "已结束", "green", final=True),
    ),
    (
        Transition(
            "open", "开始回收", ("draft",), "open", "outreach.survey", "outreach.survey_open", guard=_open, primary=True
        ),
        Transition("change", "修改", ("draft",), "*", "outreach.survey", "outreach.survey_change"),
        Transition(
            "close", "结束回收", ("open",), "closed", "outreach.survey", "outreach.survey_close", clears_deadline=True
        ),
        Transition("prolong", "改截止日期", ("open",), "*", "outreach.survey", "outreach.survey_prolong", reason=True),
    ),
)
