"""Looking for cameras: a device that answers a probe and tells its streams."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from bianwang.modules.sensing import discovery
from bianwang.modules.sensing.discovery import OnvifError, Stream
from tests.protocols.test_wsdiscovery import ANSWER

ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl"'
    ' xmlns:tt="http://www.onvif.org/ver10/schema"><s:Body>{}</s:Body></s:Envelope>'
)
PROFILE = (
    '<trt:Profiles token="{name}" fixed="true"><tt:Name>{name}</tt:Name><tt:VideoEncoderConfiguration token="e{name}">'
    "<tt:Name>e</tt:Name><tt:UseCount>1</tt:UseCount><tt:Encoding>H264</tt:Encoding><tt:Resolution>"
    "<tt:Width>{width}</tt:Width><tt:Height>{height}</tt:Height></tt:Resolution><tt:Quality>4</tt:Quality>"
    "<tt:Multicast><tt:Address><tt:Type>IPv4</tt:Type></tt:Address><tt:Port>0</tt:Port><tt:TTL>1</tt:TTL>"
    "<tt:AutoStart>false</tt:AutoStart></tt:Multicast><tt:SessionTimeout>PT60S</tt:SessionTimeout>"
    "</tt:VideoEncoderConfiguration></trt:Profiles>"
)


PICTURE = b"\xff\xd8\xff\xe0 a picture \xff\xd9"


class Device(asyncio.DatagramProtocol):
    """Answers probes over UDP and ONVIF requests over HTTP."""

    port = 0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, address: Any) -> None:
        if b"NetworkVideoTransmitter" in data:
            self.transport.sendto(b"noise", address)
            told = ANSWER.replace("192.168.1.64/onvif", f"127.0.0.1:{self.port}/onvif")
            self.transport.sendto(told.encode(), address)

    async def answer(self, request: web.Request) -> web.Response:
        asked = await request.text()
        body = self._date() if "GetSystemDateAndTime" in asked else self._told(asked)
        if "GetSystemDateAndTime" not in asked and "Username>admin<" not in asked:
            return web.Response(status=401)
        return web.Response(text=ENVELOPE.format(body), content_type="application/soap+xml")

    async def picture(self, request: web.Request) -> web.Response:
        return web.Response(body=PICTURE, content_type="image/jpeg")

    def _told(self, asked: str) -> str:
        if "GetServices" in asked:
            address = f"http://127.0.0.1:{self.port}/onvif/media"
            return (
                "<tds:GetServicesResponse><tds:Service><tds:Namespace>http://www.onvif.org/ver10/media/wsdl"
                f"</tds:Namespace><tds:XAddr>{address}</tds:XAddr><tds:Version><tt:Major>2</tt:Major>"
                "<tt:Minor>0</tt:Minor></tds:Version></tds:Service></tds:GetServicesResponse>"
            )
        if "GetProfiles" in asked:
            sizes = (("sub", 640, 360), ("main", 1920, 1080))
            rows = "".join(PROFILE.format(name=name, width=width, height=height) for name, width, height in sizes)
            return f"<trt:GetProfilesResponse>{rows}</trt:GetProfilesResponse>"
        name = "main" if ">main<" in asked else "sub"
        if "GetSnapshotUri" in asked:
            return (
                f"<trt:GetSnapshotUriResponse><trt:MediaUri><tt:Uri>http://127.0.0.1:{self.port}/{name}.jpg</tt:Uri>"
                "<tt:InvalidAfterConnect>false</tt:InvalidAfterConnect><tt:InvalidAfterReboot>false"
                "</tt:InvalidAfterReboot><tt:Timeout>PT0S</tt:Timeout></trt:MediaUri></trt:GetSnapshotUriResponse>"
            )
        return (
            f"<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>rtsp://127.0.0.1:554/{name}</tt:Uri>"
            "<tt:InvalidAfterConnect>false</tt:InvalidAfterConnect><tt:InvalidAfterReboot>false</tt:InvalidAfterReboot>"
            "<tt:Timeout>PT0S</tt:Timeout></trt:MediaUri></trt:GetStreamUriResponse>"
        )

    def _date(self) -> str:
        now = datetime.now(UTC)
        return (
            "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>"
            "<tt:DaylightSavings>false</tt:DaylightSavings><tt:UTCDateTime>"
            f"<tt:Time><tt:Hour>{now.hour}</tt:Hour><tt:Minute>{now.minute}</tt:Minute><tt:Second>{now.second}</tt:Second>"
            f"</tt:Time><tt:Date><tt:Year>{now.year}</tt:Year><tt:Month>{now.month}</tt:Month><tt:Day>{now.day}</tt:Day>"
            "</tt:Date></tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
        )


@asynccontextmanager
async def camera() -> AsyncIterator[tuple[str, int]]:
    """A camera on this machine; where it listens for probes."""
    device = Device()
    site = web.Application()
    site.router.add_post("/onvif/{service}", device.answer)
    site.router.add_get("/main.jpg", device.picture)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    device.port = runner.addresses[0][1]
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: device, local_addr=("127.0.0.1", 0))
    try:
        yield transport.get_extra_info("sockname")
    finally:
        transport.close()
        await runner.cleanup()


async def test_a_camera_is_found_once_and_tells_its_streams_to_who_knows_the_password() -> None:
    async with camera() as address:
        found = await asyncio.to_thread(discovery.discover, 0.2, address)
        assert [match.name for match in found] == ["北门"]
        streams = await discovery.streams(found[0].addresses[0], "admin", "secret")
        assert streams == [
            Stream("main", 1920, 1080, "rtsp://127.0.0.1:554/main"),
            Stream("sub", 640, 360, "rtsp://127.0.0.1:554/sub"),
        ]


async def test_a_camera_shows_what_it_sees_in_its_largest_stream() -> None:
    async with camera() as address:
        found = await asyncio.to_thread(discovery.discover, 0.2, address)
        assert await discovery.snapshot(found[0].addresses[0], "admin", "secret") == PICTURE
        with pytest.raises(OnvifError, match="没有给出快照，请检查用户名和密码"):
            await discovery.snapshot(found[0].addresses[0], "guest", "")


async def test_a_camera_that_refuses_is_one_sentence() -> None:
    async with camera() as address:
        found = await asyncio.to_thread(discovery.discover, 0.2, address)
        with pytest.raises(OnvifError, match="用户名和密码"):
            await discovery.streams(found[0].addresses[0], "guest", "")
