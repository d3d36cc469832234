"""`bian loop`: the background loop as a process of its own."""

from __future__ import annotations

import logging

import click

from bianwang.platform.config import config


@click.command()
def command() -> None:
    """单独运行后台任务：封存台账、推进时限、台账订阅等。

    bian run 已包含后台任务（个数由 BIAN_LOOP_WORKERS 决定）；分开部署（bian web --no-loop）时才需单独运行。
    可以同时运行多个，同一任务不会被执行两次，一个意外退出时其余的会接手。
    """
    from bianwang.processes.bootstrap import ready

    logging.basicConfig(level=config().log_level, format="{asctime} {levelname} {name} {message}", style="{")
    ready()
    from bianwang.processes.loop import main

    raise SystemExit(main())
