"""The golden year at full scale: `python -m bench.golden`.

Loads the year 2022 as `bian demo` does and builds its report; then asks the lists of its visits and hazards for what
their pages offer (each sort, each filter, the last page) and the annual statistics, in process, as a bureau's head and
as a town's clerk. Prints how long loading and report took and with how much memory, the slowest and the median answer,
and last what the figures cost when there are ten times as many visits and hazards.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bench.report import emit

YEAR = 2022
HEAD, CLERK = "kezhang", "zhenjie"

Asked = tuple[float, str]
"""Seconds, and what was asked for."""


def main() -> None:
    """Load into an instance in a folder of its own and time its pages."""
    with tempfile.TemporaryDirectory(prefix="bian-bench-") as folder:
        os.environ.update({"BIAN_MODE": "demo", "BIAN_HOME": folder})
        _command("the golden year loaded", "demo", "--year", str(YEAR), "--load-only")
        out = str(Path(folder, "report"))
        _command("report of the year built", "report", "build", "--year", str(YEAR), "--out", out)
        from bianwang.processes.bootstrap import ready

        ready()
        once = _report()
        _measure()
        _grow(10)
        _timed("figures with ten times the visits and hazards", _figures, peer=once)


def _command(name: str, *arguments: str) -> None:
    """The whole command, its start and, for the first, the making of the empty database included."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "bianwang.processes.cli", *arguments], stdout=sys.stderr)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"bian {' '.join(arguments)}: {os.waitstatus_to_exitcode(status)}")
    emit("golden", name, time.perf_counter() - began, "s")
    emit("golden", f"{name}: processor time", used.ru_utime + used.ru_stime, "s")
    emit("golden", f"{name}: memory", used.ru_maxrss / 1024, "MiB")


def _figures() -> None:
    from bianwang.modules.reports import building
    from bianwang.platform.places.queries import bureau

    building.material(bureau(), YEAR, date(YEAR, 12, 31))


def _report() -> float:
    """Figures with their scores, and then all documents, as a running process makes them; seconds of the figures."""
    from bianwang.modules.reports import building
    from bianwang.platform.places.queries import bureau

    seconds = _timed("figures of the year", _figures)
    draft = building.written_draft(bureau(), YEAR, date(YEAR, 12, 31), {})
    _timed(
        "documents of the year",
        lambda: [building.render(draft.document, draft.material, kind, "") for kind in building.KINDS],
    )
    return seconds


def _timed(name: str, work: Callable[[], object], peer: float | None = None) -> float:
    """The second of two: what a process loads once is not the year's."""
    work()
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    emit("golden", name, seconds, "s", peer=peer)
    return seconds


def _grow(times: int) -> None:
    """Copy every visit and hazard until there are so many times as many."""
    from bianwang.modules.enforcement.models import Visit
    from bianwang.modules.hazards.models import Hazard

    for model in (Visit, Hazard):
        _copy(model, times - 1)


def _copy(model: Any, copies: int) -> None:
    from django.db import connection, models

    last = model.objects.order_by("-pk").values_list("pk", flat=True)[0]
    quote = connection.ops.quote_name
    own_names = {name for row in model._meta.total_unique_constraints for name in row.fields}
    columns, values = [], []
    for field in model._meta.concrete_fields:
        column = quote(field.column)
        is_own = field.unique or field.name in own_names
        columns.append(column)
        if field.primary_key:
            values.append(f"{column} + {last} * %s")
        elif is_own and isinstance(field, models.CharField):
            values.append(f"{column} || '/' || %s")
        else:
            values.append(column)
    table = quote(model._meta.db_table)
    statement = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table} WHERE id <= {last}"
    for number in range(1, copies + 1):
        with connection.cursor() as cursor:
            cursor.execute(statement, [str(number) if "||" in value else number for value in values if "%s" in value])


def _measure() -> None:
    from django.db import connection

    from bianwang.modules.enforcement.models import Visit
    from bianwang.modules.hazards.models import Hazard

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    about: dict[str, Any] = {"visits": Visit.objects.count(), "hazards": Hazard.objects.count()}
    about["database"] = connection.vendor
    for name, address in (("visits", "/enforcement/"), ("hazards", "/hazards/")):
        for who, username in (("district", HEAD), ("town", CLERK)):
            asked = sorted(_list(username, address))
            slowest, query = asked[-1]
            emit("golden", f"list of {name}, {who}: slowest", 1000 * slowest, "ms", query=query, **about)
            middle = statistics.median(seconds for seconds, _ in asked)
            emit("golden", f"list of {name}, {who}: median", 1000 * middle, "ms", pages=len(asked), **about)
    for name, address in (
        ("visits", f"/enforcement/statistics/?year={YEAR}"),
        ("hazards", f"/hazards/statistics/?from={YEAR}-01-01&to={YEAR}-12-31"),
    ):
        seconds, _ = _ask(_client(HEAD), address)
        emit("golden", f"annual statistics of {name}", seconds, "s", **about)


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
            yield f"{name}=%E6%9C%BA%E6%A2%B0"
            yield f"{name}=zz"
        elif control["kind"] == "dates":
            yield f"{name}={YEAR}-12-01"
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
