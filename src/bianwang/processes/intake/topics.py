"""Topics of the device endpoint: what each means, and who may use it.

Native:       publish bianwang/v1/telemetry, bianwang/v1/gateway/{child}/telemetry;
              subscribe bianwang/v1/devices/{key}/command (own key, or a child's)
ThingsBoard:  publish v1/devices/me/telemetry, v1/gateway/telemetry, v1/gateway/connect, v1/gateway/disconnect;
              attributes and RPC topics are answered, so that such devices carry on
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from bianwang.processes.intake.directory import Device, Directory
from bianwang.protocols import mqtt, payloads

COMMAND: Final = "bianwang/v1/devices/{}/command"
RPC_REQUEST: Final = "v1/devices/me/rpc/request/"

_CHILD = re.compile(r"bianwang/v1/gateway/([^/]+)/telemetry")
_OWN_COMMAND = re.compile(r"bianwang/v1/devices/([^/]+)/command")
_ATTRIBUTES_REQUEST: Final = "v1/devices/me/attributes/request/"
_SILENT: Final = ("v1/devices/me/attributes", "v1/gateway/attributes", "v1/gateway/rpc")
_SUBSCRIBABLE: Final = {
    "v1/devices/me/rpc/request/+",
    "v1/devices/me/rpc/response/+",
    "v1/devices/me/attributes",
    "v1/devices/me/attributes/response/+",
    "v1/gateway/rpc",
    "v1/gateway/attributes",
}

Kind = Literal["telemetry", "child_on", "child_off", "attributes", "ignored", "forbidden", "unknown"]


@dataclass(frozen=True, slots=True)
class Route:
    """What to do with messages of one topic on one connection.

    `source` is the device that the readings are of, `decode` turns the payload into readings (telemetry only).
    """

    kind: Kind
    source: Device
    decode: Callable[[bytes], payloads.Readings] = payloads.native


def route(topic: str, device: Device, directory: Directory) -> Route:
    """What a message of `device` on `topic` is."""
    if topic == "bianwang/v1/telemetry":
        return Route("telemetry", device)
    if topic == "v1/devices/me/telemetry":
        return Route("telemetry", device, payloads.thingsboard)
    if topic in ("v1/gateway/telemetry", "v1/gateway/connect", "v1/gateway/disconnect"):
        return _gateway_route(topic.rpartition("/")[2], device)
    if match := _CHILD.fullmatch(topic):
        child = directory.child(device, match[1])
        return Route("telemetry", child) if child else Route("forbidden", device)
    if topic.startswith(_ATTRIBUTES_REQUEST):
        return Route("attributes", device)
    if topic in _SILENT or topic.startswith("v1/devices/me/rpc/"):
        return Route("ignored", device)
    return Route("forbidden" if topic.startswith("bianwang/v1/devices/") else "unknown", device)


def _gateway_route(verb: str, device: Device) -> Route:
    if not device.children:
        return Route("forbidden", device)
    kinds: dict[str, Kind] = {"telemetry": "telemetry", "connect": "child_on", "disconnect": "child_off"}
    return Route(kinds[verb], device, payloads.gateway)


def subscription_refusal(name: str, device: Device, directory: Directory) -> int:
    """Reason code if `device` may not subscribe to this filter, else 0.

    Allowed are its own commands, its children's, and ThingsBoard's own topics.
    """
    if name.startswith("$share/"):
        return mqtt.SHARED_UNSUPPORTED
    if match := _OWN_COMMAND.fullmatch(name):
        target = directory.by_key.get(match[1])
        own = target is not None and (target.id == device.id or target.id in device.children.values())
        return 0 if own else mqtt.NOT_AUTHORIZED
    return 0 if name in _SUBSCRIBABLE else mqtt.NOT_AUTHORIZED


def attributes_answer(topic: str) -> str:
    """The topic that answers an attributes request."""
    return topic.replace("/request/", "/response/", 1)
