"""An empty database is made at once and an old one step by step: both ways must end at the same tables."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.templates import database_beside

pytestmark = pytest.mark.django_db  # so that it also runs on PostgreSQL, where it makes its own databases

SERVER = os.environ.get("BIAN_DATABASE", "")
AT_ONCE = ("bianwang.processes.cli", "migrate")
BY_STEPS = ("django", "migrate", "--verbosity", "0")
DJANGOS = {
    "django_migrations": "app, name",
    "django_content_type": "app_label, model",
    "auth_permission": "codename, name",
}
"""The tables that Django itself fills in every new database, with what it writes there."""
TABLES = (
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    if SERVER
    else "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
)

POSTGRESQL = (
    "SELECT table_name, column_name, data_type, character_maximum_length, numeric_precision, numeric_scale,"
    " is_nullable, column_default, is_identity FROM information_schema.columns WHERE table_schema = 'public'"
    # Django's steps give this key of its own eight bytes, its models four.
    " AND (table_name, column_name) <> ('auth_group_permissions', 'id')",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
)

Rows = list[tuple[object, ...]]
Ask = Callable[[str], Rows]


def parts(statement: str) -> list[str]:
    """What stands between the outer commas of a CREATE, sorted: a column added later stands at the end of its table."""
    depth, pieces = 0, [""]
    for sign in statement.partition("(")[2].rpartition(")")[0]:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += sign
    return sorted(piece.strip() for piece in pieces)


def shape(ask: Ask) -> list[object]:
    """Every column, constraint and index, in no order."""
    if SERVER:
        return sorted(map(repr, (row for query in POSTGRESQL for row in ask(query))))
    made = ask("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return sorted(
        (kind, name, *(parts(sql) if kind == "table" else [re.sub(r"\s+", " ", sql)])) for kind, name, sql in made
    )


@contextmanager
def database(folder: Path, name: str, command: tuple[str, ...]) -> Iterator[Ask]:
    """A database made by the command, open for questions."""
    environment = os.environ | {"BIAN_HOME": str(folder / name), "DJANGO_SETTINGS_MODULE": "bianwang.platform.settings"}
    if SERVER:
        environment["BIAN_DATABASE"] = database_beside(name)
    subprocess.run([sys.executable, "-m", *command], env=environment, check=True, stdout=subprocess.DEVNULL)
    with closing(
        psycopg.connect(environment["BIAN_DATABASE"]) if SERVER else sqlite3.connect(folder / name / "business.sqlite3")
    ) as link:
        yield lambda query: link.execute(query).fetchall()


def test_an_empty_database_made_at_once_is_the_one_that_the_steps_make(tmp_path: Path) -> None:
    with database(tmp_path, "bian_once", AT_ONCE) as once, database(tmp_path, "bian_steps", BY_STEPS) as steps:
        assert shape(once) == shape(steps)
        for table, columns in DJANGOS.items():
            written = f"SELECT {columns} FROM {table} ORDER BY {columns}"
            assert once(written) == steps(written)
        for table in {table for (table,) in steps(TABLES)} - DJANGOS.keys():
            assert steps(f'SELECT count(*) FROM "{table}"') == [(0,)], f"a step writes rows into {table}"
