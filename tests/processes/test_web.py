"""The web process and the loop beside it stand and fall together."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.instance import Instance


def test_the_web_process_ends_when_its_loop_cannot_go_on_so_that_it_is_started_anew(tmp_path: Path) -> None:
    instance = Instance(tmp_path / "home")
    instance.load_demo()
    instance.script(
        "from django.db import connection\n"
        "connection.cursor().execute('ALTER TABLE ledger_seal_lease RENAME TO gone')\n"
        "print('null')"
    )
    try:
        instance.start("web")
    except AssertionError:
        # It may be gone before its port answers.
        assert instance.processes["web"].poll() is not None
    try:
        instance.processes["web"].wait(60)
    except subprocess.TimeoutExpired as error:
        instance.processes["web"].kill()
        raise AssertionError(instance.log("web")) from error
    assert "网页进程将重新启动" in instance.log("web")
