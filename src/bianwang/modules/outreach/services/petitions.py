"""Letters and visits enter the books, are accepted, handed on, answered, reviewed and closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.outreach.models import Petition, PetitionSeries
from bianwang.modules.outreach.pack import holds
from bianwang.modules.outreach.services import identity
from bianwang.modules.outreach.services.calls import HANDLERS, take
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.places.models import Organisation, Party
from bianwang.platform.places.queries import bureau
from bianwang.platform.workflow.queries import deadline, limit
from bianwang.platform.workflow.services import advance, start

PREFIX = "信访"


@transaction.atomic
def register_petition(user: User, values: Mapping[str, Any], person: identity.Person | None = None) -> Petition:
    """Enter a letter or visit; the days in which its acceptance is told run from when it came.

    Raises PermissionDenied, ValidationError.
    """
    access.require(user, "outreach.petition")
    petition = Petition(registered_by=user, **{"received_at": now(), **values})
    if petition.received_at > now():
        raise ValidationError({"received_at": "收到时间不能晚于现在。"})
    petition.handler = bureau()
    day = petition.received_at.astimezone(SHANGHAI).date()
    if not holds("petition_categories", petition.category, day):
        raise ValidationError({"category": f"这一类别在 {day} 没有列入地区包，请选择列出的类别。"})
    petition.due_at = deadline(limit("outreach.petition_accept", day), petition.received_at)
    petition.number = take(PetitionSeries, PREFIX, day.year)
    petition.clean_fields(exclude=["state", "state_since"])
    told: dict[str, tuple[Any, Any]] = {"category": (None, petition.category_name)}
    if person:
        identity.check(person, petition.texts)
        told |= identity.TOLD
    start(petition, by=user, verb="outreach.petition_register", changes=told)
    if person:
        identity.put_away(petition, person)
    return petition


def accept_petition(petition: Petition, user: User, reason: str = "") -> None:
    """Accept it and tell so; the days of handling run from now."""
    moment = now()
    until = deadline(limit("outreach.petition_answer", moment.astimezone(SHANGHAI).date()), moment)
    advance(petition, "accept", user, reason=reason, fields={"accepted_at": moment, "answer_by": until}, due_at=until)


def transfer_petition(petition: Petition, user: User, handler: Party, reason: str = "") -> None:
    """Hand it to whoever handles it, who then sees it."""
    if not Organisation.objects.filter(pk=handler.pk, level__in=HANDLERS, is_active=True).exists():
        raise ValidationError({"handler": "只能转给科室、下属单位、镇街、部门或管委会。"})
    advance(petition, "transfer", user, reason=reason, fields={"handler": Party.objects.get(pk=handler.pk)})


def recall_petition(petition: Petition, user: User, reason: str) -> None:
    """Take it back, to be handed to somebody else; the time limit stays."""
    advance(petition, "recall", user, reason=reason, fields={"handler": bureau()})


def extend_petition(petition: Petition, user: User, reason: str) -> None:
    """More days for handling, once; the petitioner is told why."""
    start_day = (petition.accepted_at or now()).astimezone(SHANGHAI).date()
    until = (petition.answer_by or now()) + timedelta(days=int(limit("outreach.petition_extension", start_day).value))
    advance(petition, "extend", user, reason=reason, fields={"extended": True, "answer_by": until}, due_at=until)


def answer_petition(petition: Petition, user: User, opinion: str) -> None:
    """Answer in writing; the days in which a review may be asked for run from now."""
    _write(petition, "answer", user, "opinion", opinion, answered_at=now())


def review_answered(petition: Petition, user: User, opinion: str) -> None:
    """What the review found."""
    _write(petition, "reviewed", user, "review_opinion", opinion)


def recheck_answered(petition: Petition, user: User, opinion: str) -> None:
    """What the recheck found, which is the end."""
    _write(petition, "rechecked", user, "recheck_opinion", opinion, closed_at=now())


def close_petition(petition: Petition, user: User, reason: str = "") -> None:
    """Nobody asked for more within the days there are."""
    advance(petition, "close", user, reason=reason, fields={"closed_at": now()})


def settle_petition(petition: Petition, user: User, reason: str) -> None:
    """The petitioner agrees in writing."""
    advance(petition, "settle", user, reason=reason, fields={"closed_at": now()})


def _write(petition: Petition, step: str, user: User, field: str, text: str, **more: Any) -> None:
    if not text.strip():
        raise ValidationError({"opinion": "请写明意见。"})
    advance(petition, step, user, fields={field: text.strip(), **more})
