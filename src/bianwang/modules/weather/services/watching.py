"""The folder into which another program of the weather service puts CAP files."""

from __future__ import annotations

import time
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from bianwang.modules.weather.services.warnings import receive_cap
from bianwang.platform.config import config

_AT_ONCE = 50
_SETTLED_S = 5


def take_files() -> None:
    """Take every `*.xml` of `<BIAN_HOME>/cap`: it goes to `done`, or to `refused` beside a text that says why.

    A file is left alone while somebody may still be writing it. One that was taken when the process died is met again,
    and is the same warning.
    """
    folder = config().home / "cap"
    if not folder.is_dir():
        return
    quiet = time.time() - _SETTLED_S
    for file in sorted(file for file in folder.glob("*.xml") if file.stat().st_mtime < quiet)[:_AT_ONCE]:
        try:
            receive_cap(None, ContentFile(file.read_bytes(), name=file.name))
        except ValidationError as error:
            _move(file, "refused").with_suffix(".txt").write_text("\n".join(error.messages) + "\n", "utf-8")
        else:
            _move(file, "done")


def _move(file: Path, name: str) -> Path:
    target = file.parent / name
    target.mkdir(exist_ok=True)
    return file.replace(target / file.name)
