"""Pages of cameras: who sees the picture, who draws on it, and what a drawn region brings."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from PIL import Image

from bianwang.modules.sensing import queries, services, watching
from bianwang.modules.sensing.models import Camera, Region, Signal
from bianwang.modules.sensing.services import CameraChange
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, now_ms, to_ms
from bianwang.platform.ledger.models import Entry
from tests.people import ClientFor, World

pytestmark = pytest.mark.django_db
SQUARE = "0.1, 0.1\n0.5, 0.1\n0.5, 0.6\n0.1, 0.6"


@pytest.fixture
def camera(world: World) -> Camera:
    made = Camera(owner=world.plant, name="泵房", stream="rtsp://u:p@192.168.1.64/1")
    services.register(made)
    return made


@pytest.fixture
def picture(camera: Camera) -> Iterator[Path]:
    path = watching.folder(camera.pk) / watching.PICTURE
    path.with_name(watching.HIDDEN).unlink(missing_ok=True)
    Image.new("RGB", (64, 36), "teal").save(path, "JPEG")
    yield path
    path.unlink()


def fields(**changes: str) -> dict[str, str]:
    return {"name": "泵区", "kind": "area", "use": "danger_count", "zone": "", "points": SQUARE} | changes


def told(camera: Camera) -> set[str]:
    prefix = f"camera.{camera.pk}."
    return {
        name.removeprefix(prefix)
        for name in Signal.objects.filter(name__startswith=prefix, is_enabled=True).values_list("name", flat=True)
    }


def test_colleagues_draw_and_see_a_region_and_strangers_learn_nothing(
    camera: Camera, owner: User, teammate: User, stranger: User, client_for: ClientFor
) -> None:
    draw = reverse("sensing:region_new", args=[camera.pk])
    assert client_for(stranger).get(draw).status_code == 404
    assert client_for(stranger).post(draw, fields()).status_code == 404
    assert client_for(owner).post(draw, fields()).status_code == 302
    region = Region.objects.get()
    page = client_for(teammate).get(camera.get_absolute_url()).content.decode()
    assert "泵区" in page
    assert "10,10 50,10 50,60 10,60" in page or "危险区人数" in page
    edit = reverse("sensing:region_edit", args=[region.pk])
    assert client_for(teammate).post(edit, fields(name="泵坑")).status_code == 302
    assert client_for(stranger).get(edit).status_code == 404
    assert client_for(stranger).get(reverse("sensing:region_remove", args=[region.pk])).status_code == 404
    assert client_for(stranger).get(reverse("sensing:camera_zones", args=[camera.pk])).status_code == 404
    region.refresh_from_db()
    assert region.name == "泵坑"
    verbs = list(Entry.objects.filter(object_type="sensing.region").order_by("id").values_list("verb", flat=True))
    assert verbs == ["sensing.region_create", "sensing.region_change"]


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ("0.1, 0.1\n0.5, 0.1", "3 至 30 个点"),
        ("0.1, 0.1\n0.5, 0.1\n1.2, 0.6", "第 3 个点"),
        ("0.1, 0.1\n0.5, 0.5\n0.5, 0.1\n0.1, 0.5", "互相交叉"),
        ("0.1, 0.1\n左边\n0.5, 0.6", "第 2 行"),
        ("0.1, 0.1\n0.1, 0.1\n0.5, 0.6", "重合"),
        ("0.1, 0.1\n0.3, 0.3\n0.5, 0.5", "一条直线"),
        ("nan, 0.1\n0.3, 0.3\n0.5, 0.1", "画面之外"),
    ],
)
def test_a_shape_that_is_none_is_refused_and_said_why(
    camera: Camera, owner: User, client_for: ClientFor, points: str, words: str
) -> None:
    answer = client_for(owner).post(reverse("sensing:region_new", args=[camera.pk]), fields(points=points))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Region.objects.exists()


def test_a_region_registers_its_signals_and_a_removed_one_switches_them_off(
    camera: Camera, owner: User, client_for: ClientFor
) -> None:
    client = client_for(owner)
    client.post(reverse("sensing:region_new", args=[camera.pk]), fields())
    region = Region.objects.get()
    area = {f"{region.pk}.{name}" for name in ("entered_count", "left_count", "dwell_time", "absence_time")}
    assert told(camera) == {"video_ok", f"{region.pk}.danger_count"} | area
    edit = reverse("sensing:region_edit", args=[region.pk])
    client.post(edit, fields(use="post_count"))
    assert told(camera) == {"video_ok", f"{region.pk}.post_count"} | area
    client.post(edit, fields())
    assert told(camera) == {"video_ok", f"{region.pk}.danger_count"} | area
    client.post(edit, fields(kind="line", points="0.2, 0.5\n0.8, 0.5"))
    assert told(camera) == {"video_ok", f"{region.pk}.entered_count", f"{region.pk}.left_count"}
    assert client.post(reverse("sensing:region_remove", args=[region.pk])).status_code == 302
    assert told(camera) == {"video_ok"}
    assert not Region.objects.exists()


def test_who_may_edit_says_that_a_turned_camera_looks_right(
    camera: Camera,
    picture: Path,
    owner: User,
    client_for: ClientFor,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    reference = picture.with_name(watching.REFERENCE)
    address = reverse("sensing:camera_view", args=[camera.pk])
    assert address not in client_for(owner).get(camera.get_absolute_url()).content.decode()
    services.record_cameras([CameraChange(camera.pk, "moved", now_ms(), "镜头方向变了")])
    assert address in client_for(owner).get(camera.get_absolute_url()).content.decode()
    for change in (
        lambda: client_for(owner).post(address),
        lambda: client_for(owner).post(reverse("sensing:region_new", args=[camera.pk]), fields()),
    ):
        reference.write_bytes(b"")
        with django_capture_on_commit_callbacks(execute=True):
            assert change().status_code == 302
        assert not reference.exists()


def test_the_zones_file_is_what_was_drawn(camera: Camera, owner: User, client_for: ClientFor) -> None:
    client_for(owner).post(reverse("sensing:region_new", args=[camera.pk]), fields())
    answer = client_for(owner).get(reverse("sensing:camera_zones", args=[camera.pk]))
    assert json.loads(answer.content) == {
        "zones": [
            {
                "name": "泵区",
                "kind": "area",
                "use": "danger_count",
                "points": [[0.1, 0.1], [0.5, 0.1], [0.5, 0.6], [0.1, 0.6]],
            }
        ]
    }


def test_the_newest_picture_passes_the_access_door_and_is_sent_once(
    camera: Camera, picture: Path, owner: User, stranger: User, client_for: ClientFor
) -> None:
    address = reverse("sensing:camera_picture", args=[camera.pk])
    assert client_for(stranger).get(address).status_code == 404
    client = client_for(owner)
    first = client.get(address)
    assert first.content == picture.read_bytes()
    assert watching.is_looked_at(camera.pk, now_ms())
    assert "no-store" in first["Cache-Control"]
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    os.utime(picture, (0, 0))
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_who_may_not_tell_people_sees_hidden_heads_or_nothing(
    camera: Camera, picture: Path, owner: User, teammate: User, client_for: ClientFor
) -> None:
    address = reverse("sensing:camera_picture", args=[camera.pk])
    assert client_for("town").get(address).status_code == 204
    page = client_for("town").get(camera.get_absolute_url()).content.decode()
    assert "画面不能打码" in page
    hidden = picture.with_name(watching.HIDDEN)
    Image.new("RGB", (64, 36), "gray").save(hidden, "JPEG")
    try:
        for who in ("town", "village", "department"):
            assert client_for(who).get(address).content == hidden.read_bytes()
        for who in ("duty", "enforcement", "head", "leader", owner, teammate, "safety"):
            assert client_for(who).get(address).content == picture.read_bytes()
        assert client_for("safety2").get(address).status_code == 404
        assert client_for("finance").get(address).status_code == 403
        note = "人的头部已打码"
        assert note in client_for("town").get(camera.get_absolute_url()).content.decode()
        assert note not in client_for(owner).get(camera.get_absolute_url()).content.decode()
    finally:
        hidden.unlink()


def test_a_camera_without_a_picture_says_what_to_do(camera: Camera, owner: User, client_for: ClientFor) -> None:
    page = client_for(owner).get(camera.get_absolute_url()).content.decode()
    assert "还没有取到画面" in page
    assert client_for(owner).get(reverse("sensing:camera_picture", args=[camera.pk])).status_code == 204
    assert "192.168.1.64" not in page


@pytest.mark.parametrize(
    "address",
    [
        "/etc/passwd",
        "file:///etc/passwd",
        "file:../business.sqlite3",
        "http://127.0.0.1:8000/",
        "concat:/etc/passwd",
        "rtsp://",
        "rtsp://host:port/1",
        "rtsp://192.168.1.64/1\n",
    ],
)
def test_only_cameras_are_opened(world: World, address: str) -> None:
    with pytest.raises(ValidationError):
        services.register(Camera(owner=world.plant, name="泵房", stream=address))


def test_cameras_that_are_not_well_are_counted_for_those_who_see_them(
    camera: Camera, owner: User, stranger: User, client_for: ClientFor
) -> None:
    assert queries.count_unwell_cameras(owner) == 0
    at = now_ms()
    services.record_cameras(
        [CameraChange(camera.pk, "online", at - 5), CameraChange(camera.pk, "black", at, "画面全黑")]
    )
    services.record_pictures({camera.pk: at})
    camera.refresh_from_db()
    assert (camera.presence, camera.presence_detail) == ("black", "画面全黑")
    assert abs(now() - camera.last_picture_at) < timedelta(minutes=1)
    assert to_ms(camera.presence_at) == at
    assert queries.count_unwell_cameras(owner) == 1
    assert queries.count_unwell_cameras(stranger) == 0
    rows = client_for(owner).get(reverse("sensing:camera_list") + "?presence=black").content.decode()
    assert "泵房" in rows
    assert "泵房" not in client_for(owner).get(reverse("sensing:camera_list") + "?presence=frozen").content.decode()


def test_a_camera_process_gets_what_it_must_know_and_only_of_its_part(camera: Camera, world: World) -> None:
    region = Region(camera=camera, name="泵区", points="[[0.1, 0.1], [0.6, 0.1], [0.6, 0.7]]")
    services.save_region(region)
    services.register(Camera(owner=world.plant, name="大门"))
    other = Camera(owner=world.plant, name="仓库", stream="rtsp://10.0.0.1/1", substream="rtsp://10.0.0.1/2")
    services.register(other)
    services.ensure_signals([other.pk])
    found = {each.id: each for each in watching.cameras()}
    assert set(found) == {camera.pk, other.pk}
    assert found[other.pk].address == "rtsp://10.0.0.1/2"
    assert set(found[other.pk].signals) == {f"camera.{other.pk}.video_ok"}
    assert [each.points for each in found[camera.pk].regions] == [((0.1, 0.1), (0.6, 0.1), (0.6, 0.7))]
    parts = [{each.id for each in watching.cameras(part, 3)} for part in range(3)]
    assert set.union(*parts) == set(found)
    assert sum(map(len, parts)) == len(found)
    services.switch(camera, False, "检修")
    assert [each.id for each in watching.cameras()] == [other.pk]
