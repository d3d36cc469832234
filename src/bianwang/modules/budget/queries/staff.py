"""Posts and people as of a day."""

from __future__ import annotations

from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from bianwang.modules.budget.models import Establishment


def latest(on: date) -> QuerySet[Establishment]:
    """The rows of each unit's last entry up to a day."""
    newest = Establishment.objects.filter(owner=OuterRef("owner"), as_of__lte=on).order_by("-as_of")
    return Establishment.objects.filter(as_of=Subquery(newest.values("as_of")[:1]))
