"""`bian demo`: the demo district, fed and running."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import click

import bianwang
from bianwang.platform.config import Config

RECORDING = Path("skab") / "valve2-0.csv"


@click.command()
@click.option(
    "--recordings",
    type=click.Path(path_type=Path),
    default=Path("..") / "shared" / "data",
    show_default=True,
    help="真实记录所在的文件夹；没有时只用模拟数据。",
)
@click.option("--year", type=int, help="载入这一年的全部记录（黄金年，与该年自评报告逐数对应），而不是今天的演示数据。")
@click.option("--load-only", is_flag=True, help="只载入演示数据，不启动。")
def command(recordings: Path, year: int | None, load_only: bool) -> None:
    """载入演示区并启动整个平台，同时送入数据（再次运行时接着上次的数据）。"""
    os.environ.setdefault("BIAN_MODE", "demo")
    os.environ.setdefault("BIAN_HOME", f"var/demo-{year}" if year else "var/demo")
    from bianwang.platform.config import config
    from bianwang.processes.bootstrap import ready

    ready()
    from bianwang.processes import schema
    from bianwang.processes.commands.init import prepare_pack
    from bianwang.processes.demo import district, golden
    from bianwang.processes.supervisor import Child, Supervisor

    options = config()
    if year and not golden.path_of(year).exists():
        raise click.ClickException(f"地区包没有{year}年的黄金年数据（{golden.path_of(year).name}）。")
    click.echo("[1/3] 准备数据库")
    schema.bring_up_to_date()
    click.echo("[2/3] 载入演示区：镇街、企业、人员、设备、规则")
    prepare_pack(Path(bianwang.__file__).parent / "districts" / options.district)
    district.load(options, partial(golden.load, year=year) if year else district.show_modules)
    click.echo("[3/3] 启动平台")
    if load_only:
        return
    children = [
        Child("设备接入与研判", ("intake",)),
        Child("网页与后台任务", ("web",)),
        Child("视频接入", ("camera",)),
        Child("模拟设备", ("simulate",)),
    ]
    if (recordings / RECORDING).is_file():
        children.append(Child("水泵真实记录", ("replay", str(recordings / RECORDING), "--loop", "--name", "供水泵站")))
    _welcome(options)
    raise SystemExit(Supervisor(children).run())


def _welcome(options: Config) -> None:
    from bianwang.platform.roles import NAMES
    from bianwang.processes.demo.district import PASSWORD, read_pack

    click.echo(f"\n    请打开 http://{options.web_host}:{options.web_port}\n\n    演示账号（密码都是 {PASSWORD}）：")
    for username, name, role, *_ in read_pack(options.district)["users"]:
        click.echo(f"      {username:<12}{NAMES[role]}（{name}）")
    click.echo("\n    约一分钟内告警墙会出现第一条告警。按 Ctrl+C 停止。\n")
