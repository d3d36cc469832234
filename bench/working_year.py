"""Pages over a district's year of work: `python -m bench.working_year [visits] [hazards]`.

Loads the demo district, adds enterprises and, all within one year, as many visits and hazards as the report of 2022
counts, then asks every list for what its page offers (each sort, each filter, the last page) and the annual
statistics, in process, as a bureau's head and as a town's clerk. Prints the slowest and the median answer.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from bench.report import emit

VISITS = int(sys.argv[1]) if len(sys.argv) > 1 else 300_328
HAZARDS = int(sys.argv[2]) if len(sys.argv) > 2 else 229_702
ENTERPRISES = 3_000
BATCH = 5_000
HEAD, CLERK = "kezhang", "zhenjie"

Asked = tuple[float, str]
"""Seconds, and what was asked for."""


def main() -> None:
    """Fill an instance in a folder of its own and time its pages."""
    with tempfile.TemporaryDirectory(prefix="bian-bench-") as folder:
        os.environ.update({"BIAN_MODE": "demo", "BIAN_HOME": folder})
        subprocess.run([sys.executable, "-m", "bianwang.processes.cli", "demo", "--load-only"], check=True)
        from bianwang.processes.bootstrap import ready

        ready()
        _fill()
        _measure()


def _fill() -> None:
    from django.db import connection

    chance = random.Random(2022)
    enterprises = list(_enterprises())
    _visits(chance, enterprises)
    _hazards(chance, enterprises)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _enterprises() -> Iterator[int]:
    from bianwang.platform.places.models import Enterprise, Territory
    from bianwang.processes.demo.district import enterprise

    towns = list(Territory.objects.filter(kind=Territory.Kind.TOWN))
    sectors, scales = (list(dict(choices.choices)) for choices in (Enterprise.Sector, Enterprise.Scale))
    for number in range(ENTERPRISES):
        made = enterprise(
            f"演示第{number}号制造有限公司",
            f"91500227MA7{number:06d}",
            sector=sectors[number % len(sectors)],
            scale=scales[number % len(scales)],
            is_direct=number % 10 == 0,
            territories=[towns[number % len(towns)]],
        )
        yield made.pk


def _visits(chance: random.Random, enterprises: list[int]) -> None:
    from bianwang.modules.enforcement.models import Visit
    from bianwang.platform.accounts.models import User
    from bianwang.platform.clock import now
    from bianwang.platform.places.models import Organisation

    levels = Organisation.Level
    units = list(Organisation.objects.filter(level__in=(levels.TOWN, levels.DEPARTMENT, levels.COMMITTEE)))
    bureau = Organisation.objects.get(level=levels.BUREAU)
    clerk, moment, days = User.objects.get(username=CLERK), now(), _days()
    rows = []
    for number in range(VISITS):
        own = number % 50 == 0
        rows.append(
            Visit(
                unit_id=bureau.pk if own else units[number % len(units)].pk,
                enterprise_id=chance.choice(enterprises),
                date=_day(chance, days, number / VISITS),
                kind=chance.choice(("plan", "campaign", "patrol", "patrol", "self")),
                scope="direct" if own else "district",
                state="planned" if number % 200 == 0 else "done",
                is_statutory=own,
                is_filed=number % 400 == 0,
                documents_complete=own and number % 3 > 0,
                recheck_by=chance.choice(days) if number % 5 == 0 else None,
                rechecked_on=chance.choice(days) if number % 10 == 0 else None,
                made_by=clerk,
                made_at=moment,
            )
        )
    Visit.objects.bulk_create(rows, BATCH)


def _hazards(chance: random.Random, enterprises: list[int]) -> None:
    from bianwang.modules.hazards.models import Criterion, Hazard
    from bianwang.platform.clock import SHANGHAI
    from bianwang.platform.places.models import Organisation

    units = list(Organisation.objects.filter(level=Organisation.Level.TOWN))
    criterion = Criterion.objects.first()
    sources, days = [code for code, _ in Hazard.Source.choices], _days()
    rows = []
    for number in range(HAZARDS):
        found = datetime.combine(_day(chance, days, number / HAZARDS), datetime.min.time(), SHANGHAI) + timedelta(
            hours=9
        )
        hours = None if number % 12 == 0 else chance.randrange(24 * 30)
        rows.append(
            Hazard(
                number=f"演示{number:07d}",
                owner_id=chance.choice(enterprises),
                source=chance.choice(sources),
                track="unit",
                reporting_unit=units[number % len(units)],
                is_direct=number % 10 == 0,
                title=f"安全出口被占用第{number % 97}处",
                category=str(number % 4 + 1),
                grade="major" if number % 500 == 0 else "general",
                criterion=criterion if number % 500 == 0 else None,
                found_at=found,
                rectify_by=found + timedelta(days=15),
                rectified_at=None if hours is None else found + timedelta(hours=hours),
                hours_taken=hours,
                state_since=found,
                state="rectifying" if hours is None else chance.choice(("passed", "closed", "closed")),
            )
        )
    Hazard.objects.bulk_create(rows, BATCH)


def _day(chance: random.Random, days: list[date], share: float) -> date:
    """Rows come in as the year goes on, up to a month late."""
    return days[max(0, int(share * len(days)) - chance.randrange(30))]


def _days() -> list[date]:
    from bianwang.platform.clock import today

    last = today()
    first = date(last.year, 1, 1)
    return [first + timedelta(days=day) for day in range((last - first).days + 1)]


def _measure() -> None:
    from django.db import connection

    about: dict[str, Any] = {"visits": VISITS, "hazards": HAZARDS, "database": connection.vendor}
    for name, address in (("visits", "/enforcement/"), ("hazards", "/hazards/")):
        for who, username in (("district", HEAD), ("town", CLERK)):
            asked = sorted(_list(username, address))
            slowest, query = asked[-1]
            emit("working_year", f"list of {name}, {who}: slowest", 1000 * slowest, "ms", query=query, **about)
            middle = statistics.median(seconds for seconds, _ in asked)
            emit("working_year", f"list of {name}, {who}: median", 1000 * middle, "ms", pages=len(asked), **about)
    for name, address in (("visits", "/enforcement/statistics/"), ("hazards", "/hazards/statistics/")):
        seconds, _ = _ask(_client(HEAD), address)
        emit("working_year", f"annual statistics of {name}", seconds, "s", **about)


def _list(username: str, address: str) -> Iterator[Asked]:
    """A list as it opens, and with everything that its page offers."""
    client = _client(username)
    page = _page(client, address)
    yield _ask(client, address)
    yield _ask(client, f"{address}?page=last")
    for query in _offers(page):
        yield _ask(client, f"{address}?{query}")


def _offers(page: Any) -> Iterator[str]:
    context = page.context
    for heading in context["headings"]:
        if heading.target:
            yield f"sort={heading.column.name}"
            yield f"sort=-{heading.column.name}"
    for control in context["controls"]:
        name = control["names"][0]
        if control["kind"] == "flag":
            yield f"{name}=1"
        elif control["kind"] == "search":
            yield f"{name}=%E7%AC%AC77"
            yield f"{name}=zz"
        elif control["kind"] == "dates":
            first = _days()[-30]
            yield f"{name}={first}"
        else:
            yield from (f"{name}={code}" for code, _ in control["options"][:4])


def _client(username: str) -> Any:
    from django.test import Client

    from bianwang.platform.accounts.models import User

    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username=username))
    return client


def _page(client: Any, address: str) -> Any:
    from django.test.utils import setup_test_environment, teardown_test_environment

    setup_test_environment()
    try:
        return client.get(address)
    finally:
        teardown_test_environment()


def _ask(client: Any, address: str) -> Asked:
    """The faster of two: the machine's other work is not the page's."""
    times = []
    for _ in range(2):
        began = time.perf_counter()
        answer = client.get(address)
        times.append(time.perf_counter() - began)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
    return min(times), address


if __name__ == "__main__":
    main()
