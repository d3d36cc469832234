"""`bian cluster`: judging on Spark."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from bianwang.platform.config import config

_FOLDER = click.option(
    "--folder",
    metavar="文件夹",
    help="任务文件夹，各台机器都能读写（路径，或 hdfs://、s3:// 地址）；默认 BIAN_HOME/cluster。",
)
_BUCKETS = click.option(
    "--buckets", metavar="个数", default=8, show_default=True, type=click.IntRange(1, 1024), help="单位分成多少桶研判。"
)


@click.group(options_metavar="[选项]", subcommand_metavar="命令 [参数]…")
def command() -> None:
    """集群研判：接入进程把读数交给 Kafka，由 Spark 用同一套规则研判。

    一个区县用不到：接入进程自己研判即可。需要另装 make cluster 和 Java 17，并设置 BIAN_STREAM。
    """


@command.command("judge", options_metavar="[选项]", short_help="运行研判任务，直到被停下。")
@_FOLDER
@_BUCKETS
@click.option("--master", metavar="地址", default="local[*,4]", show_default=True, help="Spark 主节点地址。")
@click.option(
    "--most", metavar="个数", default=100_000, show_default=True, help="一批最多读多少条消息（或多少个文件）。"
)
@click.option("--every", metavar="秒", default=1.0, show_default=True, help="至少隔多久开始一批。")
@click.option("--until-done", is_flag=True, help="读完已有的消息就结束。")
@click.option("--out", metavar="文件夹", type=click.Path(path_type=Path), help="试用：结果写成 JSON 行，不产生告警。")
@click.option("--conf", metavar="名称=值", multiple=True, help="Spark 设置，可重复，如 spark.executor.memory=4g。")
def judge(
    folder: str | None,
    buckets: int,
    master: str,
    most: int,
    every: float,
    until_done: bool,
    out: Path | None,
    conf: tuple[str, ...],
) -> None:
    """读取 BIAN_STREAM 的读数，按单位分桶研判，产生告警。

    随时可以停下或被强行结束：再次启动后从检查点接着研判，同一告警不会产生两次。
    规则改动后几秒内生效，不必重启。
    """
    from bianwang.processes.bootstrap import ready

    logging.basicConfig(level=config().log_level, format="{asctime} {levelname} {name} {message}", style="{")
    ready()
    if not config().stream:
        raise click.ClickException("没有设置 BIAN_STREAM，不知道从哪里读取读数。")
    settings = dict(_setting(each) for each in conf)
    from bianwang.processes.cluster import platform
    from bianwang.processes.cluster.alarm_sink import AlarmSink
    from bianwang.processes.cluster.history import history
    from bianwang.processes.cluster.main import Options, run
    from bianwang.processes.cluster.sinks import FileSink
    from bianwang.processes.cluster.states import ClusterError

    options = Options(config().stream, folder or _default(), buckets, master, most, every, until_done, settings)
    past = history(config())
    snapshots = config().path("snapshots", "engine").parent
    try:
        sink = FileSink(out) if out else AlarmSink(past)
        run(options, platform.PlatformRules(), past, sink, lambda: platform.beginning(snapshots))
    except ClusterError as error:
        raise click.ClickException(str(error)) from error


@command.command("rebucket", options_metavar="[选项]", short_help="把停下的任务改成另一个分桶数。")
@_FOLDER
@_BUCKETS
def rebucket(folder: str | None, buckets: int) -> None:
    """任务停下后运行；各单位的研判状态一并带到新的分桶，接着研判的结果不变。"""
    from bianwang.processes.cluster.rebucket import rebucket as spread
    from bianwang.processes.cluster.states import ClusterError

    try:
        job = spread(folder or _default(), buckets)
    except ClusterError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"已改为 {job.buckets} 个分桶，现在可以运行 bian cluster judge --buckets {job.buckets}。")


def _default() -> str:
    return str(config().path("cluster", "job.json").parent)


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.startswith("spark."):
        raise click.BadParameter(f"“{text}”不是 Spark 设置，请写成 spark.名称=值 的样子。", param_hint="--conf")
    return name, value
