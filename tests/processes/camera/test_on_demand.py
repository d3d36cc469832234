"""Channels of a recorder that nobody analyses are open only while somebody looks at them."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bianwang.modules.sensing import services, watching
from bianwang.modules.sensing.models import Camera, Recorder
from bianwang.modules.sensing.signalling import recorders
from bianwang.platform.clock import now_ms
from bianwang.platform.config import config
from bianwang.processes.camera.main import Cameras, Part
from bianwang.processes.gb28181.control import Control
from bianwang.processes.gb28181.server import Server
from bianwang.processes.simulator.gb28181 import Setup, Simulator
from tests.instance import patience
from tests.modules.telemetry_server import serving
from tests.people import World
from tests.processes.gb28181.conftest import GATE, ITEMS, NVR, PASSWORD, STORE, US, Board

pytestmark = pytest.mark.django_db


@pytest.fixture
def recorder(world: World) -> Recorder:
    row = Recorder(owner=world.plant, name="门卫录像机", code=NVR)
    services.register(row)
    services.set_recorder_password(row, PASSWORD)
    return row


@pytest.fixture
def nvr(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    """A recorder that is registered with a server that the camera process can ask."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def do(work: object) -> None:
        asyncio.run_coroutine_threadsafe(work, loop).result(20)  # type: ignore[arg-type]

    server = Server(US, Board(), host="127.0.0.1", media_ports="33000-33199")
    server.follow(recorders())
    control = Control(server, config().gb28181_socket())
    do(server.start(0))
    do(control.start())
    monkeypatch.setattr(config(), "gb28181_port", server.port)
    made = Simulator(Setup(NVR, PASSWORD, US.code, US.realm, ITEMS), "127.0.0.1", server.port)
    do(made.start())
    do(made.register())
    try:
        yield made
    finally:
        do(control.stop())
        do(server.stop())
        do(made.stop())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture
def cameras(tmp_path: Path) -> Iterator[Cameras]:
    with serving(tmp_path / "store"):
        made = Cameras(Part())
        yield made
        made.stop()


def turns(cameras: Cameras, happened: Callable[[], object], what: str) -> None:
    for _ in patience(what, 60):
        cameras.turn()
        if happened():
            return


def test_a_channel_is_open_while_it_is_analysed_or_looked_at(
    recorder: Recorder, nvr: Simulator, cameras: Cameras
) -> None:
    gate = Camera(owner=recorder.owner, name="大门", recorder=recorder, gb_code=GATE)
    store = Camera(owner=recorder.owner, name="危化品库", recorder=recorder, gb_code=STORE, is_analysed=True)
    services.register(gate)
    services.register(store)

    def state(row: Camera) -> str:
        return Camera.objects.get(pk=row.pk).presence

    turns(cameras, lambda: state(store) == "online", "the analysed channel")
    assert state(gate) == "idle"
    assert nvr.playing == {STORE}

    picture = watching.folder(gate.pk) / watching.PICTURE
    watching.look(gate.pk)
    turns(cameras, lambda: state(gate) == "online" and picture.exists(), "the channel that is looked at")
    assert nvr.playing == {GATE, STORE}

    long_ago = now_ms() / 1000 - 600
    os.utime(watching.folder(gate.pk) / "looked", (long_ago, long_ago))
    turns(cameras, lambda: state(gate) == "idle" and nvr.playing == {STORE}, "the channel is closed")
    assert nvr.byes == 1
    assert not picture.exists()
    assert state(store) == "online"
