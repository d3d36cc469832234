"""A copy of a store's folder while it is in use."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_TABLE: Final = "format_version.txt"
"""Lies in the folder of every table that has parts."""


def link_parts(source: Path, target: Path, parts: Iterable[Path]) -> None:
    """Copy the folder `source` to `target`, taking of the tables' data only the `parts` named.

    Parts never change once written, so a hard link is a copy; where links are refused the file is copied.
    Raises FileExistsError if `target` exists and is not empty.
    """
    if target.exists() and any(target.iterdir()):
        raise FileExistsError(f"备份文件夹 {target} 不是空的")
    wanted = {part.resolve() for part in parts}
    for folder, folders, files in os.walk(source):
        here = Path(folder).resolve()
        if _TABLE in files:
            folders[:] = [name for name in folders if here / name in wanted]
        destination = target / here.relative_to(source)
        destination.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in folders:
            if (here / name).is_symlink():
                (destination / name).symlink_to((here / name).readlink())
        part = any(parent in wanted for parent in (here, *here.parents))
        for name in files:
            _copy(here / name, destination / name, link=part)


def _copy(source: Path, target: Path, *, link: bool) -> None:
    if link:
        try:
            os.link(source, target)
        except OSError:
            shutil.copy2(source, target)
        return
    if source.name not in {"status", "lock"}:
        shutil.copy2(source, target)
