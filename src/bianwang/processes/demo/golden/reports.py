"""The self-evaluation report of the year, begun in January after it; nobody has written in it yet."""

from __future__ import annotations

from datetime import date

from bianwang.modules.reports import services
from bianwang.processes.demo.golden.year import Golden, moment, scene


def load(golden: Golden) -> None:
    """As the template proposes it."""
    office, year = golden.cast.user("caiwu"), golden.data.year
    with scene(office, moment(date(year + 1, 1, 10))):
        services.create(office, year, is_demo=True)
