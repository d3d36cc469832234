"""`bian calc`: calculations by the standards, without the database."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click
import orjson


@click.group(options_metavar="[选项]", subcommand_metavar="命令 [参数]…")
def command() -> None:
    """按标准计算，不需要数据库。"""


@command.command("major-hazard", options_metavar="", short_help="重大危险源辨识与分级（GB 18218）。")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
def major_hazard(file: Path) -> None:
    """辨识一个单元是不是危险化学品重大危险源，并分级（GB 18218-2018）。

    文件是 JSON：500 m 范围内常住人口 people_500m，单元内的危险化学品 items，每项写品名 name 或危险性类别 class
    （品名不在表里或没有类别时两个都写），q_t 是设计最大量（吨）。

    输出一行 JSON：S、R、grade（一级至四级，不构成时为 null）、arithmetic（算式）。
    没有临界量或校正系数的物质不能计算，退出码为 2，原因写在标准错误中，只有一行。

    \b
    例
      {"people_500m": 20, "items": [
        {"name": "甲醇", "q_t": 30},
        {"name": "氟化氢", "q_t": 2},
        {"class": "W2", "q_t": 5}]}
    """
    from bianwang.modules.risks.major_hazards import Unknown, as_json, identify

    try:
        given = orjson.loads(file.read_bytes())
    except OSError as error:
        _refuse(f"文件“{file}”打不开：{error.strerror}，请检查路径和权限。")
    except orjson.JSONDecodeError as error:
        _refuse(f"文件“{file}”不是 JSON：第 {error.lineno} 行第 {error.colno} 列，请改正。")
    people = given.get("people_500m") if isinstance(given, dict) else None
    if isinstance(people, bool) or not isinstance(people, int) or not isinstance(given.get("items"), list):
        _refuse(f"文件“{file}”须有 people_500m（整数）和 items（列表），写法见 bian calc major-hazard --help。")
    try:
        result = identify(people, given["items"])
    except Unknown as error:
        _refuse(str(error))
    click.echo(orjson.dumps(as_json(result)).decode())


def _refuse(reason: str) -> NoReturn:
    click.echo(reason, err=True)
    sys.exit(2)
