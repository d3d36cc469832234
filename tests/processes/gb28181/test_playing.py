"""Live streams: every picture that a recorder sends is decoded, over TCP and UDP, in order and out of order."""

from __future__ import annotations

import asyncio
import io

import av
import pytest

from bianwang.processes.camera import source
from bianwang.processes.gb28181.calls import CallError
from bianwang.processes.simulator.program_stream import HEIGHT, WIDTH, picture
from tests.processes.gb28181.conftest import GATE, Record, Running, Serve, until

PICTURES = 60


def decoded(stream: bytes) -> int:
    """How many pictures PyAV makes of a program stream."""
    with av.open(io.BytesIO(stream), format="mpeg") as container:
        return sum(1 for _ in container.decode(video=0))


def test_pictures_whose_time_a_stream_does_not_tell_are_decoded_too() -> None:
    made = io.BytesIO()
    with av.open(made, "w", format="mpeg") as container:  # packs many small pictures together, with one time
        stream = container.add_stream("libx264", rate=25, options={"tune": "zerolatency"})
        stream.width, stream.height = WIDTH, HEIGHT
        for number in range(PICTURES):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture(number), format="bgr24")))
        container.mux(stream.encode(None))
    with av.open(io.BytesIO(made.getvalue()), "r", format="mpeg") as container:
        untold = [packet for packet in container.demux(video=0) if packet.size and packet.dts is None]
    with av.open(io.BytesIO(made.getvalue()), "r", format="mpeg") as container:
        packets = list(source.packets(container, source.video(container)))
        times = [packet.dts for packet in packets]
        assert untold
        assert times == sorted(set(times))
        assert sum(len(packet.decode()) for packet in [*packets, None] if packet) >= PICTURES - 1


async def whole(running: Running, channel: str = GATE) -> bytes:
    """A stream until the recorder ends it."""
    got = bytearray()
    call = await running.server.play(1, channel, got.extend)
    await call.over.wait()
    assert call.receiver.lost == 0
    return bytes(got)


@pytest.mark.parametrize("signalling", ["UDP", "TCP"])
@pytest.mark.parametrize(("plays_tcp", "shuffle"), [(True, 0), (False, 0), (False, 12)])
async def test_every_picture_that_was_sent_is_decoded(
    serve: Serve, record: Record, signalling: str, plays_tcp: bool, shuffle: int
) -> None:
    running = await serve()
    nvr = await record(
        running, transport=signalling, plays_tcp=plays_tcp, shuffle=shuffle, pictures=PICTURES, fps=100, payload=90
    )
    assert await nvr.register() == 200
    stream = await whole(running)
    assert nvr.sent_pictures == PICTURES
    assert decoded(stream) == PICTURES


async def test_a_stream_that_we_end_is_ended_at_the_recorder(serve: Serve, record: Record) -> None:
    running = await serve()
    nvr = await record(running, fps=100)
    assert await nvr.register() == 200
    got = bytearray()
    call = await running.server.play(1, GATE, got.extend)
    await until(lambda: len(got) > 2_000, "bytes")
    await running.server.hang_up(call)
    await running.server.hang_up(call)
    assert nvr.byes == 1
    assert call.over.is_set()
    size = len(got)
    assert await nvr.keepalive() == 200
    assert len(got) == size


async def test_two_streams_of_one_channel_do_not_meet(serve: Serve, record: Record) -> None:
    running = await serve()
    nvr = await record(running, pictures=PICTURES, fps=100)
    assert await nvr.register() == 200
    streams = await asyncio.gather(whole(running), whole(running))
    assert [decoded(stream) for stream in streams] == [PICTURES, PICTURES]


async def test_a_stream_that_falls_silent_is_ended(serve: Serve, record: Record) -> None:
    running = await serve(media=0.3, sweep=0.05, answer=0.3)
    nvr = await record(running, fps=100)
    assert await nvr.register() == 200
    call = await running.server.play(1, GATE, lambda data: None)
    await nvr.stop()  # the power fails
    await asyncio.wait_for(call.over.wait(), 60)


async def test_what_cannot_be_played_is_told_in_a_sentence(serve: Serve, record: Record) -> None:
    running = await serve(answer=0.3)
    with pytest.raises(CallError, match="不在线"):
        await running.server.play(1, GATE, lambda data: None)
    nvr = await record(running)
    assert await nvr.register() == 200
    with pytest.raises(CallError, match="404"):
        await running.server.play(1, "50012000001310000099", lambda data: None)
    await nvr.stop()
    with pytest.raises(CallError, match="没有应答"):
        await running.server.play(1, GATE, lambda data: None)


async def test_media_of_a_stranger_is_not_taken(serve: Serve, record: Record) -> None:
    running = await serve()
    nvr = await record(running, plays_tcp=False, fps=100)
    assert await nvr.register() == 200
    call = await running.server.play(1, GATE, lambda data: None)
    packets = call.receiver.packets
    call.receiver.allowed.clear()
    await until(lambda: nvr.sent_pictures > 40, "more pictures")
    assert call.receiver.packets <= packets + 100
    call.receiver.allowed.add("127.0.0.1")
    await running.server.hang_up(call)
