"""Reads of patrols and the review queue for others."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from bianwang.modules.patrol import drawing, pack, pictures
from bianwang.modules.patrol.models import Look, Plan, Round, Suspicion
from bianwang.modules.sensing.models import Camera
from bianwang.platform import access, packs
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.files.storage import Stored
from bianwang.platform.places.models import Party

_URGENCY = (Suspicion.Kind.FLAME, Suspicion.Kind.SMOKE, Suspicion.Kind.FALLEN)
"""What may not wait, the worst first."""

JUDGED = Q(state__in=("confirmed", "rejected"))
"""A person has said what it is."""

IN_TIME = Q(state="finished", late_at__isnull=True)
SEEN = Q(result__in=(Look.Result.NORMAL, Look.Result.PROBLEM))
"""Looks that saw a picture."""
TIMED = Q(round__state="finished")
"""Looks of rounds whose minutes are known."""
_FOUND, _QUIET = Q(result=Look.Result.PROBLEM), Q(result=Look.Result.NORMAL)
_SAID = Q(suggested__isnull=False)
BOTH, ONLY_PEOPLE = _FOUND & _SAID, _FOUND & ~_SAID
ONLY_MODEL, NEITHER = _QUIET & _SAID, _QUIET & ~_SAID


def rounds_due(moment: datetime) -> Q:
    """Rounds that were done or whose time had passed by a moment; what was called off was never due."""
    return ~Q(state="cancelled") & (Q(ends_at__lt=moment) | Q(finished_at__lt=moment))


def looks_due(moment: datetime) -> Q:
    """The looks of these rounds."""
    over = Q(round__ends_at__lt=moment) | Q(round__finished_at__lt=moment)
    return ~Q(round__state="cancelled") & over


def seen_by(moment: datetime) -> Q:
    """Looks that saw a picture by a moment."""
    return SEEN & Q(at__lt=moment)


def open_count(user: Any) -> int:
    """Suspicions in the user's scope that nobody has judged."""
    return access.visible(user, Suspicion).filter(state="open").count()


def waiting(user: Any) -> QuerySet[Suspicion]:
    """Open suspicions that the user may judge: fire and fallen people first, then the oldest."""
    urgency = Case(
        *(When(kind=kind, then=Value(place)) for place, kind in enumerate(_URGENCY)),
        default=Value(len(_URGENCY)),
        output_field=IntegerField(),
    )
    rows = access.visible(user, Suspicion, "patrol.judge").filter(state="open")
    return rows.annotate(urgency=urgency).order_by("urgency", "first_at", "pk")


def cameras_of(plan: Plan) -> QuerySet[Camera]:
    """Cameras in use that a plan names, in the order of walking: enterprise by enterprise."""
    named = Q(owner__in=plan.enterprises.values("pk")) | Q(zone__in=plan.zones.values("pk"))
    if plan.town is not None:
        inside = Party.objects.filter(territories__path__startswith=plan.town.path).order_by()
        named |= Q(owner__in=inside.values("pk"))
    return Camera.objects.filter(named, is_enabled=True).order_by("owner__pinyin", "owner", "name", "pk")


def looks(user: Any) -> QuerySet[Look]:
    """Looks in the user's scope; until its time is over, only who goes on patrol knows what is to be looked at."""
    rows = access.visible(user, Look, "patrol.view")
    if access.can(user, "patrol.walk"):
        return rows
    return rows.exclude(result=Look.Result.PENDING, round__ends_at__gte=now())


def is_certain(seen: Look | Suspicion) -> bool:
    """Whether a person has said that it is so: what may become a hazard."""
    return seen.state == "confirmed" if isinstance(seen, Suspicion) else seen.result == Look.Result.PROBLEM


def stored_pictures(seen: Look | Suspicion) -> list[Stored]:
    """Its pictures, for another object to have too; those with hidden heads first."""
    return [pictures.as_stored(row) for label in (pictures.HIDDEN, pictures.LABEL) for row in pictures.of(seen, label)]


def as_finding(seen: Look | Suspicion) -> dict[str, Any]:
    """What it says, as first values of a hazard's form."""
    zone = seen.camera.zone
    if isinstance(seen, Suspicion):
        what, note = seen.get_kind_display().removeprefix("疑似"), "。".join(filter(None, [seen.note, seen.reason]))
        at: datetime | None = seen.first_at
        how = f"{seen.get_origin_display()}发现，人工复核属实"
    else:
        what, note, at = seen.item_text or seen.note, seen.note, seen.at
        how = "人工视频巡检发现"
    return {
        "title": what[:120],
        "place": "".join(filter(None, [zone.name if zone else "", seen.camera.name]))[:100],
        "category": "2",
        "description": f"摄像机“{seen.camera}”：{how}。{note}",
        "clause": item_basis(seen)[:200] if isinstance(seen, Look) else "",
        "found_at": at,
    }


def item_basis(look: Look) -> str:
    """The basis of its check item as the list said that day."""
    day = look.at.astimezone(SHANGHAI).date() if look.at else None
    rows = [row for row in pack.pack() if row.code == look.item and (day is None or packs.is_in_force(row, day))]
    return f"{rows[-1].source}{rows[-1].article}" if rows else ""


def repeats(round_: Round) -> bool:
    """Whether drawing again from what is kept gives the cameras of the round."""
    kept = set(round_.looks.values_list("camera", flat=True))
    return round_.method == drawing.METHOD and kept == drawing.draw(
        round_.seed, json.loads(round_.candidates), round_.share
    )


def counts(rounds: Iterable[int]) -> dict[int, tuple[int, int, int]]:
    """How many cameras each round has, how many of them were looked at, and how many problems were found."""
    rows = Look.objects.filter(round__in=list(rounds)).order_by().values_list("round")
    every, problem = Count("pk"), Count("pk", filter=_FOUND)
    counted = rows.annotate(every=every, seen=Count("pk", filter=~Q(result="")), problems=problem)
    return {pk: (every, seen, problems) for pk, every, seen, problems in counted}


def due_rounds_count(user: Any) -> int:
    """Rounds in the user's scope that wait or go on."""
    return access.visible(user, Round).filter(state__in=("planned", "walking")).count()
