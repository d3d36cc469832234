"""Where a store lives: in a folder of this machine (chDB) or on a ClickHouse server. All that differs is here.

Both speak the same SQL through clickhouse-connect. A folder can be copied while in use and belongs to the process that
opened it; a server is backed up by its own means and is told by a lease who uses a database.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

import clickhouse_connect

from bianwang.telemetry.backup import link_parts
from bianwang.telemetry.connection import Connection
from bianwang.telemetry.lease import InUse, Lease
from bianwang.telemetry.schema import Layout

CHDB: Final = {
    "max_server_memory_usage": 1_000_000_000,
    "mark_cache_size": 32 << 20,
    "index_mark_cache_size": 8 << 20,
    "primary_index_cache_size": 32 << 20,
    "query_condition_cache_size": 4 << 20,
    "compiled_expression_cache_size": 8 << 20,
    "background_pool_size": 2,
}
"""Keeps the embedded engine small: it shares the machine with the platform."""

SERVER: Final = {
    "async_insert": 0,
    "wait_end_of_query": 1,
    # A write returns when most replicas of the shard have it, and a replica that lacks one refuses to answer.
    "insert_quorum": "auto",
    "insert_quorum_parallel": 0,
    "select_sequential_consistency": 1,
    "load_balancing": "in_order",
    # Through a Distributed table: a write returns when it is on its shards, a query asks only the shards it needs.
    "distributed_foreground_insert": 1,
    "optimize_skip_unused_shards": 1,
    # Months are dropped when they are too old; a large one is no mistake.
    "max_table_size_to_drop": 0,
    "max_partition_size_to_drop": 0,
}
"""A server's own defaults acknowledge before data are safe. What concerns clusters means nothing on one server."""

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Engine(ABC):
    """Opens connections; `layout` says where the tables lie."""

    layout: Layout
    lease: Lease | None

    @abstractmethod
    def connect(self) -> Connection:
        """A connection of its own. Raises clickhouse-connect's Error."""

    def open(self, importing: bool = False) -> Connection:
        """A connection, after the database is ours and has its tables. A history that was imported in part is opened
        only to go on `importing`. Raises InUse and clickhouse-connect's Error."""
        link = self.connect()
        try:
            for statement in self.layout.statements():
                link.command(statement)
            if self.lease:
                self.lease.take(link)
            if not importing and link.mark("import") % 2:
                raise InUse("遥测的导入没有完成，请再运行一次 bian telemetry import，完成后才能使用")
        except BaseException:
            link.close()
            raise
        return link

    def keep(self, link: Connection) -> None:
        """Stay the one who uses it, in work that takes long. Raises InUse."""
        if self.lease and self.lease.is_due:
            self.lease.take(link)

    @abstractmethod
    def copy(self, parts: Iterable[Path], target: Path) -> None:
        """Copy the folder, with these parts, to an empty one. Raises NotHere on a server."""


class BadAddress(ValueError):
    """An address that cannot be used; the message is one Chinese sentence without its password."""


class NotHere(Exception):
    """Asked of a server what only a folder can do; the message is one Chinese sentence."""


class Folder(Engine):
    """Embedded ClickHouse; its own lock keeps a second process out."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.layout = Layout()
        self.lease = None

    def connect(self) -> Connection:
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        options = {name: str(value) for name, value in CHDB.items()}
        return Connection(clickhouse_connect.get_client(dsn=f"chdb:///{self.path}", chdb_options=options))

    def copy(self, parts: Iterable[Path], target: Path) -> None:
        link_parts(self.path, target, parts)


class Server(Engine):
    """A database on a ClickHouse server: `clickhouse://user:password@host:8123/database`, `clickhouses://` for TLS.

    `?cluster=NAME` spreads the tables over that cluster, `?ca_cert=FILE` is the authority to trust.
    Raises BadAddress.
    """

    def __init__(self, address: str) -> None:
        self._options = _parsed(address)
        cluster = self._options.pop("cluster", "")
        self.layout = Layout(True, cluster, self._options["database"] if cluster else "")
        self.lease = Lease(self._options["host"], self._options["database"])

    def connect(self) -> Connection:
        # Without a session one client answers several threads at once.
        client = clickhouse_connect.get_client(**self._options, settings=SERVER, autogenerate_session_id=False)
        return Connection(client)

    def copy(self, parts: Iterable[Path], target: Path) -> None:
        raise NotHere("遥测在 ClickHouse 服务器上，请用服务器自带的 BACKUP 备份，或用 bian telemetry export 导出")


def at(place: Path | str) -> Engine:
    """The engine of a folder, or of an address that begins with `clickhouse`."""
    if isinstance(place, str) and re.match("clickhouses?://", place):
        return Server(place)
    return Folder(Path(place))


def _parsed(address: str) -> dict[str, Any]:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise BadAddress("ClickHouse 地址不能识别，端口须是数字，密码里的特殊字符须写成 %40 这样") from error
    secure = parts.scheme == "clickhouses"
    database = parts.path.strip("/")
    more = dict(parse_qsl(parts.query))
    if not parts.hostname or not _NAME.fullmatch(database) or not _NAME.fullmatch(more.get("cluster", "_")):
        raise BadAddress(
            "ClickHouse 地址应写成 clickhouse://用户:密码@主机:8123/库名，库名和集群名只用字母、数字和下划线"
        )
    if unknown := more.keys() - {"cluster", "ca_cert"}:
        raise BadAddress(f"ClickHouse 地址里不认识“{min(unknown)}”，问号后只能写 cluster 或 ca_cert")
    return {
        "interface": "https" if secure else "http",
        "host": parts.hostname,
        "port": port or (8443 if secure else 8123),
        "username": unquote(parts.username or "default"),
        "password": unquote(parts.password or ""),
        "database": database,
        **more,
    }
