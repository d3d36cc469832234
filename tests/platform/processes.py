"""Real processes of the platform beside a test: they share the test's database and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection

from bianwang.platform.config import config


def environment() -> dict[str, str]:
    """The environment of a process that works on the test's database."""
    given = connection.settings_dict
    env = os.environ | {
        "BIAN_SECRET_KEY": config().secret("secret_key"),
        "BIAN_LEDGER_KEY": config().secret("ledger_key"),
    }
    if connection.vendor == "sqlite":
        return env | {"BIAN_HOME": str(Path(str(given["NAME"])).parent), "BIAN_DATABASE": ""}
    user = quote(given["USER"]) + (f":{quote(given['PASSWORD'])}" if given["PASSWORD"] else "")
    host = quote(given["HOST"], safe="")
    address = f"postgresql://{user}@{host}{':' + given['PORT'] if given['PORT'] else ''}/{given['NAME']}"
    return env | {"BIAN_DATABASE": address}


@contextmanager
def process(*arguments: str, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process, killed at the end if it has not gone by then."""
    child = subprocess.Popen([sys.executable, *arguments], env=environment() | options.pop("env", {}), **options)
    try:
        yield child
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()


def wait_until(condition: Callable[[], Any], seconds: float = 60) -> Any:
    """What `condition` gives as soon as it is true. Fails the test after `seconds`, which only a defect uses up."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"nothing after {seconds} s: {condition}")
