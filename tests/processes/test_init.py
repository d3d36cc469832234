"""`bian init` and `bian user`, as real processes in an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.templates import ask, copy_of, database_of

ADMINISTRATORS = {
    "system_admin": {"username": "han", "name": "韩梅"},
    "security_admin": {"username": "yang", "name": "杨帆"},
    "audit_admin": {"username": "zhu", "name": "朱明", "password": "Shan-7428-lu"},
}
Bian = Callable[..., "subprocess.CompletedProcess[str]"]


def bian_in(home: Path) -> Bian:
    environment = os.environ | {"BIAN_HOME": str(home), "BIAN_MODE": "production", "BIAN_DATABASE": database_of(home)}

    def run(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bianwang.processes.cli", *arguments]
        return subprocess.run(
            command, input=text, env=environment, cwd=home, capture_output=True, text=True, timeout=120, check=False
        )

    return run


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bian, list[dict[str, str]], Path]:
    home = tmp_path_factory.mktemp("home")
    bian = bian_in(home)
    done = bian("init", "--json", "-", text=json.dumps(ADMINISTRATORS))
    assert done.returncode == 0, done.stderr
    return bian, [json.loads(line) for line in done.stdout.splitlines()], home


Founded = tuple[Bian, list[dict[str, str]], Path]


def test_three_administrators_get_their_own_accounts_and_first_passwords(founded: Founded) -> None:
    _, made, home = founded
    assert {row["role"]: row["username"] for row in made} == {
        role: person["username"] for role, person in ADMINISTRATORS.items()
    }
    assert len({row["password"] for row in made}) == 3
    assert ask(home, "select count(*) from accounts_user where must_change_password") == [(3,)]
    assert ask(home, "select count(*) from accounts_user where is_demo") == [(0,)]
    assert dict(ask(home, "select role, count(*) from accounts_post group by role")) == dict.fromkeys(ADMINISTRATORS, 1)


def test_the_district_and_the_limits_are_there(founded: Founded) -> None:
    assert ask(founded[2], "select name from places_territory where kind = 'district'") == [("璧山区",)]
    assert ask(founded[2], "select count(*) > 0 from workflow_limit") == [(1,)]


def test_no_password_is_kept_in_the_clear(founded: Founded) -> None:
    _, made, home = founded
    kept = b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
    assert not any(row["password"].encode() in kept for row in made)
    assert all(str(row[0]).startswith("argon2$") for row in ask(home, "select password from accounts_user"))


def test_a_second_time_is_refused_with_the_way_out(founded: Founded) -> None:
    again = founded[0]("init", "--json", "-", text=json.dumps(ADMINISTRATORS))
    assert again.returncode == 1
    assert "已经初始化过" in again.stderr
    assert "bian user add" in again.stderr


def test_the_console_opens_disables_and_resets_and_the_ledger_names_it(founded: Founded) -> None:
    bian, _, home = founded
    opened = bian("user", "add", "li.qiang", "李强")
    assert "一次性密码" in opened.stdout
    assert bian("user", "disable", "li.qiang", "--reason", "调离").returncode == 0
    assert bian("user", "enable", "li.qiang").returncode == 0
    assert "一次性密码" in bian("user", "reset", "li.qiang").stdout
    assert bian("user", "unlock", "li.qiang").returncode == 0
    rows = ask(home, "select verb, actor_name from ledger_entry where object_label = '李强' order by id")
    verbs = ["create", "disable", "enable", "reset", "unlock"]
    assert [row[0] for row in rows] == [f"accounts.{verb}" for verb in verbs]
    assert all("控制台" in str(row[1]) for row in rows)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("user", "add", "han", "韩二"), "已被使用"),
        (("user", "unlock", "nobody"), "没有账号"),
        (("user", "disable", "han", "--reason", "x"), "唯一在用"),
        (("user", "grant", "han"), "没有名为"),
    ],
)
def test_the_console_refuses_in_one_sentence(founded: Founded, arguments: tuple[str, ...], reason: str) -> None:
    refused = founded[0](*arguments)
    assert refused.returncode != 0
    assert reason in refused.stderr
    assert "Traceback" not in refused.stderr


def test_one_person_cannot_be_two_administrators_and_nothing_is_half_done(tmp_path: Path) -> None:
    bian = bian_in(copy_of("migrated", tmp_path))
    twice = ADMINISTRATORS | {"audit_admin": {"username": "han", "name": "韩梅"}}
    refused = bian("init", "--json", "-", text=json.dumps(twice))
    assert refused.returncode == 1
    assert "不同的账号" in refused.stderr
    assert ask(tmp_path, "select count(*) from accounts_user") == [(0,)]
    asked = bian("init", text="a1\n甲\na2\n乙\na3\n丙\n")
    assert asked.returncode == 0
    assert asked.stdout.count("一次性密码") == 3


@pytest.mark.parametrize("text", ["{}", '{"system_admin": "han"}', "not json"])
def test_a_wrong_file_of_administrators_is_one_clear_error(tmp_path: Path, text: str) -> None:
    refused = bian_in(copy_of("migrated", tmp_path))("init", "--json", "-", text=text)
    assert refused.returncode == 1
    assert refused.stderr.strip().splitlines()[-1].startswith("错误：")
    assert "Traceback" not in refused.stderr
