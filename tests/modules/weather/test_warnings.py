"""Warnings come in, are updated and cancelled, and are never our own."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from bianwang.modules.weather import queries, services
from bianwang.modules.weather.models import WeatherWarning
from bianwang.platform.clock import now
from bianwang.platform.config import config
from bianwang.platform.ledger.models import Entry
from tests.modules.weather import things
from tests.people import ClientFor, World

pytestmark = pytest.mark.django_db
REFERENCE = "<references>璧山区气象台,A1,2026-07-01T08:00:00+08:00</references>"


def test_a_cap_file_becomes_a_warning_once(world: World, client_for: ClientFor) -> None:
    duty, url = client_for("duty"), reverse("weather:cap")
    for _ in range(2):
        assert duty.post(url, {"file": things.cap()}).status_code == 302
    row = WeatherWarning.objects.get()
    assert (row.level, row.kind, row.issuer, row.area) == (2, "rainstorm", "璧山区气象台", "青杠街道、八塘镇")
    assert Entry.objects.filter(verb="weather.receive").count() == 1
    page = duty.get(row.get_absolute_url()).content.decode()
    assert "璧山区气象台发布的预警" in page
    assert "停止户外作业" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"severity": "Purple"}, "severity"),
        ({"status": "Test"}, "演练和测试"),
        ({"kind": "Cancel", "references": REFERENCE}, "没有接收过"),
    ],
)
def test_a_wrong_file_leaves_nothing_behind(
    world: World, client_for: ClientFor, change: dict[str, str], words: str
) -> None:
    answer = client_for("duty").post(reverse("weather:cap"), {"file": things.cap(**change)})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not WeatherWarning.objects.exists()


def test_only_a_registered_weather_service_is_believed(world: World) -> None:
    file = things.cap()
    foreign = type(file)(file.getvalue().replace("璧山区气象台".encode(), "某公司".encode()))
    with pytest.raises(ValidationError, match="某公司"):
        services.receive_cap(world.who("duty"), foreign)
    with pytest.raises(ValidationError, match="气象台"):
        things.typed(world, issuer="区应急管理局")


def test_an_update_ends_the_first_and_a_cancel_ends_the_update(world: World) -> None:
    duty = world.who("duty")
    first = services.receive_cap(duty, things.cap())
    open_row = things.receipt(world, world.plant)
    services.pass_on(duty, first, [world.town], "测试")
    update = services.receive_cap(
        duty, things.cap(identifier="A2", kind="Update", references=REFERENCE, severity="Red")
    )
    assert (update.first, update.level) == (first, 1)
    in_force = queries.warnings_in_force(now())
    assert first not in in_force
    assert in_force[0] == update
    services.end_receipts()
    assert first.receipts.get().state == "ended"
    told = Entry.objects.get(verb="weather.receipt_end")
    assert told.reason == f"璧山区气象台更新：{update.headline}"
    open_row.refresh_from_db()
    assert open_row.state == "sent"
    cancel = services.receive_cap(
        duty, things.cap(identifier="A3", kind="Cancel", references=REFERENCE.replace("A1", "A2"), expires="")
    )
    assert cancel.first == first
    assert list(queries.warnings_in_force(now())) == [open_row.warning]
    with pytest.raises(ValidationError, match="失效"):
        services.pass_on(duty, WeatherWarning.objects.get(pk=update.pk), [world.town2], "测试")


def test_a_warning_is_in_force_from_its_issue_until_its_end(world: World) -> None:
    row = things.typed(world)
    for moment, there in (
        (row.issued_at - timedelta(seconds=1), False),
        (row.issued_at, True),
        (row.valid_until - timedelta(seconds=1), True),
        (row.valid_until, False),
    ):
        assert queries.warnings_in_force(moment).exists() == there


def test_what_is_typed_in_is_checked(world: World) -> None:
    first = things.typed(world, identifier="B1")
    for change, refers, field in (
        ({"message": "update"}, None, "refers"),
        ({}, first, "refers"),
        ({"identifier": "B1"}, None, "identifier"),
        ({"valid_until": now() - timedelta(days=1)}, None, "valid_until"),
    ):
        with pytest.raises(ValidationError) as refused:
            things.typed(world, refers, **change)
        assert field in refused.value.message_dict
    with pytest.raises(PermissionDenied):
        services.type_in(world.who("town"), things.values())
    cancel = things.typed(world, first, message="cancel", headline="解除暴雨橙色预警")
    assert cancel.valid_until == cancel.issued_at
    assert not queries.warnings_in_force(now()).exists()


def put(folder: Path, name: str, data: bytes, *, age: int = 60) -> None:
    (folder / name).write_bytes(data)
    os.utime(folder / name, (time.time() - age,) * 2)


def test_the_folder_is_emptied_and_a_refusal_says_why(world: World) -> None:
    folder: Path = config().home / "cap"
    folder.mkdir(parents=True)
    put(folder, "good.xml", things.cap().getvalue())
    put(folder, "bad.xml", b"<alert>")
    put(folder, "unfinished.xml", b"<alert>", age=0)
    services.take_files()
    assert WeatherWarning.objects.get().received_by is None
    assert (folder / "done" / "good.xml").exists()
    assert "XML" in (folder / "refused" / "bad.txt").read_text("utf-8")
    put(folder, "again.xml", things.cap().getvalue())
    services.take_files()
    assert WeatherWarning.objects.count() == 1
    assert [file.name for file in folder.glob("*.xml")] == ["unfinished.xml"]


def test_no_page_says_that_we_issue(world: World, client_for: ClientFor) -> None:
    row = things.receipt(world, world.plant)
    duty = client_for("duty")
    for url in (
        reverse("weather:list"),
        reverse("weather:new"),
        row.warning.get_absolute_url(),
        row.get_absolute_url(),
    ):
        page = duty.get(url).content.decode()
        assert "发布预警</a>" not in page
        assert "本局发布" not in page
