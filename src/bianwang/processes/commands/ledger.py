"""`bian ledger`: verify the seal, hand entries to an auditor's own systems."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, BinaryIO

import click

if TYPE_CHECKING:
    from bianwang.platform.ledger.models import Entry


@click.group(options_metavar="[选项]", subcommand_metavar="命令 [参数]…")
def command() -> None:
    """校验和导出台账（审计记录）。"""


@command.command(options_metavar="[选项]")
def verify() -> None:
    """校验台账封存链，指出第一条被改动、删除、调换或插入的记录。

    \b
    退出码 0：封存链完整。
    退出码 1：封存链断开，输出断在哪一条记录。
    """
    _ready()
    from bianwang.platform.ledger.chain import verify as check

    result = check()
    if not result.ok:
        click.echo(f"{result.problem}此前 {result.checked} 条记录完整。")
        sys.exit(1)
    click.echo(f"台账完整：共校验 {result.checked} 条记录，封存链没有断开。{result.notice}")


@command.command(options_metavar="[选项]")
@click.option("--format", "form", type=click.Choice(["json", "syslog"]), default="json", show_default=True,
              help="json 每行一条 JSON；syslog 每行一条 RFC 5424 格式。")  # fmt: skip
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="只导出这一天及以后的记录，如 2026-11-01。")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="只导出这一天及以前的记录。")
@click.option("--after", type=int, default=0, help="只导出这个序号之后的记录，用于接着上次导出。")
@click.option("--output", type=click.File("wb"), default="-", help="写入文件；默认输出到屏幕。")
def export(form: str, since: datetime | None, until: datetime | None, after: int, output: BinaryIO) -> None:
    """导出已封存的台账记录，供审计平台或日志系统留存（按封存序号排列）。

    \b
    例：bian ledger export --since 2026-11-01 --output 台账.jsonl
    例：bian ledger export --format syslog --after 120000 | nc 日志服务器 514
    """
    _ready()
    from bianwang.platform.ledger.queries import as_json, as_syslog

    host = socket.gethostname()
    for entry in _entries(since, until, after):
        output.write((as_json(entry) if form == "json" else as_syslog(entry, host)) + b"\n")


def _entries(since: datetime | None, until: datetime | None, after: int) -> Iterator[Entry]:
    from bianwang.platform.clock import SHANGHAI
    from bianwang.platform.ledger.models import Entry

    rows = Entry.objects.filter(seq__gt=after).order_by("seq")
    if since:
        rows = rows.filter(at__gte=datetime.combine(since.date(), time(), SHANGHAI))
    if until:
        rows = rows.filter(at__lt=datetime.combine(until.date() + timedelta(days=1), time(), SHANGHAI))
    yield from rows.iterator(2000)


def _ready() -> None:
    from bianwang.processes.bootstrap import ready

    ready()
