"""The two ends of a stream: whoever publishes its messages, and whoever reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Protocol

from bianwang.processes.stream.address import Folder, parse
from bianwang.processes.stream.folder import FolderPublisher, FolderReader
from bianwang.processes.stream.kafka import KafkaPublisher, KafkaReader

Place = Mapping[str, int]
"""How far a stream has been read: of each of Kafka's partitions the next offset, of a folder the last file."""


class Publisher(Protocol):
    """Takes the messages of one batch."""

    def publish(self, number: int, messages: Mapping[int, bytes]) -> None:
        """Return when the messages (by slot) are safe. Raises OSError; then all of them may be given again."""


class Reader(Protocol):
    """All methods raise OSError while the stream cannot be read."""

    def first(self) -> Place:
        """The place before the oldest message that is still kept."""

    def last(self) -> Place:
        """The place after all that has been published."""

    def next(self, start: Place, end: Place, most: int) -> Place:
        """A place about so many messages (of a folder: files) after `start`, but not beyond `end`."""

    def read(self, start: Place, end: Place, slots: range) -> Iterator[memoryview | bytes]:
        """The messages of these slots between two places."""


def publisher(address: str) -> Publisher:
    """The publisher of `BIAN_STREAM`. Raises ConfigError for an address that means nothing."""
    place = parse(address)
    return FolderPublisher(place.path) if isinstance(place, Folder) else KafkaPublisher(place)


@lru_cache(maxsize=4)
def reader(address: str) -> Reader:
    """The reader of `BIAN_STREAM`, kept for the life of the process. Raises ConfigError as `publisher`."""
    place = parse(address)
    return FolderReader(place.path) if isinstance(place, Folder) else KafkaReader(place)
