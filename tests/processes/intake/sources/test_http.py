"""The HTTP door, over real sockets."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import json
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bianwang.processes.intake.presence import SILENCE_GRACE_MS
from bianwang.processes.intake.sources import http_connection
from bianwang.processes.intake.sources.attempts import MOST
from bianwang.processes.intake.sources.http import LONGEST, HttpSource
from tests.processes.intake.conftest import PUMP, Running, until
from tests.processes.intake.sources.conftest import put_in_force

BEARER = {"Authorization": "Bearer pump-token"}
Answer = tuple[int, dict[str, object]]
Post = Callable[..., Awaitable[Answer]]


@pytest.fixture
async def source(intake: Running) -> AsyncIterator[HttpSource]:
    made = HttpSource(intake.pipeline, "127.0.0.1", 0)
    live = intake.live.current
    await made.start(put_in_force(intake))
    intake.live.swap(live)
    yield made
    await made.stop()


@pytest.fixture
def post(source: HttpSource) -> Post:
    def exchange(path: str, body: bytes, headers: dict[str, str], method: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", source.port, timeout=20)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    async def send(
        body: object, path: str = "/v1/telemetry", headers: dict[str, str] = BEARER, method: str = "POST"
    ) -> Answer:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await asyncio.to_thread(exchange, path, raw, headers, method)

    return send


async def test_a_reading_is_stored_before_it_is_answered(intake: Running, post: Post) -> None:
    now = time.time_ns() // 1_000_000
    assert await post({"ts": now, "values": {"pressure": 0.38}}) == (200, {"taken": 1, "refused": 0})
    assert intake.rows(1) == [(now, 0.38)]


async def test_an_api_key_is_as_good_as_a_bearer_token(intake: Running, post: Post) -> None:
    status, _ = await post({"values": {"flow": 10}}, headers={"X-API-Key": "pump-token"})
    assert status == 200
    assert intake.values(2) == [6.0]


async def test_a_gateway_reports_for_its_children(intake: Running, post: Post) -> None:
    gate = {"Authorization": "bearer gate-token"}
    body = {"room-1": [{"ts": time.time_ns() // 1_000_000, "values": {"co": 12}}]}
    assert (await post(body, "/v1/gateway/telemetry", gate))[0] == 200
    assert intake.values(4) == [12.0]


async def test_nobody_reports_for_devices_that_are_not_his(intake: Running, post: Post) -> None:
    body = {"elsewhere": [{"ts": time.time_ns() // 1_000_000, "values": {"co": 12}}]}
    status, answer = await post(body, "/v1/gateway/telemetry", {"Authorization": "Bearer gate-token"})
    assert (status, answer["error"]) == (403, "identity")
    assert intake.values(6) == []
    assert intake.pipeline.refusals.count("gate", "identity") == 1


async def test_a_thingsboard_device_keeps_its_address(intake: Running, post: Post) -> None:
    assert (await post({"pressure": "0.5", "note": "x"}, "/api/v1/pump-token/telemetry", {}))[1] == {
        "taken": 1,
        "refused": 1,
        "error": "value",
        "reason": "信号“note”的值不是数字：x",
    }
    assert intake.values(1) == [0.5]


@pytest.mark.parametrize(
    ("path", "headers", "method", "status", "code"),
    [
        ("/v1/telemetry", {}, "POST", 401, "identity"),
        ("/v1/telemetry", {"Authorization": "Bearer wrong"}, "POST", 401, "identity"),
        ("/v1/telemetry", {"Authorization": "Basic pump-token"}, "POST", 401, "identity"),
        ("/api/v1/wrong/telemetry", {}, "POST", 401, "identity"),
        ("/v1/telemetry", BEARER, "GET", 405, "method"),
        ("/v2/telemetry", BEARER, "POST", 404, "path"),
        ("/", {}, "GET", 404, "path"),
        ("/v1/telemetry", {**BEARER, "Content-Encoding": "gzip"}, "POST", 415, "encoding"),
    ],
)
async def test_what_cannot_be_taken_gets_a_status_a_code_and_a_reason(
    intake: Running, post: Post, path: str, headers: dict[str, str], method: str, status: int, code: str
) -> None:
    body = gzip.compress(b'{"values": {"pressure": 1}}') if "Content-Encoding" in headers else b'{"values": {}}'
    got, answer = await post(body, path, headers, method)
    assert (got, answer["error"]) == (status, code)
    assert str(answer["reason"]).endswith("。")
    assert intake.pipeline.refusals.total == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"values": {"pressure": ', "json"),
        (b"", "json"),
        (b'{"values": {"pressure": NaN}}', "nan"),
        (b'{"values": {"pressure\xff": 1}}', "utf8"),
        (b'{"values": {"pressure": 1e999}}', "number"),
        (b"[" * 100_000, "depth"),
        (b'{"values": {"unknown": 1}}', "signal"),
        (b'{"ts": 0, "values": {"pressure": 1}}', "old"),
        (b'{"ts": 4102444800000, "values": {"pressure": 1}}', "ahead"),
        (b'{"time": 1, "values": {"pressure": 1}}', "field"),
    ],
)
async def test_bad_content_is_refused_and_counted_for_the_device(
    intake: Running, post: Post, body: bytes, code: str
) -> None:
    status, answer = await post(body)
    assert (status, answer["error"]) == (400, code)
    assert intake.pipeline.refusals.count("pump-1", code) == 1
    assert intake.values(1) == []


async def test_what_is_good_is_taken_beside_what_is_bad(intake: Running, post: Post) -> None:
    status, answer = await post({"values": {"pressure": 1, "unknown": 2}})
    assert (status, answer["taken"], answer["refused"], answer["error"]) == (200, 1, 1, "signal")
    assert intake.values(1) == [1.0]


async def test_a_body_too_large_is_refused_before_it_is_read(intake: Running, source: HttpSource) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", source.port)
    head = b"POST /v1/telemetry HTTP/1.1\r\nHost: x\r\nX-API-Key: pump-token\r\nContent-Length: 10485760\r\n\r\n"
    writer.write(head)
    assert (await asyncio.wait_for(reader.readline(), 10)).split()[1] == b"413"
    writer.close()
    assert intake.pipeline.refusals.count("pump-1", "too_large") == 1


async def test_a_body_too_large_is_refused_though_it_hides_its_length(source: HttpSource) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", source.port)
    writer.write(
        b"POST /v1/telemetry HTTP/1.1\r\nHost: x\r\nX-API-Key: pump-token\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    piece = 1 << 20
    for _ in range(LONGEST // piece + 1):
        writer.write(b"%x\r\n" % piece + b" " * piece + b"\r\n")
        await writer.drain()
    assert (await asyncio.wait_for(reader.readline(), 10)).split()[1] == b"413"
    writer.close()


async def test_a_large_body_is_taken_whole(intake: Running, post: Post) -> None:
    start = time.time_ns() // 1_000_000 - 60_000
    body = {"signal": "pressure", "ts": list(range(start, start + 50_000)), "values": [0.5] * 50_000}
    assert await post(body) == (200, {"taken": 50_000, "refused": 0})
    assert intake.store.count([1]) == 50_000


async def test_an_address_that_keeps_guessing_is_told_to_wait_but_good_devices_beside_it_are_served(
    post: Post,
) -> None:
    wrong = {"Authorization": "Bearer wrong"}
    statuses = [(await post({"values": {"pressure": 1}}, headers=wrong))[0] for _ in range(MOST + 2)]
    assert statuses == [401] * MOST + [429] * 2
    assert (await post({"values": {"pressure": 1}}))[0] == 200


async def test_clients_that_never_finish_are_dropped_and_hurt_nobody(
    intake: Running, source: HttpSource, post: Post
) -> None:
    source.door.head_s = source.door.body_s = 0.3
    stalled = [
        b"",
        b"POST /v1/tele",
        b"POST /v1/telemetry HTTP/1.1\r\nHost: x\r\nX-API-Key: pump-token\r\nContent-Length: 100\r\n\r\n{",
    ]
    clients = [await asyncio.open_connection("127.0.0.1", source.port) for _ in stalled * 50]
    for (_, writer), start in zip(clients, stalled * 50, strict=True):
        writer.write(start)
    assert (await post({"values": {"pressure": 1}}))[0] == 200
    ends = [asyncio.wait_for(reader.read(), 10) for reader, _ in clients]
    await asyncio.gather(*ends, return_exceptions=True)
    assert all(reader.at_eof() or reader.exception() for reader, _ in clients)
    for _, writer in clients:
        writer.close()
    assert (await post({"values": {"pressure": 2}}))[0] == 200
    assert intake.values(1) == [1.0, 2.0]


async def test_a_head_without_end_is_cut_off(source: HttpSource, post: Post) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", source.port)

    async def send_for_ever() -> None:
        writer.write(b"POST /v1/telemetry HTTP/1.1\r\nX-Long: ")
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()

    with pytest.raises(ConnectionError):
        await asyncio.wait_for(send_for_ever(), 10)
    assert (await post({"values": {"pressure": 1}}))[0] == 200


async def test_what_is_not_http_gets_a_reason_too(intake: Running, source: HttpSource) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", source.port)
    writer.write(b"##0100ST=32;CN=2011\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(), 10)
    assert answer.startswith(b"HTTP/1.1 400")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"] == "http"
    assert intake.pipeline.refusals.count("127.0.0.1", "http") == 1
    writer.close()


async def test_one_address_cannot_take_all_connections(
    source: HttpSource, intake: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_connection, "MOST_OF_ADDRESS", 3)
    clients = [await asyncio.open_connection("127.0.0.1", source.port) for _ in range(4)]
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await asyncio.wait_for(clients[3][0].readexactly(1), 10)
    assert intake.pipeline.refusals.count("127.0.0.1", "connections") == 1
    for _, writer in clients:
        writer.close()


async def test_a_device_heard_by_http_is_online_until_it_breaks_its_period(intake: Running, post: Post) -> None:
    await post({"values": {"pressure": 1}})
    presence = intake.pipeline.presence
    presence.started_ms = presence.heard[PUMP.id]
    presence.sweep(intake.live.current)
    assert intake.states(PUMP) == []
    later = int(PUMP.period_s * 1000) + SILENCE_GRACE_MS + 1000
    presence._clock = lambda: time.time_ns() // 1_000_000 + later
    presence.sweep(intake.live.current)
    assert intake.states(PUMP) == ["silent"]
    presence._clock = lambda: time.time_ns() // 1_000_000
    await post({"values": {"pressure": 2}})
    presence.sweep(intake.live.current)
    assert intake.states(PUMP) == ["silent", "heard"]


async def test_stopping_does_not_wait_for_a_request_that_does_not_end(
    source: HttpSource, caplog: pytest.LogCaptureFixture
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", source.port)
    writer.write(
        b"POST /v1/telemetry HTTP/1.1\r\nX-API-Key: pump-token\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n"
    )
    assert (await asyncio.wait_for(reader.readline(), 10)).split()[1] == b"100"
    await source.stop()
    writer.close()
    assert "Traceback" not in caplog.text
    assert "Cancel" not in caplog.text


async def test_signals_of_the_process_stay_with_the_process(source: HttpSource) -> None:
    await until(lambda: source._server.started, "server started")
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


async def test_a_port_that_is_taken_is_an_error_to_the_caller(source: HttpSource, intake: Running) -> None:
    second = HttpSource(intake.pipeline, "127.0.0.1", source.port)
    with pytest.raises(OSError, match="in use"):
        await second.start(put_in_force(intake))
