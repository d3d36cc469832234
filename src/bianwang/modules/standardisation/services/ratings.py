"""An enterprise rates itself once a year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.standardisation import pack
from bianwang.modules.standardisation.models import Score, SelfRating
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Enterprise
from bianwang.platform.workflow.errors import Refused
from bianwang.platform.workflow.services import advance, start


@transaction.atomic
def open_rating(user: User, owner: Enterprise, year: int, *, is_demo: bool = False) -> SelfRating:
    """Begin a year's self-rating by the standard in force (on the year's last day, or today), with full marks.

    Raises PermissionDenied or Http404 (access door), ValidationError.
    """
    access.check(user, Enterprise, owner.pk, "standardisation.rate")
    day = today()
    if not day.year - 1 <= year <= day.year:
        raise ValidationError({"year": f"只能填报 {day.year - 1} 年或 {day.year} 年的自评。"})
    if SelfRating.objects.filter(owner=owner, year=year).exists():
        raise ValidationError({"year": f"{year}年的自评已经有了，请打开它继续填报。"})
    scheme = pack.scheme(min(date(year, 12, 31), day))
    rating = SelfRating(owner=owner, year=year, scheme=scheme.code, is_demo=is_demo)
    start(rating, by=user, verb="standardisation.rating_open", changes={"year": (None, year)})
    Score.objects.bulk_create(
        Score(rating=rating, position=number, element=element.code, full=element.full)
        for number, element in enumerate(scheme.elements, 1)
    )
    return rating


@transaction.atomic
def save_scores(rating: SelfRating, user: User, values: Mapping[str, Mapping[str, Any]], note: str = "") -> None:
    """Enter deductions of a draft: by element `absent`, `deducted` and `reason`.

    Raises PermissionDenied or Http404 (access door), Refused once it was submitted, ValidationError whose keys are
    `<column>_<element>`.
    """
    access.check(user, SelfRating, rating.pk, "standardisation.rate")
    locked = SelfRating.objects.select_for_update().get(pk=rating.pk)
    if locked.state != "draft":
        raise Refused("自评已经提交，不能再改；需要更正的，请区局退回。")
    rows = list(rating.scores.select_related("rating"))
    before = {row.element: _told(row) for row in rows}
    for row in rows:
        for name, value in values.get(row.element, {}).items():
            setattr(row, name, value)
    _check(rows)
    Score.objects.bulk_update(rows, ["absent", "deducted", "reason"])
    changes = {row.element_name: (before[row.element], _told(row)) for row in rows if before[row.element] != _told(row)}
    if note != locked.note:
        changes["note"] = (locked.note, note)
        SelfRating.objects.filter(pk=rating.pk).update(note=note)
        rating.note = note
    if changes:
        record("standardisation.rating_save", rating, owner=rating.owner_id, changes=changes)


def submit(rating: SelfRating, user: User, reason: str = "") -> None:
    """Hand it in; from now on it does not change."""
    scores = list(rating.scores.select_related("rating"))
    _check(scores)
    told = {"total": (None, str(_total(rating)))}
    fields = {"submitted_by": user, "submitted_on": today()}
    advance(rating, "submit", user, reason=reason, fields=fields, changes=told)


def send_back(rating: SelfRating, user: User, reason: str) -> None:
    """The bureau wants it filled in anew; not while a grade rests on it."""
    if rating.grades.exclude(state__in=("refused", "withdrawn")).exists():
        raise Refused("已有定级以这份自评为依据，不能退回。")
    advance(rating, "return", user, reason=reason, fields={"submitted_by": None, "submitted_on": None})


def _total(rating: SelfRating) -> Any:
    try:
        return rating.total
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _check(rows: list[Score]) -> None:
    wrong: dict[str, list[str]] = {}
    for row in rows:
        try:
            row.clean()
        except ValidationError as error:
            wrong |= {f"{name}_{row.element}": found for name, found in error.message_dict.items()}
    if wrong:
        raise ValidationError(wrong)


def _told(row: Score) -> str:
    return f"空项{row.absent:.1f} 扣{row.deducted:.1f} {row.reason}".strip()
