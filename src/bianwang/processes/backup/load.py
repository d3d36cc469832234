"""Bringing a backup into an empty `BIAN_HOME`."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from bianwang.platform.config import Config
from bianwang.processes.backup import database, manifest
from bianwang.processes.backup.manifest import BackupError, Manifest
from bianwang.processes.backup.save import answers


def load(options: Config, folder: Path, tell: Callable[[str], None] = lambda text: None) -> Manifest:
    """Restore the backup in `folder`: everything is prepared beside `BIAN_HOME` and takes its place at once.

    `tell` is called with what is going on (Chinese). Raises BackupError or OSError; `BIAN_HOME` is as before then.
    """
    home, folder = options.home.resolve(), folder.resolve()
    _require_empty(options, home)
    kept = manifest.read(folder)
    target = database.of(options)
    if kept.database != target.kind:
        wanted = "留空" if kept.database == "sqlite" else "设为一个空的 PostgreSQL 数据库"
        raise BackupError(f"这份备份的业务数据库是 {kept.database}，请把 BIAN_DATABASE {wanted}后再恢复。")
    target.require_empty()
    home.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=home.parent, prefix=f".{home.name}."))
    try:
        tell("读取并核对备份")
        _copy(kept, folder, draft)
        tell("恢复业务数据库")
        target.load(draft, kept.last_signal)
        os.sync()
        _replace(draft, home)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return kept


def _require_empty(options: Config, home: Path) -> None:
    if answers(options.telemetry_socket()):
        raise BackupError("平台正在运行，请先停止它，再恢复到一个空的 BIAN_HOME。")
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise BackupError(f"{home} 不是空的，恢复不会覆盖现有数据；请先把它改名，或把 BIAN_HOME 指向一个空文件夹。")


def _copy(kept: Manifest, folder: Path, draft: Path) -> None:
    for name, expected in kept.files.items():
        try:
            (folder / name).stat()
        except OSError as error:
            raise manifest.damaged(folder / name, error.strerror) from error
        if manifest.copy(folder / name, draft / name) != expected:
            raise manifest.damaged(folder / name)
    for name, target in kept.links.items():
        (draft / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        (draft / name).symlink_to(target)


def _replace(draft: Path, home: Path) -> None:
    try:
        draft.rename(home)
    except OSError as error:
        raise BackupError(
            f"不能把恢复好的数据放到 {home}（{error.strerror}）；它如果是挂载点，请把 BIAN_HOME 设为其下的新文件夹。"
        ) from error
