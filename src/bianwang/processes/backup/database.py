"""The business database in a backup: SQLite by its online backup, PostgreSQL by pg_dump of one snapshot."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import ClassVar, Final, Literal

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from bianwang.platform.config import Config
from bianwang.processes.backup.manifest import BackupError

SQLITE: Final = "business.sqlite3"
DUMP: Final = "business.dump"
SIGNALS: Final = "sensing_signal"

Counts = dict[str, int]


class Database(ABC):
    """What a backup asks of a database. All raise BackupError."""

    kind: ClassVar[Literal["sqlite", "postgresql"]]

    @abstractmethod
    def save(self, folder: Path) -> Counts:
        """Put a copy as of one moment into `folder`; returns the rows of each table."""

    @abstractmethod
    def last_signal(self) -> int:
        """The newest id that was given to a signal."""

    @abstractmethod
    def require_empty(self) -> None:
        """Refuse to load into a database that holds something."""

    @abstractmethod
    def load(self, home: Path, last_signal: int) -> None:
        """Bring the copy in `home` into use; no new signal will get an id up to `last_signal`."""


def of(options: Config) -> Database:
    """The database that is configured."""
    return Postgres(options.database) if options.database else Sqlite(options.home.resolve() / SQLITE)


class Sqlite(Database):
    """The built-in database."""

    kind = "sqlite"

    def __init__(self, file: Path) -> None:
        self.file = file

    def save(self, folder: Path) -> Counts:
        if not self.file.exists():
            raise BackupError(f"没有可备份的业务数据库：{self.file} 不存在，请核对 BIAN_HOME。")
        target = folder / SQLITE
        target.touch(mode=0o600)
        try:
            with closing(sqlite3.connect(self.file)) as source, closing(sqlite3.connect(target)) as copy:
                # All pages in one step: one read transaction, which neither waits for writers nor holds them up.
                source.backup(copy)
                # The copy is one file, without a log beside it.
                copy.execute("PRAGMA journal_mode=DELETE")
                (problem,) = copy.execute("PRAGMA integrity_check").fetchone()
                if problem != "ok":
                    raise BackupError(f"业务数据库 {self.file} 已损坏（{problem}），请从以前的备份恢复。")
                names = copy.execute(
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
                ).fetchall()
                return {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names}  # noqa: S608
        except sqlite3.Error as error:
            raise BackupError(f"业务数据库 {self.file} 不能备份：{error}") from error

    def last_signal(self) -> int:
        with closing(sqlite3.connect(self.file)) as source:
            row = source.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", [SIGNALS]).fetchone()
        return int(row[0]) if row else 0

    def require_empty(self) -> None:
        """The file lies in BIAN_HOME, which is empty."""

    def load(self, home: Path, last_signal: int) -> None:
        with closing(sqlite3.connect(home / SQLITE)) as copy, copy:
            known = copy.execute(
                "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", [last_signal, SIGNALS]
            ).rowcount
            if not known:
                copy.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", [SIGNALS, last_signal])


class Postgres(Database):
    """A PostgreSQL server, by its own tools."""

    kind = "postgresql"

    def __init__(self, address: str) -> None:
        self.address = address

    def save(self, folder: Path) -> Counts:
        with self._connect() as link:
            link.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            (snapshot,) = link.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
            self._tool("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={folder / DUMP}")
            count = sql.SQL("SELECT count(*) FROM {}")
            tables = self._tables(link)
            return {name: _one(link, count.format(sql.Identifier(name))) for name in tables}

    def last_signal(self) -> int:
        with self._connect() as link:
            return _one(link, sql.SQL("SELECT coalesce(max(last_value), 0) FROM {}").format(self._sequence(link)))

    def require_empty(self) -> None:
        with self._connect() as link:
            if self._tables(link):
                raise BackupError("BIAN_DATABASE 指向的数据库不是空的，请新建一个空数据库再恢复，以免覆盖现有数据。")

    def load(self, home: Path, last_signal: int) -> None:
        name = str(conninfo_to_dict(self.address)["dbname"])
        self._tool(
            "pg_restore",
            "--single-transaction",
            "--exit-on-error",
            "--no-owner",
            "--no-privileges",
            f"--dbname={name}",
            str(home / DUMP),
        )
        (home / DUMP).unlink()
        with self._connect() as link:
            sequence = self._sequence(link)
            ahead = sql.SQL("SELECT setval({}, greatest(last_value, {})) FROM {}")
            link.execute(ahead.format(sql.Literal(sequence.as_string(link)), max(last_signal, 1), sequence))

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        try:
            return psycopg.connect(self.address)
        except psycopg.Error as error:
            raise BackupError(f"不能连接 BIAN_DATABASE 指向的数据库：{str(error).strip()}") from error

    @staticmethod
    def _tables(link: psycopg.Connection[tuple[object, ...]]) -> Sequence[str]:
        rows = link.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
        return [str(name) for (name,) in rows]

    @staticmethod
    def _sequence(link: psycopg.Connection[tuple[object, ...]]) -> sql.Identifier:
        (name,) = link.execute("SELECT pg_get_serial_sequence(%s, 'id')", [SIGNALS]).fetchone() or ("",)
        return sql.Identifier(*str(name).split("."))

    def _tool(self, tool: str, *arguments: str) -> None:
        program = shutil.which(tool)
        if program is None:
            raise BackupError(
                f"使用 PostgreSQL 时业务数据库由 {tool} 备份和恢复，本机没有找到它；"
                "请安装与服务器同版本的 PostgreSQL 客户端程序（Debian：postgresql-client）后重试。"
            )
        # In the environment, not in the arguments, where everybody on the machine can read the password.
        names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
        known = conninfo_to_dict(self.address)
        place = {names[key]: str(value) for key, value in known.items() if key in names and value is not None}
        done = subprocess.run([program, *arguments], env=os.environ | place, capture_output=True, text=True)
        if done.returncode:
            raise BackupError(f"{tool} 没有成功：{done.stderr.strip()}")


def _one(link: psycopg.Connection[tuple[object, ...]], query: sql.Composed) -> int:
    (value,) = link.execute(query).fetchone() or (0,)
    return int(str(value))
