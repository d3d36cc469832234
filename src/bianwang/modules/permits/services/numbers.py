"""Numbers like 动火〔2026〕12: by enterprise, type and year, without gaps."""

from __future__ import annotations

from django.db.models import F

from bianwang.modules.permits.models import Series


def take(owner: int, kind: str, name: str, year: int) -> str:
    """The next number. In the caller's transaction: if that fails, it is given again."""
    rows = Series.objects.filter(owner_id=owner, kind=kind, year=year)
    if not rows.update(last=F("last") + 1):
        Series.objects.get_or_create(owner_id=owner, kind=kind, year=year)
        rows.update(last=F("last") + 1)
    return f"{name}〔{year}〕{rows.get().last}"
