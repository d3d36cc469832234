"""The one command, `bian`: every file in `commands/` that defines `command` is a sub-command of its name.

A hyphen in the name is an underscore in the file's.

A sub-command is imported when it is called or listed, so `bian decode` starts without Django.
"""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version

import click

from bianwang.platform.config import ConfigError
from bianwang.processes import commands
from bianwang.processes.words import speak_chinese

speak_chinese()


class Commands(click.Group):
    """Sub-commands, found by their file names and imported only when needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all files in `commands/`."""
        return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The `command` of a file, or None for an unknown name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"{commands.__name__}.{cmd_name.replace('-', '_')}").command
        command.name = cmd_name
        return command


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    options_metavar="[选项]",
    subcommand_metavar="命令 [参数]…",
)
@click.version_option(version("bianwang"), prog_name="bian", message="%(prog)s %(version)s", help="显示版本后退出。")
def bian() -> None:
    """必安网：区县应急管理局的安全监管平台。

    \b
    首次使用先运行 bian init 建立数据库和三名管理员，再运行 bian run 启动平台。
    所有数据在 BIAN_HOME 指定的文件夹中，各项设置见 docs/configuration.md。
    每个命令都有自己的说明，如 bian ledger --help。
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point. A wrong `BIAN_*` variable is one sentence and exit status 2, never a stack trace."""
    try:
        bian.main(args=arguments, prog_name="bian")
    except ConfigError as error:
        click.echo(f"错误：{error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
