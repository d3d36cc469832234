"""Certificates of standardisation: as many as were valid at the end of the year, entered on the day they were given."""

from __future__ import annotations

from datetime import date, timedelta

from bianwang.modules.accidents.models import Accident
from bianwang.modules.standardisation import services
from bianwang.platform.places.models import Enterprise
from bianwang.processes.demo.golden.year import Golden, moment, scene

_DAYS = 1060
"""From the first to the last day of grading: within the three years for which a certificate holds."""


def load(golden: Golden) -> None:
    """First the enterprises that the demo already calls graded, then others; none that had a fatal accident."""
    data, year, head = golden.data.standardisation, golden.data.year, golden.cast.user("kezhang")
    rows = Enterprise.objects.exclude(sector__in=("other", "fireworks")).order_by("-standardisation", "pk")
    rows = rows.exclude(pk__in=Accident.objects.values("owner"))
    first = date(year, 12, 20) - timedelta(days=_DAYS)
    for number, enterprise in enumerate(rows[: data.certified]):
        level = "2" if number < data.second else "3"
        graded = first + timedelta(days=number * _DAYS // data.certified)
        values = {"level": level, "certificate": f"虚构AQB{level}-{number + 1:03}", "graded_on": graded}
        with scene(head, moment(graded, 15)):
            services.record_existing(head, enterprise, values, is_demo=True)
