"""Reads of evacuation lists: who belongs to an event, how they add up, and what of them a user may read."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, Count as Number, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse

from bianwang.modules.emergency.evacuating import UNSAFE, Count
from bianwang.modules.emergency.models import Evacuee, Event
from bianwang.modules.emergency.workflow.events import LIVE
from bianwang.platform import access
from bianwang.platform.period import Period
from bianwang.platform.places.models import Organisation
from bianwang.platform.ui.templatetags.bian import masked_phone

COUNTED = Q(batch__event__is_exercise=False) & ~Q(batch__event__state="revoked")
"""Whom figures are about: the lists of merged events count with those of the main one."""
ROLL_CALL = "emergency.roll_call"
_ORDER = ("missing", "waiting", "told", "moving", "safe", "returned", "void")


def moved_on(day: date) -> Q:
    """People who had left by the end of a day; whoever has come back since had left before."""
    return Q(state="returned") | Q(state="safe", state_at__lt=Period(day, day).end)


def urgency() -> Case:
    """The column by which whoever is not safe stands first."""
    return Case(*[When(state=state, then=Value(at)) for at, state in enumerate(_ORDER)], output_field=IntegerField())


def people_of(user: Any, event: Event) -> QuerySet[Evacuee]:
    """The people of an event and of those merged into it, in the user's scope; whoever is not safe first."""
    mine = Q(batch__event=event) | Q(batch__event__merged_into=event)
    rows = access.visible(user, Evacuee, "emergency.view").filter(mine)
    return rows.annotate(urgency=urgency()).order_by("urgency", "batch__number", "household", "pk")


def roll_of(user: Any) -> QuerySet[Evacuee]:
    """People whose roll the user's village or town calls, while their event is worked on.

    They live in its territory, or the shelter to which they go lies there or is kept by it.
    """
    mine = access.visible(user, Organisation, ROLL_CALL).order_by().values("pk")
    near = Q(home__governed_by__in=mine) | Q(site__territory__governed_by__in=mine) | Q(site__owner__in=mine)
    live = Q(batch__event__state__in=LIVE) | Q(batch__event__merged_into__state__in=LIVE)
    found = Evacuee.objects.filter(live, near).exclude(state="void").order_by().values("pk")
    return Evacuee.objects.filter(pk__in=found).annotate(urgency=urgency()).order_by("urgency", "household", "pk")


def roll_count(user: Any) -> int:
    """How many of them are not known to be safe; no exercises."""
    return roll_of(user).filter(state__in=UNSAFE, batch__event__is_exercise=False).count()


def evacuation_url(event: int) -> str:
    """The people who have left: what stands behind the number of the evacuated."""
    return f"{reverse('emergency:evacuation', args=[event])}?group=moved"


def count(rows: QuerySet[Evacuee]) -> Count:
    """应转、已转、未转、失联."""
    found = rows.order_by().values("state").annotate(number=Number("pk"))
    return Count.of({row["state"]: row["number"] for row in found})


def sees_all(user: Any, event: Event) -> bool:
    """Whether the user moves people there and so reads names and phones in full."""
    return access.scope_of(user, "emergency.evacuate").includes(event.owner_id)


def full(user: Any) -> Case:
    """For each row whether the user moves people there: the column by which lists mask."""
    return _within(user, "emergency.evacuate", "batch__event__owner")


def opens(user: Any) -> Case:
    """For each row whether the user may open the page of the shelter."""
    return _within(user, "emergency.resources", "site__owner")


def _within(user: Any, permission: str, path: str) -> Case:
    scope = access.scope_of(user, permission)
    if scope.whole:
        return Case(default=Value(True), output_field=BooleanField())
    there = Q(**{f"{path}__in": scope.parties_query()})
    return Case(When(there, then=Value(True)), default=Value(False), output_field=BooleanField())


def matching(text: str, *, full: bool) -> Q:
    """Rows that a search finds: by name and phone only for those who read them."""
    return named(text) | Q(phone__contains=text) if full else _placed(text)


def named(text: str) -> Q:
    """Rows that a search finds for those who read names but no phones."""
    return _placed(text) | Q(name__icontains=text)


def _placed(text: str) -> Q:
    return Q(household__icontains=text) | Q(shelter__icontains=text) | Q(help__icontains=text)


def shown_name(person: Evacuee, *, full: bool) -> str:
    """In full, or the family name."""
    return person.name if full else person.masked_name


def shown_phone(person: Evacuee, *, full: bool) -> str:
    """In full, or masked."""
    return person.phone if full else masked_phone(person.phone)
