"""Making an archive."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Final

from bianwang.platform.clock import now
from bianwang.platform.config import Config
from bianwang.processes.archive import manifest
from bianwang.processes.archive.manifest import Archive, Piece
from bianwang.processes.backup.manifest import BackupError, File, measure
from bianwang.processes.backup.save import alone, frozen
from bianwang.telemetry import content, native
from bianwang.telemetry.connection import Connection
from bianwang.telemetry.engine import Engine, at

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LATEST: Final = 999_999
"""A month after all others."""
LEVEL: Final = 1
"""Of compression: readings are as good as incompressible or very compressible, more effort changes little."""


def save(
    options: Config,
    folder: Path,
    first: int = 0,
    last: int = LATEST,
    tell: Callable[[str], None] = lambda text: None,
) -> Archive:
    """Export the months `first` to `last` (202611) into `folder`, which appears only when it is complete.

    The embedded store is copied by hard links first, so the platform may be running; a server's database must be used
    by nobody else. Raises BackupError, InUse, OSError or clickhouse-connect's Error; nothing is left behind then.
    """
    folder = folder.resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(f"{folder} 已经存在且不是空文件夹，为免覆盖，请换一个名称")
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        with _source(options) as (engine, link):
            made = _export(engine, link, draft, (first, last), tell)
        manifest.write(draft, made)
        os.sync()
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return made


@contextmanager
def _source(options: Config) -> Iterator[tuple[Engine, Connection]]:
    """A store in which nothing changes any more."""
    home = options.home.resolve()
    if options.telemetry:
        with _opened(at(options.telemetry)) as opened:
            yield opened
        return
    if not (home / "telemetry").is_dir():
        raise BackupError(f"没有可导出的遥测：{home / 'telemetry'} 不存在，请核对 BIAN_HOME")
    with alone(home), frozen(options) as (_, copy), _opened(at(copy)) as opened:
        yield opened


@contextmanager
def _opened(engine: Engine) -> Iterator[tuple[Engine, Connection]]:
    link = engine.open()
    try:
        yield engine, link
    finally:
        if engine.lease:
            engine.lease.release(link)
        link.close()


def _export(
    engine: Engine, link: Connection, draft: Path, wanted: tuple[int, int], tell: Callable[[str], None]
) -> Archive:
    derived, seq = content.reached(link)
    pieces = []
    for table in content.COLUMNS:
        for month in content.months(link, table):
            if not month or wanted[0] <= month <= wanted[1]:
                piece = _piece(engine, link, draft, table, month)
                tell(f"{piece.title}：{piece.rows} 条")
                pieces.append(piece)
    return Archive(
        version=version("bianwang"),
        made_at=now().isoformat(timespec="seconds"),
        seq=seq,
        derived=derived,
        pieces=pieces,
    )


def _piece(engine: Engine, link: Connection, draft: Path, table: str, month: int) -> Piece:
    digest = content.Digest(table)
    piece = Piece(table=table, month=month, rows=0, sm3="", file=File(0, ""))
    with zstd.open(draft / piece.name, "wb", level=LEVEL) as file:
        for rows in content.pages(link, table, month):
            engine.keep(link)
            digest.add(rows)
            file.write(native.encode(rows))
    return Piece(table=table, month=month, rows=digest.rows, sm3=digest.sm3, file=measure(draft / piece.name))
