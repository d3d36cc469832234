"""The camera process: cameras of the register in, readings in the store and states in the database out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bianwang.modules.sensing import services, streams
from bianwang.modules.sensing.models import Camera, Region, Signal
from bianwang.platform.clock import now_ms
from bianwang.processes.camera.main import Cameras, Part
from bianwang.telemetry.columns import Columns
from bianwang.telemetry.store import TelemetryStore
from tests.instance import patience
from tests.modules.telemetry_server import serving
from tests.people import World
from tests.processes.camera import videos
from tests.vision.recordings import pedestrians

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TelemetryStore]:
    with serving(tmp_path / "store") as store:
        yield store


@pytest.fixture
def cameras(store: TelemetryStore) -> Iterator[Cameras]:
    made = Cameras(Part())
    yield made
    made.stop()


@pytest.fixture
def camera(world: World) -> Camera:
    file = streams.media("room.mp4")
    file.parent.mkdir(exist_ok=True)
    videos.make(file, 4)
    made = Camera(owner=world.plant, name="泵房", stream="file:room.mp4")
    services.register(made)
    return made


def readings(store: TelemetryStore, signal: Signal | None) -> Columns:
    return store.since(0, signals=[signal.pk] if signal else [])


def turns(cameras: Cameras, happened: Callable[[], object], what: str) -> None:
    """Let the process go on until something has happened."""
    for _ in patience(what, 60):
        cameras.turn()
        if happened():
            return


def signal_of(camera: Camera, name: str) -> Signal | None:
    return Signal.objects.filter(name=f"camera.{camera.pk}.{name}").first()


def test_a_registered_camera_is_watched_and_a_switched_off_one_no_longer(
    camera: Camera, cameras: Cameras, store: TelemetryStore
) -> None:
    def state() -> str:
        return Camera.objects.get(pk=camera.pk).presence

    turns(cameras, lambda: state() == "online", "online")
    turns(cameras, lambda: len(readings(store, signal_of(camera, "video_ok")).time), "a reading")
    told = readings(store, signal_of(camera, "video_ok"))
    assert told.value[0] == 1
    assert (told.received - told.time).max() < 2_000
    assert Camera.objects.get(pk=camera.pk).last_picture_at is not None
    services.switch(camera, False, "检修")
    cameras.turn()
    assert cameras.watched == set()
    services.switch(camera, True, "检修完毕")
    camera.refresh_from_db()
    camera.stream = "file:nothing.mp4"
    services.change(camera)
    cameras.turn()
    assert cameras.watched == {camera.pk}
    assert state() == "online"


def test_people_in_a_region_become_readings_within_two_seconds(
    world: World, cameras: Cameras, store: TelemetryStore, tmp_path: Path
) -> None:
    file = streams.media("street.avi")
    file.parent.mkdir(exist_ok=True)
    shutil.copy(pedestrians(tmp_path), file)
    camera = Camera(owner=world.plant, name="大门", stream="file:street.avi", is_analysed=True, sample_fps=2.0)
    services.register(camera)
    region = Region(camera=camera, name="通道", points="[[0, 0], [1, 0], [1, 1], [0, 1]]")
    services.save_region(region)
    began = now_ms()
    heads = signal_of(camera, f"{region.pk}.head_count")
    turns(cameras, lambda: (readings(store, heads).value > 0).any(), "people")
    told = readings(store, heads)
    assert 1 <= told.value.max() <= 15
    assert told.time.min() >= began
    assert (told.received - told.time).max() < 2_000
    assert set(told.quality) == {0}
