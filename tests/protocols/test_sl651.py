"""SL 651: published frames byte for byte, replies, split messages, and streams that are not clean."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from bianwang.protocols import sl651
from bianwang.protocols.errors import FrameError
from bianwang.protocols.message import GOOD, SUSPECT, Measurement, Refusal, shanghai_ms
from bianwang.protocols.sl651 import Decoder, Frame

# Published in “SL651-2014全协议解析(HEX编码格式)”, toymoban.com/news/detail-686475.html.
HEARTBEAT = bytes.fromhex("7E7E01001234567812342F0008020003591011155111036BCA")
TEST = bytes.fromhex(
    "7E7E010012345678123430002B020003591011154947F1F1001234567848F0F05910111549"
    "20190000052619000005392300000127381211150320FA"
)
TEST_REPLY = bytes.fromhex("7E7E00123456780112343080080200035910111549471B75D4")
TIMED = bytes.fromhex(
    "7E7E05001122334403E832002B020034170718110016F1F1001122334448F0F01707181100"
    "201900004026190000403923000104903812109903A421"
)
TIMED_REPLY = bytes.fromhex("7E7E00112233440503E83280080200341707181100161BE5D4")
STATION = "0012345678"
NOW = shanghai_ms(2026, 7, 1, 8, 0, 0)


def decode(data: bytes) -> list[Frame | Refusal]:
    decoder = Decoder()
    return [*decoder.feed(data), *decoder.finish()]


def upload(elements: bytes, function: int = sl651.TIMED, observed_ms: int = NOW) -> Frame:
    return Frame(STATION, function, sl651.body(7, NOW, STATION, 0x50, observed_ms, elements), password="1234")


@pytest.mark.parametrize("raw", [HEARTBEAT, TEST, TEST_REPLY, TIMED, TIMED_REPLY])
def test_published_frames_are_decoded_and_encoded_byte_for_byte(raw: bytes) -> None:
    [frame] = decode(raw)
    assert isinstance(frame, Frame)
    assert sl651.encode(frame) == raw


def test_the_published_heartbeat_says_its_station_and_wants_no_answer() -> None:
    [frame] = decode(HEARTBEAT)
    assert isinstance(frame, Frame)
    assert (frame.station, frame.centre, frame.password, frame.function) == (STATION, 1, "1234", 0x2F)
    assert sl651.measurements(frame) == []
    assert sl651.answer(frame, NOW) is None


@pytest.mark.parametrize(
    ("raw", "observed", "quality", "values"),
    [
        (TEST, (2059, 10, 11, 15, 49, 0), SUSPECT, {"20": 0.5, "26": 0.5, "39": 0.127, "38": 11.15}),
        (TIMED, (2017, 7, 18, 11, 0, 0), GOOD, {"20": 4.0, "26": 4.0, "39": 10.49, "38": 10.99}),
    ],
)
def test_published_reports_give_the_values_that_were_published_with_them(
    raw: bytes, observed: tuple[int, ...], quality: int, values: dict[str, float]
) -> None:
    [frame] = decode(raw)
    assert isinstance(frame, Frame)
    at = shanghai_ms(*observed)
    found = {m.name: m for m in sl651.measurements(frame)}
    assert found == {name: Measurement(name, value, at, quality) for name, value in values.items()}


@pytest.mark.parametrize(("raw", "reply"), [(TEST, TEST_REPLY), (TIMED, TIMED_REPLY)])
def test_the_answer_is_the_published_one(raw: bytes, reply: bytes) -> None:
    [frame] = decode(raw)
    assert isinstance(frame, Frame)
    assert sl651.answer(frame, sl651.report(frame).sent_ms) == reply


def test_an_hourly_report_has_twelve_values_and_says_which_are_missing() -> None:
    rain = b"\xf4\x60" + bytes([0, 1, 255, 3, 0, 0, 0, 0, 0, 0, 0, 25])
    level = b"\xf5\xc0" + (0x7E7E).to_bytes(2, "big") * 11 + b"\xff\xff"
    [frame] = decode(sl651.encode(upload(rain + level, sl651.HOURLY)))
    assert isinstance(frame, Frame)
    values = sl651.measurements(frame)
    drops = [m for m in values if m.name == "F4"]
    assert [m.value for m in drops] == [0, 0.1, 0.3, 0, 0, 0, 0, 0, 0, 0, 2.5]
    assert (drops[0].time_ms, drops[-1].time_ms) == (NOW - 55 * 60_000, NOW)
    assert [m.value for m in values if m.name == "F5"] == [323.82] * 11
    assert sl651.missing(frame) == ["F4", "F5"]


def test_an_even_report_repeats_one_element_by_its_step() -> None:
    elements = bytes.fromhex("0418000005" + "2219" + "000001" + "FFFFFF" + "000030")
    values = sl651.measurements(upload(elements, sl651.EVEN))
    assert values == [Measurement("22", 0.1, NOW), Measurement("22", 3.0, NOW + 600_000)]


@pytest.mark.parametrize(
    ("data", "value"),
    [("0219000253", 25.3), ("0219FF0053", -5.3), ("0219FFFFFF", None), ("0219AAAAAA", None), ("02190A0000", None)],
)
def test_numbers_may_be_negative_or_absent(data: str, value: float | None) -> None:
    frame = upload(bytes.fromhex(data))
    assert [m.value for m in sl651.measurements(frame)] == ([] if value is None else [value])
    assert sl651.missing(frame) == (["02"] if value is None else [])


def test_identifiers_of_two_bytes_and_the_status_word_are_read() -> None:
    frame = upload(bytes.fromhex("FF141901234545200000008A"))
    assert [(m.name, m.value) for m in sl651.measurements(frame)] == [("FF14", 1234.5), ("45", 138.0)]


def test_text_entered_by_hand_is_kept_and_is_no_measurement() -> None:
    data = sl651.body(1, NOW, STATION, 0x50, NOW, b"")[:8] + b"\xf1\xf1" + bytes.fromhex(STATION) + b"\xf2\xf2K 12.5"
    frame = Frame(STATION, sl651.MANUAL, data)
    assert sl651.report(frame).text == "K 12.5"
    assert sl651.measurements(frame) == []


@pytest.mark.parametrize(
    ("elements", "code"),
    [("2019", "field"), ("20190000", "field"), ("2000", "field"), ("FF", "field"), ("F508010203", "field")],
)
def test_a_body_that_breaks_off_is_refused(elements: str, code: str) -> None:
    with pytest.raises(FrameError) as refused:
        sl651.measurements(upload(bytes.fromhex(elements)))
    assert refused.value.code == code


@pytest.mark.parametrize("label", ["261301080000", "26070108AA00", "260230080000"])
def test_a_time_that_does_not_exist_is_refused(label: str) -> None:
    with pytest.raises(FrameError) as refused:
        sl651.report(Frame(STATION, sl651.HEARTBEAT, b"\0\1" + bytes.fromhex(label)))
    assert refused.value.code == "time"


def test_what_does_not_fit_is_not_encoded() -> None:
    for frame in (Frame("1", 0x32, b""), Frame(STATION, 0x32, b"", password="1"), Frame(STATION, 0x32, bytes(4096))):
        with pytest.raises(FrameError):
            sl651.encode(frame)
    with pytest.raises(FrameError):
        sl651.element("20", Decimal(1000), 2, 1)


# Split messages


def test_a_split_message_comes_out_whole_in_any_order_and_is_answered_once() -> None:
    message = upload(sl651.element("26", Decimal("12.5"), 3, 1))
    first, second, third = sl651.split(message, 13)
    assert (first.end, third.end) == (sl651.ETB, sl651.ETX)
    found = decode(b"".join(map(sl651.encode, (second, first, third))))
    assert [sl651.answer(item, NOW) is None for item in found if isinstance(item, Frame)] == [True, True, False]
    assert found[-1] == message
    assert [m.value for m in sl651.measurements(message)] == [12.5]


def test_a_message_whose_packet_was_lost_is_never_whole() -> None:
    message = upload(sl651.element("26", Decimal("12.5"), 3, 1))
    first, _, third = sl651.split(message, 13)
    other = sl651.split(upload(b"", sl651.EXTRA), 16)
    found = decode(b"".join(map(sl651.encode, (first, third, *other))))
    assert [item.function for item in found if isinstance(item, Frame) and item.part is None] == [sl651.EXTRA]


@pytest.mark.parametrize("part", [(3, 4), (3, 0), (65, 1)])
def test_impossible_or_too_many_packets_are_refused(part: tuple[int, int]) -> None:
    [refusal] = decode(sl651.encode(Frame(STATION, 0x32, b"", part=part)))
    assert isinstance(refusal, Refusal)


# Streams

frames = st.builds(
    lambda station, function, values, end: Frame(
        station,
        function,
        sl651.body(1, NOW, station, 0x50, NOW, b"".join(sl651.element("26", v, 3, 1) for v in values)),
        end=end,
    ),
    station=st.from_regex(r"[0-9]{10}", fullmatch=True),
    function=st.sampled_from(sorted(sl651.FUNCTIONS)),
    values=st.lists(st.decimals(0, 9999, places=1), max_size=6),
    end=st.sampled_from([sl651.ETX, sl651.ETB]),
)


@given(frames)
def test_what_is_encoded_is_decoded(frame: Frame) -> None:
    assert decode(sl651.encode(frame)) == [frame]


@pytest.mark.parametrize("raw", [HEARTBEAT, TIMED])
def test_every_changed_byte_is_refused(raw: bytes) -> None:
    for at in range(len(raw)):
        for flip in (1, 0x80, 0xFF):
            damaged = bytearray(raw)
            damaged[at] ^= flip
            assert not [item for item in decode(bytes(damaged)) if isinstance(item, Frame)], (at, flip)


@given(st.lists(frames, min_size=1, max_size=4), st.lists(st.integers(0, 500), max_size=8))
def test_packets_survive_being_split_anywhere(sent: list[Frame], cuts: list[int]) -> None:
    stream = b"".join(map(sl651.encode, sent))
    edges = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    decoder = Decoder()
    found = [item for a, b in pairwise(edges) for item in decoder.feed(stream[a:b])]
    assert [*found, *decoder.finish()] == sent


@given(st.lists(st.tuples(frames, st.binary(max_size=40).filter(lambda b: 0x7E not in b)), max_size=4))
def test_packets_survive_garbage_between_them(parts: list[tuple[Frame, bytes]]) -> None:
    found = decode(b"".join(junk + sl651.encode(frame) for frame, junk in parts))
    assert [item for item in found if isinstance(item, Frame)] == [frame for frame, _ in parts]


@given(st.binary(max_size=200), st.sampled_from(sorted(sl651.FUNCTIONS)))
def test_any_intact_packet_is_read_or_refused_but_never_breaks(data: bytes, function: int) -> None:
    for item in decode(data):
        assert isinstance(item, Frame | Refusal)
    with suppress(FrameError):
        sl651.measurements(Frame(STATION, function, data))


def test_a_cut_off_packet_gives_way_to_the_next() -> None:
    items = decode(TIMED[:30] + HEARTBEAT)
    assert [getattr(item, "code", "ok") for item in items] == ["truncated", "ok"]


def test_the_buffer_stays_bounded_whatever_is_sent() -> None:
    decoder = Decoder()
    for chunk in (b"x" * 5000, b"\x7e" * 5000, (b"\x7e\x7e" + bytes(9) + b"\x0f\xff") * 1000):
        decoder.feed(chunk)
        assert len(decoder._buffer) <= sl651.MAX_BODY + 20
