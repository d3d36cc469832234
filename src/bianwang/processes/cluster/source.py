"""The intake's stream as a source of Spark: a row says which piece of the stream a bucket has in a batch, not more.

Spark keeps how far each batch reached, and gives a batch that it repeats the same pieces. The messages themselves are
read where they are judged, and pass neither through Spark's JVM nor from one worker to another.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from pyspark.sql.datasource import DataSource, DataSourceStreamReader, InputPartition
from pyspark.sql.streaming.datasource import ReadAllAvailable, ReadLimit, ReadMaxRows, SupportsTriggerAvailableNow
from pyspark.sql.types import StructType

from bianwang.processes.stream.ends import Place, reader

PIECE = "bucket int, start string, end string"
"""Two places of the stream (see `stream.ends`) as JSON."""


@dataclass
class Piece(InputPartition):
    """One row of PIECE."""

    bucket: int
    start: Place
    end: Place


class Pieces(DataSource):
    """Options: `stream` as `BIAN_STREAM`, `buckets`, `most` messages or files a batch."""

    @classmethod
    def name(cls) -> str:
        """What it is called in `format()`."""
        return "bianwang"

    def schema(self) -> str:
        """See PIECE."""
        return PIECE

    def streamReader(self, schema: StructType) -> DataSourceStreamReader:
        """The reader of a query."""
        return PieceReader(self.options["stream"], int(self.options["buckets"]), int(self.options["most"]))


class PieceReader(DataSourceStreamReader, SupportsTriggerAvailableNow):
    """Names and meanings are Spark's."""

    def __init__(self, stream: str, buckets: int, most: int) -> None:
        self._stream, self._buckets, self._most = stream, buckets, most
        self._end: Place | None = None
        """Where a query that reads what there is will end."""

    def initialOffset(self) -> dict[str, int]:
        return dict(reader(self._stream).first())

    def getDefaultReadLimit(self) -> ReadLimit:
        return ReadMaxRows(self._most)

    def prepareForTriggerAvailableNow(self) -> None:
        self._end = reader(self._stream).last()

    def latestOffset(self, start: dict[str, int], limit: ReadLimit) -> dict[str, int]:
        end = self._end or reader(self._stream).last()
        if isinstance(limit, ReadAllAvailable):
            return dict(end)
        return dict(reader(self._stream).next(start, end, self._most))

    def partitions(self, start: dict[str, int], end: dict[str, int]) -> list[InputPartition]:
        return [Piece(bucket, start, end) for bucket in range(self._buckets)]

    def read(self, partition: InputPartition) -> Iterator[tuple[int, str, str]]:
        assert isinstance(partition, Piece)  # noqa: S101 - Spark gives back what `partitions` returned
        yield partition.bucket, json.dumps(partition.start), json.dumps(partition.end)
