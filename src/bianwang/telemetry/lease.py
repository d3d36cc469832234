"""Who uses a database on a server: one process, which renews its claim while it lives.

A claim is a row of `marks`: the process's name and the server's time (ms) at which the claim ends; another row says
when the process left. A process that sees a claim of another goes away; one that died on the same machine is
recognised and replaced at once.
"""

from __future__ import annotations

import os
import socket
import time
from datetime import datetime, timedelta, timezone
from typing import Final

from bianwang.telemetry.connection import Connection

HOLDS_MS: Final = 60_000
RENEW_S: Final = 15.0
"""How often to renew: four times as often as is needed."""

_NOW: Final = "toUnixTimestamp64Milli(now64(3))"
"""The server's clock: those of the machines that use it may differ."""

_CLAIM, _LEAVE = "lease ", "leave "


class InUse(Exception):
    """Another process uses the database; the message is one Chinese sentence."""


class Lease:
    """The claim of this process to the database `database` on `host`."""

    def __init__(self, host: str, database: str) -> None:
        self._where = f"{host} 上的遥测数据库 {database}"
        self._name = f"{socket.gethostname()} {os.getpid()}"
        self._until = 0.0

    def take(self, link: Connection) -> None:
        """Claim the database, or go on. Raises InUse, and lets go, if another process claims it."""
        sent = time.monotonic()
        try:
            self._look(link)
            self._write(link, _CLAIM, f"{_NOW} + {HOLDS_MS}")
            # Two that claim at the same moment both see the other here, and both go away.
            self._look(link)
        except InUse:
            self.release(link)
            raise
        self._until = sent + HOLDS_MS / 1000

    @property
    def is_due(self) -> bool:
        """Whether it is time to renew."""
        return time.monotonic() > self._until - HOLDS_MS / 1000 + RENEW_S

    def require(self) -> None:
        """Raises InUse when the claim has run out, so that nothing is written beside another process."""
        if time.monotonic() > self._until:
            raise InUse(f"{self._where} 的使用权没有按时续上，暂停写入，直到服务器恢复应答")

    def release(self, link: Connection) -> None:
        """Leave the database to others."""
        self._until = 0.0
        self._write(link, _LEAVE, _NOW)

    def _write(self, link: Connection, kind: str, moment: str) -> None:
        link.command(f"INSERT INTO marks SELECT '{kind}{self._name}', {moment}")

    def _look(self, link: Connection) -> None:
        others = link.texts(
            f"SELECT substring(name, {len(_CLAIM) + 1}) AS who, maxIf(seq, startsWith(name, '{_CLAIM}')) AS until,"
            f" maxIf(seq, startsWith(name, '{_LEAVE}')) AS left FROM marks"
            f" WHERE startsWith(name, '{_CLAIM}') OR startsWith(name, '{_LEAVE}') GROUP BY who"
            f" HAVING who != '{self._name}' AND until > {_NOW} AND left + {HOLDS_MS} < until ORDER BY who"
        )
        for who, until, _ in others:
            host, pid = str(who).rsplit(" ", 1)
            if host == socket.gethostname() and not _runs(int(pid)):
                continue
            ends = datetime.fromtimestamp(until / 1000, timezone(timedelta(hours=8)))
            raise InUse(
                f"{self._where} 正由 {host} 上的进程 {pid} 使用（至 {ends:%H:%M:%S}），"
                "一个数据库只能由一个接入进程使用，请先停止它，或在 BIAN_TELEMETRY 换一个库名"
            )


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
