"""`bian restore`: a backup back into an empty BIAN_HOME."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import click

from bianwang.platform.config import config


@click.command(options_metavar="[选项]")
@click.argument("folder", metavar="文件夹", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="只逐个文件核对备份是否完好，不恢复。")
def command(folder: Path, only_check: bool) -> None:
    """把备份恢复到空的 BIAN_HOME。

    平台须已停止，BIAN_HOME 须不存在或为空；恢复先在旁边准备好，核对无误后一次就位，中途失败时什么都不改动。
    使用 PostgreSQL 时，BIAN_DATABASE 须指向一个空数据库，由本机的 pg_restore 恢复。

    恢复后启动平台，研判从备份时的状态接着进行，不会重复告警。
    """
    from bianwang.processes.backup import BackupError, check, load

    try:
        if only_check:
            kept = check(folder)
        else:
            kept = load(config(), folder, lambda text: click.echo(f"{text}……", err=True))
    except (BackupError, OSError) as error:
        raise click.ClickException(f"{'核对没有通过' if only_check else '没有恢复'}：{error}") from error
    held = f"{len(kept.files)} 个文件，业务数据 {sum(kept.tables.values())} 行，读数 {kept.readings} 条"
    if only_check:
        click.echo(f"备份完好：{held}，备份于 {kept.made_at}。")
        return
    click.echo(f"已恢复到 {config().home.resolve()}：{held}，备份于 {kept.made_at}。现在可以运行 bian run。")
    if kept.version != version("bianwang"):
        click.echo(f"备份来自 {kept.version} 版，请先运行 bian migrate，再启动平台。", err=True)
