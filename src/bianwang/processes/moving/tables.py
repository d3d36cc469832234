"""Rows of a table as both databases hold them, and a digest that is the same for the same rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, JSONField, Model

BATCH = 2000
"""Rows in memory at a time."""
Row = tuple[Any, ...]
_SM3 = hashlib.new("sm3")


class Table:
    """One table of the platform, by its model; a multi-table child has its own columns only."""

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self.name = model._meta.db_table
        self.fields: list[Field[Any, Any]] = list(model._meta.local_concrete_fields)
        self._json = [place for place, field in enumerate(self.fields) if isinstance(field, JSONField)]

    def columns(self, connection: BaseDatabaseWrapper) -> str:
        """The columns for a statement."""
        return ", ".join(connection.ops.quote_name(str(field.column)) for field in self.fields)

    def rows(self, connection: BaseDatabaseWrapper) -> Iterator[Row]:
        """Every row, in no order, as it is stored: sealed bytes stay sealed, JSON stays text."""
        columns = [field.get_col(self.name) for field in self.fields]
        converters = [(place, connection.ops.get_db_converters(column)) for place, column in enumerate(columns)]
        converters = [(place, found) for place, found in converters if found]
        table = connection.ops.quote_name(self.name)
        with connection.chunked_cursor() as cursor:
            cursor.execute(f"SELECT {self.columns(connection)} FROM {table}")  # noqa: S608 (names of our own models)
            while batch := cursor.fetchmany(BATCH):
                values = list(zip(*batch, strict=True))
                for place, found in converters:
                    for convert in found:
                        values[place] = tuple(convert(value, columns[place], connection) for value in values[place])
                yield from zip(*values, strict=True)

    def count(self, connection: BaseDatabaseWrapper) -> int:
        """How many rows."""
        return int(self.model._base_manager.using(connection.alias).count())

    def canonical(self, row: Row) -> bytes:
        """The same bytes for the same row, whichever database it comes from: a JSON list in the order of columns.

        Times are UTC to the microsecond, decimals have the places of their column, JSON has sorted keys and numbers
        without superfluous digits (PostgreSQL writes 1e3 as 1000).
        """
        if self._json:
            row = tuple(_sorted(value) if place in self._json else value for place, value in enumerate(row))
        return orjson.dumps(row, default=_plain)


@dataclass
class Digest:
    """Count and SM3 of rows: the sum modulo 2²⁵⁶ of every row's, for two databases sort texts differently."""

    rows: int = 0
    total: int = 0

    def add(self, canonical: bytes) -> None:
        """Take in one row."""
        digest = _SM3.copy()
        digest.update(canonical)
        self.total = (self.total + int.from_bytes(digest.digest())) % (1 << 256)
        self.rows += 1

    @property
    def hex(self) -> str:
        """64 hexadecimal digits."""
        return f"{self.total:064x}"


def digest_of(table: Table, rows: Iterable[Row]) -> Digest:
    """Of all the rows."""
    digest = Digest()
    for row in rows:
        digest.add(table.canonical(row))
    return digest


def _plain(value: Any) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


def _sorted(text: str | None) -> str | None:
    if text is None:
        return None
    return json.dumps(json.loads(text, parse_int=_number, parse_float=_number), sort_keys=True, default=str)


def _number(text: str) -> Decimal:
    """Without the sign of zero, which PostgreSQL does not keep in JSON."""
    return (Decimal(text) + 0).normalize()
