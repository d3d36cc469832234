"""Making a backup; the order and its reasons are in the package's docstring."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from clickhouse_connect.driver.exceptions import Error as StoreError

from bianwang.platform.clock import now
from bianwang.platform.config import Config
from bianwang.processes.backup import database, manifest
from bianwang.processes.backup.manifest import BackupError, File, Manifest
from bianwang.telemetry.client import TelemetryClient, TelemetryError
from bianwang.telemetry.lease import InUse
from bianwang.telemetry.store import TelemetryStore

BEFORE = ("snapshots", "ledger")
"""Must not be ahead of the database."""
APART = frozenset({"telemetry", "run", "test", "business.sqlite3", "business.sqlite3-wal", "business.sqlite3-shm"})
"""Taken in their own way, or of the running processes only."""
TIMEOUT_S = 3600.0


def save(options: Config, folder: Path, tell: Callable[[str], None] = lambda text: None) -> Manifest:
    """Back everything up into `folder`, which appears only when it is complete and has been read back.

    `tell` is called with what is going on (Chinese). Raises BackupError or OSError; nothing is left behind then.
    """
    home, folder = options.home.resolve(), folder.resolve()
    _require_place(home, folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        with alone(home):
            made = _take(options, home, draft, tell)
        manifest.write(draft, made)
        tell("核对备份")
        manifest.check(draft)
        os.sync()
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return made


def answers(path: Path) -> bool:
    """Whether an intake listens on the telemetry socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        return probe.connect_ex(os.fspath(path)) == 0


def _take(options: Config, home: Path, draft: Path, tell: Callable[[str], None]) -> Manifest:
    source = database.of(options)
    made_at = now().isoformat(timespec="seconds")
    files: dict[str, File] = {}
    for first in BEFORE:
        files |= _copy_tree(home, draft, [first])
    tell("备份业务数据库")
    tables = source.save(draft)
    for copied in draft.glob("business.*"):
        copied.chmod(0o600)
        files[copied.name] = manifest.measure(copied)
    tell("备份附件、密钥与其他文件")
    files |= _copy_tree(home, draft, [name for name in os.listdir(home) if name not in {*APART, *BEFORE}])
    links: dict[str, str] = {}
    seq = readings = 0
    if not options.telemetry:
        tell("备份遥测")
        with frozen(options) as (seq, copy):
            for path in manifest.walk(copy):
                name = Path("telemetry") / path.relative_to(copy)
                if path.is_symlink():
                    links[str(name)] = os.readlink(path)
                else:
                    files[str(name)] = manifest.copy(path, draft / name)
            readings = _readings(copy, seq)
    return Manifest(
        version=version("bianwang"),
        made_at=made_at,
        database=source.kind,
        tables=tables,
        last_signal=source.last_signal(),
        seq=seq,
        readings=readings,
        files=files,
        links=links,
    )


def _require_place(home: Path, folder: Path) -> None:
    if folder == home or home in folder.parents:
        raise BackupError(f"备份不能放在 BIAN_HOME（{home}）里面，请另选一个文件夹，最好在另一块磁盘上。")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(f"{folder} 已经存在且不是空文件夹，为免覆盖，请换一个名称。")
    if not home.is_dir():
        raise BackupError(f"没有可备份的数据：{home} 不存在，请核对 BIAN_HOME。")


def _copy_tree(home: Path, draft: Path, names: Collection[str]) -> dict[str, File]:
    """Copy files and folders of `home`; what vanishes meanwhile was somebody's draft."""
    files = {}
    for top in names:
        # A folder that the administrator moved elsewhere and linked belongs to the home all the same.
        root = (home / top).resolve()
        for path in [root] if root.is_file() else manifest.walk(root):
            name = Path(top) / path.relative_to(root) if path != root else Path(top)
            try:
                files[str(name)] = manifest.copy(path, draft / name)
            except FileNotFoundError:
                (draft / name).unlink(missing_ok=True)
    return files


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """One backup at a time. Raises BackupError."""
    (home / "run").mkdir(exist_ok=True, mode=0o700)
    with (home / "run" / "backup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError("另一个备份正在进行，请等它完成后再试。") from None
        yield


@contextmanager
def frozen(options: Config) -> Iterator[tuple[int, Path]]:
    """The embedded telemetry as of now, as hard links beside it, and the seq up to which it is complete.

    Raises BackupError. The folder is there only inside.
    """
    home = options.home.resolve()
    copy = home / "run" / "backup"
    shutil.rmtree(copy, ignore_errors=True)
    try:
        yield _freeze(options, home / "telemetry", copy), copy
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def _freeze(options: Config, source: Path, frozen: Path) -> int:
    if answers(options.telemetry_socket()):
        client = TelemetryClient(options.telemetry_socket(), TIMEOUT_S)
        try:
            return client.backup(frozen)
        except TelemetryError as error:
            raise BackupError(f"遥测不能备份：{error}") from error
        finally:
            client.close()
    if not source.is_dir():
        return 0
    try:
        store = TelemetryStore(source)
    except InUse as error:
        raise BackupError(f"遥测不能备份：{error}") from error
    except StoreError as error:
        raise BackupError("设备接入进程正在启动或停止，遥测文件夹被占用，请稍后再试。") from error
    try:
        return store.backup(frozen)
    finally:
        store.close()


def _readings(frozen: Path, seq: int) -> int:
    """Open the copy as a store and count. Raises BackupError if it is not complete."""
    if not frozen.is_dir():
        return 0
    store = TelemetryStore(frozen)
    try:
        if store.seq < seq:
            raise BackupError(f"遥测的副本不完整：应有第 {seq} 号读数，只到第 {store.seq} 号。请重新备份。")
        return store.count()
    finally:
        store.close()
