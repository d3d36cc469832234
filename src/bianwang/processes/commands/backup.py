"""`bian backup`: one consistent copy of everything, while the platform works."""

from __future__ import annotations

from pathlib import Path

import click

from bianwang.platform.config import config


@click.command(options_metavar="[选项]")
@click.argument("folder", metavar="文件夹", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """把全部数据备份到一个新文件夹，平台不必停止。

    备份包括业务数据库、遥测、附件、密钥、台账链头和研判快照，彼此一致，并在写完后逐个文件核对。
    文件夹须不存在或为空，且不在 BIAN_HOME 之内；备份中断时不会留下半份。

    使用 PostgreSQL 时，业务数据库由本机的 pg_dump 备份，其余相同。
    遥测在 ClickHouse 服务器上时不在备份里，另用服务器的 BACKUP 备份。

    \b
    例：bian backup /mnt/backup/$(date +%F)
    恢复：bian restore 文件夹；只核对：bian restore --check 文件夹
    """
    from bianwang.processes.backup import BackupError, save

    options = config()
    try:
        made = save(options, folder, lambda text: click.echo(f"{text}……", err=True))
    except (BackupError, OSError) as error:
        raise click.ClickException(f"备份没有完成：{error}") from error
    size = sum(file.size for file in made.files.values()) / 1e6
    click.echo(
        f"备份完成：{folder.resolve()}，{len(made.files)} 个文件，共 {size:.1f} MB；"
        f"业务数据 {sum(made.tables.values())} 行，读数 {made.readings} 条（到第 {made.seq} 号），已逐个文件核对。"
    )
    if options.telemetry:
        click.echo(
            "注意：遥测在 ClickHouse 服务器上，不在备份里，请现在用服务器的 BACKUP DATABASE 另行备份。", err=True
        )
    given = [name for name in ("ledger_key", "secret_key", "identity_key") if getattr(options, name)]
    if given:
        names = "、".join(f"BIAN_{name.upper()}" for name in given)
        click.echo(f"注意：{names} 由环境变量给出，不在备份里，请另行保管。", err=True)
