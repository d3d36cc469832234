"""Commands that an installer can paste to see a first reading arrive, with the device's own key and signals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from bianwang.modules.sensing.models import Device, Signal
from bianwang.platform.config import config

PLACEHOLDER = "这里换成令牌"


@dataclass(frozen=True)
class Example:
    """One way to send, and the command."""

    title: str
    command: str


def examples(device: Device, signals: Sequence[Signal], host: str, token: str = PLACEHOLDER) -> list[Example]:
    """Commands for devices that speak MQTT or HTTP, a gateway's child through its gateway; none for the others."""
    values = {signal.name: _typical(signal) for signal in signals[:3]} or {"temperature": 21.5}
    body = orjson.dumps({"values": values}).decode()
    if device.gateway is not None:
        topic = f"bianwang/v1/gateway/{device.key}/telemetry"
        return [
            Example(f"由网关 {device.gateway.key} 代为上报", _publish(host, device.gateway.key, token, topic, body))
        ]
    if device.protocol == Device.Protocol.MQTT:
        return [
            Example("MQTT", _publish(host, device.key, token, "bianwang/v1/telemetry", body)),
            Example(
                "MQTT（ThingsBoard 格式，原接 ThingsBoard 的设备不用改程序）",
                _publish(host, device.key, token, "v1/devices/me/telemetry", orjson.dumps(values).decode()),
            ),
            Example("HTTP", _post(host, token, body)),
        ]
    return [Example("HTTP", _post(host, token, body))] if device.protocol == Device.Protocol.HTTP else []


def _publish(host: str, key: str, token: str, topic: str, body: str) -> str:
    return (
        f"mosquitto_pub -h {host} -p {config().mqtt_port} -i {key} -u '{token}' -q 1 \\\n"
        f"  -t {topic} -m '{_quoted(body)}'"
    )


def _post(host: str, token: str, body: str) -> str:
    return (
        f"curl -X POST http://{host}:{config().http_intake_port}/v1/telemetry \\\n"
        f"  -H 'Authorization: Bearer {token}' -d '{_quoted(body)}'"
    )


def _quoted(text: str) -> str:
    """Safe between single quotes of a shell."""
    return text.replace("'", "'\\''")


def _typical(signal: Signal) -> float:
    if signal.low is None or signal.high is None:
        return 1.0
    return round((signal.low + signal.high) / 2, signal.decimals)
