"""GB/T 26875.3 over real TCP connections."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bianwang.platform.clock import now_ms
from bianwang.processes.intake.sources.gb26875 import Gb26875Source
from bianwang.protocols import PROTOCOLS, gb26875
from tests.processes.intake.conftest import Running
from tests.processes.intake.sources.conftest import config, put_in_force

ADDRESS = 0x0102030405AB
FIRE = "part.1-3.217-6.fire"
PANEL = config(
    50, "panel", "gb26875", {FIRE: 51, "transmitter.main_power_fault": 52}, {"address": "0102030405ab"},
    source_address="127.0.0.1",
)  # fmt: skip
AWAY = config(60, "away", "gb26875", {FIRE: 61}, {"address": "0A0A0A0A0A0A"}, source_address="192.0.2.7")


def part_state(state: int = 0x0002, time_ms: int | None = None) -> bytes:
    """Application data: one part of a fire system (type 1, address 3), zone 217, position 6; bit 1 is fire."""
    label = gb26875.STANDARD.write_time(time_ms or now_ms())
    head = bytes([2, 1, 1, 3, 40]) + (217).to_bytes(2, "little") + (6).to_bytes(2, "little")
    return head + state.to_bytes(2, "little") + bytes(31) + label


def packet(data: bytes = b"", source: int = ADDRESS, serial: int = 1, command: int = gb26875.SEND) -> bytes:
    """A packet to the centre; without data it is a heartbeat."""
    label = gb26875.STANDARD.write_time(now_ms())
    return gb26875.encode(gb26875.Frame(serial, source, 0, command, data, label, (1, 1)))


class Panel:
    """A transmission device at the other end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.decoder = gb26875.Decoder()
        self.answers: list[gb26875.Frame] = []

    async def answer(self) -> gb26875.Frame:
        while not self.answers:
            data = await asyncio.wait_for(self.reader.read(4096), 10)
            if not data:
                raise EOFError
            self.answers += self.decoder.feed(data)
        return self.answers.pop(0)

    async def ask(self, data: bytes) -> tuple[int, int]:
        """Send a packet; (serial, command) of the answer."""
        self.writer.write(data)
        answer = await self.answer()
        return answer.serial, answer.command


Call = Callable[[], Awaitable[Panel]]


@pytest.fixture
async def source(intake: Running) -> AsyncIterator[Gb26875Source]:
    made = Gb26875Source(intake.pipeline, "127.0.0.1", 0)
    made.penalty_s = 0.01
    await made.start(put_in_force(intake, PANEL, AWAY))
    yield made
    await made.stop()


@pytest.fixture
async def call(source: Gb26875Source) -> AsyncIterator[Call]:
    writers = []

    async def connect() -> Panel:
        reader, writer = await asyncio.open_connection("127.0.0.1", source.port)
        writers.append(writer)
        return Panel(reader, writer)

    yield connect
    for writer in writers:
        writer.close()


async def test_a_fire_is_stored_and_confirmed(intake: Running, call: Call) -> None:
    panel = await call()
    assert await panel.ask(packet(part_state(), serial=77)) == (77, gb26875.CONFIRM)
    assert intake.values(51) == [1.0]


async def test_the_address_of_a_device_is_what_decode_prints_as_source() -> None:
    (shown,) = PROTOCOLS["gb26875"](packet(part_state()))
    assert shown["source"] == PANEL.settings.address.upper()  # type: ignore[attr-defined]


async def test_a_heartbeat_is_confirmed_and_shows_that_the_device_lives(intake: Running, call: Call) -> None:
    panel = await call()
    assert await panel.ask(packet(serial=3)) == (3, gb26875.CONFIRM)
    assert PANEL.id in intake.pipeline.presence.heard


@pytest.mark.parametrize("source_address", [0x999999999999, 0x0A0A0A0A0A0A])
async def test_unknown_devices_and_wrong_network_addresses_are_denied(
    intake: Running, call: Call, source_address: int
) -> None:
    panel = await call()
    assert await panel.ask(packet(part_state(), source_address)) == (1, gb26875.DENY)
    assert intake.pipeline.refusals.count("127.0.0.1", "identity") == 1
    assert intake.values(51) + intake.values(61) == []


async def test_a_broken_packet_is_denied_and_the_repeated_one_confirmed(intake: Running, call: Call) -> None:
    panel = await call()
    broken = bytearray(packet(part_state(), serial=9))
    broken[-3] ^= 1
    assert await panel.ask(b"\x01\x02" + bytes(broken)) == (9, gb26875.DENY)
    assert intake.pipeline.refusals.count("127.0.0.1", "checksum") == 1
    assert await panel.ask(packet(part_state(), serial=9)) == (9, gb26875.CONFIRM)
    assert intake.values(51) == [1.0]


@pytest.mark.parametrize("clock_ms", [946_656_000_000, 4_070_880_000_000])
async def test_a_fire_of_a_device_with_an_impossible_clock_is_stored_as_of_now_and_suspect(
    intake: Running, call: Call, clock_ms: int
) -> None:
    before = now_ms()
    panel = await call()
    assert (await panel.ask(packet(part_state(time_ms=clock_ms))))[1] == gb26875.CONFIRM
    rows = intake.store.series([51], before, now_ms() + 1)
    assert rows["value"].tolist() == [1.0]
    assert rows["quality"].tolist() == [1]
    assert intake.pipeline.refusals.count("panel", "clock") >= 1


async def test_answers_of_devices_are_stored_but_not_confirmed(intake: Running, call: Call) -> None:
    panel = await call()
    panel.writer.write(packet(part_state(), serial=1, command=gb26875.REPLY))
    assert await panel.ask(packet(serial=2)) == (2, gb26875.CONFIRM)
    assert intake.values(51) == [1.0]


@pytest.mark.parametrize("rubbish", [b"@" * 100_000, (b"@@" + bytes(22) + b"\0\0\2") * 4000])
async def test_a_hostile_stream_is_cut_off_and_another_device_is_undisturbed(
    intake: Running, call: Call, rubbish: bytes
) -> None:
    good, bad = await call(), await call()
    assert (await good.ask(packet(part_state())))[1] == gb26875.CONFIRM
    bad.writer.write(rubbish)
    with contextlib.suppress(EOFError, ConnectionError):
        while await bad.answer():
            pass
    assert intake.pipeline.refusals.count("127.0.0.1", "hostile") == 1
    assert (await good.ask(packet(serial=5))) == (5, gb26875.CONFIRM)
