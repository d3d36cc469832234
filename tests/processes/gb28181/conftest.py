"""A signalling server on loopback with real sockets, and what it told to the outside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from bianwang.modules.sensing.services import Channel, RecorderChange
from bianwang.modules.sensing.signalling import Identity, RecorderConfig
from bianwang.processes.gb28181.parts import Times
from bianwang.processes.gb28181.server import Server
from bianwang.processes.simulator.gb28181 import Setup, Simulator
from bianwang.protocols.manscdp import Alarm, Item

US = Identity("50012000002000000001", "5001200000")
NVR = "50012000001180000001"
GATE, STORE = "50012000001310000001", "50012000001320000002"
ITEMS = (
    Item("500120", "璧山区", has_children=True),
    Item("50012000002150000001", "厂区", parent="500120", has_children=True),
    Item("50012000002160000001", "一车间", parent="50012000002150000001"),
    Item(GATE, "大门", NVR, "50012000002150000001", True),
    Item(STORE, "危化品库", NVR, "50012000002150000001", True),
)
PASSWORD = "12345678"


async def until(condition: Callable[[], Any], what: str = "") -> None:
    """Wait for something that happens on the event loop."""
    for _ in range(2_000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"did not happen: {what}")


@dataclass
class Board:
    """An office that only notes."""

    changes: list[RecorderChange] = field(default_factory=list)
    refusals: list[tuple[str, str]] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    catalogs: list[tuple[dict[str, str], bool]] = field(default_factory=list)

    def present(self, change: RecorderChange) -> None:
        self.changes.append(change)

    def refused(self, key: str, reason: str, example: str) -> None:
        self.refusals.append((key, reason))

    def alarm(self, recorder: RecorderConfig, alarm: Alarm) -> None:
        self.alarms.append(alarm)

    async def catalog(self, recorder: RecorderConfig, channels: Sequence[Channel], *, is_complete: bool) -> str:
        self.catalogs.append(({channel.code: channel.name for channel in channels}, is_complete))
        return f"{len(channels)}"

    @property
    def states(self) -> list[str]:
        """States that recorders went through."""
        return [change.presence for change in self.changes]


@dataclass
class Running:
    """A server and its board."""

    server: Server
    board: Board

    def recorder(self, edition: str = "2016", code: str = NVR, number: int = 1) -> RecorderConfig:
        return RecorderConfig(number, code, edition, PASSWORD)


Serve = Callable[..., Awaitable[Running]]
Record = Callable[..., Awaitable[Simulator]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts servers; one recorder is registered."""
    servers: list[Server] = []

    async def start(edition: str = "2016", **times: float) -> Running:
        board = Board()
        server = Server(
            US,
            board,
            host="127.0.0.1",
            media_ports="31000-31999",
            times=Times(**{"part": 0.5, **times}),  # type: ignore[arg-type]
        )
        running = Running(server, board)
        server.follow([running.recorder(edition)])
        await server.start(0)
        servers.append(server)
        return running

    yield start
    for server in servers:
        await server.stop()


@pytest.fixture
async def record() -> AsyncIterator[Record]:
    """Starts recorders."""
    simulators: list[Simulator] = []

    async def start(running: Running, **setup: Any) -> Simulator:
        given = {"code": NVR, "password": PASSWORD, "items": ITEMS, **setup}
        simulator = Simulator(Setup(server_code=US.code, realm=US.realm, **given), "127.0.0.1", running.server.port)
        await simulator.start()
        simulators.append(simulator)
        return simulator

    yield start
    for simulator in simulators:
        await simulator.stop()
