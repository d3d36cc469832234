"""SL 651 in ASCII: round trips, one frame written out by hand, and streams that are not clean."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings, strategies as st

from bianwang.protocols import PROTOCOLS, sl651, sl651_ascii
from bianwang.protocols.errors import FrameError
from bianwang.protocols.message import GOOD, SUSPECT, Measurement, Refusal, shanghai_ms
from bianwang.protocols.modbus import crc
from bianwang.protocols.sl651_ascii import Decoder, Frame

NOW = shanghai_ms(2026, 7, 1, 8, 0, 0)
TEXT = sl651_ascii.text(7, NOW, "0012345678", "P", NOW, {"PJ": "0.5", "PT": "123.5", "VT": "-12.3"})


def decode(data: bytes) -> list[Frame | Refusal]:
    decoder = Decoder()
    return [*decoder.feed(data), *decoder.finish()]


def upload(text: str = TEXT, function: int = sl651.TIMED) -> Frame:
    return Frame("0012345678", function, text, password="1234")


def test_a_frame_is_written_as_the_docstring_says() -> None:
    raw = sl651_ascii.encode(upload())
    assert raw[:1] == b"\x01"
    assert raw[1:23].decode() == f"0100123456781234320{len(TEXT):03X}"
    assert raw[23] == 2
    assert raw[24:-5].decode() == "0007260701080000 ST 0012345678 P TT 2607010800 PJ 0.5 PT 123.5 VT -12.3 "
    assert raw[-5] == 3
    assert raw[-4:] == b"%04X" % crc(raw[:-4])


frames = st.builds(
    Frame,
    station=st.text("0123456789", min_size=10, max_size=10),
    function=st.integers(0, 255),
    text=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=120),
    centre=st.integers(0, 255),
    password=st.text("0123456789ABCDEF", min_size=4, max_size=4),
    down=st.booleans(),
    end=st.sampled_from([3, 4, 5, 0x1B]),
)


@settings(max_examples=60)
@given(st.lists(frames, min_size=1, max_size=3), st.binary(max_size=20).filter(lambda data: b"\x01" not in data))
def test_frames_come_back_out_of_a_stream_that_begins_with_rubbish(sent: list[Frame], rubbish: bytes) -> None:
    data = rubbish + b"".join(sl651_ascii.encode(frame) for frame in sent)
    assert [item for item in decode(data) if isinstance(item, Frame)] == sent
    decoder = Decoder()
    byte_by_byte = [item for at in range(len(data)) for item in decoder.feed(data[at : at + 1])]
    assert [item for item in byte_by_byte if isinstance(item, Frame)] == sent


@settings(max_examples=60)
@given(st.binary(max_size=80), st.integers(0, 200), st.integers(1, 255))
def test_nothing_breaks_and_one_wrong_byte_is_noticed(noise: bytes, at: int, change: int) -> None:
    for item in decode(b"\x01" + noise):
        if isinstance(item, Frame):
            with suppress(FrameError):
                sl651_ascii.measurements(item)
    raw = bytearray(sl651_ascii.encode(upload()))
    raw[at % len(raw)] ^= change
    assert upload() not in decode(bytes(raw))


@given(st.dictionaries(st.sampled_from(sorted(sl651_ascii.ELEMENTS)), st.decimals(-999, 9999, places=2), max_size=6))
@settings(max_examples=60)
def test_values_come_back_as_they_were_said(values: dict[str, object]) -> None:
    words = {name: str(value) for name, value in values.items()}
    frame = upload(sl651_ascii.text(1, NOW, "0012345678", "P", NOW, words))
    assert {m.name: m.value for m in sl651_ascii.measurements(frame)} == {n: float(w) for n, w in words.items()}


def test_a_report_says_its_time_kind_and_quality() -> None:
    found = sl651_ascii.report(upload())
    assert (found.serial, found.kind, found.observed_ms) == (7, "P", NOW)
    assert sl651_ascii.measurements(upload())[0] == Measurement("PJ", 0.5, NOW, GOOD)
    assert sl651_ascii.measurements(upload(function=sl651.TEST))[0].quality == SUSPECT
    heartbeat = upload("0001260701080000", sl651.HEARTBEAT)
    assert sl651_ascii.report(heartbeat).observed_ms is None
    assert sl651_ascii.measurements(heartbeat) == []
    lacking = upload(TEXT.replace("123.5", "////"))
    assert [m.name for m in sl651_ascii.measurements(lacking)] == ["PJ", "VT"], "no value is not 0"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "field"),
        ("0007260701080000 PJ", "field"),
        ("0007260701080000 0.5 PJ", "field"),
        ("0007261301080000", "time"),
        ("0007260701080000 TT 26070108", "time"),
    ],
)
def test_a_text_that_is_none_is_refused(text: str, code: str) -> None:
    with pytest.raises(FrameError) as error:
        sl651_ascii.report(upload(text))
    assert error.value.code == code


def test_a_frame_that_does_not_fit_is_refused_and_the_command_reads_recordings() -> None:
    for wrong in (upload("字"), Frame("12", 0x32, ""), Frame("0012345678", 0x32, "x" * 4096)):
        with pytest.raises(FrameError):
            sl651_ascii.encode(wrong)
    [record] = PROTOCOLS["sl651-ascii"](sl651_ascii.encode(upload()))
    assert record["ok"]
    assert record["verified"] is False
    assert [row["name"] for row in record["measurements"]] == ["PJ", "PT", "VT"]
    [refusal] = PROTOCOLS["sl651-ascii"](sl651_ascii.encode(upload("0007")))
    assert (refusal["ok"], refusal["error"]) == (False, "field")
