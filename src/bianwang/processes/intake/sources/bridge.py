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

from bianwang.platform.clock import now_ms
from bianwang.processes.intake.pipeline import Pipeline
from bianwang.processes.intake.register import Register
from bianwang.protocols import payloads
from bianwang.protocols.errors import FrameError

log = logging.getLogger(__name__)

FILTERS = ("bianwang/v1/devices/+/telemetry", "v1/devices/+/telemetry")
SESSION_S = 7 * 86_400
RETRY_S = 5.0


class BridgeSource:
    """Subscribes to a broker as one client."""

    def __init__(self, pipeline: Pipeline, address: str, home: Path) -> None:
        self.pipeline = pipeline
        self._parts = urlsplit(address)
        # The same instance comes back to the same session, another instance to another one.
        name = "bianwang-bridge-" + hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]
        # Acknowledge only what the handler has made durable.
        self._client = gmqtt.Client(
            name, clean_session=False, session_expiry_interval=SESSION_S, optimistic_acknowledgement=False
        )
        if self._parts.username:
            self._client.set_auth_credentials(unquote(self._parts.username), unquote(self._parts.password or ""))
        self._client.on_connect = self._subscribe
        self._client.on_message = self._message
        self._task: asyncio.Task[None] | None = None

    async def start(self, register: Register) -> None:
        """Connect in the background; a broker that is away does not hold up the platform."""
        self._task = asyncio.create_task(self._connect())

    async def reload(self, register: Register) -> None:
        """Nothing to do: the directory is asked at each message."""

    async def stop(self) -> None:
        """Leave; the broker keeps what comes meanwhile."""
        if self._task:
            self._task.cancel()
        if self._client.is_connected:
            await self._client.disconnect()

    async def _connect(self) -> None:
        tls = self._parts.scheme == "mqtts"
        while True:
            try:
                await self._client.connect(self._parts.hostname, self._parts.port or (8883 if tls else 1883), ssl=tls)
            except OSError as error:
                log.warning("上级 MQTT 服务器连接不上，%.0f 秒后重试：%s", RETRY_S, error)
                await asyncio.sleep(RETRY_S)
            else:
                return

    def _subscribe(self, client: gmqtt.Client, flags: int, status: int, properties: dict[str, Any]) -> None:
        for name in FILTERS:
            client.subscribe(name, qos=1)

    async def _message(
        self, client: gmqtt.Client, topic: str, payload: bytes, qos: int, properties: dict[str, Any]
    ) -> int:
        """Store one message; bad ones are counted and acknowledged, since repeating would not mend them."""
        key = topic.split("/")[-2]
        device = self.pipeline.directory.current.by_key.get(key)
        if device is None:
            self.pipeline.refusals.add(key[:64], "identity", "桥接主题里的设备标识没有登记")
            return 0
        try:
            readings = (payloads.thingsboard if topic.startswith("v1/") else payloads.native)(bytes(payload))
        except FrameError as error:
            self.pipeline.refusals.add(device.key, error.code, str(error))
            return 0
        await self.pipeline.submit(device, readings.blocks, now_ms())
        return 0
