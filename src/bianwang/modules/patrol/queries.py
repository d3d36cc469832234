"""Reads of patrols and the review queue for others."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from bianwang.modules.patrol.models import Suspicion
from bianwang.platform import access
from bianwang.platform.files.models import Attachment

_URGENCY = (Suspicion.Kind.FLAME, Suspicion.Kind.SMOKE, Suspicion.Kind.FALLEN)
"""What may not wait, the worst first."""

JUDGED = Q(state__in=("confirmed", "rejected"))
"""A person has said what it is."""


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


def picture_of(suspicion: Suspicion) -> Attachment | None:
    """The picture that shows what is suspected."""
    rows = Attachment.objects.filter(object_type=suspicion._meta.label_lower, object_id=suspicion.pk)
    return rows.order_by("pk").first()
