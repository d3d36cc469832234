"""`bian migrate-to`: the business data from the built-in SQLite to PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import orjson

from bianwang.platform.config import config

if TYPE_CHECKING:
    from bianwang.processes.moving import Moved


@click.command(options_metavar="[选项]")
@click.argument("address", metavar="postgresql://用户@主机:端口/库名")
@click.option("--check", "only_check", is_flag=True, help="只逐表核对两边的数据，不迁移；用于刚迁移完、还没有启用时。")
@click.option("--json", "as_json", is_flag=True, help="每张表输出一行 JSON。")
def command(address: str, only_check: bool, as_json: bool) -> None:
    """把业务数据从内置 SQLite 迁移到一个空的 PostgreSQL 数据库。

    每一行、编号、序列位置、台账封存链和待办都保留；附件、遥测和密钥仍在 BIAN_HOME，不用移动。
    迁移前先停止平台。逐表复制后核对两边的行数与 SM3 摘要，再校验台账；有一处不符、中断或断电，
    目标数据库仍是空的，可以重来；原来的数据始终不改动。

    密码可以不写在地址里，改用环境变量 PGPASSWORD 或文件 ~/.pgpass。不支持从 PostgreSQL 迁移回 SQLite。

    \b
    例：bian migrate-to postgresql://bian@127.0.0.1:5432/bian
    """
    from bianwang.processes.bootstrap import ready

    ready()
    from bianwang.processes.moving import MoveError, compare, move

    def tell(text: str) -> None:
        click.echo(f"{text}……", err=True)

    try:
        moved, ledger = (compare(config(), address, tell), "") if only_check else move(config(), address, tell)
    except MoveError as error:
        raise click.ClickException(f"{'核对没有通过' if only_check else '没有迁移'}：{error}") from error
    _show(moved, as_json)
    rows = sum(each.here.rows for each in moved)
    said = f"{'两边一致' if only_check else '迁移完成，两边一致'}：{len(moved)} 张表，{rows} 行。{ledger}"
    click.echo(said, err=as_json)
    if not only_check:
        click.echo(
            "请把下面一行写入配置（.env 或环境变量），再启动平台。"
            "原来的 business.sqlite3 没有改动，确认无误后请另存，不要再用它启动。",
            err=True,
        )
        click.echo(f"BIAN_DATABASE={address}", err=as_json)


def _show(moved: list[Moved], as_json: bool) -> None:
    if as_json:
        for each in moved:
            line = {"table": each.table, "rows": each.there.rows, "sqlite": each.here.hex, "postgresql": each.there.hex}
            click.echo(orjson.dumps(line).decode())
        return
    click.echo(f"{'表':<39}{'行数':>8}  SM3（两边相同，前 16 位）")
    for each in moved:
        if each.here.rows:
            click.echo(f"{each.table:<40}{each.here.rows:>10}  {each.here.hex[:16]}")
