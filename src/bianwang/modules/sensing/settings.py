"""What each protocol needs to know of a device, as typed JSON in `Device.settings`."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bianwang.protocols.modbus import Order, Type


class Hj212(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """HJ 212: the equipment number MN and the access password PW that its frames carry."""

    mn: Annotated[str, Meta(min_length=1, max_length=24)]
    pw: Annotated[str, Meta(max_length=9)] = ""


class Gb26875(msgspec.Struct, forbid_unknown_fields=True):
    """GB/T 26875.3: the source address of the transmission device, 12 hexadecimal digits."""

    address: Annotated[str, Meta(pattern=r"^[0-9A-Fa-f]{12}$")]


class Sl651(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """SL 651: the station's address (10 digits) and the password (4) that its frames carry; "" does not check it."""

    station: Annotated[str, Meta(pattern=r"^[0-9A-Fa-f]{10}$")]
    password: Annotated[str, Meta(pattern=r"^([0-9A-Fa-f]{4})?$")] = ""


class Tag(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Where one signal of the same name lies; scaling is the signal's own."""

    name: Annotated[str, Meta(min_length=1, max_length=64)]
    address: Annotated[int, Meta(ge=0, le=65535)]
    table: Literal["holding", "input", "coil", "discrete"] = "holding"
    type: Type = "uint16"
    order: Order = "ABCD"
    bit: Annotated[int, Meta(ge=0, le=15)] = 0


class Modbus(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Modbus TCP: where to poll, which unit, which tags."""

    host: Annotated[str, Meta(min_length=1, max_length=253)]
    port: Annotated[int, Meta(ge=1, le=65535)] = 502
    unit: Annotated[int, Meta(ge=0, le=255)] = 1
    tags: list[Tag] = []


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """Protocols whose devices say who they are."""


SHAPES: dict[str, type[msgspec.Struct]] = {"hj212": Hj212, "gb26875": Gb26875, "sl651": Sl651, "modbus": Modbus}
EXAMPLES = {
    "hj212": '{"mn": "010000A8900016F000169DC0", "pw": "123456"}',
    "gb26875": '{"address": "010203040506"}',
    "sl651": '{"station": "0012345678", "password": "1234"}',
    "modbus": '{"host": "192.168.1.20", "port": 502, "unit": 1, "tags": '
    '[{"name": "pressure", "address": 0, "type": "float32"}]}',
}


def read(protocol: str, text: str) -> msgspec.Struct:
    """The settings of a device. Raises ValueError with one Chinese sentence."""
    shape = SHAPES.get(protocol, Nothing)
    try:
        return msgspec.json.decode(text or "{}", type=shape)
    except msgspec.ValidationError as error:
        raise ValueError(f"协议参数不符合要求（{error}）。{_hint(protocol)}") from error
    except msgspec.DecodeError as error:
        raise ValueError(f"协议参数不是合法的 JSON。{_hint(protocol)}") from error


def _hint(protocol: str) -> str:
    return f"正确写法如：{EXAMPLES[protocol]}" if protocol in EXAMPLES else "本协议不需要参数，请填 {}。"
