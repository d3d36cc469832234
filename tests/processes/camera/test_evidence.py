"""What a camera saw of an alarm: attached once, guarded, kept for its time."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import av
import pytest
from django.urls import reverse

from bianwang.modules.alarms.models import Alarm
from bianwang.modules.alarms.services import forget_evidence
from bianwang.modules.sensing import services, watching
from bianwang.modules.sensing.models import Camera, Signal
from bianwang.modules.sensing.watching import CameraConfig
from bianwang.platform.clock import now, now_ms
from bianwang.platform.files.models import Attachment
from bianwang.platform.files.storage import path_of
from bianwang.platform.ledger.models import Entry
from bianwang.processes.camera import ring
from bianwang.processes.camera.copies import Copies
from bianwang.processes.camera.evidence import collect
from bianwang.processes.camera.studio import Studio
from tests.instance import patience
from tests.modules.alarms.plant import bound, raised
from tests.people import ClientFor, World
from tests.processes.camera import videos
from tests.processes.camera.test_recording import recorded
from tests.processes.camera.test_watching import Listener
from tests.vision.recordings import pedestrians

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def road(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """People on a road, as a camera would send them, at half the pace."""
    folder = tmp_path_factory.mktemp("video")
    pictures = videos.played(pedestrians(folder), 225)
    return videos.make(folder / "road.mp4", 45, lambda seconds: pictures[round(seconds * 5)], fps=5)


@pytest.fixture(scope="module")
def glimpse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds of the same."""
    folder = tmp_path_factory.mktemp("video")
    pictures = videos.played(pedestrians(folder), 20)
    return videos.make(folder / "glimpse.mp4", 4, lambda seconds: pictures[round(seconds * 5)], fps=5)


@pytest.fixture
def camera(world: World) -> Iterator[Camera]:
    made = Camera(owner=world.plant, name="泵房", stream="rtsp://192.168.1.64/1")
    services.register(made)
    services.ensure_signals([made.pk])
    yield made
    shutil.rmtree(watching.folder(made.pk))


@pytest.fixture
def alarm(world: World, camera: Camera) -> Alarm:
    """One of the camera's own signal that began half a minute ago."""
    binding = bound(world.plant)
    binding.signal = Signal.objects.get(name=f"camera.{camera.pk}.video_ok")
    binding.save()
    return raised(binding, at=now_ms() - 30_000)


def configs() -> dict[int, CameraConfig]:
    return {each.id: each for each in watching.cameras()}


def gather(at_ms: int | None = None) -> list[Attachment]:
    collect(configs(), Studio(Listener()), at_ms or now_ms())
    return list(Attachment.objects.order_by("pk"))


def test_a_clip_and_the_picture_with_hidden_and_open_faces_are_attached_once(
    camera: Camera, alarm: Alarm, road: Path
) -> None:
    recorded(road, ring.folder(camera.pk), alarm.started_ms - 15_000)
    files = gather()
    assert [(file.media_type, file.needs) for file in files] == [
        ("image/jpeg", ""),
        ("image/jpeg", "sensing.faces"),
        ("video/mp4", "sensing.faces"),
    ]
    assert all((file.object_type, file.object_id) == ("alarms.alarm", alarm.pk) for file in files)
    with av.open(io.BytesIO(path_of(files[2].digest).read_bytes())) as clip:
        assert 30 <= sum(1 for _ in clip.decode(video=0)) / 5 <= 38
    for file in files:
        assert hashlib.new("sm3", path_of(file.digest).read_bytes()).hexdigest() == file.digest
        entry = Entry.objects.get(verb="files.add", object_id=file.pk)
        assert json.loads(entry.changes)["digest"] == [None, file.digest]
        assert entry.owner_id == alarm.owner_id
    assert gather() == files


def test_nothing_is_cut_before_the_span_is_on_disk(camera: Camera, alarm: Alarm, road: Path) -> None:
    folder = ring.folder(camera.pk)
    recorded(road, folder, alarm.started_ms - 15_000)
    growing = folder / f"{alarm.started_ms + 15_000}{ring.GROWING}"
    growing.write_bytes(b"")
    assert gather() == []
    assert gather(alarm.started_ms + 19_999) == []
    growing.rename(folder / f"{alarm.started_ms + 20_000}{ring.GROWING}")
    assert len(gather()) == 3


def test_a_recording_that_cannot_be_read_holds_nothing_up(camera: Camera, alarm: Alarm, road: Path) -> None:
    folder = ring.folder(camera.pk)
    recorded(road, folder, alarm.started_ms - 15_000)
    for path in ring.segments(folder):
        path.write_bytes(b"torn")
    assert gather() == []


def test_an_alarm_of_other_signals_has_no_picture(world: World, camera: Camera, road: Path) -> None:
    alarm = raised(bound(world.plant), at=now_ms() - 30_000)
    recorded(road, ring.folder(camera.pk), alarm.started_ms - 15_000)
    assert gather() == []


def test_who_may_not_tell_people_sees_hidden_heads_only(
    camera: Camera, alarm: Alarm, road: Path, client_for: ClientFor
) -> None:
    recorded(road, ring.folder(camera.pk), alarm.started_ms - 15_000)
    hidden, picture, clip = gather()
    got = {
        who: [
            client_for(who).get(reverse("files:download", args=[file.pk])).status_code
            for file in (hidden, picture, clip)
        ]
        for who in ("duty", "safety", "town", "safety2")
    }
    assert got == {
        "duty": [200, 200, 200],
        "safety": [200, 200, 200],
        "town": [200, 403, 403],
        "safety2": [404, 404, 404],
    }
    assert client_for("town").get(reverse("files:thumbnail", args=[picture.pk])).status_code == 403
    page = client_for("town").get(alarm.get_absolute_url()).content.decode()
    assert reverse("files:download", args=[hidden.pk]) in page
    assert reverse("files:download", args=[clip.pk]) not in page
    assert "您没有查看权限" in page


def test_who_may_not_tell_people_gets_a_copy_of_the_clip_with_hidden_heads(
    camera: Camera, alarm: Alarm, glimpse: Path, client_for: ClientFor
) -> None:
    recorded(glimpse, ring.folder(camera.pk), alarm.started_ms - 3_000)
    *_, clip = gather()
    assert clip.media_type == "video/mp4"
    page = client_for("town").get(alarm.get_absolute_url()).content.decode()
    assert "<video" not in page
    copies = Copies()
    for _ in patience("a copy of the clip", 120):
        copies.turn([camera.pk])
        if (copy := Attachment.objects.order_by("pk").last()) != clip:
            break
    assert copy is not None
    assert (copy.object_id, copy.media_type, copy.needs) == (alarm.pk, "video/mp4", "")
    entry = Entry.objects.get(verb="files.add", object_id=copy.pk)
    assert json.loads(entry.changes)["digest"] == [None, copy.digest]
    assert entry.owner_id == alarm.owner_id
    address, original = (reverse("files:download", args=[file.pk]) for file in (copy, clip))
    assert {who: client_for(who).get(address).status_code for who in ("duty", "safety", "town", "safety2")} == {
        "duty": 200,
        "safety": 200,
        "town": 200,
        "safety2": 404,
    }
    assert client_for("town").get(original).status_code == 403
    page = client_for("town").get(alarm.get_absolute_url()).content.decode()
    assert f'<video class="files-video" src="{address}"' in page
    assert "打码副本" in page
    assert original not in page
    copies.turn([camera.pk])
    copies.stop()
    assert Attachment.objects.count() == 4


def test_a_clip_that_cannot_be_copied_stays_guarded_and_holds_nothing_up(
    camera: Camera, alarm: Alarm, glimpse: Path
) -> None:
    recorded(glimpse, ring.folder(camera.pk), alarm.started_ms - 3_000)
    *_, clip = gather()
    path_of(clip.digest).write_bytes(b"torn")
    copies = Copies()
    for _ in patience("the end of the attempt", 120):
        copies.turn([camera.pk])
        if clip.pk in copies.failed:
            break
    copies.turn([camera.pk])
    assert Attachment.objects.filter(needs="").count() == 1
    path_of(clip.digest).unlink()


@pytest.mark.usefixtures("limits")
def test_evidence_goes_when_its_time_is_over_unless_the_alarm_was_genuine(
    camera: Camera, alarm: Alarm, road: Path, django_capture_on_commit_callbacks: object
) -> None:
    recorded(road, ring.folder(camera.pk), alarm.started_ms - 15_000)
    files = gather()
    forget_evidence()
    assert Attachment.objects.count() == 3
    Attachment.objects.update(added_at=now() - timedelta(days=91))
    Alarm.objects.update(verdict=Alarm.Verdict.GENUINE)
    forget_evidence()
    assert Attachment.objects.count() == 3
    Alarm.objects.update(verdict=Alarm.Verdict.FALSE)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        forget_evidence()
    assert not Attachment.objects.exists()
    assert not any(path_of(file.digest).exists() for file in files)
    assert Entry.objects.filter(verb="files.remove").count() == 3
