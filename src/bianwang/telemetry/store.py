"""The store of readings: ClickHouse, embedded (chDB) or a server, whose database one process owns.

Durable on return: a part is written, fsynced and renamed before `write` returns. A (signal, time) is stored once
and the first wins: the newest time of every signal is kept in memory, so that readings in order are known to be
new, and only the others are looked up before they are written.

`seq` numbers readings in the order of intake. What is derived from readings (latest values, roll-ups) is brought up to
date in steps; a mark says up to which seq, and opening the store catches up from there.
"""

from __future__ import annotations

import threading
import time as clock
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
from clickhouse_connect.driver.exceptions import Error as StoreError
from numpy.typing import NDArray

from bianwang.telemetry import engine
from bianwang.telemetry.columns import DTYPES, Columns
from bianwang.telemetry.connection import Connection
from bianwang.telemetry.content import reached
from bianwang.telemetry.rollup import Rollups
from bianwang.telemetry.schema import Retention
from bianwang.telemetry.screen import NEVER, first_of_batch, latest, pack, screen

CLOCK_FAULT_MS: Final = 300_000
"""A reading further ahead than this of its arrival is stored, but is nobody's latest value."""
MAX_ROWS: Final = 2_000_000
"""Most rows of one answer."""

_LATEST: Final[dict[str, np.dtype[Any]]] = {
    "signal": np.dtype("u4"),
    "time": np.dtype("i8"),
    "value": np.dtype("f8"),
    "quality": np.dtype("u1"),
    "received": np.dtype("i8"),
}
_READINGS: Final[dict[str, np.dtype[Any]]] = {
    name: DTYPES[name] for name in ("signal", "time", "value", "quality", "judged")
}
_BUCKETS: Final[dict[str, np.dtype[Any]]] = {
    "signal": np.dtype("u4"),
    "time": np.dtype("i8"),
    "count": np.dtype("u8"),
    "min": np.dtype("f8"),
    "max": np.dtype("f8"),
    "avg": np.dtype("f8"),
    "last": np.dtype("f8"),
}


class TooManyRows(ValueError):
    """The answer would exceed `MAX_ROWS`; the message is Chinese."""


def readings(link: Connection, signals: Sequence[int], start_ms: int, end_ms: int) -> dict[str, NDArray[Any]]:
    """Readings of [start_ms, end_ms), ordered by signal and time: signal, time, value, quality, judged.

    Asks the database only, so whoever reads needs no store of his own. Raises TooManyRows.
    """
    if not len(signals) or end_ms <= start_ms:
        return _limited({}, _READINGS)
    sql = (
        f"SELECT {', '.join(_READINGS)} FROM readings WHERE signal IN ({_ids(signals)})"
        f" AND time >= {int(start_ms)} AND time < {int(end_ms)} ORDER BY signal, time LIMIT {MAX_ROWS + 1}"
    )
    return _limited(link.rows(sql), _READINGS)


def _ids(signals: Sequence[int]) -> str:
    return ",".join(str(int(signal)) for signal in signals)


def _limited(rows: dict[str, NDArray[Any]], shape: dict[str, np.dtype[Any]]) -> dict[str, NDArray[Any]]:
    """The rows if they are not too many; columns of the shape where there are none."""
    if not rows:
        return {name: np.empty(0, dtype) for name, dtype in shape.items()}
    if len(rows["signal"]) > MAX_ROWS:
        raise TooManyRows(f"数据超过 {MAX_ROWS} 行，请缩短时间范围、减少信号或加大间隔")
    return rows


class TelemetryStore:
    """Readings at `place`, a folder or a server's address (`engine.Server`). Writes from one thread at a time; reads
    from any thread.

    Opening raises InUse, BadAddress and clickhouse-connect's Error.
    """

    def __init__(self, place: Path | str, retention: Retention | None = None) -> None:
        self.place = place
        self._engine = engine.at(place)
        self.retention = retention or Retention()
        self.duplicates = 0
        """Readings left out because the same (signal, time) was stored before."""
        self.rows_written = 0
        self._lock = threading.Lock()
        self._writer = self._engine.open()
        self._reader = self._engine.connect()
        self._upkeep = self._engine.connect()
        self.rollups = Rollups(self._reader.rows, self._upkeep.command)
        self._newest = np.full(1024, NEVER, np.int64)
        self._latest = [np.full(1024, NEVER, np.int64)] + [np.zeros(1024, t) for t in list(_LATEST.values())[2:]]
        self._changed = np.zeros(1024, np.bool_)
        self.seq = 0
        """The last seq that is durable."""
        self._next = 1
        self._catch_up()

    # -- writing

    def insert(self, columns: Columns, now_ms: int | None = None) -> Columns:
        """Screen and write readings; returns those that were new. Durable on return."""
        now_ms = clock.time_ns() // 1_000_000 if now_ms is None else now_ms
        fresh = self.screen(columns, np.zeros(0, np.int64), now_ms + CLOCK_FAULT_MS)
        self.write(fresh)
        return fresh

    def screen(self, columns: Columns, lateness: NDArray[np.int64], ahead_ms: int) -> Columns:
        """Leave out readings already stored, number the others, clear `judged` of the late and those ahead.

        `lateness` ms by signal id; `ahead_ms` the time beyond which a device's clock is not believed.
        """
        if not len(columns):
            return columns
        with self._lock:
            self._grow(int(columns.signal.max()))
        suspect = np.zeros(len(columns), np.bool_)
        if screen(columns.signal, columns.time, self._newest, lateness, ahead_ms, columns.judged, suspect):
            before = len(columns)
            keep = first_of_batch(columns.signal, columns.time, suspect)
            keep &= ~self._stored(columns, suspect & keep)
            columns = columns.take(keep)
            self.duplicates += before - len(columns)
        columns.seq[:] = np.arange(self._next, self._next + len(columns), dtype=np.uint64)
        self._next += len(columns)
        return columns

    def write(self, columns: Columns) -> None:
        """Make screened readings durable, a month at a time so that each part is whole or absent.

        Raises clickhouse-connect's Error if the disk refuses or the server does not answer, InUse if another process
        may use the database. Trying again is safe: months already written are left out.
        """
        if not len(columns):
            return
        if self._engine.lease:
            self._engine.lease.require()
        for month in _by_month(columns):
            first = int(month.seq[0])
            if first not in self._half_written:
                self._writer.insert("readings", dict(zip(DTYPES, month.arrays(), strict=True)), token=str(first))
                self._half_written.add(first)
        self._half_written.clear()
        with self._lock:
            latest(
                columns.signal,
                columns.time,
                columns.value,
                columns.quality,
                columns.received,
                CLOCK_FAULT_MS,
                *self._latest,
                self._changed,
            )
            self.seq = int(columns.seq[-1])
            self.rows_written += len(columns)
        self.rollups.touch(columns)

    # -- reading

    def latest(self, signals: Sequence[int] | None = None) -> dict[str, NDArray[Any]]:
        """Newest reading of each signal (of all, if None): signal, time, value, quality, received.

        Signals that never reported are left out.
        """
        with self._lock:
            times = self._latest[0]
            if signals is None:
                ids = np.flatnonzero(times != NEVER)
            else:
                ids = np.asarray(signals, np.int64)
                ids = ids[(ids >= 0) & (ids < len(times))]
                ids = ids[times[ids] != NEVER]
            columns = [ids.astype(np.uint32)] + [column[ids] for column in self._latest]
        return dict(zip(_LATEST, columns, strict=True))

    def series(
        self, signals: Sequence[int], start_ms: int, end_ms: int, bucket_ms: int | None = None
    ) -> dict[str, NDArray[Any]]:
        """Readings of [start_ms, end_ms), ordered by signal and time: signal, time, value, quality, judged.

        With `bucket_ms`, buckets instead: signal, time (its begin), count, min, max, avg, last; readings of bad
        quality do not count. Buckets begin at multiples of bucket_ms from midnight in Asia/Shanghai; whole
        minutes and hours come from roll-ups, and then the range is widened to whole buckets.
        Raises TooManyRows.
        """
        if bucket_ms is None:
            return readings(self._reader, signals, start_ms, end_ms)
        if not len(signals) or end_ms <= start_ms:
            return _limited({}, _BUCKETS)
        sql = self.rollups.query(_ids(signals), int(start_ms), int(end_ms), int(bucket_ms))
        return _limited(self._reader.rows(f"{sql} LIMIT {MAX_ROWS + 1}"), _BUCKETS)

    def since(self, seq: int, limit: int = 200_000, *, signals: Sequence[int] | None = None) -> Columns:
        """Readings after `seq` in intake order, at most `limit`; none if there are no more. For recovery."""
        only = f" AND signal IN ({','.join(str(int(s)) for s in signals)})" if signals is not None else ""
        last = self.seq
        while seq < last:
            rows = self._reader.rows(
                f"SELECT {', '.join(DTYPES)} FROM readings WHERE seq > {int(seq)} AND seq <= {int(seq) + limit}{only}"
                " ORDER BY seq SETTINGS max_threads = 2"
            )
            if rows and len(rows["seq"]):
                return Columns(**{name: rows[name].copy() for name in DTYPES})
            seq += limit
        return Columns.empty()

    def count(
        self, signals: Sequence[int] | None = None, start_ms: int | None = None, end_ms: int | None = None
    ) -> int:
        """Number of stored readings, of some signals and a time range if given."""
        where = ["1"]
        if signals is not None:
            where.append(f"signal IN ({','.join(str(int(s)) for s in signals) or 'NULL'})")
        if start_ms is not None:
            where.append(f"time >= {int(start_ms)}")
        if end_ms is not None:
            where.append(f"time < {int(end_ms)}")
        return int(self._reader.rows(f"SELECT count() AS n FROM readings WHERE {' AND '.join(where)}")["n"][0])

    # -- upkeep

    def keep(self) -> None:
        """Renew the claim to a server's database; call every `lease.RENEW_S`. Raises InUse."""
        if self._engine.lease:
            self._engine.lease.take(self._upkeep)

    def checkpoint(self, now_ms: int | None = None) -> None:
        """Roll up the hours that are over, save latest values, move the mark. Call every minute or so."""
        now_ms = clock.time_ns() // 1_000_000 if now_ms is None else now_ms
        with self._lock:
            seq = self.seq
            changed = np.flatnonzero(self._changed)
            self._changed[changed] = False
            rows = [changed.astype(np.uint32)] + [column[changed] for column in self._latest]
        if len(changed):
            self._upkeep.insert("latest", dict(zip(_LATEST, rows, strict=True)))
        mark = self.rollups.roll(now_ms, seq)
        self._upkeep.set_mark("derived", mark)

    def drop_old(self, now_ms: int | None = None) -> list[str]:
        """Drop months of readings and 1-min roll-ups beyond their retention; returns what was dropped."""
        now_ms = clock.time_ns() // 1_000_000 if now_ms is None else now_ms
        dropped = []
        layout = self._engine.layout
        for table, days in (("readings", self.retention.raw_days), ("minutes", self.retention.minute_days)):
            limit = np.datetime64(now_ms - days * 86_400_000, "ms").astype("datetime64[M]")
            oldest = int(str(limit).replace("-", ""))
            months = self._reader.rows(
                f"SELECT DISTINCT toUInt32(partition) AS month FROM {layout.system('parts')} WHERE active"
                f" AND database = currentDatabase() AND table = '{layout.name(table)}' ORDER BY month"
            )
            for month in months.get("month", []):
                if month < oldest:
                    self._upkeep.command(f"ALTER TABLE {layout.local(table)} DROP PARTITION {int(month)}")
                    dropped.append(f"{table} {int(month)}")
        return dropped

    def backup(self, target: Path | str) -> int:
        """Put a copy that opens as a store under `target`; returns the seq up to which it is complete.

        Parts are immutable, so they are hard-linked where the file system allows; the intake goes on.
        Raises NotHere where the store is on a server.
        """
        with self._lock:
            seq = self.seq
            parts = self._upkeep.texts("SELECT path FROM system.parts WHERE active AND database = currentDatabase()")
        self._engine.copy([Path(row[0]) for row in parts], Path(target))
        return seq

    def health(self) -> dict[str, object]:
        """Counters, sizes on disk and free space in bytes, for the health page."""
        layout = self._engine.layout
        size = self._reader.rows(
            f"SELECT sum(bytes_on_disk) AS n FROM {layout.system('parts')} WHERE active"
            " AND database = currentDatabase()"
        )
        free = self._reader.rows(f"SELECT min(free_space) AS n FROM {layout.system('disks')}")
        return {
            "seq": self.seq,
            "written": self.rows_written,
            "duplicates": self.duplicates,
            "disk_bytes": int(size["n"][0]),
            "disk_free_bytes": int(free["n"][0]),
            "hours_to_roll": len(self.rollups.pending),
        }

    def close(self) -> None:
        """Release the folder or the database."""
        if self._engine.lease:
            # A server that is gone is left all the same; the claim ends by itself.
            with suppress(StoreError):
                self._engine.lease.release(self._upkeep)
        for client in (self._writer, self._reader, self._upkeep):
            client.close()

    # -- inside

    def _stored(self, columns: Columns, suspect: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which suspects are in the table."""
        found = np.zeros(len(columns), np.bool_)
        rows = np.flatnonzero(suspect)
        if not len(rows):
            return found
        signal, time = columns.signal[rows], columns.time[rows]
        self._writer.command("TRUNCATE TABLE wanted")
        self._writer.insert("wanted", {"signal": signal, "time": time})
        # Global: shards of a cluster are sent what is wanted, the table is on this server only.
        hits = self._writer.rows(
            "SELECT signal, time FROM readings WHERE (signal, time) GLOBAL IN (SELECT signal, time FROM wanted)"
        )
        if hits:
            known, first = np.unique(signal), time.min()
            found[rows] = np.isin(pack(known, signal, time - first), pack(known, hits["signal"], hits["time"] - first))
        return found

    def _grow(self, signal: int) -> None:
        """Make room for signal ids up to `signal`."""
        size = len(self._newest)
        if signal < size:
            return
        more = max(signal + 1, size * 2) - size
        self._newest = np.append(self._newest, np.full(more, NEVER, np.int64))
        self._latest = [np.append(self._latest[0], np.full(more, NEVER, np.int64))] + [
            np.append(column, np.zeros(more, column.dtype)) for column in self._latest[1:]
        ]
        self._changed = np.append(self._changed, np.zeros(more, np.bool_))

    def _catch_up(self) -> None:
        """Rebuild what is kept in memory from the mark on."""
        self._half_written: set[int] = set()
        mark, self.seq = reached(self._reader)
        self._next = self.seq + 1
        saved = "SELECT signal, time, value, quality, received FROM latest FINAL"
        recent = (
            "SELECT signal, max(time) AS t, argMax(value, time) AS v, argMax(quality, time) AS q,"
            f" argMax(received, time) AS r FROM readings WHERE seq > {mark} AND time - received <= {CLOCK_FAULT_MS}"
            " GROUP BY signal"
        )
        for sql in (saved, recent):
            rows = self._reader.rows(sql)
            if rows and len(rows["signal"]):
                signal, *columns = (column.copy() for column in rows.values())
                self._grow(int(signal.max()))
                latest(signal, *columns, CLOCK_FAULT_MS, *self._latest, self._changed)
        self._newest[:] = self._latest[0]
        self.rollups.catch_up(mark)


def _by_month(columns: Columns) -> Iterable[Columns]:
    """The readings of each month, in intake order."""
    months = np.array([columns.time.min(), columns.time.max()]).astype("datetime64[ms]").astype("datetime64[M]")
    if months[0] == months[1]:
        return [columns]
    month = columns.time.astype("datetime64[ms]").astype("datetime64[M]")
    return [columns.take(month == each) for each in np.unique(month)]
