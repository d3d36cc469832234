"""The golden year at full scale: `python -m bench.golden`.

Loads the year 2022 as `bian demo` does and builds its report; then asks the lists of its visits and hazards for what
their pages offer (each sort, each filter, the last page) and the annual statistics, in process, as a bureau's head and
as a town's clerk. Prints how long loading and report took and with how much memory, the slowest and the median answer;
the peer of the figures is the same with a tenth of the visits and hazards.
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
from functools import partial
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
        _report(_tenth())
        _measure()


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


def _report(tenth: float) -> None:
    """Figures with their scores, and then all documents, as a running process makes them.

    Beside the figures those of a tenth of the rows: ten times the records may cost ten times the time, not more.
    """
    from bianwang.modules.reports import building
    from bianwang.platform.places.queries import bureau

    _timed("figures of the year", _figures, peer=tenth)
    draft = building.written_draft(bureau(), YEAR, date(YEAR, 12, 31), {})
    _timed(
        "documents of the year",
        lambda: [building.render(draft.document, draft.material, kind, "") for kind in building.KINDS],
    )


def _timed(name: str, work: Callable[[], object], peer: float | None = None) -> None:
    """The second of two: what a process loads once is not the year's."""
    work()
    began = time.perf_counter()
    work()
    emit("golden", name, time.perf_counter() - began, "s", peer=peer)


def _tenth() -> float:
    """Seconds for the figures of a year with a tenth of the visits and hazards, in a process and folder of its own."""
    with tempfile.TemporaryDirectory(prefix="bian-bench-") as folder:
        environment = os.environ | {"BIAN_HOME": folder}
        command = [sys.executable, "-m", "bench.golden", "--tenth"]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout.splitlines()[-1])


def _load_tenth() -> None:
    """What the process of `_tenth` does; its last line is the seconds."""
    import bianwang
    from bianwang.platform.config import config
    from bianwang.processes.bootstrap import ready
    from bianwang.processes.schema import bring_up_to_date

    ready()
    bring_up_to_date()
    from bianwang.processes.commands.init import prepare_pack
    from bianwang.processes.demo import district, golden

    prepare_pack(Path(bianwang.__file__).parent / "districts" / config().district)
    district.load(config(), partial(golden.load, year=YEAR, scale=0.1))
    _figures()
    began = time.perf_counter()
    _figures()
    print(time.perf_counter() - began)


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
    _load_tenth() if sys.argv[1:] == ["--tenth"] else main()
