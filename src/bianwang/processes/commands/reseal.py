"""`bian reseal`: another key for identity numbers, telephones and accounts."""

from __future__ import annotations

import secrets

import click

from bianwang.platform.config import config


@click.command(options_metavar="[选项]")
@click.option("--new-key", is_flag=True, help="先生成一把新密钥（旧密钥留作解开用）；不加此项则接着上次继续。")
def command(new_key: bool) -> None:
    """用最新的密钥重新加密身份证号码、电话和银行账号，平台不必停止。

    中断后再运行一次即从中断处继续，已换过的不再重做。旧密钥仍然保留，用来解开旧备份和尚未换完的数据。
    密钥由环境变量 BIAN_IDENTITY_KEY 给出时，先把新密钥写在最前面、用逗号与旧密钥分开，重新启动后运行本命令。

    \b
    例：bian reseal --new-key
    """
    if new_key:
        if config().identity_key:
            raise click.ClickException(
                "密钥由环境变量 BIAN_IDENTITY_KEY 给出，请在其中把新密钥写在最前面，不要加 --new-key。"
            )
        config().add_identity_key(secrets.token_hex(32))
    from bianwang.processes.bootstrap import ready

    ready()
    from bianwang.platform.sealing.services import columns, reseal

    total = 0
    for model, column in columns():
        done = reseal(model, column)
        total += done
        click.echo(f"{model._meta.verbose_name}：换过 {done} 条。")
    click.echo(f"完成，共换过 {total} 条。正在运行的进程在重新启动前仍用旧密钥加密，请重新启动平台后再运行一次。")
