"""What is suspected comes before a person, once, and is never a reading."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bianwang.modules.patrol.models import Suspicion
from bianwang.modules.sensing import services
from bianwang.modules.sensing.models import Camera
from bianwang.platform.accounts.models import User
from bianwang.platform.config import config
from bianwang.processes.camera.reports import Reports
from bianwang.processes.camera.sender import Sender
from bianwang.processes.camera.studio import Studio
from bianwang.telemetry.client import TelemetryClient
from tests.people import ClientFor, World
from tests.processes.camera import videos
from tests.processes.camera.listening import SIGNALS, Listener, camera
from tests.vision import staged
from tests.vision.recordings import pedestrians

START_MS = 1_700_000_000_000


@pytest.fixture(scope="module")
def fire(tmp_path_factory: pytest.TempPathFactory) -> list[videos.Frame]:
    """Flames on the road, two pictures a second."""
    pictures = videos.played(pedestrians(tmp_path_factory.mktemp("video")), 80)
    return list(staged.flame(staged.empty(pictures), staged.PLACES[2], 90))


def watched(fire: list[videos.Frame], **changes: object) -> Listener:
    listener = Listener()
    eye = Studio(listener).eye(camera("rtsp://192.168.1.64/1", is_analysed=True, **changes), START_MS)
    for number, picture in enumerate(fire):
        eye.see(picture, START_MS + 500 * number)
    return listener


def test_a_fire_is_suspected_once_where_that_was_asked_for(fire: list[videos.Frame]) -> None:
    listener = watched(fire, suspects=frozenset({"flame"}))
    assert [each.kind for each in listener.suspicions] == ["flame"]
    found = listener.suspicions[0]
    left, top, right, bottom = found.box
    x, y = staged.PLACES[2][0] / 768, staged.PLACES[2][1] / 576
    assert left - 0.05 <= x <= right + 0.05
    assert 0 <= top < bottom <= 1
    assert top - 0.05 <= y <= bottom + 0.2
    assert found.at_ms > START_MS + 500 * staged.BEFORE
    assert found.picture.startswith(b"\xff\xd8")
    assert {reading.signal for reading in listener.said} <= set(SIGNALS.values())
    assert watched(fire).suspicions == []


@pytest.mark.django_db
@pytest.mark.usefixtures("limits")
def test_it_waits_for_review_with_its_picture(world: World, fire: list[videos.Frame]) -> None:
    made = Camera(owner=world.plant, name="仓库", stream="rtsp://192.168.1.64/1", suspects="flame")
    services.register(made)
    reports = Reports(Sender(TelemetryClient(config().telemetry_socket())))
    for suspected in watched(fire, suspects=frozenset({"flame"})).suspicions:
        reports.suspected(replace(suspected, camera=made.pk))
    reports.flush()
    reports.flush()
    row = Suspicion.objects.get()
    assert (row.camera_id, row.kind, row.state) == (made.pk, "flame", "open")


@pytest.mark.django_db
def test_what_is_looked_for_is_chosen_with_its_measured_error(world: World, owner: User, client_for: ClientFor) -> None:
    client = client_for(owner)
    page = client.get("/sensing/cameras/new/").content.decode()
    assert "疑似明火（" in page
    assert "误报" in page
    given = {"owner": world.plant.pk, "name": "仓库", "stream": "rtsp://192.168.1.64/1", "sample_fps": "2"}
    assert client.post("/sensing/cameras/new/", {**given, "suspects": ["flame", "smoke"]}).status_code == 302
    assert Camera.objects.get().suspects == "flame,smoke"
    assert client.post("/sensing/cameras/new/", {**given, "name": "大门", "suspects": ["x"]}).status_code == 422
