"""Signals as a CSV file: what `bian rules eval` reads, and the clock in which it answers."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bianwang.platform.clock import SHANGHAI

_BAD_WORDS = {"bad", "nan", "null", "invalid", "坏", "坏值", "无效"}
_BAD = 2
_HEADER = re.compile(r"\s*(?P<name>[^\[\]]*?)\s*(?:\[(?P<unit>[^\[\]]*)\])?\s*")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MS = 253_402_300_800_000
"""The year 10000; earlier than its mirror before 1970 nobody measures either."""


class SignalFileError(ValueError):
    """A file that cannot be evaluated; one Chinese sentence that names row and column."""


@dataclass(frozen=True)
class Clock:
    """How times are written: seconds as a number (``zone`` None), or ISO in ``zone``."""

    zone: tzinfo | None

    @classmethod
    def of(cls, text: str) -> Clock:
        """The clock of a file whose first time is ``text``. Raises SignalFileError."""
        if _seconds(text) is not None:
            return cls(None)
        moment = _moment(text)
        if moment is None:
            raise SignalFileError(f"时间“{text}”看不懂，请写秒数或 ISO 时间，如 2026-10-01T08:00:00")
        return cls(moment.tzinfo)

    def read(self, text: str) -> int:
        """ms of a time, rounded. Raises SignalFileError."""
        if self.zone is None:
            ms, form = _seconds(text), "秒数，如 12.5"
        else:
            moment = _moment(text)
            ms, form = None if moment is None else round((moment - _EPOCH) / timedelta(milliseconds=1)), "ISO 时间"
        if ms is None:
            raise SignalFileError(f"时间“{text}”须与第一行一样写成{form}")
        return ms

    def write(self, ms: int) -> float | str:
        """A time as the file writes it: seconds with at most three decimals, or ISO."""
        if self.zone is None:
            return ms / 1000
        moment = (_EPOCH + timedelta(milliseconds=ms)).astimezone(self.zone)
        return moment.isoformat(timespec="milliseconds" if ms % 1000 else "seconds")


@dataclass(frozen=True)
class SignalFile:
    """``units`` by signal name, in the file's order; samples are read by ``samples``."""

    clock: Clock
    units: dict[str, str]
    _rows: list[tuple[int, int, list[str]]]
    """Number of the row, its ms, its cells; by time, rows of one time in the file's order."""
    _places: dict[str, int]

    @property
    def first_ms(self) -> int:
        """The earliest row."""
        return self._rows[0][1]

    @property
    def last_ms(self) -> int:
        """The latest row."""
        return self._rows[-1][1]

    def samples(
        self, names: Iterable[str]
    ) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.float64], NDArray[np.uint8]]:
        """Position in ``names``, ms, value, quality of every sample of these signals, by time.

        Raises SignalFileError for a cell that is no number.
        """
        signals, times, values, qualities = [], [], [], []
        wanted = [(position, name, self._places[name]) for position, name in enumerate(names)]
        for number, ms, cells in self._rows:
            for position, name, place in wanted:
                text = cells[place].strip()
                if not text:
                    continue
                is_bad = text.lower() in _BAD_WORDS
                signals.append(position)
                times.append(ms)
                values.append(0.0 if is_bad else _value(text, number, name))
                qualities.append(_BAD if is_bad else 0)
        return (
            np.array(signals, np.uint32),
            np.array(times, np.int64),
            np.array(values, np.float64),
            np.array(qualities, np.uint8),
        )


def read(path: Path) -> SignalFile:
    """Read a file: column ``t`` and one column a signal, ``name`` or ``name[unit]``. Raises SignalFileError."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            lines = [(n, cells) for n, cells in enumerate(csv.reader(stream), 1) if any(map(str.strip, cells))]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SignalFileError(f"文件 {path} 打不开或不是 UTF-8 编码的 CSV 文件，请检查路径和编码") from error
    if len(lines) < 2:
        raise SignalFileError(f"文件 {path} 没有数据，须有一行列名和至少一行数据")
    header = _header(lines[0][1])
    time_place = header.pop("t")[0]
    clock: Clock | None = None
    rows = []
    for number, cells in lines[1:]:
        if len(cells) > len(lines[0][1]):
            raise SignalFileError(f"第 {number} 行有 {len(cells)} 格，多于列名的 {len(lines[0][1])} 格")
        cells += [""] * (len(lines[0][1]) - len(cells))
        text = cells[time_place].strip()
        try:
            clock = clock or Clock.of(text)
            rows.append((number, clock.read(text), cells))
        except SignalFileError as error:
            raise SignalFileError(f"第 {number} 行“t”列：{error}") from error
    assert clock is not None  # noqa: S101 - there is a row
    rows.sort(key=lambda row: row[1])
    units = {name: unit for name, (_, unit) in header.items()}
    return SignalFile(clock, units, rows, {name: place for name, (place, _) in header.items()})


def _header(cells: list[str]) -> dict[str, tuple[int, str]]:
    """Place and unit of each column. Raises SignalFileError."""
    found: dict[str, tuple[int, str]] = {}
    for place, text in enumerate(cells):
        match = _HEADER.fullmatch(text)
        if match is None or not match["name"]:
            raise SignalFileError(f"第 {place + 1} 列的列名“{text}”须写成“名称”或“名称[单位]”")
        if match["name"] in found:
            raise SignalFileError(f"列名“{match['name']}”出现了两次，请改名")
        found[match["name"]] = (place, (match["unit"] or "").strip())
    if len(found) < 2 and "t" in found:
        raise SignalFileError("除时间列 t 外没有别的列，请加上信号列")
    if "t" not in found:
        raise SignalFileError("没有时间列，请把时间列的列名写成 t")
    return found


def _number(text: str) -> float | None:
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None


def _value(text: str, number: int, name: str) -> float:
    value = _number(text)
    if value is None:
        raise SignalFileError(f"第 {number} 行“{name}”列的“{text}”不是数值，请改正；没有读数请留空，坏值写 nan")
    return value


def _seconds(text: str) -> int | None:
    """ms of a number of seconds; None if it is none, or beyond all clocks."""
    value = _number(text)
    return round(value * 1000) if value is not None and abs(value) * 1000 < _LAST_MS else None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
