"""A full disk under the telemetry: said on every channel, and over without a hand once there is room."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import CHROMIUM, chromium, visiting
from tests.faults.publisher import Publisher
from tests.instance import Instance, patience, running

pytestmark = pytest.mark.faults

DEVICE, SIGNAL = "demo-jiahua-gas", "lel"
SIZE = 96 << 20
COUNT, BEFORE = 40_000, 4_000
TROUBLE = "遥测数据存不下来"


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A file system of its own, of a size that can be filled."""
    folder.mkdir(parents=True)
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "bian-test", str(folder)], capture_output=True)
    if made.returncode:
        pytest.skip("没有挂载文件系统的权限，跳过磁盘写满测试；请用 root 运行。")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


class Filler:
    """A file that takes all the room there is, and what is given back meanwhile, until it is removed."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "filler"
        self._stream = self._file.open("wb", buffering=0)

    def fill(self) -> None:
        """Take what room there is now."""
        for size in (1 << 20, 1 << 12, 1):
            with suppress(OSError):
                while self._stream.write(b"\0" * size) == size:
                    pass

    def remove(self) -> None:
        self._stream.close()
        self._file.unlink()


def problems(instance: Instance) -> str:
    return "".join(instance.health()["problems"])


async def fill_until_refused(instance: Instance, publisher: Publisher, filler: Filler) -> None:
    """Until the trouble stands for five looks together, during which nothing is acknowledged."""
    looks, count = 0, -1
    for _ in patience("the trouble"):
        filler.fill()
        text = await asyncio.to_thread(problems, instance)
        stands = TROUBLE in text and count == len(publisher.acknowledged)
        looks, count = looks + 1 if stands else 0, len(publisher.acknowledged)
        if looks == 5:
            return
    raise AssertionError("unreachable")


async def go_through(instance: Instance, publisher: Publisher, folder: Path) -> None:
    """Publish, fill the disk, free it, go on publishing to the end."""
    task = asyncio.create_task(publisher.run(asyncio.Event()))
    for _ in patience("the device"):
        await asyncio.sleep(0.01)
        if len(publisher.acknowledged) >= BEFORE:
            break
    filler = Filler(folder)
    await fill_until_refused(instance, publisher, filler)
    assert len(publisher.acknowledged) < COUNT
    await asyncio.to_thread(look_at_the_banner, instance, filler)
    await asyncio.wait_for(task, 180)


def look_at_the_banner(instance: Instance, filler: Filler) -> None:
    """The duty officer is told on the page he has open, and told no more once there is room: no reload."""
    if not CHROMIUM.exists():
        filler.remove()
        return
    with chromium() as browser, visiting(browser, instance, "zhiban") as officer:
        banner = officer.page.locator("[data-health]")
        expect(banner).to_contain_text(TROUBLE)
        filler.remove()
        expect(banner).to_be_hidden()
        officer.trouble.clear()  # the browser notes each 503 of /health


def test_a_full_disk_is_told_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    start = round(time.time() * 1000) - COUNT * 1000
    values = [1.0 + number / 1e6 for number in range(COUNT)]
    folder = tmp_path / "home" / "telemetry"
    with small_disk(folder), running(tmp_path / "home", "intake", "web") as instance:
        for _ in patience("a healthy platform"):
            if instance.health()["status"] == "ok":
                break
        publisher = Publisher(DEVICE, instance.token(DEVICE), instance.mqtt_port, SIGNAL, values, start, 1000)
        asyncio.run(go_through(instance, publisher, folder))

        assert instance.health() == {
            "status": "ok",
            "problems": [],
            "checks": dict.fromkeys(("database", "disk", "intake", "jobs"), "ok"),
        }
        signal = instance.script(
            "import json; from bianwang.modules.sensing.models import Signal;"
            f"print(json.dumps(Signal.objects.get(device__key='{DEVICE}', name='{SIGNAL}').pk))"
        )
        stored = instance.telemetry().series([signal], start, start + COUNT * 1000)
        assert len(publisher.acknowledged) == COUNT
        assert stored["time"].tolist() == [start + number * 1000 for number in range(COUNT)]
        assert stored["value"].tolist() == values
        assert os.path.ismount(folder)
