"""Who may connect, and what the endpoint offers: the contents of CONNACK."""

from __future__ import annotations

from typing import Final

from bianwang.processes.intake.directory import Device
from bianwang.protocols import mqtt

MAX_ALIASES: Final = 32
MAX_CLIENT_ID: Final = 256

_AUTH_METHOD: Final = 0x8C
# MQTT 3.1.1 knows five return codes; what they do not tell is "not authorised" [3.2.2.3].
_OLD_CODES: Final = {mqtt.CLIENT_ID_INVALID: 2, mqtt.BAD_CREDENTIALS: 4}


def refusal(packet: mqtt.Connect, device: Device | None) -> tuple[int, str] | None:
    """CONNACK code (of the packet's version) and reason in Chinese if the connection is refused."""
    found = _refusal(packet, device)
    if found and packet.version == mqtt.V3:
        return _OLD_CODES.get(found[0], 5), found[1]
    return found


def _refusal(packet: mqtt.Connect, device: Device | None) -> tuple[int, str] | None:
    new = packet.version == mqtt.V5
    if device is None:
        return mqtt.BAD_CREDENTIALS, "用户名、密码或令牌不对"
    if "auth_method" in packet.properties:
        return _AUTH_METHOD, "不支持扩展认证"
    if len(packet.client_id) > MAX_CLIENT_ID:
        return mqtt.CLIENT_ID_INVALID, f"客户端标识超过 {MAX_CLIENT_ID} 个字符"
    if not packet.client_id and not packet.clean and not new:
        return mqtt.CLIENT_ID_INVALID, "客户端标识为空时必须使用 clean session"
    # Version 3.1.1 cannot be told, and a will is kept by nobody here: let it be.
    if packet.will and new and packet.will.qos > 1:
        return mqtt.QOS_UNSUPPORTED, "遗嘱不能用 QoS 2"
    if packet.will and new and packet.will.retain:
        return mqtt.RETAIN_UNSUPPORTED, "遗嘱不能保留"
    return None


def offer(receive_maximum: int, packet_size: int) -> mqtt.Properties:
    """What CONNACK of MQTT 5 says that this endpoint can do."""
    return {
        "session_expiry": 0,
        "receive_maximum": receive_maximum,
        "maximum_qos": 1,
        "retain_available": 0,
        "maximum_packet_size": packet_size,
        "topic_alias_maximum": MAX_ALIASES,
        "wildcard_available": 0,
        "subscription_id_available": 0,
        "shared_available": 0,
    }
