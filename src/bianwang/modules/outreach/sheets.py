"""The Excel list of paper answers; a file with one wrong row leaves nothing behind."""

from __future__ import annotations

from typing import Any

from bianwang.modules.outreach.models import Survey
from bianwang.modules.outreach.questionnaire import read_choices
from bianwang.modules.outreach.services.surveys import import_answers
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.exchange.sheets import Errors, Row, Sheet, SheetColumn


def check(user: Any, rows: list[Row]) -> Errors:
    """Surveys must be taking answers, days past, and each answer one of the question's options."""
    known = _surveys(user, rows)
    present = today()
    errors: dict[int, dict[str, str]] = {}
    for index, row in enumerate(rows):
        found = {}
        survey = known.get(row.get("survey") or "")
        if row.get("survey") and survey is None:
            found["survey"] = f"没有正在回收的问卷“{row['survey']}”，请按问卷名称填写。"
        if row.get("day") and row["day"] > present:
            found["day"] = "答卷日期不能晚于今天。"
        if survey and row.get("answers"):
            try:
                read_choices(row["answers"], survey.parsed)
            except ValueError as error:
                found["answers"] = str(error)
        if found:
            errors[index] = found
    return errors


def apply(user: Any, rows: list[Row]) -> None:
    """Write one piece."""
    known = _surveys(user, rows)
    import_answers(
        user,
        [
            {
                "survey": known[row["survey"]],
                "key": row["number"],
                "day": row["day"],
                "chosen": read_choices(row["answers"], known[row["survey"]].parsed),
            }
            for row in rows
        ],
    )


def _surveys(user: Any, rows: list[Row]) -> dict[str, Survey]:
    named = {row.get("survey") for row in rows if row.get("survey")}
    found = access.visible(user, Survey, "outreach.survey").filter(title__in=named, state="open")
    return {survey.title: survey for survey in found}


ANSWERS = Sheet(
    kind="outreach.answer",
    title="纸质答卷",
    permission="outreach.survey",
    columns=(
        SheetColumn("survey", "问卷名称", required=True, note="与平台上的名称一致", max_length=80),
        SheetColumn("number", "答卷编号", required=True, note="印在答卷上的编号，重复导入时只算一次", max_length=60),
        SheetColumn("day", "答卷日期", required=True, kind="date"),
        SheetColumn("answers", "答案", required=True, note="按题目顺序，用空格隔开", example="B A C 4", max_length=200),
    ),
    key=("survey", "number"),
    check=check,
    apply=apply,
)
