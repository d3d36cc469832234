"""Spark itself: the session, and the stream of messages that it reads."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bianwang.processes.cluster.states import ClusterError
from bianwang.processes.stream.address import Folder, parse

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

MESSAGE = "slot int, payload binary"


def session(master: str, buckets: int, options: Mapping[str, str]) -> SparkSession:
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
        "spark.sql.shuffle.partitions": str(buckets),
        # Messages are large: as rows they are copied once less, and a piece of few need not be moved as it grows.
        "spark.sql.parquet.enableVectorizedReader": "false",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "200",
        "spark.sql.adaptive.enabled": "false",
        # Readings are noise to a compressor; Spark's checksums only help to explain a shuffle that cannot be read.
        "spark.shuffle.compress": "false",
        "spark.shuffle.checksum.enabled": "false",
        # The files of a batch are known by name: no job is needed to list them.
        "spark.sql.sources.parallelPartitionDiscovery.threshold": "100000",
    }
    for name, value in (settings | dict(options)).items():
        builder = builder.config(name, value)
    try:
        found: SparkSession = builder.getOrCreate()
    except PySparkRuntimeError as error:
        raise ClusterError(f"Spark 无法启动，请确认已安装 Java 17：{error}") from error
    found.sparkContext.setLogLevel("ERROR")
    return found


def messages(spark: SparkSession, address: str, most: int) -> DataFrame:
    """The stream of `BIAN_STREAM` as MESSAGE rows, at most `most` files or messages a batch.

    Reading from Kafka needs Spark's package spark-sql-kafka-0-10 on its class path.
    """
    place = parse(address)
    if isinstance(place, Folder):
        reader = spark.readStream.schema(MESSAGE).option("maxFilesPerTrigger", most)
        return reader.parquet(str(place.path))
    options: dict[str, Any] = {
        "kafka.bootstrap.servers": place.servers,
        "subscribe": place.topic,
        "startingOffsets": "earliest",
        "failOnDataLoss": "true",
        "maxOffsetsPerTrigger": most,
    }
    stream = spark.readStream.format("kafka").options(**options).load()
    return stream.selectExpr("cast(conv(hex(key), 16, 10) as int) as slot", "value as payload")
