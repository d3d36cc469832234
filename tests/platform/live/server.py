"""A real web server beside the test, and a reader of its event stream."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection

import orjson

from bianwang.platform.clock import now_ms
from tests.platform.processes import process, wait_until


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@contextmanager
def server() -> Iterator[int]:
    """`bian web` without the background loop, on a free port; the test seals the ledger itself."""
    port = free_port()
    env = {"BIAN_WEB_PORT": str(port), "BIAN_WEB_HOST": "127.0.0.1"}
    with process("-m", "bianwang.processes.cli", "web", "--no-loop", env=env) as child:

        def answers():
            assert child.poll() is None, "the web process has ended"
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
            except OSError:
                return False
            return True

        wait_until(answers)
        yield port


def login(client_for, who):
    """The session cookie of somebody who has logged in."""
    client = client_for(who)
    session = client.session
    session["started"] = session["active"] = now_ms()
    session.save()
    return client.cookies["sessionid"].value


@dataclass
class Stream:
    """One connection to the stream; `events` are what came, `last` the Last-Event-ID as a browser keeps it."""

    port: int
    cookie: str
    last: str = ""
    query: str = ""
    events: list[dict] = field(default_factory=list)
    named: list[tuple[str, str]] = field(default_factory=list)
    connection: HTTPConnection | None = None

    def open(self) -> int:
        """Connect; the HTTP status."""
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": f"sessionid={self.cookie}", "Accept": "text/event-stream"}
        if self.last:
            headers["Last-Event-ID"] = self.last
        self.connection.request("GET", f"/live/stream{self.query}", headers=headers)
        self.response = self.connection.getresponse()
        return self.response.status

    def begun(self) -> Stream:
        """Wait until the server has taken the listener in: its first line is the reconnection time."""
        assert self.open() == 200
        assert self.response.readline().startswith(b"retry:")
        self.response.readline()
        return self

    def read(self, count: int) -> None:
        """Read until `count` more events have come."""
        wanted = len(self.events) + count
        while len(self.events) < wanted:
            assert self.block(), "the stream ended"

    def block(self) -> bool:
        """Read one block up to its empty line, as a browser does; False at the end of the stream."""
        name, data, identity = "", "", ""
        while line := self.response.readline().decode():
            if line == "\n":
                self.last = identity or self.last
                if data and name:
                    self.named.append((name, data))
                elif data:
                    self.events.append(orjson.loads(data))
                return True
            key, _, value = line.rstrip("\n").partition(": ")
            name, data, identity = (
                (value, data, identity) if key == "event"
                else (name, value, identity) if key == "data"
                else (name, data, value) if key == "id"
                else (name, data, identity)
            )  # fmt: skip
        return False

    def close(self) -> None:
        if self.connection:
            self.response.close()
            self.connection.close()

    def seqs(self) -> list[int]:
        return [event["seq"] for event in self.events]
