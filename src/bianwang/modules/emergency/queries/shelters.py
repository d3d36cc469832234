"""Shelters: which there are, what they are called, who of the evacuation lists is in them, and whether they are full.

Whoever moves people may send them to any shelter of the district, also to another town's: names and free places are
read here without the scope of who asks, and nothing else of a shelter is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from bianwang.modules.emergency.evacuating import UNSAFE, room
from bianwang.modules.emergency.models import Evacuee, Event, Resource
from bianwang.modules.emergency.pack.resources import pack
from bianwang.modules.emergency.queries import evacuees
from bianwang.modules.emergency.queries.resources import by_distance
from bianwang.platform import access


def counted(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Resources with `listed`: how many people of lists, none of exercises, are written safe there now."""
    there = Evacuee.objects.filter(evacuees.COUNTED, site=OuterRef("pk"), state="safe").order_by().values("site")
    number = there.annotate(number=Count("pk")).values("number")
    found: QuerySet[Any] = rows.annotate(listed=Coalesce(Subquery(number), 0, output_field=IntegerField()))
    return found


def shelters() -> QuerySet[Any]:
    """Every shelter of the district with `listed`, also those out of use."""
    codes = [row.code for row in pack().kinds if row.holds == "people"]
    return counted(Resource.objects.filter(kind__in=codes))


def in_use() -> QuerySet[Any]:
    """Shelters in use with their `free` places, below zero where one is overfull."""
    free = F("quantity") - Greatest(F("occupied"), F("listed"))
    rows: QuerySet[Any] = shelters().filter(state="available").annotate(free=free)
    return rows


def nearest(event: Event) -> QuerySet[Any]:
    """Shelters in use: from an event with coordinates the nearest first, else the emptiest."""
    if event.longitude is None or event.latitude is None:
        return in_use().order_by("-free", "pk")
    return by_distance(in_use(), event.longitude, event.latitude).order_by("distance", "pk")


def labels() -> dict[str, Resource]:
    """Every shelter under the name that chooses it; where several have one name, the unit stands with it."""
    codes = [row.code for row in pack().kinds if row.holds == "people"]
    rows = list(Resource.objects.filter(kind__in=codes).select_related("owner").order_by("name", "pk"))
    often = Counter(row.name for row in rows)
    return {row.name if often[row.name] == 1 else f"{row.name}（{row.owner.name}）": row for row in rows}


def meant(text: str, known: Mapping[str, Resource], field: str = "shelter") -> Resource | None:
    """The shelter of `labels` that a text names; None for any other place. Raises ValidationError for several."""
    if found := known.get(text):
        return found
    same = [label for label, row in known.items() if row.name == text]
    if same:
        raise ValidationError({field: f"有几个避难场所叫“{text}”，请写明是“{'”还是“'.join(same)}”。"})
    return None


def called(person: Evacuee) -> str:
    """What chooses the place where a person goes: the name in `labels`, or the words."""
    return next((label for label, row in labels().items() if row.pk == person.site_id), person.shelter)


def suggestions(event: Event) -> list[tuple[str, str]]:
    """What a field for the place offers: names that choose a shelter, with their free places."""
    names = {row.pk: label for label, row in labels().items()}
    near = list(nearest(event))
    others = in_use().exclude(pk__in=[row.pk for row in near]).order_by("name", "pk")
    return [(names[row.pk], row.room) for row in [*near, *others]]


def over_words(keys: Collection[int | None]) -> str:
    """A sentence for each of these shelters that holds more people than it takes; empty where none does."""
    rows = [row for row in shelters().filter(pk__in=[key for key in keys if key]) if (row.free_places or 0) < 0]
    return "".join(
        f"{row.name}现有 {row.present} 人，可容纳 {row.quantity} 人，{row.room}，请分流或增设安置点。" for row in rows
    )


@dataclass(frozen=True)
class Stay:
    """One place to which an event's people go. `shelter` None: all places that are no resource."""

    shelter: Resource | None
    safe: int
    """People of the event who are there."""
    coming: int
    """People of the event who are to come, or not found."""
    present: int
    """Everybody who is there: of all events in earnest, or counted on the spot where that is more."""
    url: str
    """Its page, for those who may open it."""

    @property
    def free(self) -> int:
        """Places left, below zero where it is overfull."""
        return self.shelter.quantity - self.present if self.shelter else 0

    @property
    def room(self) -> str:
        """The places left, in words."""
        return room(self.free)

    @property
    def key(self) -> str:
        """How the roll call's address names it."""
        return str(self.shelter.pk) if self.shelter else "other"


def stays(user: Any, event: Event) -> list[Stay]:
    """Where the people of an event go: its shelters by name, then all other places together."""
    groups = evacuees.people_of(user, event).exclude(state="void").order_by().values("site")
    safe, coming = Count("pk", filter=Q(state="safe")), Count("pk", filter=Q(state__in=UNSAFE))
    numbers: dict[int | None, tuple[int, int]] = {
        row["site"]: (row["safe"], row["coming"]) for row in groups.annotate(safe=safe, coming=coming)
    }
    keys = [key for key in numbers if key is not None]
    opened = access.visible(user, Resource, "emergency.resources").filter(pk__in=keys)
    may_open = set(opened.values_list("pk", flat=True))
    found = []
    for row in shelters().filter(pk__in=keys).order_by("name", "pk"):
        here, come = numbers[row.pk]
        present = here if event.is_exercise else row.present
        found.append(Stay(row, here, come, present, row.get_absolute_url() if row.pk in may_open else ""))
    if None in numbers:
        found.append(Stay(None, *numbers[None], numbers[None][0], ""))
    return found
