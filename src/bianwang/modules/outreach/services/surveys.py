"""Surveys are made, opened and closed; answers come from the public page and from paper."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import UTC, date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.outreach import questionnaire
from bianwang.modules.outreach.models import Answer, Survey
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, today
from bianwang.platform.ledger.context import acting
from bianwang.platform.ledger.models import Entry
from bianwang.platform.ledger.services import draft
from bianwang.platform.places.queries import bureau
from bianwang.platform.workflow.services import advance, start

COLUMNS = ("title", "questions", "target", "population", "margin", "pass_share", "level", "closes_on", "is_demo")
PUBLIC = "公开问卷"
"""All that the ledger learns of where an answer came from."""


@transaction.atomic
def create_survey(user: User, values: Mapping[str, Any]) -> Survey:
    """Make a survey as a draft. Raises PermissionDenied, ValidationError."""
    access.require(user, "outreach.survey")
    survey = Survey(**{name: values[name] for name in COLUMNS if name in values})
    survey.owner, survey.made_by, survey.token = bureau(), user, secrets.token_urlsafe(24)
    _check(survey)
    start(survey, by=user, verb="outreach.survey_create", changes={"title": (None, survey.title)})
    return survey


def change_survey(survey: Survey, user: User, values: Mapping[str, Any]) -> None:
    """Change a draft; once it is open its questions stand."""
    new = {name: values[name] for name in COLUMNS if name in values and getattr(survey, name) != values[name]}
    if not new:
        raise ValidationError("没有改动，不必修改。")
    wanted = copy(survey)
    for name, value in new.items():
        setattr(wanted, name, value)
    _check(wanted)
    advance(survey, "change", user, fields=new)


def open_survey(survey: Survey, user: User, reason: str = "") -> None:
    """Let people answer until its last day has ended."""
    advance(survey, "open", user, reason=reason, due_at=_end(survey.closes_on))


def prolong_survey(survey: Survey, user: User, closes_on: date, reason: str) -> None:
    """Another last day."""
    if closes_on < today():
        raise ValidationError({"closes_on": "截止日期不能早于今天；要停止回收请“结束回收”。"})
    advance(survey, "prolong", user, reason=reason, fields={"closes_on": closes_on}, due_at=_end(closes_on))


def close_survey(survey: Survey, user: User, reason: str = "") -> None:
    """No more answers, neither from the page nor from paper."""
    advance(survey, "close", user, reason=reason)


@transaction.atomic
def answer(survey: Survey, ticket: str, chosen: Sequence[int]) -> bool:
    """Keep an answer from the public page; False when this page was sent before. Raises ValidationError.

    Whoever answers stays unknown, also to the ledger and also when he is logged in.
    """
    fresh = Survey.objects.select_for_update().get(pk=survey.pk)
    if not fresh.takes_answers:
        raise ValidationError("这份问卷已经截止，谢谢您的关注。")
    if Answer.objects.filter(survey=fresh, source=Answer.Source.ONLINE, key=ticket).exists():
        return False
    with acting(None, PUBLIC):
        _keep([_judged(fresh, ticket, Answer.Source.ONLINE, today(), chosen)])
    return True


@transaction.atomic
def import_answers(user: User, rows: Sequence[Mapping[str, Any]]) -> int:
    """Enter paper sheets ({survey, key, day, chosen}); a number that is known keeps its first answer."""
    access.require(user, "outreach.survey")
    known = _known({row["survey"] for row in rows}, {row["key"] for row in rows})
    new: list[Answer] = []
    for row in rows:
        survey: Survey = row["survey"]
        if survey.state != "open":
            raise ValidationError(f"“{survey}”不在回收中，不能再导入答卷。")
        if (survey.pk, row["key"]) not in known:
            known.add((survey.pk, row["key"]))
            new.append(_judged(survey, row["key"], Answer.Source.PAPER, row["day"], row["chosen"]))
    _keep(new)
    return len(new)


def _known(surveys: Iterable[Survey], keys: Iterable[str]) -> set[tuple[int, str]]:
    """Which of these paper sheets were entered before."""
    rows = Answer.objects.filter(survey__in=surveys, source=Answer.Source.PAPER, key__in=keys)
    return set(rows.values_list("survey_id", "key"))


def _judged(survey: Survey, key: str, source: str, day: date, chosen: Sequence[int]) -> Answer:
    questions = survey.parsed
    try:
        questionnaire.check(chosen, questions)
    except ValueError as error:
        raise ValidationError(str(error)) from error
    found = questionnaire.judge(chosen, questions, survey.pass_share, survey.level)
    row = Answer(survey=survey, key=key, source=source, day=day, chosen=",".join(map(str, chosen)))
    row.knows, row.satisfied = found.knows, found.satisfied
    return row


def _keep(rows: Iterable[Answer]) -> None:
    made = Answer.objects.bulk_create(rows)
    Entry.objects.bulk_create(
        draft("outreach.answer", row, owner=row.survey.owner_id, changes={"source": (None, row.get_source_display())})
        for row in made
    )


def _check(survey: Survey) -> None:
    survey.full_clean(exclude=["state", "state_since", "due_at"])
    try:
        survey.parsed  # noqa: B018
    except ValueError as error:
        raise ValidationError({"questions": str(error)}) from error


def _end(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), SHANGHAI).astimezone(UTC)
