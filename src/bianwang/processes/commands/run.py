"""`bian run`: the whole platform on one machine."""

from __future__ import annotations

import logging
import sys

import click

from bianwang.platform.config import Config, config
from bianwang.processes.supervisor import Child, Supervisor


@click.command()
def command() -> None:
    """启动整个平台：设备接入、研判、网页和后台任务。

    启动三个进程：intake（设备接入、遥测存储、规则研判）、web（网页、接口、后台任务）和
    camera（视频接入与分析），开启国标接入时还有 gb28181，任何一个意外退出都会自动重新启动。
    使用 PostgreSQL 时可用 BIAN_WEB_WORKERS、BIAN_LOOP_WORKERS 增加网页和后台任务进程。

    按 Ctrl+C 或发送 SIGTERM 停止，停止前会写完已接收的数据。
    第一次运行时先建立数据库、开设三名管理员（同 bian init）。
    """
    from bianwang.processes.bootstrap import ready

    ready()
    _found_if_empty()
    logging.basicConfig(level=config().log_level, format="{asctime} {levelname} {name} {message}", style="{")
    options = config()
    children = [Child("设备接入与研判", ("intake",)), *_web(options), Child("视频接入", ("camera",))]
    if options.gb28181_port:
        children.append(Child("国标录像机接入", ("gb28181",)))
    scheme = "https" if options.web_certificate() else "http"
    click.echo(f"平台正在启动，稍后请打开 {scheme}://{options.web_host}:{options.web_port}（按 Ctrl+C 停止）")
    raise SystemExit(Supervisor(children).run())


def _web(options: Config) -> list[Child]:
    """One process for pages and background, or, where several are wanted, each kind apart."""
    if options.web_workers == options.loop_workers == 1:
        return [Child("网页与后台任务", ("web",))]
    loops = [Child(f"后台任务 {number}", ("loop",)) for number in range(1, options.loop_workers + 1)]
    return [Child("网页", ("web", "--no-loop")), *loops]


def _found_if_empty() -> None:
    from bianwang.processes.commands import init

    if init.is_founded():
        return
    if not sys.stdin.isatty():
        raise click.ClickException("这里还没有初始化，请先运行 bian init 开设管理员，再运行 bian run。")
    click.echo("这是一个空的实例，先开设三名管理员。")
    click.get_current_context().invoke(init.command, source=None)
