"""`bian gb28181`: the process that speaks with recorders."""

from __future__ import annotations

import logging

import click

from bianwang.platform.config import config


@click.command()
def command() -> None:
    """启动国标录像机（GB/T 28181）接入（设置 BIAN_GB28181_PORT 后由 bian run 启动）。

    录像机向它注册、报通道目录和报警，视频由它点播后交给视频接入。
    """
    from bianwang.processes.bootstrap import ready

    logging.basicConfig(level=config().log_level, format="{asctime} {levelname} {name} {message}", style="{")
    ready()
    if not config().gb28181_port:
        raise click.ClickException("国标接入没有开启，请设置 BIAN_GB28181_PORT（常用 5060）。")
    from bianwang.processes.gb28181.main import run

    try:
        run()
    except OSError as error:
        raise click.ClickException(f"国标接入无法启动：{error}") from error
