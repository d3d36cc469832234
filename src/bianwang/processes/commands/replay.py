"""`bian replay`: a recording through the real intake."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import click
import orjson

from bianwang.platform.config import config


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--speed", type=click.FloatRange(1, 10_000), default=1.0, show_default=True, help="播放速度（倍）。")
@click.option(
    "--commissioning", type=click.FloatRange(1, 120), default=5.0, show_default=True, help="用开头多少分钟标定限值。"
)
@click.option("--name", default="", help="演示企业的名称，默认用文件名。")
@click.option("--loop", is_flag=True, help="放完再从头放，直到按 Ctrl+C。")
@click.option("--json", "as_json", is_flag=True, help="结果按 JSON 行输出。")
def command(file: Path, speed: float, commissioning: float, name: str, loop: bool, as_json: bool) -> None:
    """把一段真实记录（CSV）当作设备，经 MQTT 接入端播放，并列出产生的告警。

    平台须正在演示方式下运行（make demo）。播放会登记一家演示企业和一台设备，
    限值由记录开头的正常段标定，与工程师投运时的做法相同。

    1 倍速从现在开始；更快时整段记录平移到现在结束，按记录自身的时钟研判。
    文件带异常标注列时，逐条说明告警是否落在标注时段内。
    """
    from bianwang.processes.bootstrap import ready

    ready()
    from bianwang.modules.sensing.telemetry import TelemetryError
    from bianwang.processes.demo import play
    from bianwang.processes.demo.recording import RecordingError, read

    options = config()
    if options.mode == "production":
        raise click.ClickException("正式运行的平台不能播放记录，请在演示方式（BIAN_MODE=demo）下使用。")
    try:
        recording = read(file, options.district)
        while True:
            player = play.prepare(recording, name or file.stem, speed, round(commissioning * 60_000))
            minutes = recording.duration_ms / 60_000
            click.echo(f"正在播放 {file.name}：{len(recording.times)} 行，{minutes:.1f} 分钟，{speed:g} 倍速", err=True)
            asyncio.run(_play(player, options))
            _tell(play.outcome(player), recording, as_json)
            if not loop:
                return
    except (RecordingError, TelemetryError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        return


async def _play(player: Any, options: Any) -> None:
    from bianwang.modules.sensing.telemetry import client
    from bianwang.processes.demo import play

    await player.play(options)
    health = await asyncio.to_thread(client().health)
    await play.judged(int(health["seq"]))


def _tell(found: list[Any], recording: Any, as_json: bool) -> None:
    for alarm in found:
        if as_json:
            click.echo(orjson.dumps(alarm))
        else:
            where = "" if not any(recording.label) else ("标注异常时段内" if alarm.inside else "标注时段外")
            click.echo(f"{alarm.begin_ms / 60_000:6.2f} 分  {alarm.severity}  {alarm.rule}  {where}")
    inside = sum(alarm.inside for alarm in found)
    summary = {"alarms": len(found), "inside": inside, "outside": len(found) - inside}
    if as_json:
        click.echo(orjson.dumps(summary))
    elif any(recording.label):
        click.echo(f"共 {len(found)} 条告警：标注时段内 {inside} 条，时段外 {len(found) - inside} 条")
    else:
        click.echo(f"共 {len(found)} 条告警，平均每小时 {len(found) * 3_600_000 / recording.duration_ms:.1f} 条")
