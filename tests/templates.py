"""What takes long to build, built once for all test processes of a run: a migrated database, a loaded demo.

Every test gets its own copy. The tests of migrating, of `bian init` and of `bian demo` build theirs for real.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

_FOLDER = "BIAN_TEST_TEMPLATES"
_COMMANDS = {"migrated": ("test", "migrate"), "demo": ("demo", "demo", "--load-only")}
"""The mode and the `bian` command that make each."""


def own_home() -> Path:
    """A BIAN_HOME for this process, in the folder of the run: parallel workers inherit that and it goes at the end."""
    if _FOLDER not in os.environ:
        os.environ[_FOLDER] = tempfile.mkdtemp(prefix="bian-templates-")
        atexit.register(shutil.rmtree, os.environ[_FOLDER], ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix="home-", dir=os.environ[_FOLDER]))


def copy_of(name: str, home: Path) -> Path:
    """Fill the folder `home` with a copy of the template; returns it."""
    folder = Path(os.environ[_FOLDER])
    made = folder / name
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            _build(name, folder / f"{name}.part")
            (folder / f"{name}.part").rename(made)
    shutil.copytree(made, home, dirs_exist_ok=True)
    return home


def _build(name: str, home: Path) -> None:
    mode, *arguments = _COMMANDS[name]
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("BIAN_", "DJANGO_"))}
    subprocess.run(
        [sys.executable, "-m", "bianwang.processes.cli", *arguments],
        env=clean | {"BIAN_HOME": str(home), "BIAN_MODE": mode},
        check=True,
        stdout=subprocess.DEVNULL,
    )
