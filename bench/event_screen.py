"""One event that many watch: `python -m bench.event_screen [viewers] [seconds]`.

Starts one `bian web` on an empty instance with a fire that has four days of notes. Every viewer asks for the live part
of the event's page as the page does: once a minute, and one to three seconds after each note, of which one comes every
ten seconds. Prints JSON lines: requests a second needed and reached, p95 of both kinds, memory of the process.
"""

from __future__ import annotations

import asyncio
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta
from typing import Any

import psutil

from bench.report import emit

VIEWERS = int(sys.argv[1]) if len(sys.argv) > 1 else 200
SECONDS = int(sys.argv[2]) if len(sys.argv) > 2 else 40
NOTE_EVERY = 10.0
IDLE_EVERY = 60.0
PAUSE, SPREAD = 1.0, 2.0
"""As `record.js` waits."""
NOTES = 96


def main() -> None:
    """Run it all and print the figures."""
    with tempfile.TemporaryDirectory(prefix="bian-bench-") as folder:
        os.environ.update({"BIAN_MODE": "test", "BIAN_HOME": folder})
        _run()


def _run() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    os.environ["BIAN_WEB_PORT"] = str(port)
    subprocess.run([sys.executable, "-m", "bianwang.processes.cli", "migrate"], check=True, capture_output=True)
    user, event, cookie = _instance()
    web = subprocess.Popen([sys.executable, "-m", "bianwang.processes.cli", "web", "--no-loop"])
    try:
        changed, same, needed = asyncio.run(_measure(port, cookie, user, event))
        memory = psutil.Process(web.pid).memory_info().rss
    finally:
        web.terminate()
        web.wait()
    about = {"viewers": VIEWERS, "seconds": SECONDS, "notes_every_s": NOTE_EVERY}
    emit("event_screen", "requests needed", needed / SECONDS, "1/s", **about)
    emit("event_screen", "requests answered", (len(changed) + len(same)) / SECONDS, "1/s", **about)
    for times, name in ((changed, "changed, 200"), (same, "nothing changed, 304")):
        if times:
            times.sort()
            emit(
                "event_screen", f"{name}: p95", 1000 * times[int(len(times) * 0.95)], "ms", requests=len(times), **about
            )
    emit("event_screen", "memory of the web process", memory / 1e6, "MB", **about)


def _instance() -> tuple[Any, Any, str]:
    """A duty officer, a fire with its notes, and a session cookie."""
    from bianwang.processes.bootstrap import ready

    ready()
    from bench.live import _instance as instance
    from bianwang.modules.emergency import services
    from bianwang.platform.accounts.models import User
    from bianwang.platform.clock import now
    from bianwang.platform.packs import path
    from bianwang.platform.places.models import Territory
    from bianwang.platform.workflow.services import load_limits

    _, cookie = instance()
    user = User.objects.get()
    load_limits(path("limits.yaml"))
    district = Territory.objects.create(kind=Territory.Kind.DISTRICT, code="500120", name="璧山区", path="/500120/")
    told = now() - timedelta(days=4)
    fire = {
        "name": "8·23 森林火灾", "kind": "forest_fire", "subtype": "forest", "source": "phone", "territory": district,
        "place": "北坡", "happened_at": told, "received_at": told,
    }  # fmt: skip
    event = services.register(user, fire)
    for hour in range(NOTES):
        services.add_note(
            user, event, "situation", f"第 {hour} 小时：火线稳定", happened_at=told + timedelta(hours=hour)
        )
    return user, event, cookie


async def _measure(port: int, cookie: str, user: Any, event: Any) -> tuple[list[float], list[float], int]:
    from bench.live import _listening

    changed: list[float] = []
    same: list[float] = []
    await _listening(port)
    # The first request loads the code; nobody waits for that on a running instance.
    await _ask(port, f"/emergency/{event.pk}/live/", cookie, "")
    begun = time.perf_counter()
    noted = [number * NOTE_EVERY for number in range(1, round(SECONDS / NOTE_EVERY))]
    wanted = 0

    async def view(number: int) -> None:
        nonlocal wanted
        dice = random.Random(number)
        moments = [at + PAUSE + dice.random() * SPREAD for at in noted]
        moments += [dice.random() * min(IDLE_EVERY, SECONDS)]
        wanted += len(moments)
        tag = ""
        for at in sorted(moments):
            await asyncio.sleep(max(0.0, begun + at - time.perf_counter()))
            start = time.perf_counter()
            status, tag = await _ask(port, f"/emergency/{event.pk}/live/", cookie, tag)
            if status not in (200, 304):
                raise SystemExit(f"answered {status}")
            (changed if status == 200 else same).append(time.perf_counter() - start)

    writer = threading.Thread(target=_write, args=(user, event, noted, begun))
    writer.start()
    await asyncio.gather(*[view(number) for number in range(VIEWERS)])
    writer.join()
    return changed, same, wanted


def _write(user: Any, event: Any, noted: list[float], begun: float) -> None:
    from bianwang.modules.emergency import services

    for number, at in enumerate(noted):
        time.sleep(max(0.0, begun + at - time.perf_counter()))
        services.add_note(user, event, "situation", f"新记录 {number}")


async def _ask(port: int, url: str, cookie: str, tag: str) -> tuple[int, str]:
    """One request on a connection of its own: the server closes one that rests for some seconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    known = f"If-None-Match: {tag}\r\n" if tag else ""
    writer.write(f"GET {url} HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid={cookie}\r\n{known}\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
    if fields.get("transfer-encoding") == "chunked":
        while (size := int((await reader.readline()).strip(), 16)) > 0:
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        await reader.readexactly(int(fields.get("content-length", "0")))
    writer.close()
    return int(head[0].split()[1]), fields["etag"]


if __name__ == "__main__":
    main()
