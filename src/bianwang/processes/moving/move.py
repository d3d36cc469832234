"""Moving and comparing, table by table."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from bianwang.platform.config import Config
from bianwang.platform.ledger import chain
from bianwang.processes import schema
from bianwang.processes.moving.databases import (
    TARGET,
    MoveError,
    fill,
    go_on_from,
    positions,
    require_empty,
    source,
    target,
)
from bianwang.processes.moving.tables import Digest, Row, Table, digest_of

Tell = Callable[[str], None]
_EVERY_S = 5.0
"""How often a long table says where it is."""


@dataclass(frozen=True)
class Moved:
    """One table on both sides."""

    table: str
    here: Digest
    there: Digest

    @property
    def agrees(self) -> bool:
        """Whether both hold the same rows."""
        return self.here == self.there


def move(options: Config, address: str, tell: Tell = lambda text: None) -> tuple[list[Moved], str]:
    """Move everything to `address`; every table as compared, and what the ledger's verification says.

    `tell` is called with what is going on (Chinese). Raises MoveError; the target is as it was then.
    """
    with _in_words(), source(options) as here, target(address) as there:
        require_empty(there)
        tables = _tables()
        tell("建立数据表")
        with there.schema_editor() as editor:
            for model in schema.models():
                editor.create_model(model)
            # Foreign keys and most indexes are made where this block ends: rows may come in any order, and faster.
            copied = {table.name: _copy(table, here, there, tell) for table in tables}
            tell("建立索引与外键")
        last = positions(here)
        for table in tables:
            if table.name in last and table.model._meta.auto_field:
                go_on_from(there, table, last[table.name])
        moved = [Moved(table.name, copied[table.name], _read(table, there, tell)) for table in tables]
        _require_agreement(moved)
        tell("校验台账封存链")
        return moved, _verified()


def compare(options: Config, address: str, tell: Tell = lambda text: None) -> list[Moved]:
    """Compare a target with the instance it was moved from, changing neither. Raises MoveError if they differ."""
    with _in_words(), source(options) as here, target(address) as there:
        with there.cursor() as cursor:
            known = there.introspection.table_names(cursor)
        if missing := [table.name for table in _tables() if table.name not in known]:
            raise MoveError(f"目标数据库缺少 {len(missing)} 张表（{missing[0]} 等），数据还没有迁移到那里。")
        moved = [Moved(table.name, _read(table, here, tell), _read(table, there, tell)) for table in _tables()]
        _require_agreement(moved)
        return moved


def _tables() -> list[Table]:
    return [Table(model) for model in schema.models(with_links=True)]


def _copy(table: Table, here: BaseDatabaseWrapper, there: BaseDatabaseWrapper, tell: Tell) -> Digest:
    """Copy one table; the digest of what was read."""
    digest = Digest()

    def read() -> Iterator[Row]:
        for row in _told(table, here, tell, "复制"):
            digest.add(table.canonical(row))
            yield row

    try:
        fill(there, table, read())
    except (psycopg.Error, DatabaseError) as error:
        raise MoveError(
            f"表 {table.name} 的第 {digest.rows} 行附近不能写入 PostgreSQL（{str(error).splitlines()[0]}），"
            "没有迁移，目标数据库仍是空的。"
        ) from error
    return digest


def _read(table: Table, connection: BaseDatabaseWrapper, tell: Tell) -> Digest:
    return digest_of(table, _told(table, connection, tell, "核对"))


def _told(table: Table, connection: BaseDatabaseWrapper, tell: Tell, what: str) -> Iterator[Row]:
    """The rows; tells at the start of a table that has any, and now and then in a long one."""
    at, total = 0.0, 0
    for number, row in enumerate(table.rows(connection)):
        if number % 1000 == 0 and time.monotonic() >= at:
            total = total or table.count(connection)
            tell(f"{what} {table.name}：{number} / {total} 行")
            at = time.monotonic() + _EVERY_S
        yield row


def _require_agreement(moved: list[Moved]) -> None:
    wrong = [each for each in moved if not each.agrees]
    if wrong:
        first = wrong[0]
        raise MoveError(
            f"两边的数据不一致：{len(wrong)} 张表不同，如 {first.table}"
            f"（SQLite {first.here.rows} 行，PostgreSQL {first.there.rows} 行）。"
        )


def _verified() -> str:
    """Verify the chain where it is now; one that was broken before is moved as it is, and said."""
    found = chain.verify(TARGET)
    if found.ok:
        return f"台账完整：共校验 {found.checked} 条记录，封存链没有断开。"
    if chain.verify() != found:
        raise MoveError(f"台账在目标数据库校验不通过：{found.problem}")
    return f"注意：台账在迁移前就已断开，原样迁移。{found.problem}"


@contextmanager
def _in_words() -> Iterator[None]:
    """Every error of a database as a MoveError."""
    try:
        yield
    except (DatabaseError, psycopg.Error) as error:
        raise MoveError(f"没有完成，两边都没有改动：{str(error).strip()}") from error
