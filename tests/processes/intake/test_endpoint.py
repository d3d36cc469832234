"""The MQTT endpoint, spoken to byte by byte."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace

import pytest

from bianwang.processes.intake.directory import Directory, sm3
from bianwang.protocols import mqtt
from tests.processes.intake.conftest import CHILD, DEVICES, GATEWAY, PUMP, Peer, until

BOTH = pytest.mark.parametrize("version", [mqtt.V3, mqtt.V5])


def now() -> int:
    return time.time_ns() // 1_000_000


@BOTH
async def test_a_reading_is_on_disk_when_its_puback_arrives(intake, version):
    async with Peer(intake.port, version) as peer:
        assert (await peer.connect()).code == 0
        at = now()
        ack = await peer.publish(json.dumps({"ts": at, "values": {"pressure": 0.4, "flow": 7}}).encode())
        assert ack == mqtt.Ack(mqtt.PUBACK, 7)
        assert intake.rows(1) == [(at, 0.4)]
        assert intake.values(2) == [pytest.approx(5.7)]  # scaled to the signal's unit
        await until(lambda: len(intake.judge.values()) == 2, "judged")


@BOTH
async def test_acknowledgements_come_in_the_order_of_the_messages(intake, version):
    async with Peer(intake.port, version) as peer:
        await peer.connect()
        for number in range(1, 50):
            payload = b"{broken" if number % 7 == 0 else b'{"pressure": 1}'
            peer.send(mqtt.Publish("v1/devices/me/telemetry", payload, 1, number))
        assert [(await peer.receive()).packet_id for _ in range(1, 50)] == list(range(1, 50))


async def test_qos_0_is_stored_without_an_answer(intake):
    async with Peer(intake.port) as peer:
        await peer.connect()
        peer.send(mqtt.Publish("v1/devices/me/telemetry", b'{"pressure": 3}'))
        await until(lambda: intake.values(1) == [3.0])


async def test_a_reading_without_time_is_stamped_on_arrival(intake):
    async with Peer(intake.port) as peer:
        await peer.connect()
        before = now()
        await peer.publish(b'{"values": {"pressure": 1}}')
        assert before <= intake.rows(1)[0][0] <= now()


async def test_packets_cut_at_every_byte_are_understood(intake):
    async with Peer(intake.port) as peer:
        await peer.connect()
        for byte in mqtt.encode(mqtt.Publish("bianwang/v1/telemetry", b'{"values":{"pressure":2}}', 1, 9), 5):
            peer.writer.write(bytes((byte,)))
            await peer.writer.drain()
            await asyncio.sleep(0)
        assert (await peer.receive()).packet_id == 9
        assert intake.values(1) == [2.0]


async def test_columns_of_readings_are_stored_with_their_own_times_and_qualities(intake):
    async with Peer(intake.port) as peer:
        await peer.connect()
        times = [now() - 1000 + n for n in range(100)]
        payload = {"ts": times, "values": {"pressure": [*range(100)], "flow": [0] * 100}, "quality": [0, 1] * 50}
        await peer.publish(json.dumps(payload).encode())
        got = intake.store.series([1], 0, 2**52)
        assert got["time"].tolist() == times
        assert got["value"].tolist() == list(map(float, range(100)))
        assert got["quality"].tolist() == [0, 1] * 50
        assert set(intake.values(2)) == {5.0}


# -- who may do what


@pytest.mark.parametrize(
    ("username", "password", "welcome"),
    [
        ("pump-token", None, True),
        ("anything", b"pump-token", True),
        ("oven", b"secret", True),
        ("oven", b"wrong", False),
        ("oven", None, False),
        ("oven", b"pump-token", False),
        ("room-1", None, False),
        ("unknown", b"unknown", False),
        (None, None, False),
        ("", b"", False),
    ],
)
@BOTH
async def test_only_registered_credentials_open_the_door(intake, version, username, password, welcome):
    async with Peer(intake.port, version) as peer:
        answer = await peer.connect(username, password=password)
        if welcome:
            assert answer.code == 0
            return
        assert answer.code == (4 if version == mqtt.V3 else mqtt.BAD_CREDENTIALS)
        assert await peer.closed()
    assert intake.pipeline.refusals.count("127.0.0.1", "connect") == 1


async def test_a_gateway_publishes_for_its_children_by_topic_and_by_payload(intake):
    async with Peer(intake.port) as peer:
        await peer.connect("gate-token")
        await peer.publish(b'{"values": {"co": 1}}', "bianwang/v1/gateway/room-1/telemetry")
        await peer.publish(b'{"alias": [{"ts": 1795400000000, "values": {"co": 2}}]}', "v1/gateway/telemetry")
        assert (intake.values(4), intake.values(5)) == ([1.0], [2.0])


@pytest.mark.parametrize(
    ("token", "topic"),
    [
        ("gate-token", "bianwang/v1/gateway/elsewhere/telemetry"),
        ("gate-token", "bianwang/v1/gateway/room-2/telemetry"),  # its key, not the name it has here
        ("pump-token", "bianwang/v1/gateway/room-1/telemetry"),
        ("pump-token", "v1/gateway/telemetry"),
        ("pump-token", "bianwang/v1/devices/oven/command"),
    ],
)
@BOTH
async def test_a_lie_about_the_identity_is_refused_and_stores_nothing(intake, version, token, topic):
    async with Peer(intake.port, version) as peer:
        await peer.connect(token)
        peer.send(mqtt.Publish(topic, b'{"values": {"co": 66}}', 1, 3))
        if version == mqtt.V5:
            assert (await peer.receive()).code == mqtt.NOT_AUTHORIZED
        else:
            assert await peer.closed()
    key = "gate" if token == "gate-token" else "pump-1"
    await until(lambda: intake.pipeline.refusals.count(key, "identity") == 1)
    assert intake.store.count() == 0


async def test_a_gateway_payload_with_a_foreign_child_keeps_the_readings_of_its_own(intake):
    async with Peer(intake.port) as peer:
        await peer.connect("gate-token")
        payload = b'{"elsewhere": [{"values": {"co": 9}}], "room-1": [{"values": {"co": 1}}]}'
        assert (await peer.publish(payload, "v1/gateway/telemetry")).code == 0
        only = await peer.publish(b'{"elsewhere": [{"values": {"co": 9}}]}', "v1/gateway/telemetry")
        assert only.code == mqtt.NOT_AUTHORIZED
        assert (intake.values(4), intake.values(6)) == ([1.0], [])
        assert intake.pipeline.refusals.count("gate", "identity") == 2


@BOTH
async def test_subscriptions_are_granted_for_own_commands_only(intake, version):
    filters = [
        ("bianwang/v1/devices/pump-1/command", 2),
        ("bianwang/v1/devices/oven/command", 1),
        ("#", 0),
        ("$share/group/bianwang/v1/devices/pump-1/command", 1),
        ("v1/devices/me/rpc/request/+", 0),
    ]
    async with Peer(intake.port, version) as peer:
        await peer.connect()
        peer.send(mqtt.Subscribe(5, filters))
        codes = (await peer.receive()).codes
        refused = 0x80 if version == mqtt.V3 else mqtt.NOT_AUTHORIZED
        shared = 0x80 if version == mqtt.V3 else mqtt.SHARED_UNSUPPORTED
        assert codes == [1, refused, refused, shared, 0]
        peer.send(mqtt.Unsubscribe(6, ["bianwang/v1/devices/pump-1/command", "#"]))
        assert (await peer.receive()).codes == ([] if version == mqtt.V3 else [0, 0x11])


# -- what is not offered


@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        (mqtt.Publish("bianwang/v1/telemetry", b"{}", 2, 1), mqtt.QOS_UNSUPPORTED),
        (mqtt.Publish("bianwang/v1/telemetry", b"{}", 1, 1, retain=True), mqtt.RETAIN_UNSUPPORTED),
        (mqtt.Publish("bianwang/v1/telemetry", b"x" * 70_000, 1, 1), mqtt.TOO_LARGE),
        (mqtt.Connect("again"), mqtt.PROTOCOL_ERROR),
        (mqtt.SubAck(1, [0]), mqtt.PROTOCOL_ERROR),
    ],
)
@BOTH
async def test_what_is_not_offered_ends_the_connection_with_the_reason(intake, version, packet, reason):
    async with Peer(intake.port, version) as peer:
        await peer.connect()
        peer.send(packet)
        if version == mqtt.V5:
            answer = await peer.receive()
            assert isinstance(answer, mqtt.Disconnect)
            assert answer.code == reason
            assert answer.properties["reason_string"]
        assert await peer.closed()
    assert intake.pipeline.refusals.count("pump-1", "mqtt") == 1


async def test_connack_of_version_5_says_what_is_offered(intake):
    async with Peer(intake.port) as peer:
        answer = await peer.connect(client_id="")
        assert answer.properties["maximum_qos"] == 1
        assert answer.properties["retain_available"] == 0
        assert answer.properties["shared_available"] == 0
        assert answer.properties["receive_maximum"] == 100
        assert answer.properties["maximum_packet_size"] == 65_536
        assert answer.properties["assigned_client_id"]


@pytest.mark.parametrize(
    ("will", "reason"),
    [
        (mqtt.Will("x", b"", 2), mqtt.QOS_UNSUPPORTED),
        (mqtt.Will("x", b"", 0, True), mqtt.RETAIN_UNSUPPORTED),
    ],
)
async def test_a_will_that_cannot_be_kept_is_refused(intake, will, reason):
    async with Peer(intake.port) as peer:
        assert (await peer.connect(will=will)).code == reason


async def test_more_in_flight_than_the_receive_maximum_is_an_error(intake):
    async with Peer(intake.port) as peer:
        await peer.connect()
        burst = [mqtt.encode(mqtt.Publish("bianwang/v1/telemetry", b"{}", 1, n), 5) for n in range(1, 300)]
        peer.writer.write(b"".join(burst))
        packet = await peer.receive()
        while not isinstance(packet, mqtt.Disconnect):
            packet = await peer.receive()
        assert packet.code == mqtt.RECEIVE_MAXIMUM


async def test_an_unsupported_version_is_told_so(intake):
    async with Peer(intake.port, mqtt.V3) as peer:
        peer.writer.write(b"\x10\x0c\0\x04MQTT\x03\x02\0\0\0\0")
        assert (await peer.receive()).code == 1
        assert await peer.closed()


@pytest.mark.parametrize("raw", [b"GET / HTTP/1.1\r\n\r\n", b"\xc0\0", b"\xff" * 100, b"\x10\xff\xff\xff\x7f"])
async def test_strangers_who_do_not_speak_mqtt_are_shown_out(intake, raw):
    async with Peer(intake.port) as peer:
        peer.writer.write(raw)
        assert await peer.closed()
    await until(lambda: not intake.endpoint.connections)


# -- bad payloads

BAD = [
    (b"{broken", "json"),
    (b"", "json"),
    (b'{"values": {"pressure": NaN}}', "nan"),
    (b'{"values": {"pre\xff": 1}}', "utf8"),
    (b'{"values": {"pressure": "high"}}', "value"),
    (b'{"values": {"unheard-of": 1}}', "signal"),
    (b'{"ts": 0, "values": {"pressure": 1}}', "old"),
    (b'{"ts": 4102444800000, "values": {"pressure": 1}}', "ahead"),
    (b'{"ts": [0, 4102444800000], "values": {"pressure": [1, 2]}}', "old"),
    (b'{"ts": 99999999999999999999, "values": {"pressure": 1}}', "field"),
    (b'{"a":' * 30_000, "depth"),
]


@pytest.mark.parametrize(("payload", "code"), BAD)
@BOTH
async def test_a_bad_payload_is_refused_counted_and_disturbs_nothing(intake, version, payload, code):
    payload = payload[:60_000]
    async with Peer(intake.port, version) as peer, Peer(intake.port, version) as other:
        await peer.connect()
        await other.connect(client_id="other")
        ack = await peer.publish(payload)
        assert ack.code == (mqtt.PAYLOAD_INVALID if version == mqtt.V5 else 0)
        if version == mqtt.V5:
            assert ack.properties["reason_string"]
        await other.publish(b'{"values": {"pressure": 5}}')
        await peer.publish(b'{"values": {"flow": 5}}')
        assert (len(intake.rows(1)), len(intake.rows(2))) == (1, 1)
    assert sum(intake.pipeline.refusals.count("pump-1", each) for each in {code, "json", "value"}) >= 1


async def test_ten_megabytes_are_refused_before_they_are_read(intake):
    async with Peer(intake.port) as peer:
        await peer.connect()
        peer.writer.write(b"\x32\x80\xad\xe2\x04")
        assert (await peer.receive()).code == mqtt.TOO_LARGE


@BOTH
async def test_an_unknown_topic_is_refused(intake, version):
    async with Peer(intake.port, version) as peer:
        await peer.connect()
        ack = await peer.publish(b"{}", "some/where/else")
        assert ack.code == (mqtt.TOPIC_INVALID if version == mqtt.V5 else 0)
    assert intake.pipeline.refusals.count("pump-1", "topic") == 1


async def test_good_readings_of_a_partly_refused_payload_are_kept(intake):
    async with Peer(intake.port) as peer:
        await peer.connect()
        assert (await peer.publish(b'{"values": {"pressure": 1, "nobody": 2}}')).code == 0
        assert intake.values(1) == [1.0]
        assert intake.pipeline.refusals.count("pump-1", "signal") == 1


async def test_a_clock_ahead_is_stored_not_judged_and_shown_until_it_is_right(intake):
    async with Peer(intake.port) as peer:
        await peer.connect()
        ahead = now() + 3_600_000
        await peer.publish(json.dumps({"ts": ahead, "values": {"pressure": 1}}).encode())
        got = intake.store.series([1], 0, 2**52)
        assert (got["time"].tolist(), got["judged"].tolist()) == ([ahead], [False])
        assert intake.pipeline.presence.clock_faults.keys() == {PUMP.id}
        await peer.publish(json.dumps({"ts": now(), "values": {"pressure": 1}}).encode())
        assert intake.pipeline.presence.clock_faults == {}
        assert intake.states(PUMP) == ["online", "clock_fault", "clock_ok"]


# -- presence


async def test_a_device_is_online_while_connected(intake):
    async with Peer(intake.port) as peer:
        await peer.connect()
        assert intake.pipeline.presence.online(PUMP.id)
        peer.send(mqtt.Disconnect())
        await until(lambda: not intake.pipeline.presence.online(PUMP.id))
    assert intake.states(PUMP) == ["online", "offline"]
    assert intake.changes[-1].detail == "设备主动断开"


async def test_one_and_a_half_keepalives_of_silence_are_an_absence(intake):
    async with Peer(intake.port) as peer:
        await peer.connect(keepalive=1)
        assert (await peer.receive()).code == mqtt.KEEPALIVE_TIMEOUT
        await until(lambda: intake.states(PUMP) == ["online", "offline"])


@BOTH
async def test_pings_are_answered(intake, version):
    async with Peer(intake.port, version) as peer:
        await peer.connect()
        peer.send(mqtt.Ping())
        assert await peer.receive() == mqtt.Ping(mqtt.PINGRESP)


@BOTH
async def test_the_same_client_takes_over_its_older_connection(intake, version):
    async with Peer(intake.port, version) as older, Peer(intake.port, version) as newer:
        await older.connect()
        await newer.connect()
        if version == mqtt.V5:
            assert (await older.receive()).code == mqtt.TAKEN_OVER
        assert await older.closed()
        await newer.publish(b"{}")
        assert intake.pipeline.presence.online(PUMP.id)


async def test_a_device_cannot_take_over_the_client_of_another(intake):
    async with Peer(intake.port) as one, Peer(intake.port) as two:
        await one.connect("pump-token")
        await two.connect("gate-token")
        assert (await one.publish(b'{"values": {"pressure": 1}}')).code == 0


async def test_a_last_will_on_a_telemetry_topic_is_a_last_reading(intake):
    async with Peer(intake.port) as peer:
        await peer.connect(will=mqtt.Will("bianwang/v1/telemetry", b'{"values": {"pressure": -1}}', 1))
    await until(lambda: intake.values(1) == [-1.0])


async def test_a_polite_goodbye_discards_the_will(intake):
    async with Peer(intake.port) as peer:
        await peer.connect(will=mqtt.Will("bianwang/v1/telemetry", b'{"values": {"pressure": -1}}', 1))
        peer.send(mqtt.Disconnect())
        await until(lambda: intake.states(PUMP) == ["online", "offline"])
    async with Peer(intake.port) as peer:
        await peer.connect()
        await peer.publish(b'{"values": {"pressure": 8}}')
    assert intake.values(1) == [8.0]


async def test_a_gateway_tells_which_children_are_there(intake):
    async with Peer(intake.port) as peer:
        await peer.connect("gate-token")
        await peer.publish(b'{"device": "room-1"}', "v1/gateway/connect")
        await peer.publish(b'{"device": "alias"}', "v1/gateway/connect")
        await peer.publish(b'{"device": "alias"}', "v1/gateway/disconnect")
        refused = await peer.publish(b'{"device": "elsewhere"}', "v1/gateway/connect")
        assert refused.code == mqtt.NOT_AUTHORIZED
        assert intake.pipeline.presence.online(CHILD.id)
        assert [change.state for change in intake.changes if change.device == 5] == ["online", "offline"]
    await until(lambda: not intake.pipeline.presence.online(CHILD.id))


# -- commands


async def test_a_command_arrives_and_its_acknowledgement_is_known(intake):
    async with Peer(intake.port) as peer:
        await peer.connect()
        peer.send(mqtt.Subscribe(5, [("bianwang/v1/devices/pump-1/command", 1)]))
        await peer.receive()
        sent = asyncio.ensure_future(intake.endpoint.command(PUMP.id, b'{"stop": true}'))
        message = await peer.receive()
        assert (message.topic, message.payload) == ("bianwang/v1/devices/pump-1/command", b'{"stop": true}')
        assert not sent.done()
        peer.send(mqtt.Ack(mqtt.PUBACK, message.packet_id))
        assert await sent


async def test_a_command_reaches_a_thingsboard_device_and_a_child_through_its_gateway(intake):
    async with Peer(intake.port) as device, Peer(intake.port) as gateway:
        await device.connect()
        device.send(mqtt.Subscribe(5, [("v1/devices/me/rpc/request/+", 0)]))
        await device.receive()
        await gateway.connect("gate-token")
        gateway.send(mqtt.Subscribe(5, [("bianwang/v1/devices/room-1/command", 0)]))
        await gateway.receive()
        assert await intake.endpoint.command(PUMP.id, b"{}")
        assert (await device.receive()).topic.startswith("v1/devices/me/rpc/request/")
        assert await intake.endpoint.command(CHILD.id, b"{}")
        assert (await gateway.receive()).topic == "bianwang/v1/devices/room-1/command"


async def test_a_command_to_a_device_that_is_away_or_does_not_answer_has_not_arrived(intake):
    assert not await intake.endpoint.command(PUMP.id, b"{}")
    assert not await intake.endpoint.command(99, b"{}")
    async with Peer(intake.port) as peer:
        await peer.connect()
        peer.send(mqtt.Subscribe(5, [("bianwang/v1/devices/pump-1/command", 1)]))
        await peer.receive()
        assert not await intake.endpoint.command(PUMP.id, b"{}", timeout_s=0.05)


async def test_thingsboard_attributes_are_answered(intake):
    async with Peer(intake.port) as peer:
        await peer.connect()
        peer.send(mqtt.Publish("v1/devices/me/attributes/request/4", b'{"clientKeys":"a"}'))
        answer = await peer.receive()
        assert (answer.topic, answer.payload) == ("v1/devices/me/attributes/response/4", b"{}")
        assert (await peer.publish(b'{"firmware": "1.2"}', "v1/devices/me/attributes")).code == 0


# -- topic aliases and a register that changes


async def test_topic_aliases_stand_for_their_topic(intake):
    async with Peer(intake.port) as peer:
        await peer.connect()
        await peer.publish(b'{"values": {"pressure": 1}}', properties={"topic_alias": 3})
        await peer.publish(b'{"values": {"flow": 1}}', "", properties={"topic_alias": 3})
        assert (len(intake.rows(1)), len(intake.rows(2))) == (1, 1)
        assert (await peer.publish(b"{}", "", properties={"topic_alias": 4})).code == mqtt.PROTOCOL_ERROR
    async with Peer(intake.port) as peer:
        await peer.connect()
        assert (await peer.publish(b"{}", properties={"topic_alias": 1000})).code == mqtt.ALIAS_INVALID


async def test_a_new_register_is_in_force_for_devices_already_connected(intake):
    async with Peer(intake.port) as pump, Peer(intake.port) as gateway:
        await pump.connect()
        await gateway.connect("gate-token")
        assert (await pump.publish(b'{"values": {"new": 1}}')).code == mqtt.PAYLOAD_INVALID
        signals = {**PUMP.signals, "new": replace(PUMP.signals["flow"], id=900)}
        changed = [replace(PUMP, signals=signals), replace(GATEWAY, token_sm3=sm3("changed"))]
        intake.live.swap(Directory([*changed, *(d for d in DEVICES if d not in (PUMP, GATEWAY))]))
        assert (await gateway.receive()).code == mqtt.NOT_AUTHORIZED
        assert (await pump.publish(b'{"values": {"new": 1}}')).code == 0
        assert len(intake.rows(900)) == 1
