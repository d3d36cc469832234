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


@command.command("fire-spread", options_metavar="", short_help="林火蔓延推演（辅助研判）。")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
def fire_spread(file: Path) -> None:
    """推演林火逐小时的范围（王正非公式或 Rothermel 公式）。

    辅助研判，不作为指挥依据：不含树冠火、飞火、扑救和火场自生风。

    文件是 JSON：格网边长 cell_m（米）、行数 rows、列数 columns；可燃物代码 fuel 或栅格文件 fuel_asc，
    可加高程 elevation_asc（ESRI ASCII，.asc）；
    逐小时气象 weather（风速 wind 米/秒，风从哪里来 wind_from 度，temperature ℃，humidity %）；
    起火点 ignitions；可加 places（居民点、企业）、model（wang-four、wang-three、rothermel）、moisture、doubt。
    位置 at 是离格网中心的米数［东, 北］；写了 origin（longitude、latitude）时是［经度, 纬度］。
    王正非可燃物：1 平铺针叶，2 松林，3 枯枝落叶，4 茅草，5 莎草灌木，6 牧场；Rothermel 为 Anderson 1～13；0 不可燃。

    输出一行 JSON：每小时 likely（可能）、latest（最慢）、earliest（最快）的公顷数、周长和火线；
    places 按最早到达排列，时刻为分钟；reaches_edge 为 true 时火可能烧出格网，请加大。
    不能计算时退出码为 2，原因写在标准错误中，只有一行。

    \b
    例
      {"cell_m": 30, "rows": 300, "columns": 300, "fuel": 2,
       "origin": {"longitude": 106.23, "latitude": 29.59},
       "weather": [{"wind": 4, "wind_from": 45, "temperature": 38, "humidity": 30}],
       "ignitions": [{"at": [106.23, 29.59]}],
       "places": [{"name": "林场", "at": [106.228, 29.588]}]}
    """
    from bianwang.processes.fire_spread import answer
    from bianwang.spread.errors import SpreadError

    try:
        result = answer(file, file.read_bytes())
    except OSError as error:
        _refuse(f"文件“{file}”打不开：{error.strerror}，请检查路径和权限。")
    except SpreadError as error:
        _refuse(str(error))
    click.echo(orjson.dumps(result).decode())


def _refuse(reason: str) -> NoReturn:
    click.echo(reason, err=True)
    sys.exit(2)
