"""HJ 212 over real TCP connections."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime

import pytest

from bianwang.platform.clock import SHANGHAI
from bianwang.processes.intake.directory import LiveDirectory
from bianwang.processes.intake.judge import NoJudge
from bianwang.processes.intake.pipeline import Limits, Pipeline
from bianwang.processes.intake.sources import frames
from bianwang.processes.intake.sources.hj212 import Hj212Source
from bianwang.protocols import hj212
from bianwang.telemetry.columns import Columns
from tests.processes.intake.conftest import Running, until
from tests.processes.intake.sources.conftest import config, put_in_force

MN = "010000A8900016F000169DC0"
METER = config(
    20, "meter", "hj212", {"w01018-Rtd": 21, "w01018-Avg.minute": 22}, {"mn": MN, "pw": "123456"},
    source_address="127.0.0.1",
)  # fmt: skip
AWAY = config(30, "away", "hj212", {"w01018-Rtd": 31}, {"mn": "MN-OF-ANOTHER-PLACE"}, source_address="192.0.2.7")
UNBOUND = config(40, "unbound", "hj212", {"w01018-Rtd": 41}, {"mn": "MN-WITHOUT-ADDRESS"})
V2005, V2017, V2025 = 0, 4, 8


def packet(value: float, *, mn: str = MN, pw: str = "123456", flag: int = V2017 | 1, **fields: object) -> bytes:
    """A real-time data packet of now."""
    moment = datetime.now(SHANGHAI).strftime("%Y%m%d%H%M%S")
    cp = str(fields.pop("cp", f"DataTime={moment};w01018-Rtd={value},w01018-Flag=N"))
    made = {"cn": "2011", "qn": f"{moment}000", "st": "32", **fields}
    return hj212.encode(hj212.Frame(mn=mn, pw=pw, flag=flag, cp=cp, **made))


class Meter:
    """A device at the other end."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.decoder = hj212.Decoder()
        self.answers: list[hj212.Frame] = []

    async def answer(self) -> hj212.Frame:
        """The next answer of the platform. EOFError if it hung up."""
        while not self.answers:
            data = await asyncio.wait_for(self.reader.read(4096), 10)
            if not data:
                raise EOFError
            self.answers += self.decoder.feed(data)
        return self.answers.pop(0)

    async def ask(self, data: bytes) -> tuple[str, str]:
        """Send a packet; (CN, data area) of the answer."""
        self.writer.write(data)
        answer = await self.answer()
        return answer.cn, answer.cp


@pytest.fixture
async def source(intake: Running) -> AsyncIterator[Hj212Source]:
    made = Hj212Source(intake.pipeline, "127.0.0.1", 0)
    made.penalty_s = 0.01
    await made.start(put_in_force(intake, METER, AWAY, UNBOUND))
    yield made
    await made.stop()


@pytest.fixture
async def call(source: Hj212Source) -> AsyncIterator[Callable[[], Awaitable[Meter]]]:
    writers = []

    async def connect() -> Meter:
        reader, writer = await asyncio.open_connection("127.0.0.1", source.port)
        writers.append(writer)
        return Meter(reader, writer)

    yield connect
    for writer in writers:
        writer.close()


Call = Callable[[], Awaitable[Meter]]


@pytest.mark.parametrize("edition", [V2005, V2017, V2025])
async def test_data_of_every_edition_are_acknowledged(intake: Running, call: Call, edition: int) -> None:
    meter = await call()
    cn, _ = await meter.ask(packet(23.5, flag=edition | 1))
    assert cn == "9014"
    assert intake.values(21) == [23.5]


async def test_an_acknowledgement_waits_until_the_reading_is_durable(intake: Running) -> None:
    class Holding(NoJudge):
        """Lets nothing be stored before it is told to: `admit` runs before the write."""

        def __init__(self) -> None:
            import threading

            self.go = threading.Event()

        def admit(self, batch: Columns, now_ms: int) -> None:
            self.go.wait(10)

    judge = Holding()
    pipeline = Pipeline(intake.store, LiveDirectory(), judge, limits=Limits(tick_s=3600))
    source = Hj212Source(pipeline, "127.0.0.1", 0)
    register = put_in_force(intake, METER)
    pipeline.directory.swap(register.directory)
    await source.start(register)
    reader, writer = await asyncio.open_connection("127.0.0.1", source.port)
    writer.write(packet(1))
    await until(lambda: pipeline.number == 1, "the batch was closed")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(early := asyncio.ensure_future(reader.read(1))), 0.1)
    assert intake.values(21) == []
    judge.go.set()
    assert await asyncio.wait_for(early, 10) == b"#"
    assert intake.values(21) == [1.0]
    writer.close()
    await source.stop()
    await pipeline.stop()


async def test_a_packet_that_wants_no_answer_is_stored_in_silence(intake: Running, call: Call) -> None:
    meter = await call()
    meter.writer.write(packet(1, flag=V2017))
    await until(lambda: intake.values(21) == [1.0], "stored")
    assert await meter.ask(packet(0, cn="9015", cp="", flag=V2025 | 1)) == ("9013", "")


async def test_a_heartbeat_shows_that_the_device_lives(intake: Running, call: Call) -> None:
    meter = await call()
    assert (await meter.ask(packet(0, cn="9015", cp="", flag=V2025 | 1)))[0] == "9013"
    assert METER.id in intake.pipeline.presence.heard


async def test_each_part_of_a_split_packet_is_acknowledged(intake: Running, call: Call) -> None:
    meter = await call()
    moment = datetime.now(SHANGHAI).strftime("%Y%m%d%H%M%S")
    for number, item in ((1, "w01018-Rtd=5,w01018-Flag=N"), (2, "w01019-Rtd=6,w01019-Flag=N")):
        part = packet(0, flag=V2017 | 3, pnum=2, pno=number, cp=f"DataTime={moment};{item}")
        assert (await meter.ask(part))[0] == "9014"
    assert intake.values(21) == [5.0]


async def test_packets_in_pieces_and_in_clusters_are_answered_in_order(intake: Running, call: Call) -> None:
    meter = await call()
    minutes = [f"2026112310{minute:02d}00" for minute in range(30)]
    stream = b"".join(
        packet(0, cn="2051", qn=f"{minute}000", cp=f"DataTime={minute};w01018-Avg={number},w01018-Flag=N")
        for number, minute in enumerate(minutes)
    )
    for start in range(0, len(stream), 1000):
        meter.writer.write(stream[start : start + 1000])
        await meter.writer.drain()
    answers = [await meter.answer() for _ in minutes]
    assert [answer.qn for answer in answers] == [f"{minute}000" for minute in minutes]
    assert intake.values(22) == list(range(30))


@pytest.mark.parametrize(
    ("changes", "returned", "who", "code"),
    [
        ({"mn": "NOBODY"}, 4, "127.0.0.1", "identity"),
        ({"mn": "MN-OF-ANOTHER-PLACE"}, 4, "127.0.0.1", "identity"),
        ({"mn": "MN-WITHOUT-ADDRESS"}, 4, "127.0.0.1", "identity"),
        ({"pw": "654321"}, 3, "meter", "password"),
        ({"cp": "DataTime=20261399;w01018-Rtd=1"}, 100, "meter", "time"),
        ({"cp": "DataTime=20000101000000;w01018-Rtd=1"}, 2, "meter", "old"),
        ({"cp": "secret"}, 100, "meter", "field"),
    ],
)
async def test_a_refusal_says_why_by_qnrtn_and_never_acknowledges(
    intake: Running, call: Call, changes: dict[str, str], returned: int, who: str, code: str
) -> None:
    meter = await call()
    assert await meter.ask(packet(1, **changes)) == ("9011", f"QnRtn={returned}")
    assert intake.pipeline.refusals.count(who, code) == 1
    assert intake.values(21) + intake.values(31) + intake.values(41) == []


async def test_the_stream_is_found_again_after_rubbish(intake: Running, call: Call) -> None:
    meter = await call()
    broken = bytearray(packet(1))
    broken[40] ^= 1
    meter.writer.write(b"\x00\xffnoise" + bytes(broken) + b"##99")
    assert (await meter.ask(packet(2)))[0] == "9014"
    assert intake.values(21) == [2.0]
    assert intake.pipeline.refusals.count("127.0.0.1", "crc") == 1


@pytest.mark.parametrize("rubbish", [b"##0001x" * 20_000, b"#" * 100_000, b"##9999" * 10_000, b"x" * 100_000])
async def test_a_hostile_stream_is_cut_off_and_another_device_is_undisturbed(
    intake: Running, source: Hj212Source, call: Call, rubbish: bytes
) -> None:
    good, bad = await call(), await call()
    assert (await good.ask(packet(1)))[0] == "9014"
    bad.writer.write(rubbish)
    with pytest.raises((EOFError, ConnectionError)):
        await bad.answer()
    assert intake.pipeline.refusals.count("127.0.0.1", "hostile") == 1
    assert intake.pipeline.refusals.total <= source.most_refused + 1
    moment = datetime.now(SHANGHAI).strftime("%Y%m%d%H%M%S")
    assert (await good.ask(packet(0, cn="2051", cp=f"DataTime={moment};w01018-Avg=2,w01018-Flag=N")))[0] == "9014"


async def test_refused_devices_are_cut_off_too(intake: Running, source: Hj212Source, call: Call) -> None:
    bad = await call()
    for _ in range(source.most_refused):
        assert (await bad.ask(packet(1, mn="NOBODY")))[0] == "9011"
    with pytest.raises((EOFError, ConnectionError)):
        await bad.ask(packet(1))


async def test_a_stranger_is_answered_once(intake: Running, source: Hj212Source, call: Call) -> None:
    await source.reload(put_in_force(intake, AWAY))
    stranger = await call()
    assert await stranger.ask(packet(1)) == ("9011", "QnRtn=4")
    with pytest.raises((EOFError, ConnectionError)):
        await stranger.ask(packet(1))


async def test_one_address_cannot_take_all_connections(intake: Running, source: Hj212Source, call: Call) -> None:
    meters = [await call() for _ in range(frames.PER_DEVICE)]
    for number, meter in enumerate(meters):
        assert (await meter.ask(packet(number)))[0] == "9014"
    one_more = await call()
    with pytest.raises((EOFError, ConnectionError)):
        await one_more.ask(packet(1))
    assert intake.pipeline.refusals.count("127.0.0.1", "connections") == 1
    meters[0].writer.close()
    await until(lambda: source._connections["127.0.0.1"] < frames.PER_DEVICE, "room again")
    assert (await (await call()).ask(packet(9)))[0] == "9014"


async def test_a_silent_connection_is_closed(source: Hj212Source, call: Call) -> None:
    source.silent_s = 0.05
    with pytest.raises((EOFError, ConnectionError)):
        await (await call()).answer()


async def test_a_device_out_of_use_is_refused_on_its_open_connection(
    intake: Running, source: Hj212Source, call: Call
) -> None:
    meter = await call()
    assert (await meter.ask(packet(1)))[0] == "9014"
    await source.reload(put_in_force(intake))
    assert await meter.ask(packet(2)) == ("9011", "QnRtn=4")
    assert intake.values(21) == [1.0]


async def test_stopping_hangs_up(source: Hj212Source, call: Call) -> None:
    meter = await call()
    assert (await meter.ask(packet(1)))[0] == "9014"
    await source.stop()
    with pytest.raises((EOFError, ConnectionError)):
        await meter.answer()
