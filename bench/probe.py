"""A device whose alarms are timed: it drives signals over their limit, a client of the live stream waits for them."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

import orjson

from bench.fleet import PROBE, PROBE_LIMIT, PROBE_SIGNALS
from bianwang.protocols import mqtt

PAUSE_S = 0.1
"""Between two alarms."""
STARTED = f"""
import json
from bianwang.modules.alarms.models import Alarm
rows = Alarm.objects.filter(signal__device__key="{PROBE}").order_by().values_list("pk", "signal__name", "started_ms")
print(json.dumps([[str(pk), name, at] for pk, name, at in rows]))
"""
"""Script for the instance: (alarm, signal, start) of the probe's alarms."""


@dataclass
class Seen:
    """Moments (`time.monotonic`): of publishing by (signal, time), of the raising line by alarm."""

    published: dict[tuple[str, int], float] = field(default_factory=dict)
    arrived: dict[str, float] = field(default_factory=dict)


async def alarms(mqtt_port: int, web_port: int, cookie: str, seconds: float) -> Seen:
    """Raise an alarm every 100 ms for some seconds; returns when all have arrived, or 20 s later."""
    seen = Seen()
    stream, out = await asyncio.open_connection("127.0.0.1", web_port)
    request = f"GET /live/stream?verbs=alarms. HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid={cookie}\r\n\r\n"
    out.write(request.encode())
    await stream.readuntil(b"retry:")
    device, publisher = await asyncio.open_connection("127.0.0.1", mqtt_port)
    publisher.write(mqtt.encode(mqtt.Connect(PROBE, username=PROBE)))
    await device.readexactly(4)
    listening = asyncio.create_task(_listen(stream, seen))
    try:
        await _raise(publisher, device, seen, int(seconds / PAUSE_S))
        for _ in range(200):
            if len(seen.arrived) >= len(seen.published):
                break
            await asyncio.sleep(0.1)
    finally:
        listening.cancel()
        out.close()
        publisher.close()
    return seen


async def _raise(writer: asyncio.StreamWriter, reader: asyncio.StreamReader, seen: Seen, count: int) -> None:
    """Each turn one signal goes above its limit, and back half of a round later."""
    begin = time.monotonic()
    for turn in range(count):
        await asyncio.sleep(max(0.0, begin + turn * PAUSE_S - time.monotonic()))
        at = time.time_ns() // 1_000_000
        above, below = f"p{turn % PROBE_SIGNALS}", f"p{(turn + PROBE_SIGNALS // 2) % PROBE_SIGNALS}"
        values = {above: PROBE_LIMIT + 10, below: PROBE_LIMIT - 10}
        body = orjson.dumps({"ts": at, "values": values})
        seen.published[above, at] = time.monotonic()
        writer.write(mqtt.encode(mqtt.Publish("bianwang/v1/telemetry", body, 1, turn % 65_535 + 1)))
        await reader.readexactly(4)


async def _listen(stream: asyncio.StreamReader, seen: Seen) -> None:
    while line := await stream.readline():
        if line.startswith(b"data: "):
            event = orjson.loads(line[6:])
            if event.get("verb") == "alarms.raise":
                seen.arrived.setdefault(str(event["object_id"]), time.monotonic())
