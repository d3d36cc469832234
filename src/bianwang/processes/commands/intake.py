"""`bian intake`: the device-facing process."""

from __future__ import annotations

import logging

import click

from bianwang.platform.config import config


@click.command()
def command() -> None:
    """启动设备接入、遥测存储与规则研判（通常由 bian run 启动）。

    遥测只能由这一个进程使用；网页通过本机套接字向它查询。
    """
    from bianwang.processes.bootstrap import ready

    logging.basicConfig(level=config().log_level, format="{asctime} {levelname} {name} {message}", style="{")
    ready()
    from clickhouse_connect.driver.exceptions import Error as StoreError

    from bianwang.processes.intake.main import run
    from bianwang.telemetry.engine import BadAddress
    from bianwang.telemetry.lease import InUse

    try:
        run()
    except (OSError, InUse, BadAddress) as error:
        raise click.ClickException(f"设备接入无法启动：{error}") from error
    except StoreError as error:
        raise click.ClickException(f"设备接入无法启动，遥测打不开：{error}") from error
