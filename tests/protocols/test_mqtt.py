"""MQTT packets: published bytes, round trips, and bad input of every kind."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from bianwang.protocols import mqtt, mqtt_fields
from bianwang.protocols.mqtt import MalformedPacket, MqttError, ProtocolError

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
names = st.text(st.characters(exclude_characters="\0+#", exclude_categories=["Cs"]), min_size=1, max_size=40)
u16 = st.integers(1, 65_535)
u32 = st.integers(1, 2**32 - 1)
blobs = st.binary(max_size=60)
versions = st.sampled_from([mqtt.V3, mqtt.V5])
pairs = st.lists(st.tuples(texts, texts), min_size=1, max_size=3)


def properties(**optional: st.SearchStrategy) -> st.SearchStrategy:
    return st.fixed_dictionaries({}, optional={**optional, "user_property": pairs})


reasons = properties(reason_string=texts)
wills = st.builds(
    mqtt.Will,
    names,
    blobs,
    st.integers(0, 2),
    st.booleans(),
    properties(will_delay=u32, message_expiry=u32, content_type=texts, correlation_data=blobs),
)
connects = st.builds(
    mqtt.Connect,
    client_id=texts,
    clean=st.booleans(),
    keepalive=st.integers(0, 65_535),
    username=texts,
    password=st.none() | blobs,
    will=st.none() | wills,
    properties=properties(session_expiry=u32, receive_maximum=u16, maximum_packet_size=u32),
)
publishes = st.integers(0, 2).flatmap(
    lambda qos: st.builds(
        mqtt.Publish,
        names,
        blobs,
        st.just(qos),
        u16 if qos else st.just(0),
        st.booleans() if qos else st.just(False),
        st.booleans(),
        properties(topic_alias=u16, response_topic=texts, subscription_id=st.lists(u16, min_size=1, max_size=2)),
    )
)
packets = st.one_of(
    connects,
    st.builds(
        mqtt.Connack,
        st.booleans(),
        st.integers(0, 255),
        properties(receive_maximum=u16, maximum_qos=st.integers(0, 1), assigned_client_id=texts),
    ),
    publishes,
    st.builds(mqtt.Ack, st.integers(mqtt.PUBACK, mqtt.PUBCOMP), u16, st.integers(0, 255), reasons),
    st.builds(
        mqtt.Subscribe,
        u16,
        st.lists(st.tuples(names, st.integers(0, 2)), min_size=1, max_size=4),
        properties(subscription_id=st.integers(1, 2**28 - 1)),
    ),
    st.builds(mqtt.Unsubscribe, u16, st.lists(names, min_size=1, max_size=4), properties()),
    st.builds(mqtt.SubAck, u16, st.lists(st.integers(0, 255), max_size=4), st.just(mqtt.SUBACK), reasons),
    st.builds(mqtt.Ping, st.sampled_from([mqtt.PINGREQ, mqtt.PINGRESP])),
    st.builds(mqtt.Disconnect, st.integers(0, 255), reasons),
)


@given(packets)
def test_every_packet_of_version_5_survives_the_wire(packet):
    if isinstance(packet, mqtt.Connect):
        packet.version = mqtt.V5
    ((first, body),), rest = mqtt.frames(mqtt.encode(packet, mqtt.V5))
    assert mqtt.decode(first, body, mqtt.V5) == packet
    assert rest == b""


@given(packets)
def test_version_3_1_1_carries_everything_but_properties_and_reasons(packet):
    ((first, body),), _ = mqtt.frames(mqtt.encode(packet, mqtt.V3))
    if hasattr(packet, "properties"):
        packet.properties = {}
    if isinstance(packet, mqtt.Connect) and packet.will:
        packet.will.properties = {}
    if isinstance(packet, mqtt.Ack | mqtt.Disconnect):
        packet.code = 0
    assert mqtt.decode(first, body, mqtt.V3) == packet


@given(st.lists(packets, min_size=1, max_size=5), st.lists(st.integers(0, 400), max_size=6))
def test_a_stream_cut_anywhere_gives_the_same_packets(sent, cuts):
    stream = b"".join(mqtt.encode(packet, mqtt.V5) for packet in sent)
    whole, _ = mqtt.frames(stream)
    got, rest = [], b""
    edges = sorted({min(cut, len(stream)) for cut in cuts} | {0, len(stream)})
    for begin, end in pairwise(edges):
        found, rest = mqtt.frames(rest + stream[begin:end])
        got += found
    assert got == whole
    assert rest == b""


@settings(max_examples=500)
@given(st.integers(0, 255), st.binary(max_size=200), versions)
def test_random_bytes_are_a_packet_or_an_mqtt_error(first, body, version):
    try:
        mqtt.decode(first, body, version)
    except MqttError as error:
        assert 0x80 <= error.reason <= 0xFF  # noqa: PT017 - the error itself is what is tested


@settings(max_examples=500)
@given(packets, versions, st.data())
def test_a_damaged_packet_is_a_packet_or_an_mqtt_error(packet, version, data):
    raw = bytearray(mqtt.encode(packet, version))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        for first, body in mqtt.frames(bytes(raw))[0]:
            mqtt.decode(first, body, version)
    except MqttError as error:
        assert 0x80 <= error.reason <= 0xFF  # noqa: PT017 - the error itself is what is tested


@given(packets, st.data())
def test_a_truncated_body_is_never_read_past_its_end(packet, data):
    ((first, body),), _ = mqtt.frames(mqtt.encode(packet, mqtt.V5))
    part = body[: data.draw(st.integers(0, max(0, len(body) - 1)))]
    try:
        mqtt.decode(first, part, mqtt.V5)
    except MqttError:
        return
    # What is left can only be a shorter packet of its own.
    assert part != body or not body


def test_the_connect_example_of_the_standard_is_read():
    # mqtt-v3.1.1-os, figure 3.6 with user name and password, clean session, keepalive 10.
    body = bytes.fromhex("00044d515454 04 c2 000a") + b"\0\x01a\0\x01u\0\x01p"
    assert mqtt.decode(0x10, body) == mqtt.Connect("a", mqtt.V3, True, 10, "u", b"p")


def test_the_publish_example_of_the_standard_is_written():
    # mqtt-v3.1.1-os, figure 3.11: topic a/b, packet identifier 10.
    assert mqtt.encode(mqtt.Publish("a/b", b"", 1, 10)) == bytes.fromhex("3207 0003612f62 000a")


@pytest.mark.parametrize(
    ("number", "raw"),
    [(0, "00"), (127, "7f"), (128, "8001"), (16_383, "ff7f"), (16_384, "808001"), (2_097_152, "80808001")],
)
def test_remaining_lengths_at_the_borders_of_the_standard(number, raw):
    data = b"\x30" + bytes.fromhex(raw)
    assert mqtt.header(data, 0, len(data)) == (len(data), len(data) + number)
    assert mqtt_fields.varint(number).hex() == raw


@pytest.mark.parametrize(
    ("first", "body", "version", "reason"),
    [
        (0x00, b"", 4, mqtt.MALFORMED),
        (0xF0, b"", 4, mqtt.MALFORMED),
        (0x36, b"\0\x01a\0\x01", 4, mqtt.MALFORMED),  # QoS 3
        (0x38, b"\0\x01a", 4, mqtt.MALFORMED),  # repeated QoS 0
        (0x32, b"\0\x01a\0\0", 4, mqtt.PROTOCOL_ERROR),  # packet identifier 0
        (0x30, b"\0\x01#", 4, mqtt.TOPIC_INVALID),
        (0x30, b"\0\0", 4, mqtt.PROTOCOL_ERROR),  # no topic
        (0x30, b"\0\x02\xc3\x28", 4, mqtt.MALFORMED),  # not UTF-8
        (0x30, b"\0\x01\0", 4, mqtt.MALFORMED),  # U+0000
        (0x30, b"\0\x03\xed\xa0\x80", 4, mqtt.MALFORMED),  # surrogate
        (0x80, b"\0\x01\0\x01a\0", 4, mqtt.MALFORMED),  # SUBSCRIBE without its flags
        (0x82, b"\0\x01", 4, mqtt.PROTOCOL_ERROR),  # no filter
        (0x82, b"\0\x01\0\x01a\x03", 4, mqtt.MALFORMED),  # QoS 3
        (0x10, b"\0\x04MQTT\x03\x02\0\0\0\0", 4, mqtt.UNSUPPORTED_VERSION),
        (0x10, b"\0\x06MQIsdp\x03\x02\0\0\0\0", 4, mqtt.UNSUPPORTED_VERSION),
        (0x10, b"\0\x04MQTT\x04\x03\0\0\0\0", 4, mqtt.MALFORMED),  # reserved flag
        (0x30, b"\0\x01a\x03\x23\0\0", 5, mqtt.PROTOCOL_ERROR),  # topic alias 0
        (0x30, b"\0\x01a\x02\x11\0", 5, mqtt.MALFORMED),  # property of another packet
        (0x30, b"\0\x01a\x04\x01\0\x01\0", 5, mqtt.PROTOCOL_ERROR),  # property twice
        (0x30, b"\0\x01a\x80\x80\x80\x80\x01", 5, mqtt.MALFORMED),
    ],
)
def test_breaches_of_the_standard_carry_their_reason(first, body, version, reason):
    with pytest.raises(MqttError) as caught:
        mqtt.decode(first, body, version)
    assert caught.value.reason == reason


def test_a_length_of_five_bytes_is_malformed():
    with pytest.raises(MalformedPacket):
        mqtt.frames(b"\x30\x80\x80\x80\x80\x01")


def test_a_packet_too_large_is_refused_from_its_header_alone():
    with pytest.raises(MqttError) as caught:
        mqtt.frames(b"\x30\xff\xff\x7f", max_size=1000)
    assert caught.value.reason == mqtt.TOO_LARGE


def test_trailing_bytes_are_malformed():
    with pytest.raises(MalformedPacket):
        mqtt.decode(0xC0, b"x")


def test_auth_belongs_to_version_5_only():
    assert mqtt.decode(0xF0, b"", mqtt.V5) == mqtt.Disconnect(kind=mqtt.AUTH)
    with pytest.raises(MalformedPacket):
        mqtt.decode(0xF0, b"", mqtt.V3)


def test_a_text_that_does_not_fit_is_not_sent():
    with pytest.raises(ValueError, match="65535"):
        mqtt.encode(mqtt.Publish("x" * 65_536))


def test_protocol_errors_are_frame_errors_for_counters():
    assert ProtocolError("x").code == "mqtt"
