"""`bian telemetry`: its tables on a ClickHouse server, and the whole history as files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bianwang.platform.config import config


def _month(context: click.Context, option: click.Parameter, given: str) -> int:
    """2026-11 as 202611; 0 for nothing. Refuses anything else in one sentence."""
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", given)
    if given and not found:
        raise click.BadParameter(f"“{given}”不是月份，请写成 2026-11 这样")
    return int(found[1] + found[2]) if found else 0


@click.group(options_metavar="[选项]", subcommand_metavar="命令 [参数]…")
def command() -> None:
    """遥测数据：ClickHouse 建表语句，全部历史的导出与导入。"""


@command.command("schema", options_metavar="[选项]", short_help="输出 ClickHouse 建表语句。")
@click.option("--database", metavar="库名", default="", help="库名；不写则不带库名，在当前库建表。")
@click.option("--cluster", metavar="集群名", default="", help="集群名（remote_servers 中的）；须同时写 --database。")
def schema(database: str, cluster: str) -> None:
    """输出遥测在 ClickHouse 服务器上的建表语句，与平台自己执行的相同。

    平台第一次连接时自行建表（库须先建好）；只有不给平台建表权限时，才需要由管理员执行这些语句。

    \b
    例：bian telemetry schema --database bian
    例：bian telemetry schema --database bian --cluster city
    """
    from bianwang.telemetry.schema import Layout

    for name in filter(None, (database, cluster)):
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
            raise click.ClickException(f"“{name}”不能用作库名或集群名，请只用字母、数字和下划线。")
    if cluster and not database:
        raise click.ClickException("集群上的建表语句须带库名，请加 --database 库名。")
    layout = Layout(True, cluster, database)
    made = [f"CREATE DATABASE IF NOT EXISTS {database}{layout.everywhere}"] if database else []
    click.echo(";\n\n".join([*made, *layout.statements()]) + ";")


@command.command("export", options_metavar="[选项]", short_help="把全部历史导出为按月的文件。")
@click.argument("folder", metavar="文件夹", type=click.Path(path_type=Path))
@click.option("--from", "first", metavar="年-月", default="", callback=_month, help="从哪个月（UTC）开始；默认从最早。")
@click.option("--to", "last", metavar="年-月", default="", callback=_month, help="到哪个月（含）为止；默认到最近。")
def export(folder: Path, first: int, last: int) -> None:
    """把读数、分钟和小时汇总、最新值导出到一个新文件夹，每表每月一个文件（ClickHouse Native，zstd 压缩）。

    文件夹里的 telemetry.json 记着每个文件的行数和 SM3。内置遥测导出时平台不必停止，导出的是开始时的全部数据，
    此后收到的读数不在其中；换到别处使用前请先停止平台再导出。遥测在 ClickHouse 服务器上时须先停止平台。

    \b
    例：bian telemetry export /mnt/telemetry
    例：bian telemetry export /mnt/telemetry-2026 --from 2026-01 --to 2026-12
    """
    from bianwang.processes.archive import LATEST, save

    with _refusals("导出没有完成"):
        made = save(config(), folder, first, last or LATEST, lambda text: click.echo(text, err=True))
    size = sum(piece.file.size for piece in made.pieces) / 1e6
    click.echo(
        f"导出完成：{folder.resolve()}，{len(made.pieces)} 个文件，共 {size:.1f} MB；"
        f"读数 {made.readings} 条，到第 {made.seq} 号为止。"
    )


@command.command("import", options_metavar="[选项]", short_help="把导出的历史导入到空的遥测。")
@click.argument("folder", metavar="文件夹", type=click.Path(exists=True, file_okay=False, path_type=Path))
def load(folder: Path) -> None:
    """把 bian telemetry export 的文件夹导入当前配置的遥测（BIAN_TELEMETRY，留空为内置），并逐表逐月核对行数和 SM3。

    平台须已停止，目标遥测须是空的。中途中断时再运行一次即可，未完成前平台不会使用它。
    """
    from bianwang.processes.archive import load as bring

    with _refusals("导入没有完成"):
        kept = bring(config(), folder, lambda text: click.echo(text, err=True))
    click.echo(
        f"导入完成：{len(kept.pieces)} 个文件，读数 {kept.readings} 条，到第 {kept.seq} 号为止，行数和 SM3 全部相同。"
    )


@contextmanager
def _refusals(what: str) -> Iterator[None]:
    """Say in one sentence why it could not be done."""
    from clickhouse_connect.driver.exceptions import Error as StoreError

    from bianwang.processes.archive import BackupError
    from bianwang.telemetry.engine import BadAddress
    from bianwang.telemetry.lease import InUse

    try:
        yield
    except (BackupError, InUse, BadAddress, OSError) as error:
        raise click.ClickException(f"{what}：{str(error).rstrip('。')}。") from error
    except StoreError as error:
        raise click.ClickException(f"{what}，遥测打不开或没有应答：{error}") from error
