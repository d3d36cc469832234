"""The fields that MQTT packets are made of: numbers, texts, properties; and the errors that bad ones raise.

Only `mqtt` needs this module; use that one.
"""

from __future__ import annotations

from typing import Any, Final

from bianwang.protocols.errors import FrameError

V3: Final = 4
V5: Final = 5

CONNECT, CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBSCRIBE = range(1, 9)
SUBACK, UNSUBSCRIBE, UNSUBACK, PINGREQ, PINGRESP, DISCONNECT, AUTH = range(9, 16)

MALFORMED: Final = 0x81
PROTOCOL_ERROR: Final = 0x82

_BYTE, _U16, _U32, _VARINT, _BINARY, _TEXT, _PAIR = range(7)
WILL_PROPERTIES: Final = 0

# Property id -> (name, type, packets that may carry it) [2.2.2.2].
_PROPERTIES: Final[dict[int, tuple[str, int, frozenset[int]]]] = {
    0x01: ("payload_format", _BYTE, frozenset({PUBLISH, WILL_PROPERTIES})),
    0x02: ("message_expiry", _U32, frozenset({PUBLISH, WILL_PROPERTIES})),
    0x03: ("content_type", _TEXT, frozenset({PUBLISH, WILL_PROPERTIES})),
    0x08: ("response_topic", _TEXT, frozenset({PUBLISH, WILL_PROPERTIES})),
    0x09: ("correlation_data", _BINARY, frozenset({PUBLISH, WILL_PROPERTIES})),
    0x0B: ("subscription_id", _VARINT, frozenset({PUBLISH, SUBSCRIBE})),
    0x11: ("session_expiry", _U32, frozenset({CONNECT, CONNACK, DISCONNECT})),
    0x12: ("assigned_client_id", _TEXT, frozenset({CONNACK})),
    0x13: ("server_keepalive", _U16, frozenset({CONNACK})),
    0x15: ("auth_method", _TEXT, frozenset({CONNECT, CONNACK, AUTH})),
    0x16: ("auth_data", _BINARY, frozenset({CONNECT, CONNACK, AUTH})),
    0x17: ("request_problem_information", _BYTE, frozenset({CONNECT})),
    0x18: ("will_delay", _U32, frozenset({WILL_PROPERTIES})),
    0x19: ("request_response_information", _BYTE, frozenset({CONNECT})),
    0x1A: ("response_information", _TEXT, frozenset({CONNACK})),
    0x1C: ("server_reference", _TEXT, frozenset({CONNACK, DISCONNECT})),
    0x1F: (
        "reason_string",
        _TEXT,
        frozenset({CONNACK, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK, DISCONNECT, AUTH}),
    ),
    0x21: ("receive_maximum", _U16, frozenset({CONNECT, CONNACK})),
    0x22: ("topic_alias_maximum", _U16, frozenset({CONNECT, CONNACK})),
    0x23: ("topic_alias", _U16, frozenset({PUBLISH})),
    0x24: ("maximum_qos", _BYTE, frozenset({CONNACK})),
    0x25: ("retain_available", _BYTE, frozenset({CONNACK})),
    0x26: ("user_property", _PAIR, frozenset({*range(16)} - {PINGREQ, PINGRESP})),
    0x27: ("maximum_packet_size", _U32, frozenset({CONNECT, CONNACK})),
    0x28: ("wildcard_available", _BYTE, frozenset({CONNACK})),
    0x29: ("subscription_id_available", _BYTE, frozenset({CONNACK})),
    0x2A: ("shared_available", _BYTE, frozenset({CONNACK})),
}
_IDS: Final = {name: (key, kind) for key, (name, kind, _) in _PROPERTIES.items()}
_NEVER_ZERO: Final = frozenset({"receive_maximum", "maximum_packet_size", "topic_alias", "subscription_id"})

Properties = dict[str, Any]
"""Property name -> value; "user_property" is a list of pairs, "subscription_id" of a PUBLISH a list of numbers."""


class MqttError(FrameError):
    """A packet that breaks the standard. `reason` is the MQTT 5 reason code to answer with."""

    def __init__(self, reason: int, message: str) -> None:
        super().__init__("mqtt", message)
        self.reason = reason


class MalformedPacket(MqttError):
    """The bytes cannot be a packet."""

    def __init__(self, message: str) -> None:
        super().__init__(MALFORMED, message)


class ProtocolError(MqttError):
    """The packet is well formed but not allowed."""

    def __init__(self, message: str, reason: int = PROTOCOL_ERROR) -> None:
        super().__init__(reason, message)


class Reader:
    """Takes fields off a body; raises MalformedPacket when it ends too early."""

    __slots__ = ("at", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    @property
    def left(self) -> int:
        return len(self.data) - self.at

    def take(self, size: int) -> bytes:
        end = self.at + size
        if end > len(self.data):
            raise MalformedPacket("报文不完整")
        piece = self.data[self.at : end]
        self.at = end
        return piece

    def byte(self) -> int:
        return self.take(1)[0]

    def u16(self) -> int:
        return int.from_bytes(self.take(2), "big")

    def u32(self) -> int:
        return int.from_bytes(self.take(4), "big")

    def varint(self) -> int:
        number = 0
        for shift in (0, 7, 14, 21):
            byte = self.byte()
            number |= (byte & 127) << shift
            if byte < 128:
                return number
        raise MalformedPacket("变长整数超过 4 个字节")

    def binary(self) -> bytes:
        return self.take(self.u16())

    def text(self) -> str:
        raw = self.binary()
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            raise MalformedPacket("文本不是合法的 UTF-8") from None
        if "\0" in text:
            raise MalformedPacket("文本含有空字符")
        return text

    def packet_id(self) -> int:
        number = self.u16()
        if not number:
            raise ProtocolError("报文标识符不能为 0")
        return number

    def properties(self, kind: int, version: int) -> Properties:
        """Properties of a packet of MQTT 5; {} for 3.1.1."""
        if version != V5:
            return {}
        end = self.varint() + self.at
        found: Properties = {}
        while self.at < end:
            key = self.varint()
            name, form, packets = _PROPERTIES.get(key, ("", 0, frozenset()))
            if kind not in packets:
                raise MalformedPacket(f"此报文不能带属性 0x{key:02X}")
            value: Any = (self.byte, self.u16, self.u32, self.varint, self.binary, self.text, self._pair)[form]()
            if form == _BYTE and name != "maximum_qos" and value > 1:
                raise ProtocolError(f"属性 {name} 只能是 0 或 1")
            if name in _NEVER_ZERO and not value:
                raise ProtocolError(f"属性 {name} 不能为 0")
            if form == _PAIR or (name == "subscription_id" and kind == PUBLISH):
                found.setdefault(name, []).append(value)
            elif name in found:
                raise ProtocolError(f"属性 {name} 重复")
            else:
                found[name] = value
        if self.at != end:
            raise MalformedPacket("属性长度不符")
        return found

    def _pair(self) -> tuple[str, str]:
        return self.text(), self.text()


def frame(first: int, body: bytes) -> bytes:
    return bytes((first,)) + varint(len(body)) + body


def varint(number: int) -> bytes:
    if not 0 <= number < 1 << 28:
        raise ValueError(f"{number} does not fit a variable byte integer")
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def binary(data: bytes) -> bytes:
    if len(data) > 65535:
        raise ValueError("field of more than 65535 bytes")
    return len(data).to_bytes(2, "big") + data


def text(text: str) -> bytes:
    return binary(text.encode())


def property_block(properties: Properties, version: int) -> bytes:
    if version != V5:
        return b""
    out = bytearray()
    for name, value in properties.items():
        key, form = _IDS[name]
        for each in value if isinstance(value, list) else (value,):
            out.append(key)
            out += _value(form, each)
    return varint(len(out)) + bytes(out)


def _value(form: int, value: Any) -> bytes:
    if form in (_BYTE, _U16, _U32):
        return int(value).to_bytes((1, 2, 4)[form], "big")
    if form == _VARINT:
        return varint(value)
    if form == _BINARY:
        return binary(value)
    if form == _TEXT:
        return text(value)
    return text(value[0]) + text(value[1])
