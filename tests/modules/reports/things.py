"""Reports that tests start from."""

from __future__ import annotations

from bianwang.modules.reports import services
from bianwang.modules.reports.content import digest, packed
from bianwang.modules.reports.models import Report, Version
from bianwang.platform.clock import now
from bianwang.platform.ledger.context import acting
from tests.modules.indicators import things as indicators
from tests.modules.reports import year
from tests.people import World

KEY = "safety"
"""A paragraph that every report has."""


def begun(world: World) -> Report:
    """The report of 2022, whose indicators are adopted."""
    user = world.who("finance")
    found = Report.objects.filter(year=year.YEAR).select_related("owner", "latest").first()
    if found is not None:
        return found
    indicators.adopted(world)
    with acting(user, "测试"):
        return services.create(user, year.YEAR)


def kept(world: World, number: int = 1) -> Version:
    """A version of it that holds the year of `year.py`."""
    report, text = begun(world), packed(year.content())
    made = Version.objects.create(
        report=report, number=number, on=f"{year.YEAR}-12-31", content=text, digest=digest(text), total="98.10",
        grade="优", frozen_by=world.who("leader"), frozen_at=now(),
    )  # fmt: skip
    Report.objects.filter(pk=report.pk).update(latest=made)
    return Version.objects.get(pk=made.pk)
