"""A recording as a CSV file: times, columns, labels; and which of the district's known kinds it is."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

import bianwang
from bianwang.platform import packs
from bianwang.platform.clock import SHANGHAI


class RecordingError(ValueError):
    """A file that cannot be played; one Chinese sentence that names file, row and column."""


class Kind(msgspec.Struct, frozen=True):
    """A known kind of recording: how to read it and what its columns are.

    `signals`: column → [signal, title, quantity, unit, low, high, decimals].
    """

    name: str
    title: str
    delimiter: str
    time: str
    zone: str
    signals: dict[str, list[Any]]
    rules: list[str]
    label: str = ""


@dataclass(frozen=True)
class Recording:
    """Rows in order of time. `times` ms UTC; `columns` by signal name; `label` where the file marks anomalies."""

    kind: Kind
    times: list[int]
    columns: dict[str, list[float]]
    label: list[bool]

    @property
    def duration_ms(self) -> int:
        """From the first to the last row."""
        return self.times[-1] - self.times[0]

    def first(self, ms: int) -> dict[str, list[float]]:
        """The columns of the first `ms` of the recording."""
        count = sum(1 for time in self.times if time - self.times[0] < ms)
        return {name: values[:count] for name, values in self.columns.items()}


def kinds(district: str) -> list[Kind]:
    """The kinds of recording that a district pack knows."""
    file = Path(bianwang.__file__).parent / "districts" / district / "recordings.yaml"
    return msgspec.convert(packs.parse(file.read_text("utf-8")), list[Kind])


def read(file: Path, district: str) -> Recording:
    """Read a recording. Times without a zone are Asia/Shanghai. Raises RecordingError."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            head = stream.readline().rstrip("\r\n")
            kind = _kind_of(head, district, file)
            rows = list(csv.reader(stream, delimiter=kind.delimiter))
    except (OSError, UnicodeDecodeError) as error:
        raise RecordingError(f"文件 {file} 打不开或不是 UTF-8 文本：{error}") from error
    places = {name: position for position, name in enumerate(head.split(kind.delimiter))}
    times: list[int] = []
    columns: dict[str, list[float]] = {row[0]: [] for row in kind.signals.values()}
    label: list[bool] = []
    for number, row in enumerate(rows, 2):
        if not row:
            continue
        times.append(_time(row, places[kind.time], number))
        for column, signal in kind.signals.items():
            columns[signal[0]].append(_number(row, places[column], number, column))
        label.append(bool(kind.label in places and _number(row, places[kind.label], number, kind.label)))
    if not times:
        raise RecordingError(f"文件 {file.name} 只有表头，没有数据行。")
    order = sorted(range(len(times)), key=times.__getitem__)
    ordered = {name: [values[row] for row in order] for name, values in columns.items()}
    return Recording(kind, [times[row] for row in order], ordered, [label[row] for row in order])


def _kind_of(head: str, district: str, file: Path) -> Kind:
    known = kinds(district)
    for kind in known:
        if {kind.time, *kind.signals} <= set(head.split(kind.delimiter)):
            return kind
    raise RecordingError(
        f"文件 {file.name} 的列“{head[:80]}”不是已知的记录格式（{'、'.join(kind.title for kind in known)}），"
        f"请在 districts/{district}/recordings.yaml 中登记它的列。"
    )


def _time(row: list[str], place: int, number: int) -> int:
    try:
        moment = datetime.fromisoformat(row[place])
    except (ValueError, IndexError) as error:
        raise RecordingError(f"第 {number} 行的时间“{row[place] if place < len(row) else ''}”读不懂。") from error
    return round((moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).timestamp() * 1000)


def _number(row: list[str], place: int, number: int, column: str) -> float:
    try:
        return float(row[place])
    except (ValueError, IndexError) as error:
        raise RecordingError(f"第 {number} 行“{column}”列不是数字。") from error
