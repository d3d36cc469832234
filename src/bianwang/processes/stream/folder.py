"""A folder as a stream, for trials and tests: one Arrow file a batch, named by its number."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

_FILE = "file"


class FolderPublisher:
    """A file appears whole, and after all those with smaller numbers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def publish(self, number: int, messages: Mapping[int, bytes]) -> None:
        """See Publisher."""
        draft = self._folder / f".{number}"
        columns = [pa.array(messages.keys(), pa.int32()), pa.array(messages.values(), pa.large_binary())]
        batch = pa.record_batch(columns, ["slot", "payload"])
        with draft.open("wb") as stream:
            with pa.ipc.new_file(stream, batch.schema) as file:
                file.write(batch)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(_file(self._folder, number))


class FolderReader:
    """Files are mapped, so that of a file only the messages that are asked for are read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def first(self) -> dict[str, int]:
        """See Reader."""
        return {_FILE: 0}

    def last(self) -> dict[str, int]:
        """See Reader."""
        return {_FILE: max(self._numbers(), default=0)}

    def next(self, start: Mapping[str, int], end: Mapping[str, int], most: int) -> dict[str, int]:
        """See Reader."""
        return {_FILE: [start[_FILE], *self._between(start, end)[:most]][-1]}

    def read(self, start: Mapping[str, int], end: Mapping[str, int], slots: range) -> Iterator[memoryview]:
        """See Reader."""
        for number in self._between(start, end):
            batch = pa.ipc.open_file(pa.memory_map(str(_file(self._folder, number)))).get_batch(0)
            payloads = batch["payload"]
            for row in np.flatnonzero(np.isin(batch["slot"].to_numpy(), slots)).tolist():
                yield memoryview(payloads[row].as_buffer())

    def _numbers(self) -> list[int]:
        return sorted(int(file.stem) for file in self._folder.glob("*.arrow"))

    def _between(self, start: Mapping[str, int], end: Mapping[str, int]) -> list[int]:
        return [number for number in self._numbers() if start[_FILE] < number <= end[_FILE]]


def _file(folder: Path, number: int) -> Path:
    return folder / f"{number:020d}.arrow"
