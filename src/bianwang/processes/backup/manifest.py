"""What a backup holds, and whether it still holds it."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final, Literal, TypeVar

import msgspec

NAME: Final = "manifest.json"
_BLOCK: Final = 1 << 20

Sealed = TypeVar("Sealed", bound=msgspec.Struct)


class BackupError(Exception):
    """A backup cannot be made or used; the message is one Chinese sentence."""


class File(msgspec.Struct, frozen=True):
    """Size in bytes and SM3 (hex) of one file."""

    size: int
    sm3: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The contents of a backup; paths are relative to its folder."""

    version: str
    """Of the program that made it."""
    made_at: str
    database: Literal["sqlite", "postgresql"]
    tables: dict[str, int]
    """Rows of each table of the business database."""
    last_signal: int
    """Newest id given to a signal: ids of readings are never given away again."""
    seq: int
    """The telemetry is complete up to here; 0 where it lies on a ClickHouse server and is not part of the backup."""
    readings: int
    files: dict[str, File]
    links: dict[str, str]
    """Symbolic links (of the telemetry store) and where they point."""


def copy(source: Path, target: Path) -> File:
    """Copy a file for its owner's eyes only; returns what was copied. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.new("sm3"), 0
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as reader, open(handle, "wb") as writer:
        while block := reader.read(_BLOCK):
            digest.update(block)
            writer.write(block)
            size += len(block)
    return File(size, digest.hexdigest())


def measure(path: Path) -> File:
    """Size and SM3 of a file. Raises OSError."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sm3")
        return File(stream.tell(), digest.hexdigest())


def walk(folder: Path) -> Iterator[Path]:
    """All files and symbolic links below a folder; sockets and the like are left out."""
    for here, folders, names in os.walk(folder):
        for name in (*names, *folders):
            path = Path(here) / name
            if path.is_symlink() or (path.exists() and stat.S_ISREG(path.stat().st_mode)):
                yield path


def write(folder: Path, manifest: Manifest) -> None:
    """Put the manifest and its own digest into the folder."""
    seal(folder / NAME, manifest)


def seal(file: Path, content: msgspec.Struct) -> None:
    """Write a manifest, and its digest beside it."""
    file.write_bytes(msgspec.json.format(msgspec.json.encode(content), indent=1))
    file.with_suffix(".sm3").write_text(measure(file).sm3 + "\n", "ascii")


def unseal(file: Path, kind: type[Sealed], word: str) -> Sealed:
    """A manifest whose digest is right; `word`: what the folder is called (Chinese). Raises BackupError."""
    try:
        if measure(file).sm3 != file.with_suffix(".sm3").read_text("ascii", "replace").strip():
            raise BackupError(f"{word}已损坏：{file} 的内容与写出时不同，请改用另一份。")
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except FileNotFoundError as error:
        raise BackupError(
            f"{file.parent} 不是完整的{word}（没有 {Path(str(error.filename)).name}），请核对文件夹。"
        ) from error
    except msgspec.MsgspecError as error:
        raise BackupError(f"{file.parent} 的{word}清单不能识别，请用生成它的版本处理：{error}") from error


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises BackupError if it is missing, damaged or points outside."""
    manifest = unseal(folder / NAME, Manifest, "备份")
    for path in (*manifest.files, *manifest.links):
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
            raise BackupError(f"备份清单中的路径“{path}”指向备份之外，不能恢复。")
    return manifest


def check(folder: Path) -> Manifest:
    """Read everything again. Raises BackupError that names the first file that is missing or differs."""
    manifest = read(folder)
    for path, expected in manifest.files.items():
        try:
            same = measure(folder / path) == expected
        except OSError as error:
            raise damaged(folder / path, error.strerror) from error
        if not same:
            raise damaged(folder / path)
    return manifest


def damaged(path: Path, why: str | None = None) -> BackupError:
    """The error for one file."""
    return BackupError(
        f"备份已损坏：{path} {f'不能读取（{why}）' if why else '的内容与备份时不同'}，请改用另一份备份。"
    )
