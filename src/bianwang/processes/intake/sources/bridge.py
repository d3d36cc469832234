"""A bridge to a broker that devices already use: a persistent session, acknowledged when durable.

Brokers do not tell who published, so the topic must name the device: `…/{key}/telemetry`.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import gmqtt
from gmqtt.mqtt.constants import MQTTv50, MQTTv311
from gmqtt.mqtt.handler import MQTTConnectError

from bianwang.platform.clock import now_ms
from bianwang.processes.intake.pipeline import Pipeline
from bianwang.processes.intake.register import Register
from bianwang.protocols import payloads
from bianwang.protocols.errors import FrameError

log = logging.getLogger(__name__)
# It tells every step in English; what matters is told here.
logging.getLogger("gmqtt").setLevel(logging.CRITICAL)

FILTERS = ("bianwang/v1/devices/+/telemetry", "v1/devices/+/telemetry")
SESSION_S = 7 * 86_400
IN_FLIGHT = 1000
"""Messages that a broker may send before the first of them is acknowledged."""
HANDSHAKE_S = 15.0
LEAVE_S = 2.0
RETRY_S = 5.0
NEVER = -2
"""Less than gmqtt's -1 for "always": its own reconnecting would acknowledge on the wrong connection."""


class BridgeSource:
    """Subscribes to a broker as one client; each connection is a gmqtt client of its own."""

    def __init__(self, pipeline: Pipeline, address: str, home: Path, retry_s: float = RETRY_S) -> None:
        self.pipeline = pipeline
        self.connected = asyncio.Event()
        """Set while subscribed."""
        self._parts = urlsplit(address)
        self._retry_s = retry_s
        # The same instance comes back to the same session, another instance to another one.
        self._name = "bianwang-bridge-" + hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]
        self._waiting = 0
        self._told = ""
        self._task: asyncio.Task[None] | None = None

    async def start(self, register: Register) -> None:
        """Connect in the background; a broker that is away does not hold up the platform."""
        self._task = asyncio.create_task(self._run())

    async def reload(self, register: Register) -> None:
        """Nothing to do: the directory is asked at each message."""

    async def stop(self) -> None:
        """Leave; the broker keeps what comes meanwhile and what was not acknowledged.

        Messages in hand get a moment to become durable: acknowledged ones do not come again at the next start.
        """
        deadline = asyncio.get_running_loop().time() + LEAVE_S
        while self._waiting and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.01)
        # The acknowledgement is sent by the library, after our handler has returned.
        await asyncio.sleep(0)
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        version = MQTTv50
        while True:
            try:
                await self._connection(version)
            except (MQTTConnectError, TimeoutError) as error:
                # Older brokers do not know MQTT 5, and not all of them say so.
                version = MQTTv311 if version == MQTTv50 else MQTTv50
                self._tell(f"拒绝连接或没有应答（{error}），请核对 BIAN_BRIDGE 中的账号和密码")
            except OSError as error:
                self._tell(f"连接不上（{error}）")
            await asyncio.sleep(self._retry_s)

    async def _connection(self, version: int) -> None:
        """Connect, subscribe, and return when the connection is gone."""
        parts, tls = self._parts, self._parts.scheme == "mqtts"
        client = gmqtt.Client(
            self._name,
            clean_session=False,
            session_expiry_interval=SESSION_S,
            receive_maximum=IN_FLIGHT,
            optimistic_acknowledgement=False,
        )
        client.reconnect_retries = NEVER
        if parts.username:
            client.set_auth_credentials(unquote(parts.username), unquote(parts.password or ""))
        lost = asyncio.Event()
        client.on_connect = self._subscribe
        client.on_subscribe = self._subscribed
        client.on_message = self._message
        client.on_disconnect = lambda *_: lost.set()
        try:
            async with asyncio.timeout(HANDSHAKE_S):
                await client.connect(parts.hostname, parts.port or (8883 if tls else 1883), ssl=tls, version=version)
            await lost.wait()
            self._tell("连接中断")
        finally:
            self.connected.clear()
            await _leave(client)

    def _tell(self, trouble: str) -> None:
        if trouble != self._told:
            log.warning("上级 MQTT 服务器%s，每 %.0f 秒重试", trouble, self._retry_s)
        self._told = trouble

    def _subscribe(self, client: gmqtt.Client, flags: int, status: int, properties: dict[str, Any]) -> None:
        for name in FILTERS:
            client.subscribe(name, qos=1)

    def _subscribed(
        self, client: gmqtt.Client, number: int, granted: tuple[int, ...], properties: dict[str, Any]
    ) -> None:
        if any(code >= 128 for code in granted):
            self._tell("拒绝订阅，请给桥接账号开放 +/telemetry 主题的订阅权限")
            return
        if not self.connected.is_set():
            log.info("已桥接上级 MQTT 服务器 %s", self._parts.hostname)
        self._told = ""
        self.connected.set()

    async def _message(
        self, client: gmqtt.Client, topic: str, payload: bytes, qos: int, properties: dict[str, Any]
    ) -> int:
        """Store one message; bad ones are counted and acknowledged, since repeating would not mend them."""
        if properties.get("retain"):
            return 0  # an old state that the broker repeats to every subscriber, not a reading of now
        refusals = self.pipeline.refusals
        key = topic.split("/")[-2]
        device = self.pipeline.directory.current.by_key.get(key)
        if device is None:
            refusals.add(key[:64], "identity", "桥接主题里的设备标识没有登记")
            return 0
        if not qos and self._waiting >= IN_FLIGHT:
            refusals.add(key, "overload", "来不及处理，QoS 0 的消息已丢弃；请改用 QoS 1")
            return 0
        try:
            readings = (payloads.thingsboard if topic.startswith("v1/") else payloads.native)(bytes(payload))
        except FrameError as error:
            refusals.add(key, error.code, str(error))
            return 0
        if readings.refused:
            refusals.add(key, "value", readings.reason, readings.refused)
        self._waiting += 1
        try:
            await self.pipeline.submit(device, readings.blocks, now_ms())
        finally:
            self._waiting -= 1
        return 0


async def _leave(client: gmqtt.Client) -> None:
    """Disconnect, whatever state the client is in."""
    try:
        async with asyncio.timeout(LEAVE_S):
            await client.disconnect()
    except (OSError, TimeoutError):
        pass
