"""Cameras of the local network: who answers (WS-Discovery), where their streams are and what they see (ONVIF)."""

from __future__ import annotations

import asyncio
import socket
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bianwang.protocols import wsdiscovery
from bianwang.protocols.wsdiscovery import Match

WAIT_S = 4.0
EVERYBODY = (wsdiscovery.GROUP, wsdiscovery.PORT)
MOST = 500
"""Devices that are gathered: anybody on the network may answer for ever."""
_ONVIF_S = 10.0
_TTL = 1


class OnvifError(Exception):
    """A camera that does not tell what it was asked; the message is Chinese."""


@dataclass(frozen=True)
class Stream:
    """A profile of a camera: what it is called, the size of its picture, its RTSP address without user and password."""

    name: str
    width: int
    height: int
    address: str


def discover(
    wait_s: float = WAIT_S,
    target: tuple[str, int] = EVERYBODY,
    tell: Callable[[int], None] = lambda count: None,
) -> list[Match]:
    """Ask the network and gather who answers within some seconds; `tell(devices so far)` as it goes on.

    Raises OSError where there is no network.
    """
    found: dict[str, Match] = {}
    question = wsdiscovery.probe(str(uuid.uuid4()))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, _TTL)
        # Twice, as the standard has it: a datagram may get lost.
        for _ in range(2):
            door.sendto(question, target)
            _gather(door, found, time.monotonic() + wait_s / 2, tell)
    return sorted(found.values(), key=lambda match: match.addresses)


def _gather(door: socket.socket, found: dict[str, Match], until: float, tell: Callable[[int], None]) -> None:
    while (left := until - time.monotonic()) > 0 and len(found) < MOST:
        door.settimeout(left)
        try:
            answer = door.recv(wsdiscovery.LARGEST)
        except TimeoutError:
            return
        fresh = {match.endpoint: match for match in wsdiscovery.matches(answer) if match.endpoint not in found}
        if fresh:
            found |= fresh
            tell(len(found))


async def streams(address: str, user: str, password: str) -> list[Stream]:
    """The streams of the camera behind a device service, the largest first. Raises OnvifError."""
    async with _asked(address, user, password, "没有给出码流地址") as camera:
        return [stream for stream, _ in await _profiles(camera)]


async def snapshot(address: str, user: str, password: str) -> bytes:
    """A JPEG of what the camera sees now, from its largest stream. Raises OnvifError."""
    async with _asked(address, user, password, "没有给出快照") as camera:
        _, token = (await _profiles(camera))[0]
        picture: bytes | None = await camera.get_snapshot(token)
        if not picture:
            raise OnvifError("没有快照功能，可以登记码流地址后在平台看画面")
        return picture


@asynccontextmanager
async def _asked(address: str, user: str, password: str, failure: str) -> AsyncIterator[Any]:
    """The camera behind a device service, for some seconds; what goes wrong with it is one sentence."""
    from onvif import ONVIFCamera

    parts = urlsplit(address)
    camera = ONVIFCamera(parts.hostname, parts.port or 80, user, password, adjust_time=True)
    try:
        async with asyncio.timeout(_ONVIF_S):
            await camera.update_xaddrs()
            yield camera
    except OnvifError:
        raise
    except TimeoutError:
        raise OnvifError("超时没有响应") from None
    except Exception as error:  # zeep and aiohttp raise dozens of kinds that share no base
        raise OnvifError(f"{failure}，请检查用户名和密码，或摄像机是否开启 ONVIF") from error
    finally:
        await camera.close()


async def _profiles(camera: Any) -> list[tuple[Stream, str]]:
    """Streams with the tokens of their profiles, the largest first."""
    media = await camera.create_media_service()
    wanted = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
    found = []
    for profile in await media.GetProfiles():
        answer = await media.GetStreamUri({"StreamSetup": wanted, "ProfileToken": profile.token})
        encoder = profile.VideoEncoderConfiguration
        size = encoder.Resolution if encoder else None
        width, height = (int(size.Width), int(size.Height)) if size else (0, 0)
        found.append((Stream(str(profile.Name), width, height, str(answer.Uri)), str(profile.token)))
    return sorted(found, key=lambda row: -row[0].width * row[0].height)
