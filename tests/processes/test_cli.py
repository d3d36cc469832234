"""The `bian` command as people start it: a process with its own folder."""

from __future__ import annotations

import os
import subprocess
import sys

import orjson
import pytest

from tests.templates import ask, copy_of, database_of


@pytest.fixture
def bian(tmp_path):
    """A function that runs `bian` on an instance of its own."""
    names = ("BIAN_", "DJANGO_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    home = tmp_path / "home"
    base = clean | {"BIAN_MODE": "test", "BIAN_HOME": str(home), "BIAN_DATABASE": database_of(home)}

    def run(*arguments, **env):
        command = [sys.executable, "-m", "bianwang.processes.cli", *arguments]
        return subprocess.run(command, env=base | env, cwd=tmp_path, capture_output=True, text=True, timeout=300)

    return run


def test_the_help_is_chinese_and_lists_every_command(bian):
    done = bian("--help")

    assert done.returncode == 0
    assert "用法：" in done.stdout
    for name in ("decode", "ledger", "loop", "migrate", "run"):
        assert f"  {name} " in done.stdout
    assert "Usage" not in done.stdout
    assert "Show this" not in done.stdout


def test_every_command_has_help_in_chinese(bian):
    from bianwang.processes.cli import bian as group

    for name in group.list_commands(None):
        command = group.get_command(None, name)
        assert command is not None
        assert any("一" <= sign <= "鿿" for sign in command.get_short_help_str()), name


def test_the_version_is_told(bian):
    assert bian("--version").stdout.startswith("bian 0.")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["nope"], "没有名为 'nope' 的命令"), (["ledger", "--nope"], "没有选项"), (["decode"], "缺少参数")],
)
def test_a_wrong_call_is_told_in_chinese(bian, arguments, words):
    done = bian(*arguments)

    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_variable_is_one_sentence_that_names_it(bian):
    for arguments in (["ledger", "verify"], ["loop"]):
        done = bian(*arguments, BIAN_WEB_PORT="abc")
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert done.stderr.startswith("错误：环境变量 BIAN_WEB_PORT 的值“abc”不可用")


def test_decode_starts_without_django(bian):
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bianwang.processes.cli", "decode", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "django" not in done.stderr


def test_migrate_says_what_it_would_do_and_what_it_did(bian):
    assert bian("migrate", "--check").returncode == 1
    assert "数据库已升级" in bian("migrate").stdout
    done = bian("migrate", "--check")
    assert (done.returncode, done.stdout) == (0, "数据库已是当前版本的结构，无需变更。\n")


def test_ledger_verify_names_the_broken_row_and_export_writes_lines(bian, tmp_path):
    copy_of("migrated", tmp_path / "home")
    script = """
from bianwang.processes.bootstrap import ready
ready()
from django.db import transaction
from bianwang.platform.ledger import chain
from bianwang.platform.ledger.models import SealLease
from bianwang.platform.ledger.services import record
with transaction.atomic():
    lease = SealLease.objects.create(pk=1)
    for _ in range(5):
        record("ledger.start", lease, owner=None)
chain.seal()
"""
    program = tmp_path / "write.py"
    program.write_text(script, "utf-8")
    env = os.environ | {
        "BIAN_MODE": "test",
        "BIAN_HOME": str(tmp_path / "home"),
        "BIAN_DATABASE": database_of(tmp_path / "home"),
    }
    subprocess.run([sys.executable, str(program)], env=env, check=True, cwd=tmp_path)

    done = bian("ledger", "verify")
    assert (done.returncode, "共校验 5 条记录" in done.stdout) == (0, True)
    lines = bian("ledger", "export").stdout.splitlines()
    assert [orjson.loads(line)["seq"] for line in lines] == [1, 2, 3, 4, 5]
    later = bian("ledger", "export", "--format", "syslog", "--after", "3").stdout.splitlines()
    assert [line[:6] for line in later] == ["<109>1"] * 2
    assert bian("ledger", "export", "--since", "2999-01-01").stdout == ""

    ask(tmp_path / "home", "UPDATE ledger_entry SET actor_name = 'x' WHERE seq = 3")
    done = bian("ledger", "verify")
    assert done.returncode == 1
    assert "台账第 3 号记录" in done.stdout
    assert "此前 2 条记录完整" in done.stdout


def test_several_processes_on_sqlite_are_refused_in_one_sentence(bian):
    done = bian("web", BIAN_WEB_WORKERS="2", BIAN_DATABASE="")

    assert done.returncode == 2
    assert done.stderr.startswith("错误：内置 SQLite 只支持一个网页进程")
    assert len(done.stderr.splitlines()) == 1
