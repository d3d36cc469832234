"""A warning is passed on to units and enterprises, and whoever does not answer (叫应) is called."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from bianwang.modules.weather import queries
from bianwang.modules.weather.models import Receipt, WeatherWarning
from bianwang.modules.weather.pack import call_rule
from bianwang.modules.weather.services import texting
from bianwang.modules.weather.workflow import OPEN
from bianwang.platform import access
from bianwang.platform.accounts.models import Post, User
from bianwang.platform.clock import now, today
from bianwang.platform.jobs.services import each
from bianwang.platform.ledger.services import record
from bianwang.platform.messages.models import Message
from bianwang.platform.places.models import Organisation, Party
from bianwang.platform.registry import permissions
from bianwang.platform.todo import services as todo
from bianwang.platform.workflow.services import advance

_AT_ONCE = 200
_Level = Organisation.Level
_UPPER = (_Level.TOWN, _Level.COMMITTEE, _Level.DEPARTMENT)
"""Units with nobody between them and the bureau: their silence goes to the bureau at once."""
_TO_WHOM = {1: "weather.urge", 2: "weather.oversee"}
"""Who is told at each level of escalation: the town, then the bureau's duty officer."""


@transaction.atomic
def pass_on(user: User, warning: WeatherWarning, recipients: Iterable[Party], audience: str) -> int:
    """Pass a warning on; who has it already does not get it twice. Returns to how many it went.

    Raises PermissionDenied, Http404 (access door), ValidationError.
    """
    access.check(user, WeatherWarning, warning.pk, "weather.pass_on")
    # Locked: two officers at once must not pass it on to the same unit.
    warning = WeatherWarning.objects.select_for_update().get(pk=warning.pk)
    moment = now()
    if warning.message == WeatherWarning.Kind.CANCEL or warning.ended_at or warning.valid_until <= moment:
        raise ValidationError("这条预警已经失效，不能再转发。")
    have = set(warning.receipts.values_list("unit", flat=True))
    units = {unit.pk: unit for unit in recipients if unit.pk not in have}
    if not units:
        raise ValidationError("没有新的接收单位：请选择单位，已转发过的单位不重复转发。")
    due = moment + timedelta(minutes=_minutes(warning.level))
    rows = [
        Receipt(
            warning=warning,
            unit=unit,
            state="pending",
            state_since=moment,
            sent_at=moment,
            sent_by=user,
            answer_by=due,
            due_at=due,
        )
        for unit in units.values()
    ]
    Receipt.objects.bulk_create(rows, batch_size=500)
    texting.tell(user, warning, rows, key=f"weather-{warning.pk}-{len(have)}")
    changes = {"recipients": (None, len(rows)), "audience": (None, audience)}
    record("weather.pass_on", warning, owner=warning.owner_id, changes=changes)
    return len(rows)


def deliver_pending() -> None:
    """Put warnings on the lists of duties where somebody can answer or a text arrived; the other units are called."""
    roles = permissions()["weather.answer"].roles
    answering = Post.objects.filter(role__in=roles, user__in=User.objects.admitted()).order_by().values("party")
    waiting = _holding().filter(state__in=("pending", "phone")).select_related("warning", "unit", "recipient__sms")
    here, told = Q(unit__in=answering), Q(recipient__sms__state=Message.State.SENT)
    each(list(waiting.filter(here | told).order_by("pk")[:_AT_ONCE]), _deliver)
    on_its_way = Q(recipient__sms__state__in=(Message.State.WAITING, Message.State.SENDING))
    rows = waiting.filter(state="pending").exclude(
        pk__in=waiting.filter(here | told | on_its_way).order_by().values("pk")
    )
    each(list(rows.order_by("pk")[:_AT_ONCE]), _telephone)


def see(row: Receipt, user: User, reason: str = "") -> None:
    """The recipient has read it."""
    advance(row, "see", user, reason=reason, fields={"seen_at": now()})


def answer(row: Receipt, user: User, reason: str = "") -> None:
    """The recipient answers on the platform. Raises Refused where the level asks for a call."""
    moment = now()
    fields = {"seen_at": row.seen_at or moment, "answered_at": moment, "way": Receipt.Way.BUTTON, "note": reason}
    with transaction.atomic():
        advance(row, "answer", user, reason=reason, fields=fields)
        texting.answered(row)


def register_call(row: Receipt, user: User, reason: str) -> None:
    """Somebody was called and answered; the reason says who, and what he said."""
    fields = {"answered_at": now(), "way": Receipt.Way.PHONE, "note": reason.strip()}
    with transaction.atomic():
        advance(row, "call", user, reason=reason, fields=fields)
        texting.answered(row)


def escalate_overdue() -> None:
    """Whoever has not answered in time is told to the town, and later to the bureau's duty officer; each once."""
    rows = _holding().filter(state__in=OPEN, due_at__lt=now(), escalation__lt=2)
    each(list(rows.select_related("warning", "unit").order_by("due_at")[:_AT_ONCE]), _escalate)


def _holding() -> QuerySet[Receipt]:
    """Receipts of warnings that still hold: nobody is called about others."""
    return Receipt.objects.exclude(queries.over(now(), "warning__"))


@transaction.atomic
def _escalate(row: Receipt) -> None:
    upper = Organisation.objects.filter(pk=row.unit_id, level__in=_UPPER).exists()
    level = 2 if upper or row.escalation else 1
    due = now() + timedelta(minutes=_minutes(row.warning.level)) if level == 1 else None
    advance(row, "escalate", None, fields={"escalation": level}, due_at=due)
    todo.open_for(
        row,
        title=f"预警无人应答，请电话叫应：{row}",
        url=row.get_absolute_url(),
        owner=row.unit_id,
        permission=_TO_WHOM[level],
        due_at=row.due_at,
    )


def _deliver(row: Receipt) -> None:
    advance(row, "deliver", None, fields={"delivered_at": now()})


def _telephone(row: Receipt) -> None:
    advance(row, "telephone", None)


def _minutes(level: int) -> int:
    return call_rule(level, today()).minutes
