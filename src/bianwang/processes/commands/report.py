"""`bian report`: the year's self-evaluation report, built from the records."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn

import click


@click.group(options_metavar="[选项]", subcommand_metavar="命令 [参数]…")
def command() -> None:
    """整体支出绩效自评报告：由平台登记的记录计算数字、得分，生成文件。"""


@command.command("build", options_metavar="[选项]", short_help="生成一个年度的自评报告和全部数字。")
@click.option("--year", metavar="年度", type=click.IntRange(2000, 2100), required=True, help="报告的年度，如 2022。")
@click.option(
    "--out", metavar="文件夹", type=click.Path(path_type=Path, file_okay=False), required=True, help="写到哪里。"
)
@click.option("--on", metavar="日期", type=click.DateTime(["%Y-%m-%d"]), help="数据截至哪一天，不写时为年末或今天。")
@click.option("--json", "as_json", is_flag=True, help="结果输出为 JSON。")
def build(year: int, out: Path, on: datetime | None, as_json: bool) -> None:
    """生成一个年度的自评报告：按登记的记录计算全部数字和得分，写出四个文件。

    \b
      report.docx   Word，可在 WPS 中修改
      report.pdf    PDF
      report.html   网页，每个数字链接到算式和记录数；单独一个文件，不联网
      figures.json  全部数字：id、label、value、unit、numerator、denominator、
                    query、rows（记录数和列表地址）、source，含各项得分 score.*

    网页上起草过这个年度的报告时，用其中修改过的段落；没有时用模板的文字。需要先编制这个年度的绩效指标。
    生成后自动核对全文，列出矛盾和没有数的引用；要留存不变的版本，请在网页上冻结。

    \b
    例
      bian report build --year 2022 --out 自评报告
      bian report build --year 2022 --out 半年 --on 2022-06-30

    写好退出码为 0；不能生成时为 2，原因写在标准错误中，只有一行。
    """
    from bianwang.processes.bootstrap import ready

    ready()
    from django.db import DatabaseError

    from bianwang.platform.workflow.errors import Refused
    from bianwang.processes.reporting import build as built

    day: date | None = on.date() if on else None
    if day and day.year != year:
        _refuse(f"日期 {day.isoformat()} 不在 {year} 年内，请改正 --on 或 --year。")
    try:
        made = built(year, out, day)
    except Refused as error:
        _refuse(str(error))
    except DatabaseError:
        _refuse("数据库还没有准备好，请先运行 bian init 或 bian demo，并确认 BIAN_HOME 指向同一个文件夹。")
    except OSError as error:
        _refuse(f"文件夹“{out}”写不进去：{error.strerror}，请检查路径和权限。")
    click.echo(made.as_json() if as_json else made.as_text())


def _refuse(reason: str) -> NoReturn:
    click.echo(reason, err=True)
    sys.exit(2)
