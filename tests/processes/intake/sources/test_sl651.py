"""SL 651 over real TCP connections."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from bianwang.platform.clock import now_ms
from bianwang.processes.intake.sources.sl651 import Sl651Source
from bianwang.protocols import sl651
from tests.processes.intake.conftest import Running, until
from tests.processes.intake.sources.conftest import config, put_in_force

STATION, ELSEWHERE = "0012345678", "0012345679"
GAUGE = config(
    20, "gauge", "sl651", {"26": 21, "F4": 22}, {"station": STATION, "password": "1234"}, source_address="127.0.0.1"
)
AWAY = config(30, "away", "sl651", {"26": 31}, {"station": ELSEWHERE}, source_address="192.0.2.7")
MINUTE = 60_000


def message(value: str = "12.5", *, function: int = sl651.TIMED, elements: bytes = b"", **fields: str) -> sl651.Frame:
    """A report of now."""
    at = now_ms() // MINUTE * MINUTE
    made = {"station": STATION, "password": "1234", **fields}
    rows = elements or sl651.element("26", Decimal(value), 3, 1)
    return sl651.Frame(function=function, body=sl651.body(7, at, made["station"], 0x50, at, rows), **made)


class Station:
    """A device at the other end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def ask(self, *frames: sl651.Frame) -> sl651.Frame:
        """Send packets; the answer. EOFError if the platform hung up."""
        self.writer.write(b"".join(map(sl651.encode, frames)))
        raw = await asyncio.wait_for(self.reader.readexactly(25), 10)
        [answer] = sl651.Decoder().feed(raw)
        assert isinstance(answer, sl651.Frame)
        return answer


@pytest.fixture
async def source(intake: Running) -> AsyncIterator[Sl651Source]:
    made = Sl651Source(intake.pipeline, "127.0.0.1", 0)
    made.penalty_s = 0.01
    await made.start(put_in_force(intake, GAUGE, AWAY))
    yield made
    await made.stop()


@pytest.fixture
async def station(source: Sl651Source) -> AsyncIterator[Station]:
    made = Station(*await asyncio.open_connection("127.0.0.1", source.port))
    yield made
    made.writer.close()


async def test_a_report_is_stored_and_then_confirmed(intake: Running, station: Station) -> None:
    answer = await station.ask(message())
    assert (answer.down, answer.function, answer.end, answer.body[:2]) == (True, sl651.TIMED, sl651.ESC, b"\0\7")
    assert intake.values(21) == [12.5]


async def test_an_hourly_report_gives_the_rain_of_each_five_minutes(intake: Running, station: Station) -> None:
    drops = bytes([0, 1, 2, 255, 4, 0, 0, 0, 0, 0, 0, 30])
    await station.ask(message(function=sl651.HOURLY, elements=b"\xf4\x60" + drops))
    assert intake.values(22) == [0, 0.1, 0.2, 0.4, 0, 0, 0, 0, 0, 0, 3.0]


async def test_a_split_message_is_confirmed_once_when_it_is_whole(intake: Running, station: Station) -> None:
    parts = sl651.split(message("7.5"), 10)
    assert (await station.ask(*parts)).function == sl651.TIMED
    assert intake.values(21) == [7.5]


async def test_a_heartbeat_shows_that_the_station_lives_and_is_not_answered(intake: Running, station: Station) -> None:
    beat = sl651.Frame(STATION, sl651.HEARTBEAT, message().body[:8], password="1234")
    answer = await station.ask(beat, message())
    assert answer.function == sl651.TIMED
    assert GAUGE.id in intake.pipeline.presence.heard


@pytest.mark.parametrize(
    ("changes", "who", "code"),
    [
        ({"station": "0099999999"}, "127.0.0.1", "identity"),
        ({"station": ELSEWHERE}, "127.0.0.1", "identity"),
        ({"password": "4321"}, "gauge", "password"),
        ({"elements": b"\x26\x19\x00"}, "127.0.0.1", "field"),
    ],
)
async def test_a_refusal_is_counted_and_never_confirmed(
    intake: Running, station: Station, changes: dict[str, str], who: str, code: str
) -> None:
    answer = await station.ask(message(**changes), message("3.0", function=sl651.EXTRA))
    assert answer.function == sl651.EXTRA
    assert intake.pipeline.refusals.count(who, code) == 1
    assert intake.values(21) + intake.values(31) == [3.0]


async def test_a_hostile_stream_is_cut_off(intake: Running, station: Station) -> None:
    station.writer.write((b"\x7e\x7e" + bytes(9) + b"\x0f\xff\x02") * 5000)
    with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
        await station.ask()
    await until(lambda: intake.pipeline.refusals.count("127.0.0.1", "hostile") == 1, "hung up")
