"""The ten indicators of the year: drawn up in January, in force, and explained where the target was missed."""

from __future__ import annotations

from datetime import date

from bianwang.modules.indicators import services
from bianwang.processes.demo.golden.year import Golden, moment, scene


def load(golden: Golden) -> None:
    """From the district's template to the reasons that the office wrote after the year."""
    office, leader, year = golden.cast.user("caiwu"), golden.cast.user("juzhang"), golden.data.year
    with scene(office, moment(date(year, 1, 28))):
        scheme = services.start(office, year, "bishan", is_demo=True)
    with scene(leader, moment(date(year, 1, 29))):
        services.adopt(scheme, leader)
    with scene(office, moment(date(year + 1, 1, 9))):
        for code, told in golden.data.missed.items():
            row = scheme.indicators.get(code=code)
            services.explain(row, office, finding="", reason=told.reason, measures=told.measures)
