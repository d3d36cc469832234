"""`bian cluster judge`: a job from its folder, the intake's stream, the platform's rules and alarms."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FrameType
from typing import TYPE_CHECKING

from bianwang.processes.cluster.bucket import Beginning
from bianwang.processes.cluster.driver import Driver
from bianwang.processes.cluster.judging import Listed
from bianwang.processes.cluster.sinks import Sink
from bianwang.processes.cluster.spark import pieces, session
from bianwang.processes.cluster.states import ClusterError, Job, States
from bianwang.processes.intake.warming import History

if TYPE_CHECKING:
    from pyspark.sql.streaming.query import StreamingQuery

log = logging.getLogger(__name__)

CHECK_S = 1


@dataclass(frozen=True)
class Options:
    """`stream` as in `BIAN_STREAM`; `folder` of the job (see `states.py`); `most` files or messages a batch; `every`
    a batch begins at the earliest (s); `until_done`: stop when the stream has been read instead of waiting for more."""

    stream: str
    folder: str
    buckets: int
    master: str = "local[*,4]"
    most: int = 100_000
    every: float = 1.0
    until_done: bool = False
    spark: Mapping[str, str] = field(default_factory=dict)


def run(
    options: Options,
    rules: Callable[[], Listed],
    history: History,
    sink: Sink,
    beginning: Callable[[], Beginning],
) -> None:
    """Judge until SIGTERM. Raises ClusterError; what ended the stream is in the log."""
    states = States(options.folder)
    job = _job(states, options.buckets)
    if states.beginning() is None:
        states.set_beginning(beginning())
    spark = session(options.master, options.spark)
    from pyspark.errors import PySparkException

    writer = pieces(spark, options.stream, job.buckets, options.most).writeStream
    writer = writer.foreachBatch(Driver(options.stream, states, job, rules, history, sink))
    writer = writer.option("checkpointLocation", f"{states.address}/spark")
    writer = (
        writer.trigger(availableNow=True)
        if options.until_done
        else writer.trigger(processingTime=f"{options.every} seconds")
    )
    try:
        _wait(writer.start())
    except PySparkException as error:
        log.exception("研判任务意外结束")
        raise ClusterError("研判任务意外结束，原因见上面的日志；排除后再次启动会从检查点接着研判。") from error
    finally:
        spark.stop()


def _job(states: States, buckets: int) -> Job:
    job = states.job()
    if job is None:
        job = Job(buckets)
        states.set_job(job)
    if job.buckets != buckets:
        raise ClusterError(
            f"任务现有 {job.buckets} 个分桶，要求 {buckets} 个："
            f"请先停下任务，运行 bian cluster rebucket --buckets {buckets}。"
        )
    return job


def _wait(query: StreamingQuery) -> None:
    """Until the stream ends by itself or somebody asks us to stop; a batch under way is repeated at the next start."""
    asked = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    while not query.awaitTermination(CHECK_S):
        if asked:
            query.stop()
            return
