"""1-minute and 1-hour roll-ups, recomputed by whole hours.

An hour that gets a reading is pending until it is over and rolled up. Recomputing is idempotent, so a crash, a torn
batch or a late reading only means that an hour is rolled up again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bianwang.telemetry.columns import Columns
from bianwang.telemetry.schema import GRAINS, HOUR_MS, SHANGHAI_MS

SETTLE_MS: Final = 120_000
"""Pause after an hour's end before it is rolled up, for readings still under way."""


class Rollups:
    """Which hours are not rolled up yet, and how to query across both."""

    def __init__(self, rows: Callable[[str], dict[str, NDArray[Any]]], command: Callable[[str], Any]) -> None:
        self._rows = rows
        self._command = command
        self._lock = threading.Lock()
        self.pending: dict[int, tuple[int, int]] = {}
        """Hour (since 1970) -> first and last seq of the readings it got since it was rolled up."""

    def catch_up(self, mark: int) -> None:
        """Hours touched after `mark` are pending."""
        rows = self._rows(
            "SELECT intDiv(time, 3600000) AS hour, min(seq) AS first, max(seq) AS last"
            f" FROM readings WHERE seq > {mark} GROUP BY hour"
        )
        for hour, first, last in zip(*(column.tolist() for column in rows.values()), strict=True):
            self.pending[hour] = (first, last)

    def touch(self, columns: Columns) -> None:
        """Note the hours of readings that were just written."""
        first, last = int(columns.seq[0]), int(columns.seq[-1])
        low, high = int(columns.time.min()) // HOUR_MS, int(columns.time.max()) // HOUR_MS
        hours = [low] if low == high else np.unique(columns.time // HOUR_MS).tolist()
        with self._lock:
            for hour in hours:
                self.pending[hour] = (self.pending.get(hour, (first, last))[0], last)

    def roll(self, now_ms: int, seq: int) -> int:
        """Roll up the hours that are over; returns the seq up to which everything is rolled up."""
        with self._lock:
            due = [(h, last) for h, (_, last) in self.pending.items() if (h + 1) * HOUR_MS + SETTLE_MS <= now_ms]
        for hour, last in due:
            for table, grain in GRAINS.items():
                self._command(
                    f"INSERT INTO {table} SELECT signal, intDiv(time, {grain}) * {grain} AS bucket, count(),"
                    f" min(value), max(value), sum(value), argMax(value, time), max(time), max(seq) FROM readings"
                    f" WHERE time >= {hour * HOUR_MS} AND time < {(hour + 1) * HOUR_MS} AND quality < 2"
                    " GROUP BY signal, bucket SETTINGS optimize_aggregation_in_order = 1, max_threads = 1"
                )
            with self._lock:
                if self.pending[hour][1] == last:
                    del self.pending[hour]
        with self._lock:
            return min((first - 1 for first, _ in self.pending.values()), default=seq)

    def query(self, ids: str, start_ms: int, end_ms: int, bucket_ms: int) -> str:
        """SQL for buckets of [start_ms, end_ms): roll-ups where there are any, readings elsewhere."""
        bucket = max(bucket_ms, 1)
        begin = f"intDiv(at + {SHANGHAI_MS}, {bucket}) * {bucket} - {SHANGHAI_MS}"
        fine = next((table for table in ("hours", "minutes") if bucket % GRAINS[table] == 0), None)
        if fine:
            start_ms = (start_ms + SHANGHAI_MS) // bucket * bucket - SHANGHAI_MS
            end_ms = -(-(end_ms + SHANGHAI_MS) // bucket) * bucket - SHANGHAI_MS
        within = f"signal IN ({ids}) AND time >= {start_ms} AND time < {end_ms}"
        raw = (
            "SELECT signal, time AS at, toUInt64(1) AS n, value AS lo, value AS hi, value AS total, value AS final,"
            f" time AS final_at FROM readings WHERE {within} AND quality < 2"
        )
        source = raw
        if fine:
            with self._lock:
                fresh = sorted(h for h in self.pending if start_ms < (h + 1) * HOUR_MS and h * HOUR_MS < end_ms)
            hours = ",".join(map(str, fresh)) or "-1"
            source = (
                "SELECT signal, time AS at, count AS n, min AS lo, max AS hi, total, last AS final,"
                f" last_time AS final_at FROM {fine} FINAL WHERE {within} AND intDiv(time, {HOUR_MS}) NOT IN ({hours})"
            )
            if fresh:
                span = f"time >= {fresh[0] * HOUR_MS} AND time < {(fresh[-1] + 1) * HOUR_MS}"
                source += f" UNION ALL {raw} AND {span} AND intDiv(time, {HOUR_MS}) IN ({hours})"
        return (
            f"SELECT signal, {begin} AS time, sum(n) AS count, min(lo) AS min, max(hi) AS max,"
            f" sum(total) / count AS avg, argMax(final, final_at) AS last FROM ({source})"
            " GROUP BY signal, time ORDER BY signal, time"
        )
