"""`bian camera`: pictures of cameras in, signals, faults and evidence out."""

from __future__ import annotations

import logging
import re

import click

from bianwang.platform.config import config


class Group(click.ParamType):  # type: ignore[type-arg]
    """`2/4`: the second of four."""

    name = "N/M"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """(number from 0, of how many)."""
        found = re.fullmatch(r"(\d{1,3})/(\d{1,3})", value)
        part, parts = (int(found[1]), int(found[2])) if found else (0, 0)
        if not 1 <= part <= parts:
            self.fail(f"“{value}”不是组号，请写成 1/4 的样子（第 1 组，共 4 组）。", param, ctx)
        return part - 1, parts


@click.command()
@click.option("--group", type=Group(), default="1/1", show_default=True, help="只处理第 N 组摄像机，共 M 组。")
def command(group: tuple[int, int]) -> None:
    """启动视频接入与分析（通常由 bian run 启动）。

    摄像机多时可分组运行多个进程，如 bian camera --group 1/4 至 4/4。
    没有登记取流地址的摄像机时，本进程只等待，约占 90 MB 内存；接入摄像机后才装入分析用的程序。
    """
    from bianwang.processes.bootstrap import ready

    logging.basicConfig(level=config().log_level, format="{asctime} {levelname} {name} {message}", style="{")
    ready()
    from bianwang.processes.camera.main import Part, run

    run(Part(*group))
