"""ClickHouse's HTTP interface in front of the embedded engine, in a process of its own.

No ClickHouse server can be had here. What a server would be asked goes over a real socket by the real client, and the
real engine answers; only this thin surface (query, insert, error) is ours. Run: python -m tests.telemetry.http_server
FOLDER; prints the port.
"""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import clickhouse_connect
from clickhouse_connect.driver.exceptions import DatabaseError

OWN = {"query", "database", "wait_end_of_query", "client_protocol_version", "enable_http_compression", "query_id"}
"""Parameters of the transport; the others are settings of the query."""
LOSE = "lose-the-next-answer"
"""While a file of this name is in the folder: readings are stored, and the connection breaks before that is said."""
INSERT = re.compile(rb"INSERT INTO `?(\w+)`? ?\(([^)]*)\)\s*FORMAT Native\s?", re.ASCII)


class Handler(BaseHTTPRequestHandler):
    """One request: a query in the body, that of an insert with its data behind it."""

    protocol_version = "HTTP/1.1"
    folder: str
    clients = threading.local()

    def do_POST(self) -> None:
        given = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        settings = {name: value for name, value in given.items() if name not in OWN}
        try:
            self._send(200, self._run(given, body, settings))
        except ConnectionAbortedError:
            self.close_connection = True
        except DatabaseError as error:
            self._send(500, str(error).encode(), ("X-ClickHouse-Exception-Code", str(error.code or 1)))

    do_GET = do_POST

    def _run(self, given: dict[str, str], body: bytes, settings: dict[str, str]) -> bytes:
        client = self._client(given.get("database", "default"))
        if found := INSERT.match(body):
            table, names = found[1].decode(), re.findall(r"\w+", found[2].decode())
            client.raw_insert(table, names, body[found.end() :], settings=settings, fmt="Native")
            if table == "readings" and (Path(self.folder) / LOSE).exists():
                (Path(self.folder) / LOSE).unlink()
                raise ConnectionAbortedError
            return b""
        return client.raw_query(given.get("query", "") or body.decode(), settings=settings, fmt="")

    def _client(self, database: str):
        """One connection to the engine for each connection of a client."""
        if not hasattr(self.clients, "one"):
            self.clients.one = clickhouse_connect.get_client(dsn=f"chdb:///{self.folder}")
        self.clients.one.database = database
        return self.clients.one

    def _send(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in (*headers, ("X-ClickHouse-Summary", "{}"), ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Quiet."""


@contextmanager
def running(folder: Path) -> Iterator[int]:
    """A server whose engine keeps its data in the folder; yields its port."""
    command = [sys.executable, "-m", __name__, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as process:
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


if __name__ == "__main__":
    Handler.folder = sys.argv[1]
    kept = clickhouse_connect.get_client(dsn=f"chdb:///{sys.argv[1]}")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
