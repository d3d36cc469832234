"""What takes long to build, built once for all test processes: a migrated database, a loaded demo.

The database is kept until a migration changes, the demo for one run: its rows lie around the hour of loading. Every
test gets its own copy. The tests of migrating, of `bian init` and of `bian demo` build theirs for real.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from psycopg.sql import SQL, Identifier

_ROOT = Path(__file__).parents[1]
_KEPT = _ROOT / "build" / "test-templates"
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
    made = _KEPT / f"migrated-{_migrations()}" if name == "migrated" else Path(os.environ[_FOLDER], name)
    made.parent.mkdir(parents=True, exist_ok=True)
    with (made.parent / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for old in made.parent.glob(f"{name}*/"):
                shutil.rmtree(old)
            _build(name, made.with_suffix(".part"))
            made.with_suffix(".part").rename(made)
    shutil.copytree(made, home, dirs_exist_ok=True)
    return home


def database_of_run() -> str:
    """The name of a migrated PostgreSQL database, made once a run; every worker's is created from it."""
    name = "bian_migrated"
    folder = Path(os.environ[_FOLDER])
    with (folder / "database.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "database").exists():
            subprocess.run(
                [sys.executable, "-m", "bianwang.processes.cli", "migrate"],
                env=os.environ | {"BIAN_DATABASE": database_beside(name)},
                check=True,
                stdout=subprocess.DEVNULL,
            )
            (folder / "database").touch()
    return name


def database_beside(name: str) -> str:
    """A new, empty database on the PostgreSQL server of this run; returns its address."""
    with psycopg.connect(os.environ["BIAN_DATABASE"], autocommit=True) as server:
        server.execute(SQL("DROP DATABASE IF EXISTS {}").format(Identifier(name)))
        server.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    return urlunsplit(urlsplit(os.environ["BIAN_DATABASE"])._replace(path=f"/{name}"))


@lru_cache(maxsize=1)
def _migrations() -> str:
    """What the database was built from, as a short word."""
    known = hashlib.sha256(django.__version__.encode())
    for file in sorted((_ROOT / "src").rglob("migrations/*.py")):
        known.update(file.read_bytes())
    return known.hexdigest()[:16]


def _build(name: str, home: Path) -> None:
    mode, *arguments = _COMMANDS[name]
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("BIAN_", "DJANGO_"))}
    subprocess.run(
        [sys.executable, "-m", "bianwang.processes.cli", *arguments],
        env=clean | {"BIAN_HOME": str(home), "BIAN_MODE": mode},
        check=True,
        stdout=subprocess.DEVNULL,
    )
