"""One device's MQTT connection: a state machine over framing and codec, with a short way for PUBLISH.

The short way reads topic, packet id and payload straight from the chunk that arrived and looks the topic up in the
connection's own table; everything unusual goes through the codec.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

from bianwang.processes.intake import handshake, topics
from bianwang.processes.intake.acknowledging import Awaited, Owed
from bianwang.processes.intake.directory import Device
from bianwang.processes.intake.framing import Framing
from bianwang.protocols import mqtt, payloads
from bianwang.protocols.errors import FrameError
from bianwang.protocols.mqtt import MqttError, ProtocolError

if TYPE_CHECKING:
    from bianwang.processes.intake.endpoint import MqttEndpoint

LINGER_S: Final = 1.0
MAX_SUBSCRIPTIONS: Final = 64

_PLAIN_PUBLISH: Final = frozenset((0x30, 0x32, 0x3A))
"""First bytes of PUBLISH with QoS 0, QoS 1 and QoS 1 repeated, none retained."""


class Connection(asyncio.Protocol):
    """MQTT 3.1.1 or 5 with one device."""

    __slots__ = (
        "_aliases",
        "_awaited",
        "_choked",
        "_closed",
        "_detail",
        "_endpoint",
        "_framing",
        "_held",
        "_owed",
        "_pipeline",
        "_reasons",
        "_routes",
        "_transport",
        "children",
        "client_id",
        "device",
        "keepalive",
        "peer",
        "receive_maximum",
        "seen_ms",
        "subscriptions",
        "version",
        "will",
    )

    def __init__(self, endpoint: MqttEndpoint) -> None:
        self._endpoint = endpoint
        self._pipeline = endpoint.pipeline
        self._transport: asyncio.Transport | None = None
        self._framing = Framing()
        self._owed = Owed()
        self._awaited = Awaited()
        self._routes: dict[bytes, topics.Route] = {}
        self._aliases: dict[int, str] = {}
        self._held = self._choked = self._closed = False
        self._reasons = True
        self._detail = ""
        self.peer = ""
        self.device: Device | None = None
        self.client_id = ""
        self.version = mqtt.V3
        self.keepalive = 0
        self.receive_maximum = 65_535
        self.seen_ms = endpoint.clock()
        self.will: mqtt.Will | None = None
        self.subscriptions: dict[str, int] = {}
        self.children: set[int] = set()

    # -- asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A stranger called."""
        self._transport = transport  # type: ignore[assignment]
        peer = transport.get_extra_info("peername")
        self.peer = peer[0] if isinstance(peer, tuple) else "local"
        if not self._endpoint.welcome(self):
            self.close("连接数已满")

    def connection_lost(self, error: Exception | None) -> None:
        """The connection is gone, by whoever's doing."""
        self._closed = True
        self._awaited.abandon()
        if self.will and self.device:
            self._publish_will(self.will)
        self._endpoint.farewell(self, self._detail or "连接中断")

    def data_received(self, data: bytes) -> None:
        """Bytes arrived."""
        if self._closed:
            return
        now = self._endpoint.clock()
        if self.device is not None:  # a stranger gains no time by sending byte after byte
            self.seen_ms = now
        whole = self._framing.join(data)
        if whole is None:
            return
        try:
            self._consume(whole, now)
        except MqttError as error:
            self.refuse(error)
        if self._pipeline.full and not self._held and not self._closed:
            self._pipeline.hold(self)

    def pause_reading(self) -> None:
        """The pipeline is full."""
        self._held = True
        if not self._choked and self._transport:
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        """The pipeline has room."""
        self._held = False
        self._resume()

    def pause_writing(self) -> None:
        """The device does not read its acknowledgements: stop reading from it."""
        self._choked = True
        if not self._held and self._transport:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        """The device reads again."""
        self._choked = False
        self._resume()

    # -- for the endpoint

    @property
    def waiting(self) -> bool:
        """Whether we keep this device waiting, so that its silence is our doing."""
        return self._held or self._choked

    def close(self, detail: str, reason: int = 0) -> None:
        """End the connection; MQTT 5 is told `reason`. `detail` (Chinese) is kept for presence."""
        if self._closed:
            return
        self._detail = detail
        if reason and self.device and self.version == mqtt.V5:
            self._send(mqtt.Disconnect(reason, self._reason(detail)))
        self._closed = True
        if self._transport:
            self._linger(self._transport)

    @staticmethod
    def _linger(transport: asyncio.Transport) -> None:
        """Close, but read on for a moment: closing on unread bytes resets the connection and our reason is lost."""
        if not transport.can_write_eof():
            transport.close()
            return
        with contextlib.suppress(OSError):  # the device may be gone already
            transport.write_eof()
        transport.resume_reading()
        asyncio.get_running_loop().call_later(LINGER_S, transport.abort)

    def redirect(self, device: Device) -> None:
        """The register changed: go on with the new record of the same device."""
        self.device = device
        self._routes.clear()

    def publish(self, topic: str, payload: bytes, qos: int) -> asyncio.Future[bool] | None:
        """Send a message. The future tells whether the device acknowledged it; None if too many are under way."""
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        if not qos:
            self._send(mqtt.Publish(topic, payload))
            future.set_result(True)
            return future
        packet_id = self._awaited.add(future, self.receive_maximum)
        if packet_id is None:
            return None
        self._send(mqtt.Publish(topic, payload, 1, packet_id))
        return future

    # -- reading

    def _consume(self, data: bytes, now: int) -> None:
        """Take every packet of `data`, until one of them ends the connection."""
        for first, start, end in self._framing.packets(data):
            if not (first in _PLAIN_PUBLISH and self._publish(first, data, start, end, now)):
                self._packet(first, data[start:end], now)
            if self._closed:
                return

    def _publish(self, first: int, data: bytes, start: int, end: int, now: int) -> bool:
        """The short way for PUBLISH; False if this one is not for it."""
        if end - start < 5:
            return False
        at = start + 2 + (data[start] << 8 | data[start + 1])
        route = self._routes.get(data[start + 2 : at])
        if route is None:
            return False
        number = b""
        if first != 0x30:
            number = data[at : at + 2]
            at += 2
            if number == b"\0\0":
                return False
        if self.version == mqtt.V5:
            if data[at : at + 1] != b"\0":
                return False
            at += 1
        if at > end:
            return False
        self._readings(route, data[at:end], number, now)
        return True

    def _packet(self, first: int, body: bytes, now: int) -> None:
        """Any packet, through the codec."""
        packet = mqtt.decode(first, body, self.version)
        if self.device is None:
            assert isinstance(packet, mqtt.Connect)  # noqa: S101 - its first byte said so
            self._connect(packet)
            return
        match packet:
            case mqtt.Publish():
                self._publish_slowly(packet, now)
            case mqtt.Ack(mqtt.PUBACK, packet_id, code):
                self._awaited.settle(packet_id, code < 0x80)
            case mqtt.Subscribe():
                self._subscribe(packet)
            case mqtt.Unsubscribe(packet_id, names):
                codes = [0 if self.subscriptions.pop(name, None) is not None else 0x11 for name in names]
                codes = codes if self.version == mqtt.V5 else []
                self._send(mqtt.SubAck(packet_id, codes, mqtt.UNSUBACK))
            case mqtt.Ping(mqtt.PINGREQ):
                self._send(mqtt.Ping(mqtt.PINGRESP))
            case mqtt.Disconnect(code, _, mqtt.DISCONNECT):
                if code != 0x04:  # 0x04: disconnect with will
                    self.will = None
                self.close("设备主动断开")
            case _:
                raise ProtocolError("设备不应发送此报文")

    def _connect(self, packet: mqtt.Connect) -> None:
        endpoint = self._endpoint
        self.version = packet.version
        self._reasons = packet.properties.get("request_problem_information", 1) != 0
        device = endpoint.directory.current.authenticate(packet.username, packet.password)
        refusal = handshake.refusal(packet, device)
        if refusal or device is None:
            code, why = refusal or (mqtt.NOT_AUTHORIZED, "")
            endpoint.refusals.add(device.key if device else self.peer, "connect", why)
            self._send(mqtt.Connack(False, code, self._reason(why)))
            self.close(why)
            return
        self.seen_ms = endpoint.clock()
        self.client_id = packet.client_id or endpoint.new_client_id()
        self.keepalive, self.will = packet.keepalive, packet.will
        self.receive_maximum = packet.properties.get("receive_maximum", 65_535)
        self._framing.trust(endpoint.limits.packet)
        self.device = device
        endpoint.enter(self, device)
        properties = handshake.offer(endpoint.limits.receive_maximum, endpoint.limits.packet)
        if not packet.client_id:
            properties["assigned_client_id"] = self.client_id
        self._send(mqtt.Connack(False, 0, properties))

    def _subscribe(self, packet: mqtt.Subscribe) -> None:
        device = self.device
        assert device is not None  # noqa: S101
        if "subscription_id" in packet.properties:
            raise ProtocolError("不支持订阅标识符", 0xA1)
        codes: list[int] = []
        for name, options in packet.filters:
            refusal = topics.subscription_refusal(name, device, self._endpoint.directory.current)
            if len(self.subscriptions) >= MAX_SUBSCRIPTIONS and name not in self.subscriptions:
                refusal = mqtt.QUOTA_EXCEEDED
            if refusal:
                self._endpoint.refusals.add(device.key, "subscribe", f"不允许订阅“{name[:80]}”")
                codes.append(refusal if self.version == mqtt.V5 else 0x80)
            else:
                self.subscriptions[name] = min(options & 3, 1)
                codes.append(self.subscriptions[name])
        self._send(mqtt.SubAck(packet.packet_id, codes))

    def _publish_slowly(self, packet: mqtt.Publish, now: int) -> None:
        device = self.device
        assert device is not None  # noqa: S101
        if packet.qos > 1:
            raise ProtocolError("不支持 QoS 2，请用 QoS 0 或 1", mqtt.QOS_UNSUPPORTED)
        if packet.retain:
            raise ProtocolError("不支持保留消息", mqtt.RETAIN_UNSUPPORTED)
        topic = self._resolve_alias(packet)
        route = topics.route(topic, device, self._endpoint.directory.current)
        number = packet.packet_id.to_bytes(2, "big") if packet.qos else b""
        match route.kind:
            case "telemetry":
                self._routes[topic.encode()] = route
                self._readings(route, packet.payload, number, now)
            case "forbidden":
                self._endpoint.refusals.add(device.key, "identity", f"无权在主题“{topic[:80]}”发布")
                if self.version == mqtt.V3:
                    self.close("冒用其他设备的身份")
                else:
                    self._acknowledge(number, mqtt.NOT_AUTHORIZED, "只能以自己或本网关子设备的身份上报")
            case "unknown":
                self._endpoint.refusals.add(device.key, "topic", f"没有主题“{topic[:80]}”")
                self._acknowledge(number, mqtt.TOPIC_INVALID, "没有此主题，见接入说明")
            case "child_on" | "child_off":
                self._child(route.kind == "child_on", device, packet.payload, number)
            case "attributes":
                self._send(mqtt.Publish(topics.attributes_answer(topic), b"{}"))
                self._acknowledge(number)
            case _:
                self._acknowledge(number)

    def _resolve_alias(self, packet: mqtt.Publish) -> str:
        alias = packet.properties.get("topic_alias")
        if alias is None:
            return packet.topic
        if alias > handshake.MAX_ALIASES:
            raise ProtocolError(f"主题别名大于 {handshake.MAX_ALIASES}", mqtt.ALIAS_INVALID)
        if packet.topic:
            self._aliases[alias] = packet.topic
        elif alias not in self._aliases:
            raise ProtocolError("主题别名没有定义过", mqtt.PROTOCOL_ERROR)
        return self._aliases[alias]

    def _child(self, on: bool, device: Device, payload: bytes, number: bytes) -> None:
        """A gateway says that a child came or went."""
        try:
            name = payloads.gateway_device(payload)
        except FrameError as error:
            self._refuse_payload(device, error.code, str(error), number)
            return
        child = self._endpoint.directory.current.child(device, name)
        if child is None:
            self._refuse_payload(device, "identity", f"“{name[:80]}”不是本网关登记的子设备", number)
            return
        if on and child.id not in self.children:
            self.children.add(child.id)
            self._endpoint.presence.connected(child.id)
        elif not on and child.id in self.children:
            self.children.discard(child.id)
            self._endpoint.presence.disconnected(child.id, "网关报告离线")
        self._acknowledge(number)

    def _readings(self, route: topics.Route, payload: bytes, number: bytes, now: int) -> None:
        """Telemetry: decode, add to the batch, acknowledge when durable."""
        try:
            readings = route.decode(payload)
        except FrameError as error:
            self._refuse_payload(route.source, error.code, str(error), number)
            return
        verdict = self._pipeline.add(route.source, readings.blocks, now)
        if readings.refused:
            self._endpoint.refusals.add(route.source.key, "value", readings.reason, readings.refused)
        if not number:
            return
        if verdict.taken or not (verdict.refused or readings.refused):
            self._acknowledge(number)
        else:
            code = mqtt.NOT_AUTHORIZED if verdict.code == "identity" else mqtt.PAYLOAD_INVALID
            self._acknowledge(number, code, verdict.reason or readings.reason)

    def _refuse_payload(self, device: Device, code: str, why: str, number: bytes) -> None:
        self._endpoint.refusals.add(device.key, code, why)
        reason = mqtt.NOT_AUTHORIZED if code == "identity" else mqtt.PAYLOAD_INVALID
        self._acknowledge(number, reason, why)

    # -- answering

    def _acknowledge(self, number: bytes, code: int = 0, why: str = "") -> None:
        """Queue a PUBACK behind all that was received before; it leaves when the batch is durable."""
        if not number:
            return
        if code and self.version == mqtt.V5:
            ack = mqtt.encode(mqtt.Ack(mqtt.PUBACK, int.from_bytes(number, "big"), code, self._reason(why)), mqtt.V5)
        else:
            ack = b"\x40\x02" + number
        if self._owed.add(ack, self._pipeline.number):
            self._pipeline.when_durable(self._flush)
        if self._owed.number > self._endpoint.limits.receive_maximum and self.version == mqtt.V5:
            raise ProtocolError("未确认的消息超过 receive maximum", mqtt.RECEIVE_MAXIMUM)

    def _flush(self) -> None:
        """A batch is durable: its acknowledgements may go."""
        acks = self._owed.take()
        if not self._closed and self._transport:
            self._transport.write(acks)

    def refuse(self, error: MqttError) -> None:
        """Count a breach of the protocol, answer with its reason (MQTT 5) and close."""
        device = self.device
        self._endpoint.refusals.add(device.key if device else self.peer, "mqtt", str(error))
        if device is None and self.version == mqtt.V3 and error.reason == mqtt.UNSUPPORTED_VERSION:
            self._send(mqtt.Connack(False, 1))
        self.close(str(error), error.reason)

    def _reason(self, why: str) -> mqtt.Properties:
        return {"reason_string": why} if why and self._reasons else {}

    def _send(self, packet: mqtt.Packet) -> None:
        if self._transport and not self._closed:
            self._transport.write(mqtt.encode(packet, self.version))

    def _resume(self) -> None:
        if not (self._held or self._choked or self._closed) and self._transport:
            self._transport.resume_reading()

    def _publish_will(self, will: mqtt.Will) -> None:
        """A last will on a telemetry topic is a last reading; any other only says that the device is gone."""
        device = self.device
        assert device is not None  # noqa: S101
        route = topics.route(will.topic, device, self._endpoint.directory.current)
        if route.kind == "telemetry":
            self._readings(route, will.payload, b"", self._endpoint.clock())
