"""GB/T 26875.3: published packets byte for byte, confirmations, and streams that are not clean."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from bianwang.protocols import gb26875
from bianwang.protocols.errors import FrameError
from bianwang.protocols.gb26875 import Decoder, Frame
from bianwang.protocols.gb26875_objects import Dialect
from bianwang.protocols.message import GOOD, SUSPECT, Measurement, Refusal, shanghai_ms

SMOKE = bytes.fromhex(
    "40400000010118 0D11160A14 000000000000 060504030201 3000 02 0201 01 03 00 D9000600 0200"
    "A3C1C7F8A3B1B2E3DFC8B2B8D7DFC0C8" + "00" * 15 + "301213010814 68 2323"
)
SMOKE_TIME = shanghai_ms(2020, 8, 1, 19, 18, 48)
# Exchanges between devices of one maker and its centre: 12-09-26 09:58.
HEAD = "40400100 0101 203A091A090C 790300000000 385B01000000"
EXAMPLES = {
    "zone 10 position 2 smoke detector on fire": (
        HEAD + "3000 02 0201 01 01 28 0A000200 0200" + "20" * 30 + "00 023A091A090C 46 2323"
    ),
    "main power fault": HEAD + "0900 02 1501 08 023A091A090C 42 2323",
    "duty reply": HEAD + "0A00 02 1801 2001 023A091A090C 5F 2323",
    "software version": HEAD + "0400 02 1901 0101 C7 2323",
    "device time": HEAD + "0800 02 1C01 023A091A090C 40 2323",
}
SYSTEM_BIT_NAMES = (
    *("normal", "fire", "fault", "disabled", "supervisory", "started", "feedback", "delayed"),
    *("main_power_fault", "backup_power_fault", "bus_fault", "manual", "config_changed", "reset"),
)
AT = shanghai_ms(2012, 9, 26, 9, 58, 2)
SENT = shanghai_ms(2012, 9, 26, 9, 58, 32)
ANSWERED = shanghai_ms(2012, 9, 26, 9, 58, 35)
CONFIRMATION = bytes.fromhex("40400100010123 3A091A090C 385B01000000 790300000000 0000 03 AB 2323")
DENIAL = bytes.fromhex("40400100010123 3A091A090C 385B01000000 790300000000 0000 06 AE 2323")


def decode(data: bytes, dialect: Dialect = gb26875.STANDARD) -> list[Frame | Refusal]:
    decoder = Decoder(dialect)
    return [*decoder.feed(data), *decoder.finish()]


def one(data: bytes, dialect: Dialect = gb26875.STANDARD) -> Frame:
    [frame] = decode(data, dialect)
    assert isinstance(frame, Frame)
    return frame


def example(name: str) -> Frame:
    return one(bytes.fromhex(EXAMPLES[name]))


def upload(data: str | bytes, command: int = gb26875.SEND) -> Frame:
    raw = bytes.fromhex(data) if isinstance(data, str) else data
    return Frame(serial=7, source=0x0379, target=1, command=command, data=raw)


def codes(items: list[Frame | Refusal]) -> list[str]:
    return [item.code if isinstance(item, Refusal) else "ok" for item in items]


def test_the_published_smoke_alarm_is_decoded_and_encoded_byte_for_byte() -> None:
    frame = one(SMOKE)
    assert (frame.serial, frame.source, frame.target) == (0, 0, 0x010203040506)
    assert (frame.version, frame.command, frame.kind) == ((1, 1), gb26875.SEND, 2)
    assert gb26875.objects(frame) == [
        {
            "kind": 2,
            "system_type": 1,
            "system_address": 3,
            "part_type": 0,
            "zone": 217,
            "position": 6,
            "status": 2,
            "text": "Ａ区１层呷哺走廊",
            "time_ms": SMOKE_TIME,
        }
    ]
    assert gb26875.encode(frame) == SMOKE
    on = [m for m in gb26875.measurements(frame) if m.value]
    assert on == [Measurement("part.1-3.217-6.fire", 1.0, SMOKE_TIME, GOOD)]


def test_the_same_frame_with_another_checksum_is_refused() -> None:
    [refusal] = decode(SMOKE[:-3] + b"\x63##")
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.offset) == ("checksum", 0)
    assert "63" in refusal.reason
    assert "68" in refusal.reason


@pytest.mark.parametrize("name", EXAMPLES)
def test_packets_of_real_devices_are_decoded_and_encoded_byte_for_byte(name: str) -> None:
    frame = example(name)
    assert gb26875.encode(frame).hex() == EXAMPLES[name].replace(" ", "").lower()
    assert (frame.serial, frame.source, frame.target, frame.time_ms) == (1, 0x0379, 0x015B38, SENT)


@pytest.mark.parametrize("name", EXAMPLES)
def test_uploads_are_confirmed_and_denied_byte_for_byte(name: str) -> None:
    frame = example(name)
    assert gb26875.answer(frame, ANSWERED) == CONFIRMATION
    assert gb26875.deny(frame, ANSWERED) == DENIAL


@pytest.mark.parametrize("command", [gb26875.CONFIRM, gb26875.REPLY, gb26875.DENY])
def test_answers_are_not_answered(command: int) -> None:
    assert gb26875.answer(upload(b"", command), ANSWERED) is None


def test_a_heartbeat_is_an_empty_upload_and_is_confirmed() -> None:
    frame = upload(b"")
    assert gb26875.measurements(frame) == []
    assert gb26875.answer(frame, ANSWERED) is not None


def test_commands_of_the_centre_are_byte_for_byte() -> None:
    label = SENT
    clock = gb26875.sync_clock(1, 0x015B38, 0x0379, AT)
    assert one(clock).data == bytes.fromhex("5A01023A091A090C")
    duty = gb26875.check_duty(1, 0x015B38, 0x0379, label)
    assert duty.hex() == "404001000101203a091a090c385b010000007903000000000300015b010a0f2323"
    status = gb26875.request(1, 0x015B38, 0x0379, label, bytes([81, 1, 0]))
    assert status.hex() == "404001000101203a091a090c385b01000000790300000000030004510100fe2323"


def test_device_status_and_operations_become_signals() -> None:
    fault = [m for m in gb26875.measurements(example("main power fault")) if m.value]
    assert fault == [Measurement("transmitter.main_power_fault", 1.0, AT)]
    assert gb26875.measurements(example("duty reply")) == [Measurement("transmitter.operation.duty_reply", 1.0, AT)]


@pytest.mark.parametrize(
    ("bit", "name"),
    list(enumerate(SYSTEM_BIT_NAMES)),
)
def test_each_bit_of_a_system_status_has_its_name(bit: int, name: str) -> None:
    status = (1 << bit).to_bytes(2, "little")
    values = gb26875.measurements(upload(bytes([1, 1, 1, 0]) + status + bytes.fromhex("023A091A090C")))
    assert len(values) == 14
    assert [m for m in values if m.value] == [Measurement(f"system.1-0.{name}", 1.0, AT)]


@pytest.mark.parametrize(
    ("kind", "raw", "name", "value", "quality"),
    [
        (2, 1234, "height", 12.34, GOOD),
        (3, -105, "temperature", -10.5, GOOD),
        (4, 16, "pressure", 1.6, GOOD),
        (5, 3, "pressure_kpa", 0.3, GOOD),
        (6, 255, "gas", 25.5, GOOD),
        (6, 1001, "gas", 100.1, SUSPECT),
        (8, 2201, "voltage", 220.1, GOOD),
        (9, 7, "current", 0.7, GOOD),
        (10, 55, "flow", 5.5, GOOD),
        (12, 3, "wind_speed", 3.0, GOOD),
        (130, -1, "type130", -1.0, SUSPECT),
    ],
)
def test_analog_values_are_in_the_stated_unit(kind: int, raw: int, name: str, value: float, quality: int) -> None:
    body = bytes.fromhex("0301 01 02 1F 0A000200") + bytes([kind]) + raw.to_bytes(2, "little", signed=True)
    values = gb26875.measurements(upload(body + bytes.fromhex("023A091A090C")))
    assert values == [Measurement(f"analog.1-2.10-2.{name}", value, AT, quality)]


def test_several_objects_in_one_packet_are_all_read() -> None:
    body = bytes([1, 102]) + bytes.fromhex("0100 0100 023A091A090C") * 102
    assert len(gb26875.objects(upload(body))) == 102


@pytest.mark.parametrize("label", ["000000000000", "3C3A091A090C", "02180A1E020C"])
def test_a_time_label_that_is_no_time_means_stamp_on_arrival(label: str) -> None:
    values = gb26875.measurements(upload("15 01 08" + label))
    assert {m.time_ms for m in values} == {None}


def test_values_that_the_centre_sends_itself_are_not_measurements() -> None:
    assert gb26875.measurements(upload("15 01 08 023A091A090C", gb26875.CONTROL)) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("1501 08", "length"),
        ("1501 08 023A091A090C 00", "length"),
        ("1502 08 023A091A090C", "field"),
        ("0167" + "0100 0100 023A091A090C" * 102, "field"),
        ("09", "field"),
        ("15", "length"),
    ],
)
def test_objects_that_do_not_fit_are_refused(data: str, code: str) -> None:
    raw = gb26875.encode(upload(data))
    assert codes(decode(raw + SMOKE)) == [code, "ok"]


def test_unknown_commands_are_refused_and_denied() -> None:
    [refusal] = decode(gb26875.encode(upload(b"", 9)))
    assert isinstance(refusal, Refusal)
    assert refusal.code == "command"


def test_a_refused_upload_is_denied_to_its_sender() -> None:
    raw = bytes.fromhex(EXAMPLES["main power fault"])
    [refusal] = decode(raw[:-3] + b"\x00##")
    assert isinstance(refusal, Refusal)
    assert gb26875.deny_refused(refusal, ANSWERED) == DENIAL


def test_rubbish_is_not_denied() -> None:
    for junk in (b"hello", b"@@\x00"):
        [refusal] = decode(junk)
        assert isinstance(refusal, Refusal)
        assert gb26875.deny_refused(refusal, ANSWERED) is None


def test_too_much_data_is_refused_both_ways() -> None:
    with pytest.raises(FrameError):
        gb26875.encode(upload(bytes(1025)))
    head = bytearray(SMOKE)
    head[24:26] = (1025).to_bytes(2, "little")
    assert codes(decode(bytes(head) + SMOKE)) == ["length", "ok"]


def test_a_wrong_end_is_refused() -> None:
    assert codes(decode(SMOKE[:-2] + b"$$" + SMOKE)) == ["tail", "ok"]


@pytest.mark.parametrize(
    "dialect",
    [Dialect(bcd_time=True), Dialect(xor_checksum=True), Dialect(id_bytes=12), Dialect(True, True, 12)],
)
def test_dialects_are_kept_in_both_directions(dialect: Dialect) -> None:
    label = dialect.write_time(AT)
    assert dialect.read_time(label) == AT
    frame = Frame(
        serial=1,
        source=2 ** (8 * dialect.id_bytes) - 1,
        target=1,
        command=gb26875.SEND,
        data=bytes([21, 1, 2]) + label,
        time=label,
        dialect=dialect,
    )
    raw = gb26875.encode(frame)
    assert decode(raw, dialect) == [frame]
    assert gb26875.measurements(frame)[1] == Measurement("transmitter.fire", 1.0, AT)
    assert codes(decode(raw)) != ["ok"] or not (dialect.xor_checksum or dialect.id_bytes == 12)


def test_bcd_time_is_decimal_digits() -> None:
    assert Dialect(bcd_time=True).write_time(AT) == bytes.fromhex("025809260912")
    assert Dialect(bcd_time=True).read_time(bytes.fromhex("0A5809260912")) is None


# Streams


def test_a_cut_off_packet_gives_way_as_soon_as_the_next_is_complete() -> None:
    decoder = Decoder()
    long = gb26875.encode(upload(bytes([200]) * 900))
    assert decoder.feed(long[:100]) == []
    assert codes(decoder.feed(SMOKE)) == ["truncated", "ok"]


def test_garbage_between_packets_is_one_refusal_with_its_place() -> None:
    items = decode(SMOKE + b"hello world" + SMOKE)
    assert codes(items) == ["ok", "garbage", "ok"]
    assert items[1].offset == len(SMOKE)  # type: ignore[union-attr]


def test_the_buffer_stays_bounded_whatever_is_sent() -> None:
    decoder = Decoder()
    for chunk in (b"x" * 5000, b"@" * 5000, (SMOKE[:27] + b"@@") * 300):
        decoder.feed(chunk)
        assert len(decoder._buffer) <= 27 + 1024 + 3


frames = st.builds(
    Frame,
    serial=st.integers(0, 65535),
    source=st.integers(0, 2**48 - 1),
    target=st.integers(0, 2**48 - 1),
    command=st.sampled_from([1, 2, 3, 4, 5, 6, 128, 255]),
    data=st.one_of(
        st.just(b""),
        st.binary(max_size=60).map(lambda body: b"\x80" + body),
        st.just(bytes.fromhex("150108023A091A090C")),
    ),
    time=st.binary(min_size=6, max_size=6),
    version=st.tuples(st.integers(0, 255), st.integers(0, 255)),
)


@given(frames)
def test_what_is_encoded_is_decoded(frame: Frame) -> None:
    assert decode(gb26875.encode(frame)) == [frame]


def chunks(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[a:b] for a, b in pairwise(edges)]


@given(
    st.lists(st.tuples(frames, st.binary(max_size=40).filter(lambda b: b"@" not in b)), max_size=5),
    st.lists(st.integers(0, 2000), max_size=8),
)
def test_packets_survive_garbage_and_being_split_anywhere(parts: list[tuple[Frame, bytes]], cuts: list[int]) -> None:
    decoder = Decoder()
    stream = b"".join(junk + gb26875.encode(frame) for frame, junk in parts)
    found = [item for chunk in chunks(stream, cuts) for item in decoder.feed(chunk)]
    assert [i for i in found if isinstance(i, Frame)] == [frame for frame, _ in parts]


@given(st.integers(0, len(SMOKE) - 1), st.integers(1, 255), st.integers(0, 200))
def test_a_damaged_packet_does_not_eat_the_next_good_one(at: int, mask: int, split: int) -> None:
    raw = bytearray(SMOKE)
    raw[at] ^= mask
    stream = bytes(raw) + SMOKE
    decoder = Decoder()
    found = [*decoder.feed(stream[:split]), *decoder.feed(stream[split:]), *decoder.finish()]
    assert one(SMOKE) in found
    assert "ok" in codes(found)


@given(st.integers(0, len(SMOKE) - 1))
def test_a_shortened_packet_does_not_eat_the_next_good_one(cut: int) -> None:
    assert decode(SMOKE[:cut] + SMOKE)[-1] == one(SMOKE)


@given(st.lists(st.one_of(st.binary(max_size=100), st.binary(max_size=60).map(lambda b: b"@@" + b)), max_size=6))
def test_random_bytes_only_ever_give_frames_and_refusals(pieces: list[bytes]) -> None:
    decoder = Decoder()
    found = [item for piece in pieces for item in decoder.feed(piece)]
    for item in [*found, *decoder.finish()]:
        assert isinstance(item, Frame | Refusal)


@given(st.integers(0, 127), st.binary(max_size=200))
def test_any_application_data_are_read_or_refused_but_never_break(kind: int, body: bytes) -> None:
    [item] = decode(gb26875.encode(upload(bytes([kind]) + body)))
    if isinstance(item, Frame):
        for measurement in gb26875.measurements(item):
            assert measurement.value == measurement.value  # never NaN
