"""Pages of recorders: registering one, configuring it, refreshing its channels."""

from __future__ import annotations

import pytest
from django.test import Client

from bianwang.modules.sensing import services, signalling
from bianwang.modules.sensing.models import Recorder
from bianwang.modules.sensing.services import Channel
from bianwang.platform.config import config
from tests.people import World

pytestmark = pytest.mark.django_db

NVR, GATE = "50012000001180000001", "50012000001310000001"


@pytest.fixture
def recorder(world: World) -> Recorder:
    made = Recorder(owner=world.plant, name="门卫录像机", code=NVR)
    services.register(made)
    services.set_recorder_password(made, "12345678")
    return made


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def test_a_recorder_is_registered_with_its_password(client_for, world: World, owner) -> None:
    client: Client = client_for(owner)
    given = {"owner": world.plant.pk, "name": "门卫录像机", "code": NVR, "edition": "2022", "password": "12345678"}
    refused = client.post("/sensing/recorders/new/", {**given, "password": "short"})
    assert refused.status_code == 422
    assert "8 至 32 位" in text(refused)
    assert not Recorder.objects.exists()
    assert client.post("/sensing/recorders/new/", given).status_code == 302
    [known] = signalling.recorders()
    assert (known.code, known.edition, known.password) == (NVR, "2022", "12345678")


def test_a_change_without_a_password_keeps_it(client_for, recorder: Recorder, owner) -> None:
    client = client_for(owner)
    page = f"/sensing/recorders/{recorder.pk}/edit/"
    assert "12345678" not in text(client.get(page))
    assert client.post(page, {"name": "北门", "code": NVR, "edition": "2016", "password": ""}).status_code == 302
    recorder.refresh_from_db()
    assert recorder.name == "北门"
    assert signalling.recorders()[0].password == "12345678"
    client.post(page, {"name": "北门", "code": NVR, "edition": "2016", "password": "another-one"})
    assert signalling.recorders()[0].password == "another-one"


def test_the_page_says_how_to_configure_it(client_for, recorder: Recorder, owner, monkeypatch) -> None:
    client, page = client_for(owner), f"/sensing/recorders/{recorder.pk}/"
    assert "国标接入没有开启" in text(client.get(page))
    monkeypatch.setattr(config(), "gb28181_port", 5060)
    monkeypatch.setattr(config(), "gb28181_address", "10.10.3.20")
    shown = text(client.get(page))
    for told in (signalling.identity().code, signalling.identity().realm, "10.10.3.20", "5060", NVR):
        assert f">{told}<" in shown
    assert "刷新目录" in shown


def test_channels_and_refusals_are_shown(client_for, recorder: Recorder, owner) -> None:
    services.take_catalog(recorder, [Channel(GATE, "大门")], is_complete=True)
    services.record_refusals([services.RefusalCount(NVR, "password", 3, 1_790_000_000_000, "注册密码不对")])
    shown = text(client_for(owner).get(f"/sensing/recorders/{recorder.pk}/"))
    assert GATE in shown
    assert "注册密码不对" in shown


def test_a_refresh_says_why_it_cannot_be(client_for, recorder: Recorder, owner, monkeypatch) -> None:
    client = client_for(owner)
    page = f"/sensing/recorders/{recorder.pk}/catalog/"
    assert "国标接入没有开启" in text(client.post(page, follow=True))
    monkeypatch.setattr(config(), "gb28181_port", 5060)
    assert "国标接入进程没有响应" in text(client.post(page, follow=True))


def test_the_list_counts_channels(client_for, recorder: Recorder, owner) -> None:
    services.take_catalog(recorder, [Channel(GATE, "大门")], is_complete=True)
    shown = text(client_for(owner).get("/sensing/recorders/"))
    assert "门卫录像机" in shown
    assert "从未注册" in shown
