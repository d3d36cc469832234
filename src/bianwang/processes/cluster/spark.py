"""Spark itself: the session, and the pieces of the stream that it deals out."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bianwang.processes.cluster.states import ClusterError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def session(master: str, options: Mapping[str, str]) -> SparkSession:
    """A session that runs this very Python on its workers. Raises ClusterError where Spark or Java is missing."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    logging.getLogger("py4j").setLevel(logging.WARNING)
    # Only Arrow passes between Spark and Python here; of pandas it need not warn.
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ClusterError("没有安装集群研判所需的 Spark，请先运行 make cluster。") from error

    builder = SparkSession.builder.master(master).appName("bianwang")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        # It only deals out pieces: compiling its code to the utmost would take longer than it saves.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    }
    for name, value in (settings | dict(options)).items():
        builder = builder.config(name, value)
    try:
        found: SparkSession = builder.getOrCreate()
    except PySparkRuntimeError as error:
        raise ClusterError(f"Spark 无法启动，请确认已安装 Java 17：{error}") from error
    found.sparkContext.setLogLevel("ERROR")
    return found


def pieces(spark: SparkSession, stream: str, buckets: int, most: int) -> DataFrame:
    """The stream as rows of PIECE, in each batch one for each bucket, with at most `most` files or messages in all."""
    from bianwang.processes.cluster.source import Pieces

    spark.dataSource.register(Pieces)
    return spark.readStream.format(Pieces.name()).options(stream=stream, buckets=buckets, most=most).load()
