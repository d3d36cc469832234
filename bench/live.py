"""From a row in the ledger to the line in many clients: `python -m bench.live [clients] [events]`.

Starts `bian web` on an empty instance, connects clients to the live stream, writes and seals entries, and prints
JSON lines: delay from the writing of an entry to its arrival in each client, and the server's memory.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

import psutil

from bench.report import emit

CLIENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 200
EVENTS = int(sys.argv[2]) if len(sys.argv) > 2 else 400
RATE = 40
"""Entries a second."""


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
    subject, cookie = _instance()
    web = subprocess.Popen([sys.executable, "-m", "bianwang.processes.cli", "web", "--no-loop"])
    try:
        delays, joined = asyncio.run(_measure(port, cookie, subject))
        memory = psutil.Process(web.pid).memory_info().rss
    finally:
        web.terminate()
        web.wait()
    if len(delays) != CLIENTS * EVENTS:
        raise SystemExit(f"events lost: {len(delays)} of {CLIENTS * EVENTS} arrived")
    delays.sort()
    about = {"clients": CLIENTS, "events": EVENTS, "events_per_second": RATE}
    for share, name in ((0.5, "p50"), (0.99, "p99")):
        emit("live", f"ledger to stream: {name}", 1000 * delays[int(len(delays) * share)], "ms", **about)
    emit("live", "all clients connected", joined, "s", **about)
    emit("live", "memory of the web process", memory / 1e6, "MB", **about)


def _instance() -> tuple[object, str]:
    """An organisation to write about, and the session cookie of its duty officer."""
    from bianwang.processes.bootstrap import ready

    ready()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from bianwang.platform import roles
    from bianwang.platform.accounts.models import Post, User
    from bianwang.platform.accounts.sessions import BACKEND
    from bianwang.platform.clock import now, now_ms
    from bianwang.platform.places.models import Organisation

    bureau = Organisation.objects.create(code="bureau", name="区应急管理局", level="bureau")
    user = User.objects.create(
        username="duty", name="值班", password="!", password_changed_at=now(), must_change_password=False
    )
    Post.objects.create(user=user, role=roles.DUTY, party=bureau)
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["started"] = session["active"] = now_ms()
    session.create()
    return bureau, session.session_key


def _write(subject: object, sent: dict[int, float]) -> None:
    """Entries at an even rate, each sealed within 100 ms as the loop does it."""
    from bianwang.platform.ledger.chain import seal
    from bianwang.platform.ledger.models import Entry
    from bianwang.platform.ledger.services import draft

    batch = RATE // 10
    for start in range(0, EVENTS, batch):
        begun = time.perf_counter()
        for seq in range(start + 1, start + batch + 1):
            sent[seq] = time.perf_counter()
        Entry.objects.bulk_create(draft("places.change", subject, owner=subject.pk) for _ in range(batch))
        time.sleep(max(0.0, 0.1 - (time.perf_counter() - begun)))
        seal()


async def _measure(port: int, cookie: str, subject: object) -> tuple[list[float], float]:
    sent: dict[int, float] = {}
    delays: list[float] = []
    readers = []
    await _listening(port)
    begun = time.perf_counter()
    for _ in range(CLIENTS):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        request = f"GET /live/stream HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid={cookie}\r\n\r\n"
        writer.write(request.encode())
        readers.append((reader, writer))
    for reader, _ in readers:
        await reader.readuntil(b"retry:")
    joined = time.perf_counter() - begun

    async def listen(reader: asyncio.StreamReader) -> None:
        seen = 0
        while seen < EVENTS:
            line = await reader.readline()
            if line.startswith(b"id: "):
                delays.append(time.perf_counter() - sent[int(line[4:])])
                seen += 1

    listening = [asyncio.create_task(listen(reader)) for reader, _ in readers]
    producer = threading.Thread(target=_write, args=(subject, sent))
    producer.start()
    await asyncio.wait_for(asyncio.gather(*listening), 300)
    producer.join()
    for _, writer in readers:
        writer.close()
    return delays, joined


async def _listening(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return


if __name__ == "__main__":
    main()
