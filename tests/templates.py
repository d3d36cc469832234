"""What takes long to build, built once for all test processes: a migrated database, a loaded demo.

The database is kept until a migration changes, the demo for one run: its rows lie around the hour of loading. Every
test gets its own copy. The tests of migrating, of `bian init` and of `bian demo` build theirs for real.

With BIAN_DATABASE, every home has a database of its own on that server, all of them gone at the end of the run.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from psycopg.sql import SQL, Identifier

_ROOT = Path(__file__).parents[1]
_KEPT = _ROOT / "build" / "test-templates"
_FOLDER = "BIAN_TEST_TEMPLATES"
SERVER = os.environ.get("BIAN_DATABASE", "")
"""The PostgreSQL server of this run, by the address of a database there; empty: SQLite."""
_COMMANDS = {"migrated": ("test", "migrate"), "demo": ("demo", "demo", "--load-only")}
"""The mode and the `bian` command that make each."""


def own_home() -> Path:
    """A BIAN_HOME for this process, in the folder of the run: parallel workers inherit that and it goes at the end."""
    if _FOLDER not in os.environ:
        os.environ[_FOLDER] = tempfile.mkdtemp(prefix="bian-templates-")
        atexit.register(_clear, Path(os.environ[_FOLDER]))
    return Path(tempfile.mkdtemp(prefix="home-", dir=os.environ[_FOLDER]))


def copy_of(name: str, home: Path) -> Path:
    """Fill the folder `home`, and its database on the server, with a copy of the template; returns the folder."""
    shutil.copytree(_template(name), home, dirs_exist_ok=True)
    if SERVER:
        database_beside(_name_of(home), template=template_database(name))
    return home


def database_of(home: Path) -> str:
    """BIAN_DATABASE of the platform in `home`: empty with SQLite, else its own, made when first asked for."""
    if not SERVER:
        return ""
    name = _full(_name_of(home))
    with psycopg.connect(SERVER, autocommit=True) as server:
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return _address(name)
    return database_beside(_name_of(home))


def ask(home: Path, statement: str) -> list[tuple[Any, ...]]:
    """Run one SQL statement, the same for both databases, beside the platform in `home`; its rows, if it gives any."""
    if SERVER:
        with psycopg.connect(database_of(home)) as link:
            found = link.execute(statement)  # type: ignore[call-overload]
            return found.fetchall() if found.description else []
    with closing(sqlite3.connect(home / "business.sqlite3")) as file, file:
        return file.execute(statement).fetchall()


def template_database(name: str) -> str:
    """The name of the template's database on the server, to create others from."""
    _template(name)
    return _full(name)


def database_beside(name: str, template: str = "template1") -> str:
    """A new database on the server of this run, empty or a copy of the named one; returns its address."""
    made = _full(name)
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(made)))
        server.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(made), Identifier(template)))
    return _address(made)


def _name_of(home: Path) -> str:
    return hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:16]


def _full(name: str) -> str:
    """With a part that no other run on the same server has."""
    return f"bian_{Path(os.environ[_FOLDER]).name.rpartition('-')[2]}_{name}"


def _address(name: str) -> str:
    return urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}"))


def _clear(folder: Path) -> None:
    if SERVER:
        with psycopg.connect(SERVER, autocommit=True) as server:
            ours = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_full("")])
            for (name,) in ours.fetchall():
                server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
    shutil.rmtree(folder, ignore_errors=True)


def _template(name: str) -> Path:
    """The folder of the template, built if it is not there."""
    kept = name == "migrated" and not SERVER
    made = _KEPT / f"migrated-{_migrations()}" if kept else Path(os.environ[_FOLDER], name)
    made.parent.mkdir(parents=True, exist_ok=True)
    with (made.parent / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for old in made.parent.glob(f"{name}*/"):
                shutil.rmtree(old)
            _build(name, made.with_suffix(".part"))
            made.with_suffix(".part").rename(made)
    return made


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
    home.mkdir()
    database = database_beside(name) if SERVER else ""
    subprocess.run(
        [sys.executable, "-m", "bianwang.processes.cli", *arguments],
        env=clean | {"BIAN_HOME": str(home), "BIAN_MODE": mode, "BIAN_DATABASE": database},
        check=True,
        stdout=subprocess.DEVNULL,
    )
