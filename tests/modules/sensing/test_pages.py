"""Pages of the device register: who sees what, what a form does, what is shown only once."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from bianwang.modules.sensing import services
from bianwang.modules.sensing.credentials import digest
from bianwang.modules.sensing.models import Camera, Device, Signal
from bianwang.modules.sensing.services import RefusalCount, record_refusals
from tests.people import ClientFor, World

PAGES = ["sensing:device_list", "sensing:signal_list", "sensing:camera_list"]


@pytest.mark.parametrize("name", PAGES)
def test_lists_show_what_lies_in_scope(name: str, client_for: ClientFor, signal: Signal, world: World) -> None:
    services.register(Camera(owner=world.plant, name="泵房东门"))
    word = {"sensing:device_list": "1号泵", "sensing:signal_list": "出口流量", "sensing:camera_list": "泵房东门"}[name]
    assert word in client_for("safety").get(reverse(name)).content.decode()
    assert word in client_for("duty").get(reverse(name)).content.decode()
    assert word not in client_for("safety2").get(reverse(name)).content.decode()
    assert client_for("finance").get(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_lists_export(name: str, client_for: ClientFor, signal: Signal) -> None:
    answer = client_for("duty").get(reverse(name), {"export": "xlsx"})
    assert answer["Content-Type"].endswith("sheet")


def test_a_list_costs_the_same_for_many_rows(
    client_for: ClientFor, make_device: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_device(f"d-{number}")
    client = client_for("duty")
    with django_assert_max_num_queries(40):
        client.get(reverse("sensing:device_list"))


def test_pages_of_another_enterprise_are_not_found(client_for: ClientFor, signal: Signal, device: Device) -> None:
    stranger = client_for("safety2")
    for row in (device, signal):
        assert stranger.get(row.get_absolute_url()).status_code == 404
    assert stranger.get(reverse("sensing:signal_series", args=[signal.pk])).status_code == 404
    assert stranger.post(reverse("sensing:device_token", args=[device.pk])).status_code == 403


def test_the_device_page_says_how_to_connect_and_what_was_refused(
    client_for: ClientFor, device: Device, signal: Signal
) -> None:
    record_refusals([RefusalCount(device.key, "field", 7, 1_795_579_200_000, "没有名为 flw 的信号")])
    text = client_for("safety").get(device.get_absolute_url()).content.decode()
    assert "mosquitto_pub" in text
    assert f"-i {device.key}" in text
    assert "没有名为 flw 的信号" in text
    assert "出口流量" in text


def test_without_the_intake_the_page_still_stands_and_says_so(
    client_for: ClientFor, device: Device, signal: Signal
) -> None:
    answer = client_for("safety").get(device.get_absolute_url())
    assert answer.status_code == 200
    assert "请确认接入进程" in answer.content.decode()
    curve = client_for("safety").get(reverse("sensing:signal_series", args=[signal.pk]))
    assert curve.status_code == 503
    assert "请确认接入进程" in curve.json()["error"]


@pytest.mark.parametrize("query", ["hours=x", "hours=-1", "hours=1e9", "start=5&end=4", "hours=inf"])
def test_a_span_without_meaning_is_refused(client_for: ClientFor, signal: Signal, query: str) -> None:
    assert client_for("safety").get(reverse("sensing:signal_series", args=[signal.pk]) + "?" + query).status_code == 404


def test_a_token_is_shown_once_and_only_to_those_who_may_issue_it(client_for: ClientFor, device: Device) -> None:
    url = reverse("sensing:device_token", args=[device.pk])
    assert client_for("leader").post(url).status_code == 403
    answer = client_for("duty").post(url)
    token = answer.context["token"]
    assert token in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert Device.objects.get(pk=device.pk).token_digest == digest(token)
    assert token not in client_for("duty").get(device.get_absolute_url()).content.decode()
    client_for("duty").post(url, {"action": "revoke"})
    assert Device.objects.get(pk=device.pk).token_digest is None


def test_a_form_registers_a_device(client_for: ClientFor, world: World) -> None:
    data = {
        "owner": world.plant.pk, "key": "oven-1", "name": "烘箱", "protocol": "mqtt", "period_s": 30,
        "lateness_ms": 0, "settings": "{}",
    }  # fmt: skip
    answer = client_for("safety").post(reverse("sensing:device_new"), data)
    assert answer.status_code == 302
    assert Device.objects.get(key="oven-1").period_s == 30


def test_an_enterprise_cannot_register_a_device_for_another(client_for: ClientFor, world: World) -> None:
    data = {
        "owner": world.other.pk,
        "key": "oven-1",
        "name": "烘箱",
        "protocol": "mqtt",
        "period_s": 30,
        "lateness_ms": 0,
    }
    answer = client_for("safety").post(reverse("sensing:device_new"), data)
    assert answer.status_code == 422
    assert not Device.objects.exists()


def test_the_service_refusal_stands_at_its_field(client_for: ClientFor, world: World) -> None:
    data = {
        "owner": world.plant.pk, "key": "hj-1", "name": "烟气", "protocol": "hj212", "period_s": 60, "lateness_ms": 0,
        "settings": "{}",
    }  # fmt: skip
    answer = client_for("safety").post(reverse("sensing:device_new"), data)
    assert answer.status_code == 422
    assert "source_address" in answer.context["form"].errors


def test_a_signal_takes_the_owner_of_its_device(client_for: ClientFor, device: Device) -> None:
    data = {
        "device": device.pk,
        "name": "p",
        "title": "出口压力",
        "quantity": "pressure",
        "unit": "MPa",
        "scale": 1,
        "offset": 0,
        "decimals": 2,
    }
    answer = client_for("safety").post(reverse("sensing:signal_new") + f"?device={device.pk}", data)
    assert answer.status_code == 302
    assert Signal.objects.get(name="p").owner_id == device.owner_id


def test_a_change_keeps_what_is_fixed(client_for: ClientFor, device: Device, world: World) -> None:
    data = {
        "name": "一号循环泵",
        "protocol": "mqtt",
        "period_s": 5,
        "lateness_ms": 0,
        "settings": "{}",
        "owner": world.other.pk,
    }
    assert client_for("safety").post(reverse("sensing:device_edit", args=[device.pk]), data).status_code == 302
    device.refresh_from_db()
    assert (device.name, device.owner_id, device.key) == ("一号循环泵", world.plant.pk, "pump-1")


def test_switching_off_asks_for_a_reason(client_for: ClientFor, device: Device) -> None:
    url = reverse("sensing:device_switch", args=[device.pk])
    assert client_for("safety").post(url, {"reason": ""}).status_code == 422
    assert client_for("safety").post(url, {"reason": "拆除"}).status_code == 302
    device.refresh_from_db()
    assert not device.is_enabled
