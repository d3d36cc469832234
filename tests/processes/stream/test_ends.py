"""What is published is read: every message by the bucket that it belongs to, in order, from any place to any other."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from bianwang.platform.config import ConfigError
from bianwang.processes.certificates import Issued, issue
from bianwang.processes.stream import kafka
from bianwang.processes.stream.ends import Place, Reader, publisher, reader
from bianwang.processes.stream.errors import StreamError
from bianwang.processes.stream.message import SLOTS

BATCHES: list[Mapping[int, bytes]] = [
    {slot: b"%d/%d/" % (number, slot) + bytes(slot) for slot in range(number % 3, SLOTS, 7)} for number in range(1, 21)
]


@pytest.fixture(params=["folder", "kafka"])
def stream(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty stream."""
    if request.param == "folder":
        yield f"folder://{tmp_path}/stream"
    else:
        yield f"kafka://{request.getfixturevalue('broker')}/{tmp_path.name}"


def publish(address: str, first: int = 0, last: int = len(BATCHES)) -> None:
    end = publisher(address)
    for number in range(first, last):
        end.publish(number + 1, BATCHES[number])


def by_slot(payloads: Iterable[bytes | memoryview]) -> dict[int, list[bytes]]:
    found: dict[int, list[bytes]] = {}
    for payload in map(bytes, payloads):
        found.setdefault(int(payload.split(b"/")[1]), []).append(payload)
    return found


def published(slots: range = range(SLOTS)) -> dict[int, list[bytes]]:
    return by_slot(batch[slot] for batch in BATCHES for slot in batch if slot in slots)


def places(end: Reader, most: int) -> list[Place]:
    """From the first to the last, so many messages apart."""
    found = [end.first()]
    while (following := end.next(found[-1], end.last(), most)) != found[-1]:
        found.append(following)
    return found


@pytest.mark.parametrize("buckets", [1, 2, 3, 8])
def test_each_bucket_reads_its_own_messages_in_their_order(stream: str, buckets: int) -> None:
    publish(stream)
    end = reader(stream)
    for bucket in range(buckets):
        slots = range(bucket, SLOTS, buckets)
        assert by_slot(end.read(end.first(), end.last(), slots)) == published(slots)


def test_pieces_together_are_the_whole_and_can_be_read_again(stream: str) -> None:
    publish(stream)
    end = reader(stream)
    along = places(end, 3 if stream.startswith("folder") else 600)
    assert len(along) > 5
    pieces, again = (
        [[bytes(each) for each in end.read(*piece, range(SLOTS))] for piece in pairwise(along)] for _ in range(2)
    )
    assert [by_slot(each) for each in pieces] == [by_slot(each) for each in again]
    assert by_slot(payload for piece in pieces for payload in piece) == published()


def test_what_is_published_later_lies_after_the_last_place(stream: str) -> None:
    publish(stream, 0, 5)
    end = reader(stream)
    before = end.last()
    publish(stream, 5, 6)
    assert sorted(map(bytes, end.read(before, end.last(), range(SLOTS)))) == sorted(BATCHES[5].values())
    assert list(end.read(end.last(), end.last(), range(SLOTS))) == []


def test_messages_that_kafka_has_dropped_are_missed_and_not_passed_over(broker: str) -> None:
    address = f"kafka://{broker}/dropped"
    publish(address, 0, 1)
    end = reader(address)
    beyond = {name: offset + 1_000 for name, offset in end.last().items()}
    with pytest.raises(StreamError, match="Kafka 给不出读数"):
        list(end.read(beyond, {name: offset + 1 for name, offset in beyond.items()}, range(SLOTS)))
    assert len(list(end.read(end.first(), end.last(), range(SLOTS)))) == len(BATCHES[0])


def test_a_topic_that_is_not_what_it_was_is_refused(broker: str) -> None:
    address = f"kafka://{broker}/changed"
    publish(address, 0, 1)
    end = reader(address)
    whole = end.last()
    with pytest.raises(StreamError, match="原有 3 个分区，现有 4 个"):
        end.next(dict.fromkeys(("0", "1", "2"), 0), whole, 100)
    with pytest.raises(StreamError, match="被清空或重建"):
        end.next({name: offset + 1 for name, offset in whole.items()}, whole, 100)


def test_a_broker_that_is_away_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka, "TIMEOUT_S", 0.5)
    address = "kafka://127.0.0.1:9/readings"
    with pytest.raises(StreamError, match="连不上 Kafka"):
        publish(address, 0, 1)
    with pytest.raises(StreamError, match="连不上 Kafka"):
        reader(address).last()


def encrypted(listener: socket.socket, issued: Issued) -> bytes:
    """The first bytes that a client says after it has believed our certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(issued.certificate, issued.key)
    with context.wrap_socket(listener.accept()[0], server_side=True) as link:
        return link.recv(1024)


def test_a_file_says_how_to_encrypt_and_log_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka, "TIMEOUT_S", 1)
    issued, file = issue(tmp_path / "tls", ["127.0.0.1"], []), tmp_path / "kafka.properties"
    file.write_text(
        "# 由消息服务器的管理员给出\n"
        "security.protocol = ssl\n"
        f"ssl.ca.location={issued.authority}\n"
        "client.id=jieru-1\n\n"
        "bootstrap.servers=127.0.0.1:9\nacks=0\n",
        "utf-8",
    )
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        heard = pool.submit(encrypted, listener, issued)
        with pytest.raises(StreamError, match="连不上 Kafka"):
            publish(f"kafka://127.0.0.1:{listener.getsockname()[1]}/readings?config={file}", 0, 1)
        assert b"jieru-1" in heard.result(30)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "读不了"),
        ("security.protocol\n", "第 1 行"),
        ("\n=ssl\n", "第 2 行"),
        ("security.protokol=ssl\n", "protokol"),
    ],
)
def test_a_wrong_file_is_one_sentence_that_names_it(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "kafka.properties"
    if text:
        file.write_text(text, "utf-8")
    for end in (publisher, reader):
        with pytest.raises(ConfigError, match=words) as refused:
            end(f"kafka://127.0.0.1:9/readings?config={file}")
        assert str(file) in str(refused.value)
