"""MQTT 3.1.1 and 5.0 control packets: bytes <-> structs, without I/O.

`frames` cuts a byte stream into packets, `decode` and `encode` translate one. Anything that breaks the standard raises
MqttError, whose `reason` is the reason code of MQTT 5 (also used to choose the answer in 3.1.1); nothing else is ever
raised for bad input.

Standards: OASIS mqtt-v3.1.1-os, mqtt-v5.0-os; the numbers in brackets are theirs.
"""

from __future__ import annotations

from typing import Final

import msgspec

from bianwang.protocols.mqtt_fields import (
    AUTH as AUTH,
    CONNACK as CONNACK,
    CONNECT as CONNECT,
    DISCONNECT as DISCONNECT,
    MALFORMED as MALFORMED,
    PINGREQ as PINGREQ,
    PINGRESP as PINGRESP,
    PROTOCOL_ERROR as PROTOCOL_ERROR,
    PUBACK as PUBACK,
    PUBCOMP as PUBCOMP,
    PUBLISH as PUBLISH,
    PUBREC as PUBREC,
    PUBREL as PUBREL,
    SUBACK as SUBACK,
    SUBSCRIBE as SUBSCRIBE,
    UNSUBACK as UNSUBACK,
    UNSUBSCRIBE as UNSUBSCRIBE,
    V3 as V3,
    V5 as V5,
    WILL_PROPERTIES,
    MalformedPacket as MalformedPacket,
    MqttError as MqttError,
    Properties as Properties,
    ProtocolError as ProtocolError,
    Reader,
    binary,
    frame,
    property_block,
    text,
)

UNSUPPORTED_VERSION: Final = 0x84
CLIENT_ID_INVALID: Final = 0x85
BAD_CREDENTIALS: Final = 0x86
NOT_AUTHORIZED: Final = 0x87
SHUTTING_DOWN: Final = 0x8B
KEEPALIVE_TIMEOUT: Final = 0x8D
TAKEN_OVER: Final = 0x8E
FILTER_INVALID: Final = 0x8F
TOPIC_INVALID: Final = 0x90
RECEIVE_MAXIMUM: Final = 0x93
ALIAS_INVALID: Final = 0x94
TOO_LARGE: Final = 0x95
QUOTA_EXCEEDED: Final = 0x97
PAYLOAD_INVALID: Final = 0x99
RETAIN_UNSUPPORTED: Final = 0x9A
QOS_UNSUPPORTED: Final = 0x9B
SHARED_UNSUPPORTED: Final = 0x9E


class Will(msgspec.Struct):
    """The last will of a connection."""

    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False
    properties: Properties = {}


class Connect(msgspec.Struct):
    """CONNECT; `version` is V3 or V5, `keepalive` in seconds (0: none)."""

    client_id: str = ""
    version: int = V3
    clean: bool = True
    keepalive: int = 0
    username: str | None = None
    password: bytes | None = None
    will: Will | None = None
    properties: Properties = {}


class Connack(msgspec.Struct):
    """CONNACK; `code` is a return code of 3.1.1 or a reason code of 5."""

    session_present: bool = False
    code: int = 0
    properties: Properties = {}


class Publish(msgspec.Struct):
    """PUBLISH; `packet_id` is 0 for QoS 0."""

    topic: str
    payload: bytes = b""
    qos: int = 0
    packet_id: int = 0
    dup: bool = False
    retain: bool = False
    properties: Properties = {}


class Ack(msgspec.Struct):
    """PUBACK, PUBREC, PUBREL or PUBCOMP, told apart by `kind`."""

    kind: int
    packet_id: int
    code: int = 0
    properties: Properties = {}


class Subscribe(msgspec.Struct):
    """SUBSCRIBE; filters with their options byte (bits 0-1 the QoS)."""

    packet_id: int
    filters: list[tuple[str, int]]
    properties: Properties = {}


class Unsubscribe(msgspec.Struct):
    """UNSUBSCRIBE."""

    packet_id: int
    filters: list[str]
    properties: Properties = {}


class SubAck(msgspec.Struct):
    """SUBACK, or UNSUBACK by `kind`; an UNSUBACK of 3.1.1 has no codes."""

    packet_id: int
    codes: list[int]
    kind: int = SUBACK
    properties: Properties = {}


class Ping(msgspec.Struct):
    """PINGREQ, or PINGRESP by `kind`."""

    kind: int = PINGREQ


class Disconnect(msgspec.Struct):
    """DISCONNECT, or AUTH by `kind`; 3.1.1 knows only code 0 of the former."""

    code: int = 0
    properties: Properties = {}
    kind: int = DISCONNECT


Packet = Connect | Connack | Publish | Ack | Subscribe | Unsubscribe | SubAck | Ping | Disconnect


def frames(data: bytes, max_size: int = 268_435_460) -> tuple[list[tuple[int, bytes]], bytes]:
    """Cut a stream into (first byte, body) and the incomplete rest.

    Raises MalformedPacket for a length of more than four bytes, and MqttError(TOO_LARGE) as soon as a header
    announces a packet larger than `max_size` bytes.
    """
    found: list[tuple[int, bytes]] = []
    at, size = 0, len(data)
    while (head := header(data, at, size)) is not None:
        start, end = head
        if end - at > max_size:
            raise MqttError(TOO_LARGE, f"报文 {end - at} 字节，超过上限 {max_size} 字节，请分批发送")
        if end > size:
            break
        found.append((data[at], data[start:end]))
        at = end
    return found, data[at:]


def header(data: bytes, at: int, size: int) -> tuple[int, int] | None:
    """Begin and end of the body of the packet at `at`; None if its length is not complete yet."""
    length = shift = 0
    start = at + 1
    while start < size:
        byte = data[start]
        start += 1
        length |= (byte & 127) << shift
        if byte < 128:
            return start, start + length
        shift += 7
        if shift > 21:
            raise MalformedPacket("剩余长度超过 4 个字节")
    return None


def decode(first: int, body: bytes, version: int = V3) -> Packet:
    """The packet with this first byte and body; `version` is what the CONNECT said (ignored for CONNECT)."""
    kind, flags = first >> 4, first & 15
    reader = Reader(body)
    if kind == PUBLISH:
        return _publish(flags, reader, version)
    if flags != (2 if kind in (PUBREL, SUBSCRIBE, UNSUBSCRIBE) else 0):
        raise MalformedPacket(f"报文类型 {kind} 的标志位 {flags} 不合规")
    if kind == CONNECT:
        packet: Packet = _connect(reader)
    elif kind == CONNACK:
        packet = _connack(reader, version)
    elif PUBACK <= kind <= PUBCOMP:
        packet = _ack(kind, reader, version)
    elif kind == SUBSCRIBE:
        packet = _subscribe(reader, version)
    elif kind == UNSUBSCRIBE:
        packet = _unsubscribe(reader, version)
    elif kind in (SUBACK, UNSUBACK):
        packet = _suback(kind, reader, version)
    elif kind in (PINGREQ, PINGRESP):
        packet = Ping(kind)
    elif kind == DISCONNECT or (kind == AUTH and version == V5):
        packet = _disconnect(kind, reader, version)
    else:
        raise MalformedPacket(f"不存在的报文类型 {kind}")
    if reader.left:
        raise MalformedPacket(f"报文尾部多出 {reader.left} 个字节")
    return packet


def encode(packet: Packet, version: int = V3) -> bytes:
    """The bytes of a packet. Raises ValueError if a field does not fit (a text over 65535 bytes, for one)."""
    match packet:
        case Connect():
            return frame(CONNECT << 4, _encode_connect(packet))
        case Connack(session_present, code, properties):
            return frame(CONNACK << 4, bytes((session_present, code)) + property_block(properties, version))
        case Publish():
            first = PUBLISH << 4 | packet.dup << 3 | packet.qos << 1 | packet.retain
            number = packet.packet_id.to_bytes(2, "big") if packet.qos else b""
            return frame(
                first, text(packet.topic) + number + property_block(packet.properties, version) + packet.payload
            )
        case Ack(kind, packet_id, code, properties):
            body = packet_id.to_bytes(2, "big")
            if version == V5 and (code or properties):
                body += bytes((code,)) + (property_block(properties, version) if properties else b"")
            return frame(kind << 4 | (2 if kind == PUBREL else 0), body)
        case Subscribe(packet_id, filters, properties):
            body = b"".join(text(name) + bytes((options,)) for name, options in filters)
            return frame(SUBSCRIBE << 4 | 2, packet_id.to_bytes(2, "big") + property_block(properties, version) + body)
        case Unsubscribe(packet_id, names, properties):
            body = b"".join(text(name) for name in names)
            return frame(
                UNSUBSCRIBE << 4 | 2, packet_id.to_bytes(2, "big") + property_block(properties, version) + body
            )
        case SubAck(packet_id, codes, kind, properties):
            return frame(kind << 4, packet_id.to_bytes(2, "big") + property_block(properties, version) + bytes(codes))
        case Ping(kind):
            return bytes((kind << 4, 0))
        case Disconnect(code, properties, kind):
            short = version != V5 or not (code or properties)
            return frame(kind << 4, b"" if short else bytes((code,)) + property_block(properties, version))


def _connect(reader: Reader) -> Connect:
    if reader.text() != "MQTT":
        raise ProtocolError("不是 MQTT 协议", UNSUPPORTED_VERSION)
    version = reader.byte()
    if version not in (V3, V5):
        raise ProtocolError(f"不支持的 MQTT 版本 {version}，请使用 3.1.1 或 5.0", UNSUPPORTED_VERSION)
    flags = reader.byte()
    will_qos = flags >> 3 & 3
    if flags & 1 or will_qos == 3 or (not flags & 4 and flags & 0x38):
        raise MalformedPacket("CONNECT 标志位不合规")
    if version == V3 and flags & 0x40 and not flags & 0x80:
        raise MalformedPacket("有密码而没有用户名")
    keepalive = reader.u16()
    properties = reader.properties(CONNECT, version)
    if "auth_data" in properties and "auth_method" not in properties:
        raise ProtocolError("有认证数据而没有认证方式")
    client_id = reader.text()
    will = None
    if flags & 4:
        will_properties = reader.properties(WILL_PROPERTIES, version)
        will = Will(reader.text(), reader.binary(), will_qos, bool(flags & 0x20), will_properties)
    username = reader.text() if flags & 0x80 else None
    password = reader.binary() if flags & 0x40 else None
    return Connect(client_id, version, bool(flags & 2), keepalive, username, password, will, properties)


def _connack(reader: Reader, version: int) -> Connack:
    flags = reader.byte()
    if flags > 1:
        raise MalformedPacket("CONNACK 标志位不合规")
    return Connack(bool(flags), reader.byte(), reader.properties(CONNACK, version))


def _publish(flags: int, reader: Reader, version: int) -> Publish:
    qos = flags >> 1 & 3
    if qos == 3 or (not qos and flags & 8):
        raise MalformedPacket("PUBLISH 标志位不合规")
    topic = reader.text()
    if "+" in topic or "#" in topic:
        raise ProtocolError("主题不能含通配符", TOPIC_INVALID)
    packet_id = reader.packet_id() if qos else 0
    properties = reader.properties(PUBLISH, version)
    if not topic and "topic_alias" not in properties:
        raise ProtocolError("主题为空")
    payload = reader.take(reader.left)
    return Publish(topic, payload, qos, packet_id, bool(flags & 8), bool(flags & 1), properties)


def _ack(kind: int, reader: Reader, version: int) -> Ack:
    packet = Ack(kind, reader.packet_id())
    if version == V5 and reader.left:
        packet.code = reader.byte()
        if reader.left:
            packet.properties = reader.properties(kind, version)
    return packet


def _subscribe(reader: Reader, version: int) -> Subscribe:
    packet = Subscribe(reader.packet_id(), [], reader.properties(SUBSCRIBE, version))
    while reader.left:
        name, options = _filter(reader), reader.byte()
        if options & 3 == 3 or options & (0xC0 if version == V5 else 0xFC) or options & 0x30 == 0x30:
            raise MalformedPacket("订阅选项不合规")
        packet.filters.append((name, options))
    if not packet.filters:
        raise ProtocolError("SUBSCRIBE 没有主题")
    return packet


def _unsubscribe(reader: Reader, version: int) -> Unsubscribe:
    packet = Unsubscribe(reader.packet_id(), [], reader.properties(UNSUBSCRIBE, version))
    while reader.left:
        packet.filters.append(_filter(reader))
    if not packet.filters:
        raise ProtocolError("UNSUBSCRIBE 没有主题")
    return packet


def _filter(reader: Reader) -> str:
    name = reader.text()
    if not name:
        raise ProtocolError("主题过滤器为空")
    return name


def _suback(kind: int, reader: Reader, version: int) -> SubAck:
    packet = SubAck(reader.packet_id(), [], kind, reader.properties(kind, version))
    packet.codes = list(reader.take(reader.left))
    return packet


def _disconnect(kind: int, reader: Reader, version: int) -> Disconnect:
    packet = Disconnect(kind=kind)
    if version == V5 and reader.left:
        packet.code = reader.byte()
        if reader.left:
            packet.properties = reader.properties(kind, version)
    return packet


def _encode_connect(packet: Connect) -> bytes:
    will = packet.will
    flags = packet.clean << 1
    if will:
        flags |= 4 | will.qos << 3 | will.retain << 5
    flags |= (packet.username is not None) << 7 | (packet.password is not None) << 6
    body = text("MQTT") + bytes((packet.version, flags)) + packet.keepalive.to_bytes(2, "big")
    body += property_block(packet.properties, packet.version) + text(packet.client_id)
    if will:
        body += property_block(will.properties, packet.version) + text(will.topic) + binary(will.payload)
    if packet.username is not None:
        body += text(packet.username)
    if packet.password is not None:
        body += binary(packet.password)
    return body
