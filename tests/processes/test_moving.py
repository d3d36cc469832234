"""`bian migrate-to`: an instance's business data from SQLite to PostgreSQL, all of it or nothing."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.instance import Instance
from tests.postgres import AVAILABLE, MISSING, private_server
from tests.templates import SERVER

pytestmark = [
    pytest.mark.skipif(bool(SERVER), reason="迁移从 SQLite 出发：已在 SQLite 上的那一遍测试过。"),
    pytest.mark.skipif(not AVAILABLE, reason=MISSING),
]

COMMON = """
import json, re
from django.db import transaction
from django.test import Client
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import at
from bianwang.platform.ledger import chain
from bianwang.platform.todo.models import Todo

def pages():
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username="kezhang"))
    # The hours that are left pass while the data moves.
    with at(Todo.objects.latest("created_at").created_at):
        answers = [client.get(path) for path in ("/hazards/", "/relief/programmes/", "/todo/")]
    assert all(answer.status_code == 200 for answer in answers)
    return [re.findall(r"(?s)<tbody.*?</tbody>", answer.content.decode()) for answer in answers]

def next_number():
    made = Todo.objects.order_by("pk").last()
    made.pk = None
    made.save()
    given = made.pk
    made.delete()
    return given
"""
HERE = """
while chain.seal():
    pass
print(json.dumps([next_number(), pages()]))
"""
THERE = """
print(json.dumps([next_number(), pages(), chain.verify().problem, chain.verify().checked]))
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with private_server() as address:
        yield address


class Target:
    """A database on the server."""

    def __init__(self, server: str, name: str) -> None:
        with psycopg.connect(server, autocommit=True) as link:
            link.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
        self.address = f"{server.rpartition('/')[0]}/{name}"

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.address) as link:
            found = link.execute(statement)  # type: ignore[call-overload]
            return found.fetchall() if found.description else []

    @property
    def is_empty(self) -> bool:
        return self.ask("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == [(0,)]


def migrate_to(instance: Instance, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bianwang.processes.cli", "migrate-to", *arguments]
    return subprocess.run(command, env=instance.environment, capture_output=True, text=True, timeout=300)


def refusal(instance: Instance, *arguments: str) -> str:
    done = migrate_to(instance, *arguments)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


@dataclass
class Move:
    """A demo that was moved, after a first try that was killed."""

    instance: Instance
    target: Target
    source: bytes
    last_todo: int
    pages: list[object]
    was_empty_after_kill: bool
    lines: list[dict[str, object]]
    said: str

    @property
    def file(self) -> Path:
        return self.instance.home / "business.sqlite3"

    def there(self) -> Instance:
        """The instance on its new database."""
        made = Instance(self.instance.home)
        made.environment |= {"BIAN_DATABASE": self.target.address}
        return made


@pytest.fixture(scope="module")
def moved(server: str, tmp_path_factory: pytest.TempPathFactory) -> Move:
    instance = Instance(tmp_path_factory.mktemp("moving") / "home")
    instance.load_demo()
    last, pages = instance.script(COMMON + HERE)
    before = (instance.home / "business.sqlite3").read_bytes()
    target = Target(server, "moved")
    kill_while_it_moves(instance, target.address)
    empty = target.is_empty
    done = migrate_to(instance, "--json", target.address)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return Move(instance, target, before, last, pages, empty, lines, done.stderr)


def kill_while_it_moves(instance: Instance, address: str) -> None:
    """kill -9 when all rows are written and the keys are being made."""
    command = [sys.executable, "-m", "bianwang.processes.cli", "migrate-to", address]
    with subprocess.Popen(command, env=instance.environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "外键" in line:
                process.kill()
                break
        process.wait()
    assert process.returncode == -9


def rows_here(file: Path) -> dict[str, int]:
    with closing(sqlite3.connect(file)) as link:
        names = link.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return {name: link.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names.fetchall()}


def test_every_row_of_every_table_is_there_with_the_same_digest(moved: Move) -> None:
    here = rows_here(moved.file)
    assert {line["table"]: line["rows"] for line in moved.lines} == here
    assert all(line["sqlite"] == line["postgresql"] for line in moved.lines)
    there = {str(name): moved.target.ask(f'SELECT count(*) FROM "{name}"')[0][0] for name in here}
    assert there == here
    assert sum(here.values()) > 5000
    assert f"BIAN_DATABASE={moved.target.address}" in moved.said


def test_the_source_is_as_it_was(moved: Move) -> None:
    assert moved.file.read_bytes() == moved.source


def test_a_kill_in_the_middle_leaves_the_target_empty(moved: Move) -> None:
    assert moved.was_empty_after_kill


def test_the_check_passes_until_a_row_is_changed(moved: Move) -> None:
    assert migrate_to(moved.instance, "--check", moved.target.address).returncode == 0
    last = "WHERE id = (SELECT max(id) FROM places_party)"
    moved.target.ask(f"UPDATE places_party SET name = name || ' ' {last}")
    assert "places_party（SQLite 257 行，PostgreSQL 257 行）" in refusal(
        moved.instance, "--check", moved.target.address
    )
    moved.target.ask(f"UPDATE places_party SET name = rtrim(name) {last}")


def test_the_platform_goes_on_there_with_the_same_pages_numbers_and_chain(moved: Move) -> None:
    there = moved.there()
    number, pages, problem, checked = there.script(COMMON + THERE)
    assert number == moved.last_todo + 1
    assert pages == moved.pages
    assert all(len(rows) == 1 for rows in pages)
    assert (problem, checked) == ("", moved.target.ask("SELECT count(*) FROM ledger_entry")[0][0])
    try:
        there.start("web")
        assert there.health()["checks"]["database"] == "ok"
    finally:
        there.stop()


def test_a_target_that_holds_something_is_refused(moved: Move) -> None:
    assert "不是空的" in refusal(moved.instance, moved.target.address)


@pytest.fixture
def twin(moved: Move, tmp_path: Path) -> Instance:
    """Another instance with the same data."""
    shutil.copytree(moved.instance.home, tmp_path / "home")
    return Instance(tmp_path / "home")


@pytest.fixture
def empty(server: str, request: pytest.FixtureRequest) -> Target:
    return Target(server, f"empty_{abs(hash(request.node.name))}")


def test_an_instance_in_use_is_refused_even_when_it_is_idle(twin: Instance, empty: Target) -> None:
    with closing(sqlite3.connect(twin.home / "business.sqlite3")) as user:
        user.execute("SELECT count(*) FROM places_party")
        assert "平台正在运行" in refusal(twin, empty.address)


def test_a_source_that_waits_for_a_migration_is_refused(twin: Instance, empty: Target) -> None:
    with closing(sqlite3.connect(twin.home / "business.sqlite3")) as link, link:
        link.execute("DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)")
    assert "1 项变更未执行" in refusal(twin, empty.address)


def test_a_value_that_postgresql_cannot_hold_is_named_and_nothing_is_left(twin: Instance, empty: Target) -> None:
    with closing(sqlite3.connect(twin.home / "business.sqlite3")) as link, link:
        link.execute("UPDATE places_party SET name = name || char(0) WHERE id = (SELECT max(id) FROM places_party)")
    said = refusal(twin, empty.address)
    assert "places_party" in said
    assert "第 257 行" in said
    assert empty.is_empty
