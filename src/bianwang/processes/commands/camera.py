"""`bian camera`: pictures of cameras in, signals, faults and evidence out."""

from __future__ import annotations

import asyncio
import logging
import re
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import click

from bianwang.platform.config import config
from bianwang.protocols.wsdiscovery import Match


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


@click.group(invoke_without_command=True, options_metavar="[选项]", subcommand_metavar="[命令]")
@click.option("--group", type=Group(), default="1/1", show_default=True, help="只处理第 N 组摄像机，共 M 组。")
@click.pass_context
def command(ctx: click.Context, group: tuple[int, int]) -> None:
    """启动视频接入与分析（通常由 bian run 启动）。

    摄像机多时可分组运行多个进程，如 bian camera --group 1/4 至 4/4。
    没有登记取流地址的摄像机时，本进程只等待，约占 90 MB 内存；接入摄像机后才装入分析用的程序。
    """
    if ctx.invoked_subcommand is not None:
        return
    from bianwang.processes.bootstrap import ready

    logging.basicConfig(level=config().log_level, format="{asctime} {levelname} {name} {message}", style="{")
    ready()
    from bianwang.processes.camera.main import Part, run

    run(Part(*group))


@command.command(options_metavar="[选项]")
@click.option("--user", default="", help="摄像机的用户名；填了就另外询问密码，并列出各路码流地址。")
@click.option(
    "--snapshots",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="文件夹",
    help="把每台摄像机的快照存进这个文件夹，好认出哪台是哪台；要同时写 --user。",
)
def discover(user: str, snapshots: Path | None) -> None:
    """查找本地网络里的摄像机（ONVIF）。

    只能找到与本机在同一网段、开启了 ONVIF 的摄像机。列出的码流地址不含用户名和密码，登记时请自行加上。
    """
    from bianwang.modules.sensing import discovery

    if snapshots and not user:
        raise click.UsageError("存快照要登录摄像机，请同时写 --user。")
    password = click.prompt("密码", hide_input=True) if user else ""
    try:
        found = discovery.discover()
    except OSError as error:
        raise click.ClickException(f"网络不通，无法查找：{error}") from error
    if not found:
        click.echo("没有找到摄像机。请确认摄像机与本机在同一网段，并已开启 ONVIF。")
    asyncio.run(_show(discovery, found, user, password, snapshots))


async def _show(discovery: ModuleType, found: list[Match], user: str, password: str, folder: Path | None) -> None:
    for match in found:
        click.echo(f"{match.name or '摄像机'} {match.hardware}  {match.addresses[0]}")
        if not user:
            continue
        try:
            for stream in await discovery.streams(match.addresses[0], user, password):
                click.echo(f"  {stream.name} {stream.width}×{stream.height}  {stream.address}")
            if folder:
                picture = await discovery.snapshot(match.addresses[0], user, password)
                click.echo(f"  快照 {_save(folder, match.addresses[0], picture)}")
        except discovery.OnvifError as error:
            click.echo(f"  {error}。")


def _save(folder: Path, address: str, picture: bytes) -> Path:
    """Keep a snapshot under the camera's host; where it lies."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{urlsplit(address).hostname}.jpg"
    target.write_bytes(picture)
    return target
