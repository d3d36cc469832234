"""A Kafka topic as a stream: all messages of a slot are in one partition, in their order.

The topic's number of partitions must stay as it was when the first message was published.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from bianwang.platform.config import ConfigError
from bianwang.processes.stream.address import Kafka
from bianwang.processes.stream.errors import StreamError

TIMEOUT_S = 30.0
_LARGEST = 16 << 20
"""Bytes of a message."""
_AT_ONCE = 1_000


class KafkaPublisher:
    """Every message is acknowledged by all replicas that are in step."""

    def __init__(self, address: Kafka) -> None:
        options = {
            "acks": "all",
            "enable.idempotence": True,
            "compression.type": "lz4",
            "linger.ms": 5,
            "delivery.timeout.ms": int(TIMEOUT_S * 1000),
            "message.max.bytes": _LARGEST,
        }
        self._topic = address.topic
        self._producer = _made(_client().Producer, address, options)
        self._partitions = 0

    def publish(self, number: int, messages: Mapping[int, bytes]) -> None:
        """See Publisher."""
        refused: list[str] = []

        def delivered(error: Any, message: Any) -> None:
            if error is not None:
                refused.append(str(error))

        self._partitions = self._partitions or len(_partitions(self._producer, self._topic))
        try:
            for slot, payload in messages.items():
                place = slot % self._partitions
                self._producer.produce(self._topic, payload, _key(slot), place, on_delivery=delivered)
        except BufferError as error:
            raise StreamError(f"读数流积压，暂时交不出去：{error}") from error
        if self._producer.flush(TIMEOUT_S) or refused:
            raise StreamError(f"Kafka 没有确认读数：{refused[0] if refused else '超时'}，请检查消息服务器。")


class KafkaReader:
    """Reads by offsets that somebody else keeps; none are committed to Kafka."""

    def __init__(self, address: Kafka) -> None:
        options = {
            # The client asks for a group, which it never joins.
            "group.id": "bianwang",
            "enable.auto.commit": False,
            "auto.offset.reset": "error",
            "max.partition.fetch.bytes": _LARGEST,
        }
        self._topic = address.topic
        self._admin = _made(_client().admin.AdminClient, address, {})
        self._consumer = _made(_client().Consumer, address, options)

    def first(self) -> dict[str, int]:
        """See Reader."""
        return self._offsets(_client().admin.OffsetSpec.earliest())

    def last(self) -> dict[str, int]:
        """See Reader."""
        return self._offsets(_client().admin.OffsetSpec.latest())

    def next(self, start: Mapping[str, int], end: Mapping[str, int], most: int) -> dict[str, int]:
        """See Reader; partitions have equal shares of `most`. Raises StreamError for another topic than it was."""
        if start.keys() != end.keys():
            raise StreamError(
                f"主题“{self._topic}”原有 {len(start)} 个分区，现有 {len(end)} 个；分区数不能改，请恢复原来的主题。"
            )
        if any(last < start[name] for name, last in end.items()):
            raise StreamError(f"主题“{self._topic}”比上次读到的还短，可能被清空或重建过，请恢复原来的主题。")
        share = max(1, most // len(end))
        return {name: min(last, start[name] + share) for name, last in end.items()}

    def read(self, start: Mapping[str, int], end: Mapping[str, int], slots: range) -> Iterator[bytes]:
        """See Reader."""
        wanted = {str(slot % len(end)) for slot in slots}
        begins = {int(name): start[name] for name in wanted if start[name] < end[name]}
        ends = {part: end[str(part)] for part in begins}
        self._consumer.assign([_client().TopicPartition(self._topic, *begin) for begin in begins.items()])
        try:
            for message in self._until(ends, sum(ends.values()) - sum(begins.values())):
                if _slot(message.key()) in slots:
                    yield message.value()
        finally:
            self._consumer.unassign()

    def _until(self, ends: Mapping[int, int], count: int) -> Iterator[Any]:
        """What the assigned partitions have before their ends: so many messages."""
        while count:
            found = self._consumer.consume(min(count, _AT_ONCE), TIMEOUT_S)
            if not found:
                raise StreamError(f"Kafka 在 {TIMEOUT_S:.0f} 秒内没有给出读数，请检查消息服务器。")
            for message in found:
                if message.error() is not None:
                    raise StreamError(f"Kafka 给不出读数：{message.error().str()}。请检查消息服务器和主题的保存时间。")
                if message.offset() < ends[message.partition()]:
                    count -= 1
                    yield message

    def _offsets(self, which: Any) -> dict[str, int]:
        places = [_client().TopicPartition(self._topic, part) for part in _partitions(self._admin, self._topic)]
        try:
            asked = self._admin.list_offsets(dict.fromkeys(places, which), request_timeout=TIMEOUT_S)
            return {str(place.partition): answer.result().offset for place, answer in asked.items()}
        except _client().KafkaException as error:
            raise StreamError(f"向 Kafka 问不到主题“{self._topic}”的进度：{error}，请检查消息服务器。") from error


def _made(kind: Callable[[dict[str, Any]], Any], address: Kafka, options: dict[str, Any]) -> Any:
    """A client; what it would log comes back as errors. What we must rely on, no file may change."""
    given: dict[str, Any] = _read(address.options) if address.options else {}
    try:
        return kind(given | {"bootstrap.servers": address.servers, "log_level": 2} | options)
    except (_client().KafkaException, ValueError, TypeError) as error:
        raise ConfigError(
            f"不能照 {address.options or 'BIAN_STREAM'} 连接 Kafka：{error}。请改正后重新启动。"
        ) from error


def _read(file: Path) -> dict[str, Any]:
    """The client's options in a file, a `name=value` a line as Kafka's own tools have them. Raises ConfigError."""
    try:
        lines = [line.strip() for line in file.read_text("utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"读不了 BIAN_STREAM 所说的 Kafka 设置文件 {file}：{error}。") from error
    options = {}
    for number, line in enumerate(lines, 1):
        if not line or line.startswith("#"):
            continue
        name, sign, value = (part.strip() for part in line.partition("="))
        if not (name and sign):
            raise ConfigError(f"Kafka 设置文件 {file} 第 {number} 行应为“名称=值”，请改正后重新启动。")
        options[name] = value
    return options


def _partitions(client: Any, topic: str) -> list[int]:
    """The numbers of a topic's partitions. Raises StreamError."""
    try:
        found = client.list_topics(topic, timeout=TIMEOUT_S).topics[topic]
    except _client().KafkaException as error:
        raise StreamError(f"连不上 Kafka：{error}，请检查 BIAN_STREAM 和消息服务器。") from error
    if found.error is not None or not found.partitions:
        raise StreamError(f"Kafka 中没有主题“{topic}”，请先建立它。")
    return sorted(found.partitions)


def _key(slot: int) -> bytes:
    return slot.to_bytes(2, "big")


def _slot(key: bytes) -> int:
    return int.from_bytes(key, "big")


def _client() -> ModuleType:
    """The client library. Raises ConfigError where it is not installed."""
    try:
        import confluent_kafka.admin
    except ImportError as error:
        raise ConfigError("BIAN_STREAM 指向 Kafka，但没有安装它的客户端，请先运行 make cluster。") from error
    return confluent_kafka
