"""`bian user`: accounts from the machine's console, for the system administrator."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from bianwang.processes.bootstrap import ready

if TYPE_CHECKING:
    from bianwang.platform.accounts.models import User


@click.group(short_help="开设、停用、解锁账号和重置密码。")
def command() -> None:
    """在本机控制台管理账号（系统管理员使用）。

    角色只能由安全管理员在网页中授予。所有操作都写入台账。
    """


@command.command()
@click.argument("username", metavar="账号")
@click.argument("name", metavar="姓名")
@click.option("--phone", default="", help="手机号。")
@click.option("--certificate", default="", help="执法证号。")
def add(username: str, name: str, phone: str, certificate: str) -> None:
    """开设账号并显示一次性密码。"""
    with _console():
        from bianwang.platform.accounts import services

        user, secret = services.create(username, name, by=None, phone=phone, certificate=certificate)
        click.echo(f"已开设{user.name}的账号 {user.username}，一次性密码 {secret}（只显示这一次，首次登录须修改）。")
        click.echo("该账号还没有角色，请安全管理员在网页中授予。")


@command.command()
@click.argument("username", metavar="账号")
@click.option("--reason", required=True, help="停用原因，如调离、退休。")
def disable(username: str, reason: str) -> None:
    """停用账号，已登录的会话随即失效。"""
    with _console() as find:
        from bianwang.platform.accounts import services

        user = find(username)
        services.disable(user, by=None, reason=reason)
        click.echo(f"已停用{user.name}的账号 {user.username}。")


@command.command()
@click.argument("username", metavar="账号")
def enable(username: str) -> None:
    """恢复已停用的账号。"""
    with _console() as find:
        from bianwang.platform.accounts import services

        user = find(username)
        services.enable(user, by=None)
        click.echo(f"已恢复{user.name}的账号 {user.username}。")


@command.command()
@click.argument("username", metavar="账号")
def unlock(username: str) -> None:
    """提前解除登录锁定。"""
    with _console() as find:
        from bianwang.platform.accounts import services

        user = find(username)
        services.unlock(user, by=None)
        click.echo(f"已解除{user.name}的账号 {user.username} 的锁定。")


@command.command()
@click.argument("username", metavar="账号")
def reset(username: str) -> None:
    """重置密码并显示一次性密码，已登录的会话随即失效。"""
    with _console() as find:
        from bianwang.platform.accounts import services

        user = find(username)
        secret = services.reset_password(user, by=None)
        click.echo(f"已重置{user.name}的密码，一次性密码 {secret}（只显示这一次，首次登录须修改）。")


@contextmanager
def _console() -> Iterator[Callable[[str], User]]:
    """Acts as the console in the ledger; gives a function that finds an account; errors are one sentence."""
    ready()
    from django.core.exceptions import ValidationError

    from bianwang.platform.accounts.models import User
    from bianwang.platform.ledger.context import acting

    def find(username: str) -> User:
        found = User.objects.filter(username=username).first()
        if found is None:
            raise click.ClickException(f"没有账号“{username}”，请核对。")
        return found

    try:
        with acting(None, "本机", name=f"控制台（{getpass.getuser()}）"):
            yield find
    except ValidationError as error:
        raise click.ClickException("；".join(error.messages)) from error
