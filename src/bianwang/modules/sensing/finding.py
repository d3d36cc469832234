"""What a search found on the network: each device, and whether a camera of it is registered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import msgspec
from django.db.models import Q

from bianwang.modules.sensing.models import Camera, CameraSearch
from bianwang.platform import access
from bianwang.protocols.wsdiscovery import Match


class Found(msgspec.Struct, frozen=True):
    """A device that answered: the host of its first address, and what it calls itself."""

    host: str
    name: str = ""
    maker: str = ""
    model: str = ""

    @property
    def title(self) -> str:
        """A name for the register: what it is called, else its model."""
        return f"{self.name or self.model or '摄像机'} {self.host}"[:60]

    @property
    def stream(self) -> str:
        """The beginning of its address; path, user and password are not told."""
        return f"rtsp://{f'[{self.host}]' if ':' in self.host else self.host}:554/"


class Known(msgspec.Struct, frozen=True):
    """A device and its camera in the register; `is_visible` to who asks."""

    found: Found
    camera: Camera | None
    is_visible: bool = False


def from_matches(matches: Iterable[Match]) -> list[Found]:
    """Devices by host; IPv4 goes before what only the next hop can reach."""
    hosts: dict[str, Found] = {}
    for match in matches:
        known = sorted(filter(None, map(host_of, match.addresses)), key=lambda host: ":" in host)
        if known:
            found = Found(known[0], match.name[:100], match.manufacturer[:100], match.hardware[:100])
            hosts.setdefault(found.host, found)
    return list(hosts.values())


def read(search: CameraSearch) -> list[Found]:
    """What a search found."""
    return msgspec.json.decode(search.found, type=list[Found])


def known(user: Any, search: CameraSearch) -> list[Known]:
    """What a search found, each with its camera where one is registered, whoever owns it: nobody enters it twice."""
    rows = Camera.objects.filter(~Q(stream="") | ~Q(substream="")).order_by("pk")
    cameras = {host_of(address): row for row in rows for address in (row.stream, row.substream) if address}
    seen = set(access.visible(user, Camera, "sensing.view").values_list("pk", flat=True))
    paired = [(found, cameras.get(found.host)) for found in read(search)]
    return [Known(found, camera, camera is not None and camera.pk in seen) for found, camera in paired]


def host_of(address: str) -> str:
    """The host of an address; empty for what is none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
