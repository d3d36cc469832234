"""Bringing an archive into an empty store."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from bianwang.platform.config import Config
from bianwang.processes.archive import manifest
from bianwang.processes.archive.manifest import TITLES, Archive, Piece
from bianwang.processes.backup.manifest import BackupError
from bianwang.processes.backup.save import answers
from bianwang.telemetry import content, native
from bianwang.telemetry.connection import Connection
from bianwang.telemetry.engine import Engine, at

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def load(options: Config, folder: Path, tell: Callable[[str], None] = lambda text: None) -> Archive:
    """Import the archive in `folder` into the configured store, read everything back and compare.

    The store must hold nothing. One in which an import broke off is emptied and begun again; nobody else opens it
    before. Raises BackupError, InUse, OSError or clickhouse-connect's Error.
    """
    if answers(options.telemetry_socket()):
        raise BackupError("平台正在运行，请先停止它，再导入遥测")
    tell("核对导出文件")
    kept = manifest.read(folder)
    engine = at(options.telemetry_place())
    link = engine.open(importing=True)
    try:
        number = _begin(engine, link)
        for piece in kept.pieces:
            _fill(engine, link, folder, piece)
            tell(f"已写入 {piece.title}：{piece.rows} 条")
        for piece in kept.pieces:
            _compare(engine, link, piece)
            tell(f"已核对 {piece.title}")
        link.set_mark("seq", kept.seq)
        link.set_mark("derived", kept.derived)
        link.set_mark("import", number + 1)
    finally:
        if engine.lease:
            engine.lease.release(link)
        link.close()
    return kept


def _begin(engine: Engine, link: Connection) -> int:
    """Mark the store as being imported; returns the number of this import, which is odd."""
    number = link.mark("import")
    if number % 2:
        for table in content.COLUMNS:
            link.command(f"TRUNCATE TABLE {engine.layout.local(table)}")
        return number
    for table, title in TITLES.items():
        if rows := content.count(link, table):
            raise BackupError(f"目标遥测里已有{title} {rows} 条，只能导入到空的遥测，请换一个空库或空的 BIAN_HOME")
    link.set_mark("import", number + 1)
    return number + 1


def _fill(engine: Engine, link: Connection, folder: Path, piece: Piece) -> None:
    with zstd.open(folder / piece.name, "rb") as file:
        block = 0
        while rows := native.read_block(file):
            engine.keep(link)
            link.insert(piece.table, rows, token=f"{piece.name} {block}")
            block += 1


def _compare(engine: Engine, link: Connection, piece: Piece) -> None:
    digest = content.Digest(piece.table)
    for rows in content.pages(link, piece.table, piece.month):
        engine.keep(link)
        digest.add(rows)
    if (digest.rows, digest.sm3) != (piece.rows, piece.sm3):
        raise BackupError(
            f"导入后的{piece.title}与导出时不同（应有 {piece.rows} 条，现有 {digest.rows} 条），请再运行一次导入"
        )
