"""Recorders: their password, the cameras of their catalog, their alarms as readings."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from bianwang.modules.sensing import services, signalling
from bianwang.modules.sensing.models import Camera, Recorder, Signal, SignalEvent
from bianwang.modules.sensing.services import CatalogTaken, Channel, RecorderChange
from bianwang.modules.sensing.services.recorders import ALARM_MS
from bianwang.platform.clock import now_ms
from bianwang.platform.ledger.models import Entry
from tests.people import World

pytestmark = pytest.mark.django_db

NVR = "50012000001180000001"
GATE, STORE = "50012000001310000001", "50012000001320000002"
CATALOG = [Channel(GATE, "大门"), Channel(STORE, "危化品库")]


@pytest.fixture
def recorder(world: World) -> Recorder:
    made = Recorder(owner=world.plant, name="门卫录像机", code=NVR)
    services.register(made)
    services.set_recorder_password(made, "12345678")
    return made


def entries(verb: str) -> list[Entry]:
    return list(Entry.objects.filter(verb=verb).order_by("id"))


def readings(name: str) -> list[tuple[int, float]]:
    rows = SignalEvent.objects.filter(signal__name=name).order_by("time_ms")
    return list(rows.values_list("time_ms", "value"))


def test_the_password_is_sealed_and_only_the_process_reads_it(recorder: Recorder) -> None:
    assert b"12345678" not in bytes(recorder.secret or b"")
    [config] = signalling.recorders()
    assert (config.id, config.code, config.edition, config.password) == (recorder.pk, NVR, "2016", "12345678")
    assert "12345678" not in repr(config)
    [entry] = entries("sensing.recorder_password")
    assert "12345678" not in str(entry.__dict__)
    services.switch(recorder, False, "检修")
    assert signalling.recorders() == []


def test_a_recorder_without_password_cannot_register(world: World) -> None:
    services.register(Recorder(owner=world.plant, name="新录像机", code=NVR))
    assert signalling.recorders() == []


@pytest.mark.parametrize("wrong", ["", "1234567", "1234 5678", "密码密码密码密码", "x" * 33])
def test_a_password_that_devices_cannot_take_is_refused(recorder: Recorder, wrong: str) -> None:
    with pytest.raises(ValidationError, match="8 至 32 位"):
        services.set_recorder_password(recorder, wrong)


def test_changing_a_recorder_keeps_its_password(recorder: Recorder) -> None:
    recorder.name = "东门录像机"
    assert services.change(recorder)
    assert signalling.recorders()[0].password == "12345678"


def test_channels_become_cameras_of_the_owner_once(recorder: Recorder) -> None:
    assert services.take_catalog(recorder, CATALOG, is_complete=True) == CatalogTaken(2, 0, 0)
    assert services.take_catalog(recorder, CATALOG, is_complete=True) == CatalogTaken(0, 2, 0)
    rows = Camera.objects.order_by("gb_code")
    assert [(row.gb_code, row.name, row.owner_id, row.recorder) for row in rows] == [
        (GATE, "大门", recorder.owner_id, recorder),
        (STORE, "危化品库", recorder.owner_id, recorder),
    ]
    assert len(entries("sensing.camera_create")) == 2
    names = set(Signal.objects.filter(quantity="video_alarm").values_list("name", flat=True))
    assert names == {
        f"recorder.{recorder.pk}.video_alarm",
        *(f"channel.{row.pk}.video_alarm" for row in rows),
    }


def test_a_name_that_an_officer_gave_stays(recorder: Recorder) -> None:
    services.take_catalog(recorder, CATALOG, is_complete=True)
    camera = Camera.objects.get(gb_code=GATE)
    camera.name = "北大门"
    services.change(camera)
    services.take_catalog(recorder, CATALOG, is_complete=True)
    camera.refresh_from_db()
    assert camera.name == "北大门"


def test_what_a_complete_catalog_lacks_is_marked_and_comes_back(recorder: Recorder) -> None:
    services.take_catalog(recorder, CATALOG, is_complete=True)
    assert services.take_catalog(recorder, CATALOG[:1], is_complete=False) == CatalogTaken(0, 1, 0)
    store = Camera.objects.get(gb_code=STORE)
    assert store.presence_detail == ""
    assert services.take_catalog(recorder, CATALOG[:1], is_complete=True) == CatalogTaken(0, 1, 1)
    store.refresh_from_db()
    assert (store.presence, store.presence_detail) == ("offline", "录像机目录中已没有这个通道")
    services.take_catalog(recorder, CATALOG, is_complete=True)
    store.refresh_from_db()
    assert (store.presence, store.presence_detail) == ("never", "")


def test_equal_and_missing_names_are_told_apart(recorder: Recorder, world: World) -> None:
    services.register(Camera(owner=world.plant, name="大门"))
    services.take_catalog(recorder, [Channel(GATE, "大门"), Channel(STORE, "")], is_complete=True)
    names = set(recorder.cameras.values_list("name", flat=True))
    assert names == {f"大门（{GATE}）", STORE}


def test_a_camera_that_was_registered_before_becomes_the_channel(recorder: Recorder, world: World) -> None:
    known = Camera(owner=world.plant, name="老名字", gb_code=GATE)
    services.register(known)
    services.take_catalog(recorder, CATALOG, is_complete=True)
    known.refresh_from_db()
    assert (known.recorder, known.name) == (recorder, "老名字")
    assert Camera.objects.filter(gb_code=GATE).count() == 1


def test_an_alarm_is_a_reading_and_ends_by_itself(recorder: Recorder) -> None:
    services.take_catalog(recorder, CATALOG, is_complete=True)
    name = f"channel.{Camera.objects.get(gb_code=GATE).pk}.video_alarm"
    at = now_ms() - 2_000
    services.take_alarm(recorder, GATE, at)
    assert readings(name) == [(at, 1.0), (at + ALARM_MS, 0.0)]
    services.take_alarm(recorder, GATE, at + 1_000)
    assert readings(name) == [(at, 1.0), (at + 1_000, 1.0), (at + 1_000 + ALARM_MS, 0.0)]


@pytest.mark.parametrize("told", [None, 0, 4_102_444_800_000])
def test_a_clock_that_is_wrong_is_not_believed(recorder: Recorder, told: int | None) -> None:
    before = now_ms()
    services.take_alarm(recorder, NVR, told)
    [(first, _), _] = readings(f"recorder.{recorder.pk}.video_alarm")
    assert before <= first <= now_ms()


def test_alarms_of_one_moment_are_readings_of_two(recorder: Recorder) -> None:
    at = now_ms() - 1_000
    for _ in range(2):
        services.take_alarm(recorder, "50012000001340000001", at)
    values = readings(f"recorder.{recorder.pk}.video_alarm")
    assert values == [(at, 1.0), (at + 1, 1.0), (at + 1 + ALARM_MS, 0.0)]


def test_a_fault_of_a_channel_is_a_video_that_is_not_well(recorder: Recorder) -> None:
    services.take_catalog(recorder, CATALOG, is_complete=True)
    camera = Camera.objects.get(gb_code=GATE)
    services.take_alarm(recorder, GATE, None, is_fault=True)
    assert [value for _, value in readings(f"camera.{camera.pk}.video_ok")] == [0.0]
    assert readings(f"channel.{camera.pk}.video_alarm") == []


def test_presence_is_written_in_bulk_without_ledger(recorder: Recorder) -> None:
    before = Entry.objects.count()
    services.record_recorders(
        [
            RecorderChange(recorder.pk, "online", 1_790_000_000_000, 1_790_000_000_000, "10.0.0.7"),
            RecorderChange(recorder.pk, "offline", 1_790_000_180_000, 1_790_000_060_000, "10.0.0.7"),
        ]
    )
    recorder.refresh_from_db()
    assert (recorder.presence, recorder.address) == ("offline", "10.0.0.7")
    assert recorder.last_seen_at is not None
    assert recorder.last_seen_at.timestamp() == 1_790_000_060
    assert Entry.objects.count() == before


def test_who_we_are_follows_the_district(world: World) -> None:
    identity = signalling.identity()
    assert len(identity.code) == 20
    assert identity.code.endswith("002000000001")
    assert identity.realm == identity.code[:10]


def test_who_asks_a_process_that_is_off_hears_so(recorder: Recorder) -> None:
    with pytest.raises(signalling.SignallingError, match="没有开启"):
        signalling.refresh_catalog(recorder)
