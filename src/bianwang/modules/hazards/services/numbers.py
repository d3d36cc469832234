"""Numbers like 璧隐〔2026〕12: by year, without gaps, in six-pointed brackets and without leading zeros."""

from __future__ import annotations

from django.db.models import F

from bianwang.modules.hazards.models import Series

PREFIX = "璧隐"


def take(year: int, count: int = 1) -> list[str]:
    """The next numbers of a year. In the caller's transaction: if that fails, they are given again.

    The counter row stays locked until the transaction ends, which is what makes the series gap-free.
    """
    if not Series.objects.filter(year=year).update(last=F("last") + count):
        Series.objects.get_or_create(year=year)
        Series.objects.filter(year=year).update(last=F("last") + count)
    last = Series.objects.get(year=year).last
    return [f"{PREFIX}〔{year}〕{number}" for number in range(last - count + 1, last + 1)]
