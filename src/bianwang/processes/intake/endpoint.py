"""The MQTT endpoint that devices connect to: MQTT 3.1.1 and 5, QoS 0 and 1. Not a general broker.

A device may publish only as itself and a gateway only for its children; a PUBACK says that the readings are on disk.
Nothing is retained and no session outlives its connection, so CONNACK never says "session present".
"""

from __future__ import annotations

import asyncio
import secrets
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from bianwang.processes.intake import topics
from bianwang.processes.intake.connection import Connection
from bianwang.processes.intake.directory import Device, Directory
from bianwang.processes.intake.pipeline import Pipeline
from bianwang.protocols import mqtt


@dataclass(frozen=True, slots=True)
class EndpointLimits:
    """`packet` bytes a packet may have; `receive_maximum` unacknowledged messages of one MQTT 5 connection;
    `connections` in all; `handshake_s` a stranger has for his CONNECT; `sweep_s` between keepalive checks."""

    packet: int = 1 << 20
    receive_maximum: int = 10_000
    connections: int = 20_000
    handshake_s: float = 10.0
    sweep_s: float = 1.0


class MqttEndpoint:
    """Accepts devices on one or more ports."""

    def __init__(self, pipeline: Pipeline, limits: EndpointLimits | None = None) -> None:
        self.pipeline = pipeline
        self.directory = pipeline.directory
        self.presence = pipeline.presence
        self.refusals = pipeline.refusals
        self.clock: Callable[[], int] = pipeline.clock
        self.limits = limits or EndpointLimits()
        self.connections: set[Connection] = set()
        self._by_session: dict[tuple[int, str], Connection] = {}
        self._by_device: dict[int, set[Connection]] = {}
        self._servers: list[asyncio.Server] = []
        self._sweeper: asyncio.Task[None] | None = None
        self._request = 0
        self.directory.on_swap(self._swapped)

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listen; returns the port (of interest when 0 was asked for). May be called again for a TLS port."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Connection(self), host, port, ssl=tls, backlog=1024)
        self._servers.append(server)
        if self._sweeper is None:
            self._sweeper = loop.create_task(self._sweeping())
        bound: int = server.sockets[0].getsockname()[1]
        return bound

    async def stop(self) -> None:
        """Stop listening and close all connections. Stop the pipeline afterwards."""
        if self._sweeper:
            self._sweeper.cancel()
        for server in self._servers:
            server.close()
        for connection in list(self.connections):
            connection.will = None
            connection.close("平台停止", mqtt.SHUTTING_DOWN)
        while self.connections:
            await asyncio.sleep(0.01)

    async def command(self, device_id: int, payload: bytes, timeout_s: float = 10.0) -> bool:
        """Send a command to a device; whether it arrived (QoS 1: was acknowledged; QoS 0: was sent).

        Goes to the device's own command topic, or its gateway's subscription to it, or as ThingsBoard RPC.
        """
        device = self.directory.current.devices.get(device_id)
        if device is None:
            return False
        own = topics.COMMAND.format(device.key)
        rpc = topics.RPC_REQUEST + "+"
        self._request += 1
        for connection in [*self._by_device.get(device_id, ()), *self.connections]:
            if own in connection.subscriptions:
                sent = connection.publish(own, payload, connection.subscriptions[own])
            elif rpc in connection.subscriptions and connection.device is device:
                topic = f"{topics.RPC_REQUEST}{self._request}"
                sent = connection.publish(topic, payload, connection.subscriptions[rpc])
            else:
                continue
            if sent is None:
                return False
            try:
                return await asyncio.wait_for(sent, timeout_s)
            except TimeoutError:
                return False
        return False

    # -- for connections

    def welcome(self, connection: Connection) -> bool:
        """A stranger connects; False if there is no room."""
        if len(self.connections) >= self.limits.connections:
            self.refusals.add(connection.peer, "connections", f"连接数已达上限 {self.limits.connections}")
            return False
        self.connections.add(connection)
        return True

    def enter(self, connection: Connection, device: Device) -> None:
        """A device has identified itself; an older connection of the same client is taken over."""
        key = (device.id, connection.client_id)
        older = self._by_session.get(key)
        self._by_session[key] = connection
        self._by_device.setdefault(device.id, set()).add(connection)
        self.presence.connected(device.id)
        if older:
            older.will = None
            older.close("同一客户端重新连接", mqtt.TAKEN_OVER)

    def farewell(self, connection: Connection, detail: str) -> None:
        """A connection is gone."""
        self.connections.discard(connection)
        device = connection.device
        if device is None:
            return
        key = (device.id, connection.client_id)
        if self._by_session.get(key) is connection:
            del self._by_session[key]
        mine = self._by_device.get(device.id, set())
        mine.discard(connection)
        if not mine:
            self._by_device.pop(device.id, None)
        for child in connection.children:
            self.presence.disconnected(child, "网关断开")
        self.presence.disconnected(device.id, detail)

    @staticmethod
    def new_client_id() -> str:
        """A client identifier for a device that brought none."""
        return f"bian-{secrets.token_hex(8)}"

    # -- inside

    async def _sweeping(self) -> None:
        """Close connections that broke their keepalive, and strangers that never say who they are."""
        while True:
            await asyncio.sleep(self.limits.sweep_s)
            now = self.clock()
            for connection in list(self.connections):
                quiet = now - connection.seen_ms
                if connection.waiting:
                    connection.seen_ms = now
                elif connection.device is None:
                    if quiet > self.limits.handshake_s * 1000:
                        connection.close("没有发送 CONNECT")
                elif connection.keepalive and quiet > connection.keepalive * 1500:
                    connection.close(f"{quiet / 1000:.0f} 秒没有心跳", mqtt.KEEPALIVE_TIMEOUT)

    def _swapped(self, directory: Directory) -> None:
        """Go on with new records; close connections of devices that vanished or whose secrets changed."""
        for connection in list(self.connections):
            old = connection.device
            if old is None:
                continue
            new = directory.devices.get(old.id)
            if new is None or _secrets(new) != _secrets(old):
                connection.close("设备已停用或凭据已更换", mqtt.NOT_AUTHORIZED)
            else:
                connection.redirect(new)


def _secrets(device: Device) -> tuple[object, ...]:
    return device.key, device.token_sm3, device.username, device.password_sm3
