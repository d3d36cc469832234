"""What stored readings take on disk: `python -m bench.storage [--signals 2000 --hours 4]`

Every signal reports every three seconds a value of two decimals, written as the intake writes them (in order of time,
ten thousand readings an insert); the hours that are over are rolled up. Sizes are those after merging.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import clickhouse_connect
import numpy as np

from bench.report import emit
from bianwang.telemetry.columns import Columns
from bianwang.telemetry.schema import HOUR_MS
from bianwang.telemetry.store import TelemetryStore

BENCH = "storage"
START_MS = 1_790_784_000_000
PERIOD_MS = 3_000
ROWS = 10_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--signals", type=int, default=2000)
    parser.add_argument("--hours", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bian-bench-") as folder:
        took = fill(Path(folder), options.signals, options.hours * HOUR_MS // PERIOD_MS)
        emit(BENCH, f"insert of {ROWS} readings: median", 1000 * float(np.median(took)), "ms", inserts=len(took))
        emit(BENCH, f"insert of {ROWS} readings: p99", 1000 * float(np.quantile(took, 0.99)), "ms", inserts=len(took))
        for table, size, rows in sizes(Path(folder)):
            emit(BENCH, f"bytes on disk a row: {table}", size / rows, "B", rows=rows)


def fill(folder: Path, signals: int, steps: int) -> list[float]:
    """Seconds of each insert."""
    random = np.random.default_rng(1)
    store = TelemetryStore(folder)
    ids = random.permutation(np.arange(1, signals + 1, dtype=np.uint32))
    phase = np.sort(random.integers(0, PERIOD_MS, signals))
    step = np.arange(steps, dtype=np.int64)[:, None]
    signal = np.broadcast_to(ids, (steps, signals)).ravel()
    at = (START_MS + step * PERIOD_MS + phase).ravel()
    value = (20 + 3 * np.sin(step / 1375 + ids) + 0.4 * random.standard_normal((steps, signals))).round(2).ravel()
    took = []
    for first in range(0, len(at), ROWS):
        part = slice(first, first + ROWS)
        columns = Columns.of(signal[part], at[part], value[part])
        began = time.perf_counter()
        store.insert(columns)
        took.append(time.perf_counter() - began)
    store.checkpoint(int(at[-1]) + HOUR_MS)
    store.close()
    return took


def sizes(folder: Path) -> list[tuple[str, int, int]]:
    """Table, bytes on disk and rows, once all parts of a table are merged."""
    client = clickhouse_connect.get_client(dsn=f"chdb:///{folder}")
    tables = ("readings", "minutes", "hours")
    for table in tables:
        client.command(f"OPTIMIZE TABLE {table} FINAL")
    found = client.query(
        "SELECT table, sum(bytes_on_disk), sum(rows) FROM system.parts WHERE active"
        f" AND database = currentDatabase() AND table IN {tables} GROUP BY table ORDER BY table"
    ).result_rows
    return [(str(table), int(size), int(rows)) for table, size, rows in found]


if __name__ == "__main__":
    main()
