"""Verdict changes on their way into the business database: `python -m bench.alarm_writing [--bindings 2000]`

What the judge's outbox does (`apply_changes` in transactions of 50 bindings), then what the loop does (sealing the
ledger): one thread each, on SQLite and, if `BIAN_DATABASE` names one, on a PostgreSQL database, which must be empty.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from bench.report import emit

BENCH = "alarm_writing"
BATCH = 250
"""Bindings whose changes come together, as in a storm."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bindings", type=int, default=2000)
    parser.add_argument("--here", action="store_true", help="only the database of this environment")
    options = parser.parse_args()
    if options.here:
        measure(options.bindings)
        return
    for database in dict.fromkeys(("", os.environ.get("BIAN_DATABASE", ""))):
        with tempfile.TemporaryDirectory(prefix="bian-bench-") as folder:
            environment = os.environ | {"BIAN_MODE": "test", "BIAN_HOME": folder, "BIAN_DATABASE": database}
            run = partial(subprocess.run, check=True, env=environment)
            run([sys.executable, "-m", "bianwang.processes.cli", "migrate"], stdout=sys.stderr)
            run([sys.executable, "-m", "bench.alarm_writing", "--here", "--bindings", str(options.bindings)])


def measure(count: int) -> None:
    """All bindings begin, then all end; then their entries are sealed."""
    from bianwang.processes.bootstrap import ready

    ready()
    from django.db import connection

    from bianwang.engine.semantics import ChangeKind
    from bianwang.platform.ledger.chain import seal
    from bianwang.platform.ledger.models import Entry

    first, *bindings = _bindings(count + 1)
    about: dict[str, Any] = {"bindings": count, "database": connection.vendor}
    # What a process loads once is not the changes'.
    for kind in (ChangeKind.BEGAN, ChangeKind.ENDED):
        _apply([first], int(kind))
    while seal():
        pass
    for name, kind in (("begin", ChangeKind.BEGAN), ("end", ChangeKind.ENDED)):
        took, processor = _timed(partial(_apply, bindings, int(kind)))
        emit(BENCH, f"changes that {name} an alarm", count / took, "changes/s", **about)
        emit(BENCH, f"changes that {name} an alarm: processor time", 1000 * processor / count, "ms", **about)
    entries = Entry.objects.filter(seq=None).count()
    took, _ = _timed(lambda: all(iter(seal, 0)))
    emit(BENCH, "ledger entries sealed", entries / took, "entries/s", **about)


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds, and seconds of this thread's processor time."""
    began, processor = time.perf_counter(), time.thread_time()
    work()
    return time.perf_counter() - began, time.thread_time() - processor


def _apply(bindings: list[int], kind: int) -> None:
    from bianwang.engine.changes import Changes
    from bianwang.modules.alarms.queries import binding_facts
    from bianwang.modules.alarms.services import apply_changes
    from bianwang.modules.rules.episodes import LEVELS
    from bianwang.platform.clock import now_ms

    for first in range(0, len(bindings), BATCH):
        part = bindings[first : first + BATCH]
        size = len(part)
        changes = Changes(
            key=np.array(part, np.int64) * LEVELS,
            time=np.full(size, now_ms(), np.int64),
            kind=np.full(size, kind, np.uint8),
            value=np.full(size, 31.5),
            margin=np.full(size, 6.5),
            outcome=np.empty(0, np.uint8),
        )
        apply_changes(changes, binding_facts(part), 1)


def _bindings(count: int) -> list[int]:
    """Bindings of one rule to as many signals of forty enterprises."""
    from bianwang.modules.rules.models import Binding, Rule, RuleLevel, RuleVersion
    from bianwang.modules.sensing.models import Signal
    from bianwang.platform.clock import now
    from bianwang.platform.places.models import Organisation
    from bianwang.platform.workflow.models import Limit

    for code in ("alarms.ack_enterprise", "alarms.ack_town"):
        Limit.objects.create(code=code, valid_from=date(2020, 1, 1), name=code, value=5, unit="minutes", source="bench")
    owners = [Organisation.objects.create(code=f"o{n}", name=f"单位{n}", level="town") for n in range(40)]
    rule = Rule.objects.create(code="bench", name="bench", family="state")
    version = RuleVersion.objects.create(
        rule=rule, number=1, template="gas", unit="%LEL", source="bench", article="", valid_from=date(2020, 1, 1),
        state=RuleVersion.State.ACTIVE, made_at=now(),
    )  # fmt: skip
    RuleLevel.objects.create(version=version, index=0, severity="orange", kind=RuleLevel.Kind.THRESHOLD, limit=25.0)
    signals = [
        Signal(owner=owners[n % 40], name=f"s{n}", title=f"s{n}", quantity="gas_lel", unit="%LEL")
        for n in range(count)
    ]  # fmt: skip
    Signal.objects.bulk_create(signals, 500)
    found = Signal.objects.filter(name__startswith="s")
    rows = [Binding(version=version, signal=each, owner_id=each.owner_id, started_at=now()) for each in found]
    Binding.objects.bulk_create(rows, 500)
    return list(Binding.objects.values_list("pk", flat=True))


if __name__ == "__main__":
    main()
