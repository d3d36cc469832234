"""`bian gb28181` as it runs: a recorder of the register, its channels as cameras, its alarm as readings, pictures."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import av
import pytest

from bianwang.platform.config import config
from bianwang.processes.gb28181.media import Stream
from bianwang.processes.simulator.gb28181 import Setup, Simulator
from bianwang.protocols.manscdp import Alarm
from tests.instance import Instance, free_port, patience
from tests.processes.gb28181.conftest import GATE, ITEMS, NVR, PASSWORD, US
from tests.templates import copy_of

PICTURES = 60

REGISTER = f"""
import json
from bianwang.platform.places.models import Party
from bianwang.modules.sensing import services
from bianwang.modules.sensing.models import Recorder
owner = Party.objects.create(name="青杠机械厂")
row = Recorder(owner=owner, name="门卫录像机", code="{NVR}")
services.register(row)
services.set_recorder_password(row, "{PASSWORD}")
print(json.dumps(row.pk))
"""
LOOK = """
import json
from bianwang.modules.sensing.models import Camera, Recorder, Refusal, SignalEvent
print(json.dumps({
    "presence": Recorder.objects.get().presence,
    "cameras": sorted(Camera.objects.values_list("name", flat=True)),
    "values": list(SignalEvent.objects.order_by("time_ms").values_list("signal__quantity", "value")),
    "refused": list(Refusal.objects.values_list("key", "reason")),
}))
"""


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    made = Instance(copy_of("migrated", tmp_path / "home"), "test")
    made.environment |= {
        "BIAN_GB28181_PORT": str(free_port()),
        "BIAN_GB28181_ID": US.code,
        "BIAN_GB28181_MEDIA_PORTS": "32000-32199",
    }
    yield made
    made.stop()


def pictures(recorder: int) -> int:
    """How many pictures the camera process would decode of a stream that the recorder ends."""
    stream = Stream(recorder, GATE)
    try:
        with av.open(stream, "r", format="mpeg") as container:
            return sum(1 for _ in container.decode(video=0))
    finally:
        stream.close()


async def registered(nvr: Simulator) -> None:
    """Register as soon as the process listens."""
    for _ in patience("gb28181"):
        try:
            if await asyncio.wait_for(nvr.register(), 2) == 200:
                return
        except TimeoutError:
            continue


async def test_what_a_recorder_does_reaches_the_platform(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = instance.script(REGISTER)
    instance.start("gb28181")
    port = int(instance.environment["BIAN_GB28181_PORT"])
    monkeypatch.setattr(config(), "home", instance.home)
    monkeypatch.setattr(config(), "gb28181_port", port)
    setup = Setup(NVR, PASSWORD, US.code, US.realm, ITEMS, pictures=PICTURES, fps=100)
    nvr = Simulator(setup, "127.0.0.1", port)
    await nvr.start()
    try:
        await registered(nvr)
        assert await nvr.alarm(Alarm(GATE, 1, 1, 5)) == 200
        assert await asyncio.to_thread(pictures, recorder) == PICTURES
        assert nvr.sent_pictures == PICTURES
        found = {}
        for _ in patience("rows"):
            found = await asyncio.to_thread(instance.script, LOOK)
            if len(found["cameras"]) == 2 and found["values"] and found["presence"] == "online":
                break
        assert found == {
            "presence": "online",
            "cameras": ["危化品库", "大门"],
            "values": [["video_alarm", 1.0], ["video_alarm", 0.0]],
            "refused": [],
        }, json.dumps(found, ensure_ascii=False)
    finally:
        await nvr.stop()
