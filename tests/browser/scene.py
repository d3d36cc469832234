"""A busy morning in the demo district, to look at: plants running into trouble, hazards in every state."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import msgspec
from gmqtt.storage import PersistentStorage

from bianwang.processes.simulator.feed import TOPIC, Feeder, Incident, connect, load
from tests.instance import Instance

OFFICE = Path(__file__).with_name("office.py")
HISTORY_S = 900

# Device: incidents as [name, first after s, seconds]; the scene opens `HISTORY_S` after the plants started.
TROUBLE = {
    "demo-jiahua-gas": ("leak", 870, 900),
    "demo-lvdao-pit": ("entry_without_ventilation", 560, 1200),
    "demo-anran-gas": ("small_leak", 760, 1200),
    "demo-hengtong-pump": ("valve_closing", 700, 900),
    "demo-shunda-spray": ("fan_stop", 420, 300),
    "demo-ruifeng-furnace": ("runaway", 820, 600),
    "demo-nongyuan-pump": ("cavitation", 300, 200),
}


@contextmanager
def morning(instance: Instance) -> Iterator[None]:
    """Send what the plants did in the last quarter of an hour, wait for its alarms, and let them go on running."""
    told, stop = threading.Event(), threading.Event()
    with ThreadPoolExecutor(1) as thread:
        plants = thread.submit(asyncio.run, _run(instance, told, stop))
        plants.add_done_callback(lambda _: told.set())
        told.wait()
        try:
            instance.wait_judged(instance.telemetry())
            instance.script(OFFICE.read_text("utf-8"))
            yield
        finally:
            stop.set()
        plants.result()


async def _run(instance: Instance, told: threading.Event, stop: threading.Event) -> None:
    feeders = []
    for device in load(instance.home / "demo" / "devices.json"):
        incidents = (Incident(*TROUBLE[device.key], 1e9),) if device.key in TROUBLE else ()
        unacknowledged = PersistentStorage()
        client = await connect(device.key, device.token, "127.0.0.1", instance.mqtt_port, unacknowledged)
        feeder = Feeder(msgspec.structs.replace(device, incidents=incidents), client)
        client.publish(TOPIC, _history(feeder), qos=1)
        await unacknowledged.wait_empty()
        feeders.append(feeder)
    told.set()
    running = [asyncio.create_task(feeder.run()) for feeder in feeders]
    await asyncio.to_thread(stop.wait)
    for task in running:
        task.cancel()


def _history(feeder: Feeder) -> bytes:
    period = feeder.device.period_s
    count = round(HISTORY_S / period)
    end = time.time_ns() // 1_000_000
    rows = []
    for _ in range(count):
        feeder.begin_due()
        rows.append(feeder.plant.step(period))
    times = [end - round((count - number) * period * 1000) for number in range(count)]
    return msgspec.json.encode({"ts": times, "values": {name: [row[name] for row in rows] for name in rows[0]}})
