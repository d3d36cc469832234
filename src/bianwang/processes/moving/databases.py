"""The two databases of a move: the source for us alone, the target as one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from bianwang.platform.config import Config
from bianwang.platform.database import postgresql
from bianwang.processes import schema
from bianwang.processes.backup.save import answers
from bianwang.processes.moving.tables import Row, Table

TARGET: Final = "target"
_RUNNING: Final = "平台正在运行，请先停止它（包括网页、后台任务和视频进程），再迁移。"


class MoveError(Exception):
    """The data cannot be moved; the message is one Chinese sentence."""


@contextmanager
def source(options: Config) -> Iterator[BaseDatabaseWrapper]:
    """The instance's SQLite database, up to date and opened by nobody else, for whom it stays closed meanwhile."""
    if options.database:
        raise MoveError("这个实例已经使用 PostgreSQL（设有 BIAN_DATABASE），没有要迁移的 SQLite 数据库。")
    file = options.home.resolve() / "business.sqlite3"
    if not file.exists():
        raise MoveError(f"没有可迁移的业务数据库：{file} 不存在，请核对 BIAN_HOME。")
    if answers(options.telemetry_socket()):
        raise MoveError(_RUNNING)
    connection = connections["default"]
    # In WAL mode this lock is refused while any other process has the file open, even one that is idle.
    connection.settings_dict["OPTIONS"] |= {"init_command": "PRAGMA locking_mode=EXCLUSIVE", "timeout": 0.5}
    try:
        with transaction.atomic():
            _require_current(connection)
            yield connection
    except OperationalError as error:
        if "locked" in str(error):
            raise MoveError(_RUNNING) from error
        raise
    finally:
        connection.close()


@contextmanager
def target(address: str) -> Iterator[BaseDatabaseWrapper]:
    """The PostgreSQL database, in a transaction that only a complete block commits."""
    try:
        settings = connections.configure_settings({**connections.settings, TARGET: postgresql(address)})
    except ValueError as error:
        raise MoveError("目标地址须写成 postgresql://用户:密码@主机:端口/库名。") from error
    connections.settings[TARGET] = settings[TARGET]
    connection = connections[TARGET]
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise MoveError(f"不能连接目标数据库：{str(error).strip()}") from error
    encoding = connection.connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise MoveError(f"目标数据库的编码是 {encoding}，请用 UTF8 编码新建一个空数据库。")
    try:
        with transaction.atomic(using=TARGET):
            yield connection
    finally:
        connection.close()


def require_empty(connection: BaseDatabaseWrapper) -> None:
    """Refuse a database that holds anything."""
    with connection.cursor() as cursor:
        if found := connection.introspection.table_names(cursor, include_views=True):
            raise MoveError(f"目标数据库不是空的（有 {len(found)} 张表），请新建一个空数据库，以免覆盖现有数据。")


def fill(connection: BaseDatabaseWrapper, table: Table, rows: Iterator[Row]) -> None:
    """Write all rows by COPY, which takes a third of the time of INSERT and holds no batch of them in memory."""
    name = connection.ops.quote_name(table.name)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {name} ({table.columns(connection)}) FROM STDIN") as stream,
    ):
        for row in rows:
            stream.write_row(row)


def positions(connection: BaseDatabaseWrapper) -> dict[str, int]:
    """The newest number that SQLite gave in each table: it may be beyond the rows that are left."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, seq FROM sqlite_sequence")
        return dict(cursor.fetchall())


def go_on_from(connection: BaseDatabaseWrapper, table: Table, position: int) -> None:
    """Let the table's numbers go on after `position`."""
    column: Any = table.model._meta.auto_field
    name = connection.ops.quote_name(table.name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [name, column.column, position])


def _require_current(connection: BaseDatabaseWrapper) -> None:
    if waiting := schema.waiting():
        raise MoveError(f"源数据库有 {len(waiting)} 项变更未执行，请先备份，运行 bian migrate，再迁移。")
    with connection.cursor() as cursor:
        known = {model._meta.db_table for model in schema.models(with_links=True)}
        if others := sorted(set(connection.introspection.table_names(cursor)) - known):
            raise MoveError(f"源数据库里有不属于平台的表（{'、'.join(others)}），请先移走它们，再迁移。")
