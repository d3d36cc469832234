"""Other processes ask the store over a local socket."""

from __future__ import annotations

import asyncio
import socket
import stat
import struct
import threading

import msgspec
import numpy as np
import pytest

from bianwang.telemetry import server as telemetry_server
from bianwang.telemetry.client import TelemetryClient, TelemetryError
from bianwang.telemetry.columns import Columns
from bianwang.telemetry.server import TelemetryServer
from bianwang.telemetry.wire import Record

NOW = 1_795_400_000_000


@pytest.fixture
def served(store, tmp_path):
    """A running server for the store, in a thread with its own event loop; yields the socket's path."""
    path = tmp_path / "run" / "t.sock"

    async def record(given: Record) -> None:
        if given.qualities[0] > 2:
            raise ValueError("质量码超出范围，不能入库")
        columns = (given.signals, given.times, given.values, given.qualities)
        await asyncio.to_thread(store.insert, Columns.of(*columns, received=NOW), NOW)

    server = TelemetryServer(store, path, lambda: {"error": "", "extra": 1}, record)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(server.start())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield path

    async def stop() -> None:
        await server.stop()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    asyncio.run_coroutine_threadsafe(stop(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def client(served):
    made = TelemetryClient(served)
    yield made
    made.close()


def test_answers_are_those_of_the_store(store, client):
    store.insert(Columns.of([1, 1, 2], [NOW, NOW + 1000, NOW], [1.5, 2.5, 3.5]), NOW)
    for asked, told in (
        (client.series([1, 2], NOW, NOW + 2000), store.series([1, 2], NOW, NOW + 2000)),
        (client.series([1], NOW, NOW + 2000, 1000), store.series([1], NOW, NOW + 2000, 1000)),
        (client.latest(), store.latest()),
        (client.latest([2]), store.latest([2])),
    ):
        assert list(asked) == list(told)
        for name, column in told.items():
            np.testing.assert_array_equal(asked[name], column)
    assert client.since(1).value.tolist() == [2.5, 3.5]
    assert client.since(0, signals=[2]).value.tolist() == [3.5]
    assert client.count([1]) == 2
    health = client.health()
    assert health.keys() == {*store.health(), "error", "extra"}
    assert (health["seq"], health["written"], health["extra"]) == (3, 3, 1)


def test_nothing_found_is_an_empty_table(client):
    assert client.series([7], 0, NOW)["time"].tolist() == []
    assert len(client.since(0)) == 0


def test_a_backup_can_be_asked_for(store, client, tmp_path):
    store.insert(Columns.of(1, NOW, 1), NOW)
    assert client.backup(tmp_path / "copy") == 1
    assert (tmp_path / "copy" / "metadata").is_dir()


def test_readings_can_be_handed_over_and_again_without_harm(store, client):
    for _ in range(2):
        client.record([5, 6], [NOW, NOW + 1], [1.0, 0.0], [0, 1])
    rows = client.since(0)
    assert (rows.signal.tolist(), rows.value.tolist(), rows.quality.tolist()) == ([5, 6], [1.0, 0.0], [0, 1])


def test_refused_readings_are_said_in_one_sentence(store, client):
    with pytest.raises(TelemetryError, match="质量码超出范围"):
        client.record([5], [NOW], [1.0], [3])
    assert client.count() == 0


def test_only_the_owner_may_open_the_socket(served):
    assert stat.S_IMODE(served.stat().st_mode) == 0o600
    assert stat.S_IMODE(served.parent.stat().st_mode) == 0o700


def test_a_peer_of_another_user_is_turned_away(served, monkeypatch):
    monkeypatch.setattr(telemetry_server, "_trusted", lambda peer: False)
    with pytest.raises(TelemetryError, match="没有响应"):
        TelemetryClient(served).count()


def test_too_many_rows_is_an_error_that_says_what_to_do(store, client, monkeypatch):
    monkeypatch.setattr("bianwang.telemetry.store.MAX_ROWS", 5)
    store.insert(Columns.of(1, NOW + np.arange(10), 0), NOW)
    with pytest.raises(TelemetryError, match="缩短时间范围"):
        client.series([1], NOW, NOW + 100)
    assert client.count() == 10  # and the connection goes on


def test_an_ill_formed_request_is_answered_with_an_error_and_hurts_nobody(store, client, served):
    for raw in (b"", b"\xc1", msgspec.msgpack.encode({"type": "Drop"}), msgspec.msgpack.encode({"type": "Series"})):
        with socket.socket(socket.AF_UNIX) as peer:
            peer.connect(str(served))
            peer.sendall(struct.pack(">I", len(raw)) + raw)
            (size,) = struct.unpack(">I", peer.recv(4, socket.MSG_WAITALL))
            answer = msgspec.msgpack.decode(peer.recv(size, socket.MSG_WAITALL))
        assert "不合规" in answer["error"]
    assert client.count() == 0


def test_a_request_larger_than_allowed_ends_the_connection(served):
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(str(served))
        peer.sendall(struct.pack(">I", 1 << 31))
        assert peer.recv(1) == b""


def test_a_client_finds_a_restarted_server_again(store, served, client):
    assert client.count() == 0
    client._socket.shutdown(socket.SHUT_RDWR)  # what a dead server looks like
    assert client.count() == 0


def test_a_missing_server_is_said_in_chinese(tmp_path):
    with pytest.raises(TelemetryError, match="接入进程"):
        TelemetryClient(tmp_path / "nobody").count()


def test_clients_may_be_shared_by_threads(store, client):
    store.insert(Columns.of(np.arange(200), NOW, np.arange(200)), NOW)
    wrong: list[int] = []

    def ask(start: int) -> None:
        for signal in range(start, start + 25):
            if client.latest([signal])["value"].tolist() != [float(signal)]:
                wrong.append(signal)

    threads = [threading.Thread(target=ask, args=(start,)) for start in range(0, 200, 25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
