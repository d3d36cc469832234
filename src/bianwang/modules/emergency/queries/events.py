"""Reads of events for others, and counts for tiles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery

from bianwang.modules.emergency.models import Event, Loss, Measure, Note, Resource, Task, WatchDay
from bianwang.modules.emergency.workflow.events import LIVE
from bianwang.platform import access
from bianwang.platform.clock import now
from bianwang.platform.files.models import Attachment
from bianwang.platform.period import Period
from bianwang.platform.ui.search import LIMIT, Hit

COUNTED = Q(is_exercise=False) & ~Q(state__in=("merged", "revoked"))
"""What figures are about: no exercise, merged ones once, nothing entered by mistake."""
GOING_ON = Q(state__in=LIVE, is_exercise=False)
"""Events in earnest that are worked on."""


def search(user: Any, text: str) -> list[Hit]:
    """Events by number, name or place, the newest first; then resources by name or what they can do."""
    wanted = Q(number__icontains=text) | Q(name__icontains=text) | Q(place__icontains=text)
    rows = access.visible(user, Event, "emergency.view").filter(wanted)
    able = Q(name__icontains=text) | Q(capabilities__icontains=text)
    resources = access.visible(user, Resource, "emergency.resources").filter(able)
    found: list[Event | Resource] = [*rows.order_by("-pk")[:LIMIT], *resources.order_by("name", "pk")[:LIMIT]]
    return [Hit(str(row), f"{row.kind_name} · {row.state_row.name}", row.get_absolute_url()) for row in found]


def photos_of(notes: Sequence[Note]) -> Mapping[int, list[Attachment]]:
    """The photos of notes that the user was let see, by note."""
    found: dict[int, list[Attachment]] = defaultdict(list)
    keys = [note.pk for note in notes]
    for file in Attachment.objects.filter(object_type=Note._meta.label_lower, object_id__in=keys).order_by("pk"):
        found[file.object_id].append(file)
    return found


def live_count(user: Any) -> int:
    """Events that are worked on, without exercises."""
    return access.visible(user, Event, "emergency.view").filter(GOING_ON).count()


def overdue_count(user: Any) -> int:
    """Tasks that no unit has signed for in time."""
    return access.visible(user, Task, "emergency.tasks").filter(unsigned()).count()


def unsigned() -> Q:
    """Tasks that wait for a signature beyond their limit."""
    return Q(state="sent", sign_by__lt=now())


def answered(until: datetime | None = None) -> Q:
    """Events whose first task was signed for within the limit of their class, by a moment or at all.

    Tasks of merged ones count with them.
    """
    tasks = Task.objects.filter(Q(event=OuterRef("pk")) | Q(event__merged_into=OuterRef("pk")))
    first = tasks.order_by("sent_at", "pk")
    events = Event.objects.order_by().annotate(
        first_signed=Subquery(first.values("signed_at")[:1]), first_limit=Subquery(first.values("sign_by")[:1])
    )
    timely = events.filter(first_signed__lte=F("first_limit"))
    return Q(pk__in=(timely.filter(first_signed__lt=until) if until else timely).values("pk"))


def answered_on(day: date) -> Q:
    """The same by the end of a day."""
    return answered(Period(day, day).end)


def family(event: Event) -> Q:
    """Rows of an event and of those merged into it."""
    return Q(event=event) | Q(event__merged_into=event)


def latest_loss(event: Event, until: datetime | None = None) -> Loss | None:
    """The numbers that count: the latest as they were known, now or at a moment."""
    rows = Loss.objects.filter(event=event)
    if until is not None:
        rows = rows.filter(entered_at__lte=until)
    return rows.order_by("-as_of", "-pk").first()


def unwatched() -> Q:
    """Days of a watch on which nobody looked in time."""
    return Q(state="owed", due_at__lt=now())


def unwatched_count(user: Any) -> int:
    """Overdue days of the watch."""
    return access.visible(user, WatchDay, "emergency.view").filter(unwatched()).count()


def unanswered_opinions() -> Q:
    """Talk that was not answered in time."""
    return Q(state="noted", due_at__lt=now())


def unissued() -> Q:
    """Reviews that were not issued in time."""
    return Q(issued_at__isnull=True, due_at__lt=now())


def unimproved() -> Q:
    """Measures that were not carried out in time."""
    return Q(state="open", due_at__lt=now())


def unimproved_count(user: Any) -> int:
    """Overdue measures."""
    return access.visible(user, Measure, "emergency.measures").filter(unimproved()).count()
