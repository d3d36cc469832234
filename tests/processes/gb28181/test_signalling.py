"""Recorders of both editions, over UDP and TCP: they register, keep alive, tell channels and alarms, and leave."""

from __future__ import annotations

import asyncio
import time

import pytest

from bianwang.modules.sensing.signalling import RecorderConfig
from bianwang.processes.gb28181.parts import NoCatalog
from bianwang.protocols import manscdp, sip
from bianwang.protocols.manscdp import Alarm
from bianwang.protocols.sip import Request
from tests.processes.gb28181.conftest import GATE, ITEMS, NVR, STORE, US, Record, Serve, until

CHANNELS = {GATE: "大门", STORE: "危化品库"}


@pytest.mark.parametrize("transport", ["UDP", "TCP"])
@pytest.mark.parametrize("edition", ["2016", "2022"])
async def test_a_recorder_registers_and_tells_channels_and_alarms(
    serve: Serve, record: Record, edition: str, transport: str
) -> None:
    running = await serve(edition)
    nvr = await record(running, edition=edition, transport=transport)
    assert await nvr.register() == 200
    await until(lambda: running.board.catalogs, "the catalog")
    assert running.board.catalogs == [(CHANNELS, True)]
    assert await nvr.keepalive() == 200
    alarm = Alarm(GATE, 7, 1, 5, None, 1_790_000_000_000, "越界")
    assert await nvr.alarm(alarm) == 200
    assert running.board.alarms == [alarm]
    await until(lambda: any(d.command == "Alarm" and d.get("Result") == "OK" for d in nvr.heard), "the answer")
    assert running.board.changes[0][:2] == (1, "online")
    assert running.board.changes[0].address == "127.0.0.1"
    assert await nvr.register(expires=0) == 200
    assert running.board.states == ["online", "offline"]
    assert await nvr.keepalive() == 403
    assert running.board.refusals == []


async def test_alarms_are_subscribed_to_and_the_subscription_is_renewed(serve: Serve, record: Record) -> None:
    running = await serve(subscription=1.0, renewal=0.5)
    nvr = await record(running)
    assert await nvr.register() == 200
    await until(lambda: len(nvr.subscriptions) == 2, "the renewal")
    first, second = nvr.subscriptions
    asked = manscdp.parse(first.body)
    assert (asked.kind, asked.command, asked.get("AlarmMethod")) == ("Query", "Alarm", "0")
    assert (first.get("Event"), first.get("Expires")) == ("presence", "1")
    assert second.call_id == first.call_id
    assert second.cseq[0] == first.cseq[0] + 1
    assert sip.tag_of(second.get("To"))
    alarm = Alarm(GATE, 8, 1, 2, None, 1_790_000_000_000, "入侵")
    assert await nvr.notify(alarm) == 200
    assert running.board.alarms == [alarm]
    assert not any(document.get("Result") for document in nvr.heard)


@pytest.mark.parametrize("status", [489, 501])
async def test_who_takes_no_subscription_is_left_alone_and_may_report_unasked(
    serve: Serve, record: Record, status: int
) -> None:
    running = await serve(subscription=0.1, renewal=0.05)
    nvr = await record(running, subscribing=status)
    assert await nvr.register() == 200
    await until(lambda: nvr.subscriptions, "the subscription")
    await until(lambda: running.board.catalogs, "the catalog")
    assert await nvr.alarm(Alarm(GATE)) == 200
    assert len(running.board.alarms) == 1
    assert len(nvr.subscriptions) == 1
    assert await nvr.register() == 200
    await until(lambda: len(nvr.subscriptions) == 2, "another try")


async def test_a_recorder_that_was_started_anew_is_subscribed_to_anew(serve: Serve, record: Record) -> None:
    running = await serve()
    nvr = await record(running)
    assert await nvr.register() == 200
    await until(lambda: nvr.subscriptions, "the subscription")
    again = await record(running)
    assert await again.register() == 200
    await until(lambda: len(again.subscriptions) == 2, "the new subscription")
    lost, new = again.subscriptions
    assert lost.call_id == nvr.subscriptions[0].call_id
    assert new.call_id != lost.call_id
    assert not sip.tag_of(new.get("To"))


async def test_the_answer_to_a_registration_sets_the_clock(serve: Serve, record: Record) -> None:
    running = await serve()
    nvr = await record(running)
    response = await nvr.answer_challenge(await nvr.challenge())
    assert response.status == 200
    assert manscdp.time_ms(response.get("Date")) == pytest.approx(time.time() * 1000, abs=60_000)
    assert response.get("X-GB-Ver") == "2.0"
    assert response.get("Expires") == "3600"


async def test_a_wrong_password_is_forbidden_and_counted_for_the_recorder(serve: Serve, record: Record) -> None:
    running = await serve()
    nvr = await record(running)
    assert await nvr.register(password="87654321") == 403
    assert running.board.refusals == [(NVR, "password")]
    assert running.board.states == []


async def test_unknown_and_disabled_recorders_are_forbidden(serve: Serve, record: Record) -> None:
    running = await serve()
    stranger = await record(running, code="50012000001180000009")
    assert await stranger.register() == 403
    assert running.board.refusals == [("127.0.0.1", "identity")]
    nvr = await record(running)
    assert await nvr.register() == 200
    running.server.follow([])
    assert running.board.states == ["online", "offline"]
    assert await nvr.keepalive() == 403
    assert await nvr.register() == 403


async def test_a_recorder_whose_password_changed_must_register_again(serve: Serve, record: Record) -> None:
    running = await serve()
    nvr = await record(running)
    assert await nvr.register() == 200
    running.server.follow([RecorderConfig(1, NVR, "2016", "another-one")])
    assert await nvr.keepalive() == 403
    assert await nvr.register() == 403
    assert await nvr.register(password="another-one") == 200


async def test_who_guesses_passwords_gets_no_more_answers(serve: Serve, record: Record) -> None:
    running = await serve()
    nvr = await record(running)
    statuses = [await nvr.register(password="guess-guess") for _ in range(20)]
    assert set(statuses) == {403}
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(nvr.register(password="guess-guess"), 1)


async def test_an_expired_nonce_is_answered_by_a_fresh_one(serve: Serve, record: Record) -> None:
    running = await serve(nonce=-1.0)
    nvr = await record(running)
    first = await nvr.challenge()
    assert first.status == 401
    second = await nvr.answer_challenge(first)
    assert second.status == 401
    assert "stale=true" in second.get("WWW-Authenticate")
    assert first.get("WWW-Authenticate") != second.get("WWW-Authenticate")
    assert running.board.states == []


async def test_a_nonce_that_is_not_ours_does_not_register(serve: Serve, record: Record) -> None:
    first, second = await serve(), await serve()
    nvr, other = await record(first), await record(second)
    foreign = await other.challenge()
    assert (await nvr.answer_challenge(foreign)).status == 401


async def test_silence_is_offline_after_three_missed_keepalives(serve: Serve, record: Record) -> None:
    running = await serve(keepalive=0.1, sweep=0.02)
    nvr = await record(running)
    assert await nvr.register() == 200
    await until(lambda: running.board.states == ["online", "offline"], "the recorder is offline")
    assert await nvr.keepalive() == 403
    assert await nvr.register() == 200
    assert running.board.states == ["online", "offline", "online"]


@pytest.mark.parametrize("lost", [(1,), (0,), (2,), (0, 4)])
async def test_a_lost_part_of_a_catalog_is_asked_for_again(serve: Serve, record: Record, lost: tuple[int, ...]) -> None:
    running = await serve(part=0.2)
    nvr = await record(running, lost_parts=lost)
    assert await nvr.register() == 200
    await until(lambda: running.board.catalogs, "the catalog")
    assert running.board.catalogs == [(CHANNELS, True)]


async def test_a_catalog_that_never_comes_whole_is_told_as_such(serve: Serve, record: Record) -> None:
    running = await serve(part=0.1)
    nvr = await record(running, lost_parts=range(1, 100, 3))
    assert await nvr.register() == 200
    await until(lambda: running.board.catalogs, "the catalog")
    assert running.board.catalogs == [({STORE: "危化品库"}, False)]


async def test_a_catalog_is_refreshed_on_demand(serve: Serve, record: Record) -> None:
    running = await serve()
    with pytest.raises(NoCatalog, match="不在线"):
        await running.server.refresh(1)
    nvr = await record(running, items=ITEMS[:4])
    assert await nvr.register() == 200
    assert await running.server.refresh(1) == "1"
    assert running.board.catalogs[-1] == ({GATE: "大门"}, True)


async def test_a_recorder_without_channels(serve: Serve, record: Record) -> None:
    running = await serve()
    nvr = await record(running, items=())
    assert await nvr.register() == 200
    await until(lambda: running.board.catalogs, "the catalog")
    assert running.board.catalogs == [({}, True)]


def message(body: bytes, number: int = 1, sender: str = NVR) -> Request:
    """A MESSAGE that the simulator would not send; a branch of its own for each number."""
    headers = (
        ("Via", f"SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bK{number}"),
        ("From", f"<sip:{sender}@{US.realm}>;tag=1"),
        ("To", f"<sip:{US.code}@{US.realm}>"),
        ("Call-ID", "raw"),
        ("CSeq", f"{number} MESSAGE"),
        ("Content-Type", manscdp.CONTENT_TYPE),
    )
    return Request(method="MESSAGE", uri=f"sip:{US.code}@{US.realm}", headers=headers, body=body)


class Socket(asyncio.DatagramProtocol):
    """Sends bytes as they are, and keeps the responses that come back."""

    def __init__(self) -> None:
        self.got: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: object) -> None:
        if data.startswith(b"SIP/2.0 "):
            self.got.append(data)

    def statuses(self) -> list[int]:
        return [sip.parse(data).status for data in self.got]  # type: ignore[union-attr]


async def socket_to(port: int) -> Socket:
    loop = asyncio.get_running_loop()
    _, protocol = await loop.create_datagram_endpoint(Socket, remote_addr=("127.0.0.1", port))
    return protocol


async def test_what_comes_twice_is_taken_once_and_answered_twice(serve: Serve, record: Record) -> None:
    running = await serve()
    nvr = await record(running)
    assert await nvr.register() == 200
    raw = sip.encode(message(manscdp.alarm_notice(Alarm(GATE))))
    socket = await socket_to(running.server.port)
    for _ in range(3):
        socket.transport.sendto(raw)  # type: ignore[attr-defined]
    await until(lambda: len(socket.got) == 3, "three answers")
    assert socket.statuses() == [200, 200, 200]
    assert len(running.board.alarms) == 1
    assert b"received=127.0.0.1" in socket.got[0]
    socket.transport.close()


async def test_messages_of_strangers_are_forbidden_and_rubbish_is_refused(serve: Serve, record: Record) -> None:
    running = await serve()
    nvr = await record(running)
    assert await nvr.register() == 200
    socket = await socket_to(running.server.port)
    for number, (body, sender) in enumerate([(b"x", "1"), (b"<x", NVR), (b"<!DOCTYPE a><Notify/>", NVR)]):
        socket.transport.sendto(sip.encode(message(body, number, sender)))  # type: ignore[attr-defined]
    for rubbish in (b"\0", b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 60_000, b"SIP/2.0 200 OK\r\n\r\n", b"\r\n\r\n"):
        socket.transport.sendto(rubbish)  # type: ignore[attr-defined]
    socket.transport.sendto(sip.encode(message(b"<x", 9, "not an address@@>")))  # type: ignore[attr-defined]
    await until(lambda: len(socket.got) == 4, "four answers")
    assert sorted(socket.statuses()) == [400, 400, 400, 403]
    assert await nvr.keepalive() == 200
    assert running.board.alarms == []
    socket.transport.close()


async def test_rubbish_ends_its_own_connection_and_no_other(serve: Serve, record: Record) -> None:
    running = await serve()
    nvr = await record(running, transport="TCP")
    assert await nvr.register() == 200
    reader, writer = await asyncio.open_connection("127.0.0.1", running.server.port)
    writer.write(b"GET / HTTP/1.1\r\n\r\n" * 100)
    assert await reader.read() == b""
    writer.close()
    assert await nvr.keepalive() == 200
    assert ("127.0.0.1", "garbage") in running.board.refusals


async def test_one_address_cannot_take_all_connections(serve: Serve, record: Record) -> None:
    running = await serve()
    streams = [await asyncio.open_connection("127.0.0.1", running.server.port) for _ in range(25)]
    closed = [asyncio.create_task(reader.read()) for reader, _ in streams]
    await until(lambda: sum(task.done() for task in closed) == 5, "five are turned away")
    for _, writer in streams:
        writer.close()
    await asyncio.gather(*closed, return_exceptions=True)


async def test_methods_that_are_not_ours_are_named_as_such(serve: Serve, record: Record) -> None:
    running = await serve()
    nvr = await record(running)
    assert await nvr.register() == 200
    socket = await socket_to(running.server.port)
    raw = sip.encode(message(b"")).replace(b"MESSAGE", b"PUBLISH")
    socket.transport.sendto(raw)  # type: ignore[attr-defined]
    await until(lambda: socket.got, "an answer")
    assert socket.statuses() == [405]
    socket.transport.close()
