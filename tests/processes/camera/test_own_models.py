"""A model of the customer's own finds what it is for in a camera's pictures, once it is switched on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import bianwang
from bianwang.modules.detection import services
from bianwang.modules.sensing import queries as sensing
from bianwang.processes.camera.own_models import OwnModel, finders, switched_on
from bianwang.processes.camera.studio import Studio
from bianwang.vision.model import WEIGHTS
from tests.modules.detection import things
from tests.people import World
from tests.processes.camera import videos
from tests.processes.camera.test_watching import Listener, camera
from tests.vision.recordings import pedestrians

START_MS = 1_700_000_000_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model's folder: the detector of the platform, brought as if it were somebody else's."""
    target = tmp_path_factory.mktemp("models") / "own"
    shutil.copytree(Path(bianwang.__file__).parent / "vision" / "yolox_nano", target)
    shutil.copy(WEIGHTS, target / "own.onnx")
    return target


def seen(models: list[OwnModel], pictures: list[videos.Frame], suspects: set[str]) -> list[str]:
    listener = Listener()
    watched = camera("rtsp://192.168.1.64/1", is_analysed=True, suspects=frozenset(suspects))
    eye = Studio(listener, models).eye(watched, START_MS)
    for number, picture in enumerate(pictures):
        eye.see(picture, START_MS + 500 * number)
    return sorted({each.kind for each in listener.suspicions})


def test_what_it_finds_is_suspected_where_the_camera_asks_for_it(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    pictures = list(videos.played(pedestrians(tmp_path_factory.mktemp("video")), 12))
    own = OwnModel("no_hard_hat", folder, ("person",), 0.5)
    assert seen([own], pictures, {"no_hard_hat"}) == ["no_hard_hat"]
    assert seen([own], pictures, {"smoking"}) == []
    assert seen([], pictures, {"no_hard_hat"}) == []
    # It takes the place of the platform's own way of finding the same.
    assert seen([OwnModel("flame", folder, ("person",), 0.5)], pictures, {"flame"}) == ["flame"]


def test_one_that_cannot_be_loaded_is_left_out_and_told(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    broken = OwnModel("smoking", folder.parent / "none", ("smoke",), 0.5)
    unknown = OwnModel("smoking", folder, ("cigarette",), 0.5)
    good = OwnModel("no_hard_hat", folder, ("person",), 0.5)
    assert [finder.kind for finder in finders([broken, unknown, good])] == ["no_hard_hat"]
    assert "其他分析不受影响" in caplog.text
    assert "cigarette" in caplog.text


@pytest.mark.django_db
@pytest.mark.usefixtures("limits")
def test_camera_processes_hear_of_switching(world: World) -> None:
    model, user = things.imported(world), world.who("head")
    things.tried(world, model)
    assert switched_on() == ()
    before = sensing.revisions().get("sensing", 0)
    services.switch_on(model, user, 0.7)
    assert switched_on() == (OwnModel("no_hard_hat", model.folder, ("head",), 0.7),)
    on = sensing.revisions()["sensing"]
    services.switch_off(model, user, "误报太多")
    assert switched_on() == ()
    assert before < on < sensing.revisions()["sensing"]
