"""One connection to ClickHouse, embedded or a server: columns in, columns out."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any, Final

from numpy.typing import NDArray

from bianwang.telemetry import native

Rows = dict[str, NDArray[Any]]
"""Column name -> array, all of one length; {} where a query found nothing."""

_OPENED: Final = f"{os.getpid()}-{time.time_ns()}"
"""Tells our batches from those of a process before us that used the same numbers."""


class Connection:
    """Wraps a clickhouse-connect client. Every method raises its `Error` if the engine refuses or cannot be reached."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def rows(self, sql: str) -> Rows:
        """What a query finds."""
        return native.decode(self._client.raw_query(sql, fmt="Native"))

    def insert(self, table: str, columns: Mapping[str, NDArray[Any]], token: str = "") -> None:
        """Write columns; durable on return. The same `token` again within this process writes nothing (`readings`)."""
        settings = {"insert_deduplication_token": f"{_OPENED}-{token}"} if token else None
        self._client.raw_insert(table, list(columns), native.encode(columns), fmt="Native", settings=settings)

    def command(self, sql: str) -> None:
        """Run a statement that returns nothing."""
        self._client.command(sql)

    def mark(self, *names: str) -> int:
        """The largest of these numbers of `marks`; 0 if there is none."""
        wanted = ", ".join(f"'{name}'" for name in names)
        return int(self.rows(f"SELECT max(seq) AS n FROM marks WHERE name IN ({wanted})")["n"][0])

    def set_mark(self, name: str, number: int) -> None:
        """Raise a number of `marks`."""
        self.command(f"INSERT INTO marks VALUES ('{name}', {number})")

    def texts(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows that hold text, which the Native decoder does not read; for small answers."""
        return [tuple(row) for row in self._client.query(sql).result_rows]

    def close(self) -> None:
        """Release it."""
        self._client.close()
