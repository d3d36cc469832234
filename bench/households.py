"""A district's damaged dwellings from Excel: `python -m bench.households [households]`.

Loads the demo district, fills the template with as many households of one flood, then checks the upload as the import
page does, and writes it as the background loop does, in pieces.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from typing import Any

from bench.report import emit

HOUSEHOLDS = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000


def main() -> None:
    """Fill an instance in a folder of its own and time the import."""
    with tempfile.TemporaryDirectory(prefix="bian-bench-") as folder:
        os.environ.update({"BIAN_MODE": "demo", "BIAN_HOME": folder})
        subprocess.run([sys.executable, "-m", "bianwang.processes.cli", "demo", "--load-only"], check=True)
        from bianwang.processes.bootstrap import ready

        ready()
        _measure()


def _measure() -> None:
    from django.db import connection

    from bianwang.modules.disasters.models import Disaster, House
    from bianwang.modules.disasters.sheets import HOUSES
    from bianwang.platform.accounts.models import User
    from bianwang.platform.exchange import services

    disaster = Disaster.objects.get(phase=Disaster.Phase.REPORTING)
    before = House.objects.count()
    file = _workbook(HOUSES, disaster.number)
    started = time.perf_counter()
    batch = services.stage(HOUSES, User.objects.get(username="zhenjie"), "户.xlsx", file, len(file.getvalue()))
    checked = time.perf_counter() - started
    if batch.errors:
        raise SystemExit(f"{batch.errors} households are wrong, which the file does not mean to be")
    services.confirm(batch)
    longest = 0.0
    while batch.state != "done":
        piece = time.perf_counter()
        services.apply_piece(batch, 200)
        longest = max(longest, time.perf_counter() - piece)
        batch.refresh_from_db()
    written = time.perf_counter() - started - checked
    if House.objects.count() != before + HOUSEHOLDS:
        raise SystemExit("not every household was written")
    about: dict[str, Any] = {"households": HOUSEHOLDS, "database": connection.vendor}
    emit("households", "damaged dwellings: read and checked", checked, "s", **about)
    emit("households", "damaged dwellings: checked and written", checked + written, "s", **about)
    emit("households", "damaged dwellings: longest piece of 200", 1000 * longest, "ms", **about)


def _workbook(sheet: Any, disaster: str) -> BytesIO:
    """The filled template, with invented numbers that have their check character."""
    from openpyxl import load_workbook

    from bianwang.platform.exchange.template import template
    from bianwang.platform.personal import check_character

    book = load_workbook(BytesIO(template(sheet)))
    for number in range(HOUSEHOLDS):
        first = f"500227{1950 + number % 50}0101{number // 50:03d}"
        book["数据"].append([
            disaster, "青杠街道办事处", f"演示村{number % 12 + 1}组", f"演示户{number}", first + check_character(first),
            "", number % 6 + 1, "砖木", 5, number % 2, 1, number % 3, "是", "",
        ])  # fmt: skip
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file


if __name__ == "__main__":
    main()
