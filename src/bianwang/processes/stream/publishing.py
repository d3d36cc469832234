"""Where messages go: Kafka, or a folder of Parquet files for trials and tests."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from bianwang.platform.config import ConfigError
from bianwang.processes.stream.address import Folder, parse

TIMEOUT_S = 30.0


class StreamError(OSError):
    """Messages cannot be handed on at the moment; the message is one Chinese sentence."""


class Publisher(Protocol):
    """Takes the messages of one batch."""

    def publish(self, number: int, messages: Mapping[int, bytes]) -> None:
        """Return when the messages (by slot) are safe. Raises OSError; then all of them may be given again."""


def publisher(address: str) -> Publisher:
    """The publisher of `BIAN_STREAM`. Raises ConfigError for an address that means nothing."""
    place = parse(address)
    return FolderPublisher(place.path) if isinstance(place, Folder) else KafkaPublisher(place.servers, place.topic)


class FolderPublisher:
    """One Parquet file a batch; it appears whole, and files are dated in their order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._dated_ms = max((file.stat().st_mtime_ns // 1_000_000 for file in folder.glob("*.parquet")), default=0)

    def publish(self, number: int, messages: Mapping[int, bytes]) -> None:
        """See Publisher."""
        draft, target = self._folder / f".{number}", self._folder / f"{number:020d}.parquet"
        columns = {"slot": pa.array(messages.keys(), pa.int32()), "payload": pa.array(messages.values(), pa.binary())}
        with draft.open("wb") as stream:
            pq.write_table(pa.table(columns), stream, compression="none", use_dictionary=False)
            stream.flush()
            os.fsync(stream.fileno())
        # Spark takes files in the order of their dates, of which it sees milliseconds.
        self._dated_ms = max(self._dated_ms + 1, time.time_ns() // 1_000_000)
        os.utime(draft, ns=(self._dated_ms * 1_000_000,) * 2)
        draft.replace(target)


class KafkaPublisher:
    """Each message to the partition of its slot, acknowledged by all replicas.

    Not tried against a broker: none can be had where this project is tested.
    """

    def __init__(self, servers: str, topic: str) -> None:
        try:
            from confluent_kafka import Producer
        except ImportError as error:
            raise ConfigError("BIAN_STREAM 指向 Kafka，但没有安装它的客户端，请先运行 make cluster。") from error

        self._topic = topic
        options: dict[str, Any] = {
            "bootstrap.servers": servers,
            "acks": "all",
            "enable.idempotence": True,
            "compression.type": "lz4",
            "linger.ms": 5,
            "delivery.timeout.ms": int(TIMEOUT_S * 1000),
            "message.max.bytes": 16 << 20,
        }
        self._producer = Producer(options)

    def publish(self, number: int, messages: Mapping[int, bytes]) -> None:
        """See Publisher."""
        refused: list[str] = []

        def delivered(error: Any, message: Any) -> None:
            if error is not None:
                refused.append(str(error))

        try:
            for slot, payload in messages.items():
                self._producer.produce(self._topic, payload, key=slot.to_bytes(2, "big"), on_delivery=delivered)
        except BufferError as error:
            raise StreamError(f"读数流积压，暂时交不出去：{error}") from error
        if self._producer.flush(TIMEOUT_S) or refused:
            raise StreamError(f"Kafka 没有确认读数：{refused[0] if refused else '超时'}，请检查消息服务器。")
