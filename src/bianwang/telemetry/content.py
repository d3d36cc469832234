"""The rows of the store's tables in canonical order, and what identifies them wherever they lie."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bianwang.telemetry.columns import DTYPES
from bianwang.telemetry.connection import Connection, Rows
from bianwang.telemetry.schema import GRAINS

PAGE: Final = 500_000
"""Rows that are in memory at once."""

_BUCKET: Final = {
    "signal": "u4",
    "time": "i8",
    "count": "u8",
    "min": "f8",
    "max": "f8",
    "total": "f8",
    "last": "f8",
    "last_time": "i8",
    "version": "u8",
}
COLUMNS: Final[dict[str, dict[str, np.dtype[Any]]]] = {
    "readings": DTYPES,
    **{name: {column: np.dtype(code) for column, code in _BUCKET.items()} for name in GRAINS},
    "latest": {name: DTYPES[name] for name in ("signal", "time", "value", "quality", "received")},
}
"""What a history is: table -> its columns."""


class Digest:
    """SM3 over rows, each with its columns in the order of the table, little endian. Pages do not show in it."""

    def __init__(self, table: str) -> None:
        self._row = np.dtype([(name, kind.newbyteorder("<")) for name, kind in COLUMNS[table].items()])
        self._sm3 = hashlib.new("sm3")
        self.rows = 0

    def add(self, rows: Mapping[str, NDArray[Any]]) -> None:
        """Take in the next rows."""
        packed = np.empty(len(rows["signal"]), self._row)
        for name in self._row.names or ():
            packed[name] = rows[name]
        self._sm3.update(packed.data.cast("B") if len(packed) else b"")
        self.rows += len(packed)

    @property
    def sm3(self) -> str:
        """Of all rows so far, in hex."""
        return self._sm3.hexdigest()


def reached(link: Connection) -> tuple[int, int]:
    """The seq up to which everything is derived, and the last that was given."""
    derived = link.mark("derived")
    last = int(link.rows(f"SELECT max(seq) AS n FROM readings WHERE seq > {derived}")["n"][0])
    return derived, max(derived, last, link.mark("seq"))


def count(link: Connection, table: str) -> int:
    """Rows of a table, replaced ones included."""
    return int(link.rows(f"SELECT count() AS n FROM {table}")["n"][0])


def months(link: Connection, table: str) -> list[int]:
    """The months (of UTC, 202611) of which a table has rows; [0] for `latest`, whose rows are of no month."""
    if table == "latest":
        return [0] if count(link, table) else []
    month = "toYYYYMM(fromUnixTimestamp64Milli(time, 'UTC'))"
    found = link.rows(f"SELECT DISTINCT toUInt32({month}) AS month FROM {table} ORDER BY month")
    return [int(month) for month in found.get("month", [])]


def pages(link: Connection, table: str, month: int) -> Iterator[Rows]:
    """The rows of a month by signal and time, `PAGE` at a time; of all times for month 0."""
    final = "" if table == "readings" else " FINAL"
    begin, end = _span(month)
    within = f"time >= {begin} AND time < {end}" if month else "1"
    after = "1"
    while True:
        rows = link.rows(
            f"SELECT {', '.join(COLUMNS[table])} FROM {table}{final} WHERE {within} AND {after}"
            f" ORDER BY signal, time LIMIT {PAGE}"
        )
        if rows and len(rows["signal"]):
            yield rows
        if not rows or len(rows["signal"]) < PAGE:
            return
        signal, time = int(rows["signal"][-1]), int(rows["time"][-1])
        after = f"signal >= {signal} AND (signal > {signal} OR time > {time})"


def _span(month: int) -> tuple[int, int]:
    year, number = divmod(month or 197001, 100)
    begin, end = datetime(year, number, 1, tzinfo=UTC), datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)
    return round(begin.timestamp() * 1000), round(end.timestamp() * 1000)
