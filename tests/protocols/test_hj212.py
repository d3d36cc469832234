"""HJ 212: published packets byte for byte, acknowledgements, and streams that are not clean."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import example, given, strategies as st

from bianwang.protocols import hj212
from bianwang.protocols.errors import FrameError
from bianwang.protocols.hj212 import Decoder, Frame
from bianwang.protocols.message import BAD, GOOD, SUSPECT, Measurement, Refusal, shanghai_ms

# Text example of HJ 212-2017.
STANDARD = (
    b"##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;"
    b"CP=&&RtdInterval=30&&1C80\r\n"
)
NOISE_SEGMENT = (
    b"QN=20160801085857223;ST=23;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5;"
    b"CP=&&DataTime=20160801085857; LA-Rtd=50.1&&"
)
# Packets of real devices; the second has no Flag and a QN without milliseconds.
WATER = (
    b"##0457QN=20210320163101890;ST=32;CN=2011;PW=123456;MN=81733553213013;Flag=4;CP=&&DataTime=20210320013400;"
    b"w00000-Rtd=181.682,w00000-Flag=N;w21001-SampleTime=20210320005400,w21001-Rtd=45.160,w21001-Flag=N;"
    b"w21011-SampleTime=20210320013400,w21011-Rtd=1.970,w21011-Flag=N;w21003-SampleTime=20210320013400,"
    b"w21003-Rtd=53.131,w21003-Flag=N;w01018-SampleTime=20210320013400,w01018-Rtd=194.200,w01018-Flag=N;"
    b"w01001-SampleTime=20210320013406,w01001-Rtd=7.496,w01001-Flag=N&&6E80\r\n"
)
DUST = (
    b"##0249QN=20180507000558;ST=39;CN=2011;PW=123456;MN=010000A00000000000A00654;CP=&&DataTime=20180507000558;"
    b"a01001-Rtd=26.0,a01001-Flag=N;a01002-Rtd=30.4,a01002-Flag=N;a34001-Rtd=0.0,a34001-Flag=N;"
    b"a34002-Rtd=24.0,a34002-Flag=N;a34004-Rtd=23.0,a34004-Flag=N&&D801"
)


def packet(segment: bytes) -> bytes:
    return b"##%04d%s%04X\r\n" % (len(segment), segment, hj212.crc(segment))


def upload(cp: str, *, cn: str = "2011", flag: int = 5) -> Frame:
    return Frame(cn=cn, mn="M1", cp=cp, qn="20160801085857223", st="32", pw="123456", flag=flag)


def decode(data: bytes) -> list[Frame | Refusal]:
    decoder = Decoder()
    return [*decoder.feed(data), *decoder.finish()]


def test_the_example_of_the_standard_is_decoded_and_encoded_byte_for_byte() -> None:
    [frame] = decode(STANDARD)
    assert frame == Frame(
        cn="1062",
        mn="010000A8900016F000169DC0",
        cp="RtdInterval=30",
        qn="20160801085857223",
        st="32",
        pw="100000",
        flag=5,
    )
    assert frame.edition == 2017
    assert hj212.encode(frame) == STANDARD


def test_the_crc_of_a_segment_with_a_blank_is_as_published() -> None:
    assert hj212.crc(NOISE_SEGMENT) == 0x1E00
    [frame] = decode(packet(NOISE_SEGMENT))
    assert isinstance(frame, Frame)
    assert hj212.measurements(frame) == [Measurement("LA-Rtd", 50.1, shanghai_ms(2016, 8, 1, 8, 58, 57), GOOD)]


def test_packets_of_real_devices_are_read() -> None:
    water, dust = decode(WATER + DUST)
    assert isinstance(water, Frame)
    assert isinstance(dust, Frame)
    assert hj212.encode(water) == WATER
    by_name = {m.name: m for m in hj212.measurements(water)}
    assert by_name["w00000-Rtd"] == Measurement("w00000-Rtd", 181.682, shanghai_ms(2021, 3, 20, 1, 34, 0))
    assert by_name["w21001-Rtd"] == Measurement("w21001-Rtd", 45.16, shanghai_ms(2021, 3, 20, 0, 54, 0))
    assert len(by_name) == 6
    assert [m.value for m in hj212.measurements(dust)] == [26.0, 30.4, 0.0, 24.0, 23.0]


def test_protocol_times_are_shanghai_time() -> None:
    [value] = hj212.measurements(upload("DataTime=20160801080000;a-Rtd=1"))
    assert value.time_ms == 1470009600000  # 2016-08-01 00:00 UTC


@pytest.mark.parametrize("text", ["20160801085857", "2016-08-01 08:58:57", "2016/08/01 08:58:57", "20160801085857000"])
def test_times_may_carry_separators_or_milliseconds(text: str) -> None:
    [value] = hj212.measurements(upload(f"DataTime={text};a-Rtd=1"))
    assert value.time_ms == shanghai_ms(2016, 8, 1, 8, 58, 57)


@pytest.mark.parametrize("text", ["20160230000000", "2016", "昨天", "20161301000000", "00000000000000"])
def test_a_time_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(FrameError) as refused:
        hj212.measurements(upload(f"DataTime={text};a-Rtd=1"))
    assert refused.value.code == "time"


def test_each_time_in_a_packet_counts_for_the_groups_behind_it() -> None:
    values = hj212.measurements(upload("DataTime=20160801010000;a-Cou=1;DataTime=20160801020000;a-Cou=2", cn="2061"))
    assert [(m.name, m.value, m.time_ms) for m in values] == [
        ("a-Cou.hour", 1.0, shanghai_ms(2016, 8, 1, 1, 0, 0)),
        ("a-Cou.hour", 2.0, shanghai_ms(2016, 8, 1, 2, 0, 0)),
    ]


@pytest.mark.parametrize(("cn", "suffix"), [("2011", ""), ("2051", ".minute"), ("2061", ".hour"), ("2031", ".day")])
def test_averages_over_different_periods_are_different_signals(cn: str, suffix: str) -> None:
    [value] = hj212.measurements(upload("DataTime=20160801000000;a-Avg=1", cn=cn))
    assert value.name == "a-Avg" + suffix


@pytest.mark.parametrize(
    ("flag", "quality"),
    [
        ("N", GOOD),
        ("n", GOOD),
        ("T", SUSPECT),
        ("M", SUSPECT),
        ("D", BAD),
        ("B", BAD),
        ("F", BAD),
        ("?", SUSPECT),
    ],
)
def test_the_data_flag_becomes_quality(flag: str, quality: int) -> None:
    [value] = hj212.measurements(upload(f"DataTime=20160801000000;a-Rtd=1,a-Flag={flag}"))
    assert value.quality == quality


def test_a_value_that_is_no_number_is_named_and_the_others_stand() -> None:
    frame = upload("DataTime=20160801000000;a-Rtd=--,a-Flag=D;b-Rtd=2;c-Rtd=NaN;d-Rtd=")
    assert [m.name for m in hj212.measurements(frame)] == ["b-Rtd"]
    assert hj212.unreadable(frame) == ["a-Rtd", "c-Rtd", "d-Rtd"]


def test_log_texts_may_contain_separators() -> None:
    frame = upload("DataTime=20160801000000;PolId=w01018,i11001-Info=//清洗; 零点,1=2//;a-Rtd=3")
    assert hj212.groups(frame)[1] == {"PolId": "w01018", "i11001-Info": "//清洗; 零点,1=2//"}
    assert [m.name for m in hj212.measurements(frame)] == ["a-Rtd"]


def test_an_encrypted_data_area_is_refused_and_not_taken_for_no_data() -> None:
    with pytest.raises(FrameError) as refused:
        hj212.measurements(upload("7A6F1BD0C2"))
    assert refused.value.code == "field"


def test_gb18030_texts_are_read() -> None:
    segment = "ST=32;CN=3020;MN=M1;Flag=4;CP=&&i11001-Info=//清洗//&&".encode("gb18030")
    [frame] = decode(packet(segment))
    assert isinstance(frame, Frame)
    assert hj212.groups(frame) == [{"i11001-Info": "//清洗//"}]


def test_blanks_lower_case_crc_and_missing_line_ends_are_accepted() -> None:
    bare = STANDARD.rstrip().replace(b"1C80", b"1c80")
    spaced = packet(b"ST=32; CN=2011; MN=M1; Flag=5; CP=&& a-Rtd = 1 ; &&")
    frames = decode(bare + bare + b"\r\n\r\n" + spaced)
    assert [f.cn for f in frames if isinstance(f, Frame)] == ["1062", "1062", "2011"]
    last = frames[-1]
    assert isinstance(last, Frame)
    assert [(m.name, m.value) for m in hj212.measurements(last)] == [("a-Rtd", 1.0)]


def test_split_packets_carry_their_numbers() -> None:
    segment = b"QN=1;ST=32;CN=2011;PW=1;MN=M1;Flag=7;PNUM=2;PNO=1;CP=&&a-Rtd=1&&"
    [frame] = decode(packet(segment))
    assert isinstance(frame, Frame)
    assert (frame.pnum, frame.pno) == (2, 1)
    assert hj212.encode(frame) == packet(segment)


@pytest.mark.parametrize(
    ("segment", "code"),
    [
        (b"QN=1;ST=32;MN=M1;Flag=5;CP=&&&&", "field"),
        (b"QN=1;ST=32;CN=20;MN=M1;Flag=5;CP=&&&&", "field"),
        (b"QN=1;ST=32;CN=2011;MN=M1;Flag=x;CP=&&&&", "field"),
        (b"QN=1;ST=32;CN=2011;MN=M1;Flag=5", "field"),
        (b"QN=1;ST=32;CN=2011;MN=M1;Flag=5;CP=&&a-Rtd=1", "field"),
        (b"\xff\xff", "utf8"),
    ],
)
def test_an_intact_packet_with_a_wrong_field_is_refused_once(segment: bytes, code: str) -> None:
    items = decode(packet(segment) + STANDARD)
    assert [getattr(i, "code", "ok") for i in items] == [code, "ok"]


# Acknowledgements


def test_data_are_acknowledged_as_in_the_standard() -> None:
    # Published answer to QN 20160801085000001.
    sent = Frame(cn="2011", mn="010000A8900016F000169DC0", qn="20160801085000001", st="22", pw="123456", flag=5)
    assert hj212.answer(sent) == (
        b"##0087QN=20160801085000001;ST=91;CN=9014;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&&&C241\r\n"
    )


def reply_to(frame: Frame, refusal: int | None = None) -> Frame:
    raw = hj212.answer(frame, refusal)
    assert raw is not None
    [reply] = decode(raw)
    assert isinstance(reply, Frame)
    return reply


def test_a_heartbeat_of_2025_is_answered_as_a_notice() -> None:
    reply = reply_to(upload("", cn="9015", flag=9))
    assert (reply.cn, reply.flag, reply.edition) == ("9013", 8, 2025)


def test_a_time_calibration_request_is_answered_as_a_notice() -> None:
    assert reply_to(upload("PolId=w01018", cn="1013")).cn == "9013"


def test_2005_carries_the_answered_qn_in_the_data_area() -> None:
    reply = reply_to(upload("a-Rtd=1", flag=1))
    assert (reply.cn, reply.qn, reply.cp) == ("9014", "", "QN=20160801085857223;CN=2011")
    refused = reply_to(upload("a-Rtd=1", flag=1), hj212.QN_RTN["pw"])
    assert (refused.cn, refused.cp) == ("9011", "QN=20160801085857223;QnRtn=3")


def test_a_refusal_never_looks_like_an_acknowledgement_of_data() -> None:
    reply = reply_to(upload("a-Rtd=1"), hj212.QN_RTN["mn"])
    assert (reply.cn, reply.cp, reply.qn) == ("9011", "QnRtn=4", "20160801085857223")


def test_a_command_that_is_not_for_a_platform_is_refused_by_its_code() -> None:
    reply = reply_to(upload("RtdInterval=30", cn="1062"))
    assert (reply.cn, reply.cp) == ("9011", "QnRtn=8")


@pytest.mark.parametrize(("cn", "flag"), [("2011", 4), ("9011", 5), ("9014", 5), ("9015", 8)])
def test_nothing_is_answered_where_nobody_waits(cn: str, flag: int) -> None:
    assert hj212.answer(upload("", cn=cn, flag=flag)) is None


# Streams


def test_a_wrong_crc_is_refused_with_both_values() -> None:
    [refusal] = decode(STANDARD.replace(b"1C80", b"1C81"))
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.offset) == ("crc", 0)
    assert "1C81" in refusal.reason
    assert "1C80" in refusal.reason


def test_a_changed_byte_is_refused() -> None:
    [refusal] = decode(STANDARD.replace(b"RtdInterval=30", b"RtdInterval=60"))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "crc"


@pytest.mark.parametrize("length", [b"0001", b"0099", b"0103", b"0150", b"00x1"])
def test_a_wrong_length_does_not_eat_the_next_packet(length: bytes) -> None:
    items = decode(b"##" + length + STANDARD[6:] + WATER + DUST)
    assert isinstance(items[0], Refusal)
    assert [i.mn for i in items if isinstance(i, Frame)] == ["81733553213013", "010000A00000000000A00654"]


def test_a_cut_off_packet_gives_way_as_soon_as_the_next_is_complete() -> None:
    decoder = Decoder()
    assert decoder.feed(WATER[:200]) == []
    items = decoder.feed(STANDARD)  # together still shorter than the first packet claims
    assert [getattr(i, "code", "ok") for i in items] == ["truncated", "ok"]


def test_a_packet_cut_off_at_the_end_is_refused_by_finish() -> None:
    items = decode(STANDARD + STANDARD[:50])
    assert [getattr(i, "code", "ok") for i in items] == ["ok", "truncated"]
    assert items[1].offset == len(STANDARD)  # type: ignore[union-attr]


def test_garbage_between_packets_is_one_refusal_with_its_place() -> None:
    items = decode(STANDARD + b"GET / HTTP/1.1\r\n\r\n" + STANDARD)
    assert [getattr(i, "code", "ok") for i in items] == ["ok", "garbage", "ok"]
    assert items[1].offset == len(STANDARD)  # type: ignore[union-attr]


def test_the_buffer_stays_bounded_whatever_is_sent() -> None:
    decoder = Decoder()
    for chunk in (b"x" * 5000, b"##9999", b"#" * 5000, b"##0001" * 2000, b"##9991&&" * 5000):
        decoder.feed(chunk)
        assert len(decoder._buffer) <= 10009


segments = st.builds(
    lambda cn, mn, cp, qn, flag: Frame(cn=cn, mn=mn, cp=cp, qn=qn, st="32", pw="1", flag=flag),
    cn=st.from_regex(r"[0-9]{4}", fullmatch=True),
    mn=st.from_regex(r"[A-Za-z0-9]{1,24}", fullmatch=True),
    cp=st.from_regex(r"([a-z][0-9]{5}-(Rtd|Avg)=[0-9]{1,3}\.[0-9]{1,2}[,;]?){0,5}", fullmatch=True),
    qn=st.from_regex(r"[0-9]{17}", fullmatch=True),
    flag=st.sampled_from([0, 1, 3, 4, 5, 7, 8, 9]),
)


@given(segments)
def test_what_is_encoded_is_decoded(frame: Frame) -> None:
    assert decode(hj212.encode(frame)) == [frame]


def chunks(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[a:b] for a, b in pairwise(edges)]


@given(st.lists(segments, min_size=1, max_size=5), st.lists(st.integers(0, 5000), max_size=8))
def test_packets_survive_being_split_anywhere(frames: list[Frame], cuts: list[int]) -> None:
    decoder = Decoder()
    stream = b"".join(map(hj212.encode, frames))
    found = [item for chunk in chunks(stream, cuts) for item in decoder.feed(chunk)]
    assert [*found, *decoder.finish()] == frames


@given(
    st.lists(st.tuples(segments, st.binary(max_size=40).filter(lambda b: b"#" not in b)), max_size=5),
    st.lists(st.integers(0, 5000), max_size=8),
)
def test_packets_survive_garbage_between_them(parts: list[tuple[Frame, bytes]], cuts: list[int]) -> None:
    decoder = Decoder()
    stream = b"".join(junk + hj212.encode(frame) for frame, junk in parts)
    found = [item for chunk in chunks(stream, cuts) for item in decoder.feed(chunk)]
    assert [i for i in found if isinstance(i, Frame)] == [frame for frame, _ in parts]


@given(segments, segments, st.data())
def test_a_damaged_packet_does_not_eat_the_next_good_one(bad: Frame, good: Frame, data: st.DataObject) -> None:
    raw = bytearray(hj212.encode(bad).rstrip())
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    assert decode(bytes(raw) + hj212.encode(good))[-1] == good


@given(segments, segments, st.data())
def test_a_shortened_packet_does_not_eat_the_next_good_one(bad: Frame, good: Frame, data: st.DataObject) -> None:
    raw = hj212.encode(bad).rstrip()
    cut = data.draw(st.integers(0, len(raw) - 1))
    assert decode(raw[:cut] + hj212.encode(good))[-1] == good


@given(st.lists(st.binary(max_size=300), max_size=6))
@example([b"##", b"0000", b"FFFF"])
@example([b"##0007CP=&&&&", b"0000"])
def test_random_bytes_only_ever_give_frames_and_refusals(pieces: list[bytes]) -> None:
    decoder = Decoder()
    found = [item for piece in pieces for item in decoder.feed(piece)]
    for item in [*found, *decoder.finish()]:
        assert isinstance(item, Frame | Refusal)


@given(st.text(max_size=200))
def test_any_intact_packet_is_read_or_refused_but_never_breaks(text: str) -> None:
    frame = upload(text)
    for read in (hj212.groups, hj212.measurements, hj212.unreadable):
        with suppress(FrameError):
            read(frame)
