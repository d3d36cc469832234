"""Where verdict changes go. A batch may come again after a crash; its second coming has no effect."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import orjson

from bianwang.engine.changes import Changes
from bianwang.engine.semantics import ChangeKind
from bianwang.engine.table import Instance


class Sink(Protocol):
    """Takes what a batch found."""

    def take(self, batch: int, changes: Changes, states: Mapping[int, bytes]) -> None:
        """Return when all of it has had its effect."""

    def withdraw(self, keys: set[int], at_ms: int, instances: tuple[Instance, ...]) -> None:
        """Keys that are judged no more from `at_ms` on, now that `instances` are."""


class FileSink:
    """One file of JSON lines a batch, for trials: {"key", "time", "kind", "value", "margin"}."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def take(self, batch: int, changes: Changes, states: Mapping[int, bytes]) -> None:
        """See Sink."""
        kinds = [ChangeKind(kind).name.lower() for kind in changes.kind.tolist()]
        columns = (changes.key.tolist(), changes.time.tolist(), kinds, changes.value.tolist(), changes.margin.tolist())
        rows = (
            dict(zip(("key", "time", "kind", "value", "margin"), row, strict=True))
            for row in zip(*columns, strict=True)
        )
        self._write(f"{batch:012d}.jsonl", b"".join(orjson.dumps(row) + b"\n" for row in rows))

    def withdraw(self, keys: set[int], at_ms: int, instances: tuple[Instance, ...]) -> None:
        """See Sink."""
        rows = ({"key": key, "time": at_ms, "kind": "withdrawn"} for key in sorted(keys))
        self._write(f"withdrawn-{at_ms}.jsonl", b"".join(orjson.dumps(row) + b"\n" for row in rows))

    def _write(self, name: str, content: bytes) -> None:
        draft = self._folder / f".{name}"
        draft.write_bytes(content)
        draft.replace(self._folder / name)
