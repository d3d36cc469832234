"""SDP offers and answers, and RTP packets whatever the network does to them."""

from __future__ import annotations

import contextlib
from random import Random

import pytest
from hypothesis import given, strategies as st

from bianwang.protocols import rtp, sdp
from bianwang.protocols.errors import FrameError
from bianwang.protocols.rtp import Deframer, Packet, Reorder
from bianwang.protocols.sdp import Session

ANSWER = (
    b"v=0\r\no=34020000001320000001 1073 1073 IN IP4 192.168.1.64\r\ns=Play\r\nc=IN IP4 192.168.1.64\r\nt=0 0\r\n"
    b"m=video 15060 RTP/AVP 96\r\na=setup:active\r\na=sendonly\r\na=rtpmap:96 PS/90000\r\na=username:x\r\n"
    b"a=filesize:0\r\ny=0200000001\r\nf=\r\n"
)


def test_an_answer_of_a_camera_is_read() -> None:
    assert sdp.parse(ANSWER) == Session(
        "34020000001320000001", "192.168.1.64", 15060, "udp", "active", "sendonly", 200000001
    )


@pytest.mark.parametrize(
    "session",
    [
        Session("50012000002000000001", "10.0.0.1", 30000, ssrc=sdp.live_ssrc("5001200000", 7)),
        Session("50012000002000000001", "10.0.0.1", 30000, "tcp", "passive", ssrc=1),
        Session("50012000001310000001", "fe80::1", 15060, "tcp", "active", "sendonly"),
    ],
)
def test_a_session_survives(session: Session) -> None:
    assert sdp.parse(sdp.encode(session)) == session


def test_an_offer_says_all_that_the_standard_asks() -> None:
    lines = sdp.encode(Session("50012000002000000001", "10.0.0.1", 30000, "tcp", "passive", ssrc=100)).splitlines()
    for line in (
        b"s=Play", b"m=video 30000 TCP/RTP/AVP 96", b"a=rtpmap:96 PS/90000", b"a=setup:passive", b"a=recvonly",
        b"y=0000000100",
    ):  # fmt: skip
        assert line in lines


def test_the_ssrc_of_a_live_stream() -> None:
    assert f"{sdp.live_ssrc('3402000000', 1):010}" == "0200000001"
    assert f"{sdp.live_ssrc('5001200000', 10_002):010}" == "0120000002"


@pytest.mark.parametrize(
    "raw", [b"", b"m=video 1 RTP/AVP 96", ANSWER.replace(b"c=IN", b"x=IN"), ANSWER.replace(b"RTP/AVP", b"RTP/SAVP"),
            ANSWER.replace(b"15060", b"99999"), ANSWER.replace(b"m=video", b"m=audio")],
)  # fmt: skip
def test_a_session_without_media_is_refused(raw: bytes) -> None:
    with pytest.raises(FrameError):
        sdp.parse(raw)


broken = st.builds(lambda at, junk: ANSWER[:at] + junk + ANSWER[at:], st.integers(0, 300), st.binary(max_size=8))


@given(st.binary(max_size=400) | broken)
def test_arbitrary_sessions_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(FrameError):
        sdp.encode(sdp.parse(data))


packets = st.builds(
    Packet,
    sequence=st.integers(0, 0xFFFF),
    timestamp=st.integers(0, 2**32 - 1),
    ssrc=st.integers(0, 2**32 - 1),
    payload=st.binary(max_size=80),
    marker=st.booleans(),
    payload_type=st.integers(0, 127),
)


@given(packets)
def test_a_packet_survives(packet: Packet) -> None:
    assert rtp.parse(rtp.encode(packet)) == packet


def test_csrcs_extension_and_padding_are_skipped() -> None:
    head = bytes.fromhex("b1 60 0007 00000001 00000002") + bytes(4) + bytes.fromhex("bede 0001") + bytes(4)
    assert rtp.parse(head + b"PS" + b"\0\0\3") == Packet(7, 1, 2, b"PS")


@given(st.binary(max_size=60))
def test_arbitrary_bytes_are_packets_or_refused(data: bytes) -> None:
    for raw in (data, b"\x80" + data, b"\xbf" + data):
        with contextlib.suppress(FrameError):
            rtp.parse(raw)
    with contextlib.suppress(FrameError):
        Deframer().feed(data)


@given(st.lists(packets, max_size=6), st.integers(1, 50))
def test_packets_come_out_of_a_stream_whole(sent: list[Packet], size: int) -> None:
    stream = b"".join(rtp.frame(rtp.encode(packet)) for packet in sent)
    deframer = Deframer()
    found = [p for at in range(0, len(stream), size) for p in deframer.feed(stream[at : at + size])]
    assert found == sent


def stream(count: int, first: int = 65_500) -> list[Packet]:
    return [Packet((first + n) & 0xFFFF, n, 1, bytes([n % 256])) for n in range(count)]


def pushed(reorder: Reorder, arrived: list[Packet]) -> list[Packet]:
    return [p for packet in arrived for p in reorder.push(packet)] + reorder.flush()


@given(st.integers(0, 2**32), st.integers(1, 20))
def test_packets_that_were_mixed_up_within_the_window_come_in_order(seed: int, spread: int) -> None:
    sent, random = stream(300), Random(seed)
    rest = sorted(range(1, 300), key=lambda n: n + random.uniform(0, spread))
    arrived = [sent[0], *(sent[n] for n in rest)]
    reorder = Reorder(window=32)
    assert pushed(reorder, [*arrived, *arrived[-5:]]) == sent
    assert reorder.lost == 0


@given(st.sets(st.integers(1, 298), max_size=40))
def test_lost_packets_are_counted_and_the_others_stand(gone: set[int]) -> None:
    sent = stream(300)
    reorder = Reorder(window=16)
    assert pushed(reorder, [p for n, p in enumerate(sent) if n not in gone]) == [
        p for n, p in enumerate(sent) if n not in gone
    ]
    assert reorder.lost == len(gone)


def test_nothing_waits_while_nothing_is_missing() -> None:
    reorder = Reorder()
    for packet in stream(200):
        assert reorder.push(packet) == [packet]


def test_a_late_packet_is_dropped() -> None:
    sent = stream(100)
    reorder = Reorder(window=4)
    found = [p for packet in [*sent[:10], *sent[11:40], sent[10], *sent[40:]] for p in reorder.push(packet)]
    assert found == [*sent[:10], *sent[11:]]


def test_a_sender_that_begins_anew_is_followed() -> None:
    reorder = Reorder()
    first, second = stream(10, 100), stream(10, 40_000)
    assert pushed(reorder, [*first, *second, *first]) == [*first, *second, *first]


@given(st.lists(st.integers(0, 0xFFFF), max_size=300))
def test_whatever_comes_memory_stays_bounded_and_nothing_comes_twice_in_a_row(sequences: list[int]) -> None:
    reorder = Reorder(window=8)
    out = []
    for sequence in sequences:
        out += reorder.push(Packet(sequence, 0, 0, b""))
        assert len(reorder._held) <= 8
    assert len(out) + len(reorder.flush()) <= len(sequences)
