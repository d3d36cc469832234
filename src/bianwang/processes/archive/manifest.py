"""What an archive holds."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from bianwang.processes.backup import manifest
from bianwang.processes.backup.manifest import BackupError, File
from bianwang.telemetry.content import COLUMNS

NAME: Final = "telemetry.json"


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """One table's rows of one month (202611, of UTC; 0 for `latest`)."""

    table: str
    month: int
    rows: int
    sm3: str
    """Of the rows in canonical order (`telemetry.content`)."""
    file: File

    @property
    def name(self) -> str:
        """Its file."""
        return f"{self.table}-{self.month}.native.zst" if self.month else f"{self.table}.native.zst"

    @property
    def title(self) -> str:
        """How it is called on the screen."""
        month = f" {self.month // 100}-{self.month % 100:02}" if self.month else ""
        return f"{TITLES[self.table]}{month}"


TITLES: Final = {"readings": "读数", "minutes": "分钟汇总", "hours": "小时汇总", "latest": "最新值"}


class Archive(msgspec.Struct, frozen=True, kw_only=True):
    """The contents of an archive."""

    version: str
    """Of the program that made it."""
    made_at: str
    seq: int
    """Readings up to here are in it."""
    derived: int
    """Roll-ups and latest values are complete up to this seq; what came after is derived again."""
    pieces: list[Piece]

    @property
    def readings(self) -> int:
        """Number of readings."""
        return sum(piece.rows for piece in self.pieces if piece.table == "readings")


def write(folder: Path, archive: Archive) -> None:
    """Put the manifest and its own digest into the folder."""
    manifest.seal(folder / NAME, archive)


def read(folder: Path) -> Archive:
    """The manifest of an archive, all of whose files are as they were written.

    Raises BackupError that names the first file that is missing or differs.
    """
    archive = manifest.unseal(folder / NAME, Archive, "遥测导出")
    for piece in archive.pieces:
        if piece.table not in COLUMNS:
            raise BackupError(f"{folder} 的清单里有不认识的表“{piece.table}”，请用生成它的版本导入")
        try:
            same = manifest.measure(folder / piece.name) == piece.file
        except OSError as error:
            raise _damaged(folder / piece.name, error.strerror) from error
        if not same:
            raise _damaged(folder / piece.name)
    return archive


def _damaged(path: Path, why: str | None = None) -> BackupError:
    return BackupError(
        f"导出文件已损坏：{path} {f'不能读取（{why}）' if why else '的内容与导出时不同'}，请重新导出或另取一份"
    )
