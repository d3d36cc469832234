"""Looking for cameras from a page: asked for, found by the job, registered from what was found."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import Client
from django.urls import reverse

from bianwang.modules.sensing import services
from bianwang.modules.sensing.models import Camera, CameraSearch
from bianwang.platform.ledger.models import Entry
from tests.people import ClientFor, World
from tests.protocols.test_wsdiscovery import ANSWER

pytestmark = pytest.mark.django_db

_TYPE, _MAKER = "onvif://www.onvif.org/type", "onvif://www.onvif.org/manufacturer/Uniview"
TWO = ("192.168.1.64", "192.168.1.65")


@contextmanager
def devices(*hosts: str) -> Iterator[tuple[str, int]]:
    """Devices of these addresses on one port of this machine; where it listens for the probe."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(("127.0.0.1", 0))
        door.settimeout(60)

        def answer() -> None:
            _, asker = door.recvfrom(65_507)
            door.sendto(b"noise", asker)
            for host in hosts:
                told = (
                    ANSWER.replace("192.168.1.64", host)
                    .replace("bcbac2a1b2c3", f"{host}")
                    .replace(
                        "onvif://www.onvif.org/type",
                        "onvif://www.onvif.org/manufacturer/Uniview onvif://www.onvif.org/type",
                    )
                )
                door.sendto(told.encode(), asker)

        thread = threading.Thread(target=answer)
        thread.start()
        yield door.getsockname()
        thread.join()


def found(hosts: tuple[str, ...]) -> None:
    """Look once, on a network of these devices."""
    with devices(*hosts) as address:
        services.search_waiting(0.4, address)


def asked(client: Client) -> str:
    """Ask; the address of the search."""
    return str(client.post(reverse("sensing:search_new")).headers["Location"])


def test_what_answers_is_listed_and_opens_the_form_filled_in(world: World, client_for: ClientFor) -> None:
    client = client_for("duty")
    Camera.objects.create(owner=world.plant, name="北门球机", stream="rtsp://a:b@192.168.1.65:554/1")
    url = asked(client)
    waiting = client.get(url).content.decode()
    assert "等待查找" in waiting
    assert 'hx-trigger="every 1s"' in waiting
    assert asked(client) == url, "one at a time"
    found(TWO)
    page = client.get(url, headers={"HX-Request": "true", "HX-Target": "search"}).content.decode()
    assert "hx-trigger" not in page
    for word in ("192.168.1.64", "北门", "Uniview", "DS-2CD", "已登记：北门球机"):
        assert word in page
    assert page.count("?search=") == 1, "only what is not registered"
    link = reverse("sensing:camera_new") + f"?search={url.rstrip('/').rpartition('/')[2]}&device=0"
    form = client.get(link).content.decode()
    assert 'value="北门 192.168.1.64"' in form
    assert 'value="rtsp://192.168.1.64:554/"' in form
    assert "补上用户名、密码" in form
    given = {"owner": world.plant.pk, "name": "北门", "stream": "rtsp://a:b@192.168.1.64:554/1", "sample_fps": "2"}
    assert client.post(link, given).status_code == 302
    assert "?search=" not in client.get(url).content.decode()
    assert list(
        Entry.objects.filter(verb__startswith="sensing.search").order_by("pk").values_list("verb", flat=True)
    ) == [
        "sensing.search",
        "sensing.searched",
    ]


def test_a_camera_of_another_unit_is_known_but_not_named(world: World, client_for: ClientFor) -> None:
    Camera.objects.create(owner=world.plant, name="北门球机", stream="rtsp://a:b@192.168.1.65:554/1")
    client = client_for("safety2")
    url = asked(client)
    found(TWO)
    page = client.get(url).content.decode()
    assert "已由其他单位登记" in page
    assert "北门球机" not in page
    assert client_for("safety").get(url).status_code == 404


def test_nobody_answers_a_network_fails_a_process_dies(world: World, client_for: ClientFor) -> None:
    client = client_for("duty")
    url = asked(client)
    found(())
    empty = client.get(url).content.decode()
    assert all(word in empty for word in ("没有设备应答", "同一网段", "开启 ONVIF", "组播"))

    url = asked(client)
    # Nobody may send to a whole network who has not asked the system for it.
    services.search_waiting(0.1, ("255.255.255.255", 9))
    assert "没有连到可以查找的网络" in client.get(url).content.decode()
    url = asked(client)
    CameraSearch.objects.filter(state="waiting").update(state="running")
    services.search_waiting()
    assert "查找中断" in client.get(url).content.decode()
