"""`bian migrate`: bring the database to the shape of this version."""

from __future__ import annotations

import click


@click.command()
@click.option("--check", is_flag=True, help="只检查：有未执行的变更时退出码为 1，不改动数据库。")
def command(check: bool) -> None:
    """把数据库升级到当前版本的结构。

    升级前请先备份（bian backup）。重复运行没有副作用。
    """
    from bianwang.processes.bootstrap import ready

    ready()
    from bianwang.processes import schema

    waiting = schema.waiting()
    if not waiting:
        click.echo("数据库已是当前版本的结构，无需变更。")
        return
    if check:
        click.echo(f"有 {len(waiting)} 项变更未执行：{'、'.join(waiting)}。请先备份，再运行 bian migrate。")
        raise SystemExit(1)
    schema.bring_up_to_date()
    click.echo(f"数据库已升级，执行了 {len(waiting)} 项变更。")
