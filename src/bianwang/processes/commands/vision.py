"""`bian vision`: what the analysis of video sees, without a database."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
import orjson

if TYPE_CHECKING:
    from bianwang.processes.analysing import Summary

_MOST_THREADS = 4


@click.group(options_metavar="[选项]", subcommand_metavar="命令 [参数]…")
def command() -> None:
    """视频分析：在录像或视频流上试用人员检测、跟踪和区域统计。"""


@command.command("analyze", options_metavar="[选项]", short_help="逐帧统计录像或视频流中的人数。")
@click.argument("video", metavar="视频")
@click.option("--zones", metavar="文件", type=click.Path(path_type=Path), help="区域文件（JSON），写法见下。")
@click.option(
    "--fps",
    metavar="帧/秒",
    default=5.0,
    show_default=True,
    type=click.FloatRange(0, 100, min_open=True),
    help="每秒取多少帧；高于视频本身的帧率时每帧都取。",
)
@click.option("--out", metavar="文件", required=True, type=click.Path(path_type=Path), help="结果写到哪里（JSONL）。")
@click.option(
    "--seconds",
    metavar="秒",
    type=click.FloatRange(0, min_open=True),
    help="最多分析多长时间；视频流不写时按 Ctrl-C 结束。",
)
@click.option("--gate", is_flag=True, help="画面没有变化时不再检测，沿用上一次的结果（快得多，结果可能略有不同）。")
@click.option("--json", "as_json", is_flag=True, help="汇总输出为 JSON。")
def analyze(
    video: str, zones: Path | None, fps: float, out: Path, seconds: float | None, gate: bool, as_json: bool
) -> None:
    """逐帧检测和跟踪人员，统计各区域人数。视频可以是 avi、mp4、gif 等文件，也可以是 rtsp:// 地址。

    不需要数据库，除视频流本身外不联网。

    每取一帧在结果文件中写一行 JSON；汇总打印在屏幕上，不写入文件。

    \b
      {"t": 秒, "persons": 人数, "boxes": [[x1, y1, x2, y2, 得分, 编号]], "zones": {"区域": 人数}}
      t 从第一帧算起；坐标是原画面的像素；编号相同的是同一个人，-1 表示刚出现、还没有编号。
      人站在框的底边中点：这一点在区域内（含边线）即计入该区域。

    \b
    区域文件可以是列表，也可以是“名称: 坐标”：
      [{"name": "危险区", "points": [[100, 80], [300, 80], [300, 200]]}]
      {"危险区": [[0.2, 0.3], [0.6, 0.3], [0.6, 0.9]]}
    一个区域的坐标都不大于 1 时，是画面宽、高的几分之几，否则是像素。
    两个点是一条界线：只统计穿越人次，从第一点看向第二点，由左到右为进入，由右到左为离开。

    \b
    例
      bian vision analyze 录像.mp4 --out 结果.jsonl
      bian vision analyze 录像.mp4 --zones 区域.json --fps 5 --out 结果.jsonl --json
      bian vision analyze rtsp://用户:密码@192.168.1.64/stream --seconds 60 --out 结果.jsonl

    写好退出码为 0；不能分析时为 2，原因写在标准错误中，只有一行，也不会留下写了一半的文件。
    """
    from bianwang.processes.analysing import analyse
    from bianwang.processes.videos import VideoError
    from bianwang.vision.errors import VisionError

    if not out.parent.is_dir():
        _refuse(f"文件夹“{out.parent}”不存在，请检查 --out。")
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with draft.open("wb") as stream:
            summary = analyse(video, _text(zones), fps, stream, seconds, gate, min(_MOST_THREADS, os.cpu_count() or 1))
        draft.replace(out)
    except (VideoError, VisionError) as error:
        _refuse(str(error))
    except OSError as error:
        _refuse(f"结果“{out}”写不进去：{error.strerror}，请检查路径和权限。")
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    _print(summary, as_json)


def _text(zones: Path | None) -> str | None:
    if zones is None:
        return None
    try:
        content = zones.read_bytes()
    except OSError as error:
        _refuse(f"区域文件“{zones}”打不开：{error.strerror}，请检查路径和权限。")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def _print(summary: Summary, as_json: bool) -> None:
    if as_json:
        click.echo(orjson.dumps(summary.as_json()).decode())
    else:
        click.echo(summary.as_text())


def _refuse(reason: str) -> NoReturn:
    click.echo(reason, err=True)
    sys.exit(2)
