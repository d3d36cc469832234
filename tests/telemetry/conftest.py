"""A store in a folder of its own, and a server to put one on."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import clickhouse_connect
import pytest

from bianwang.telemetry.store import TelemetryStore
from tests.telemetry.http_server import running


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TelemetryStore]:
    opened = TelemetryStore(tmp_path / "telemetry")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def server_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server keeps its data."""
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="session")
def new_address(server_folder: Path) -> Iterator[Callable[[], str]]:
    """Makes the address of a new, empty database on a server."""
    numbers = itertools.count()
    with running(server_folder) as port:

        def new() -> str:
            name = f"d{next(numbers)}"
            client = clickhouse_connect.get_client(host="127.0.0.1", port=port, autogenerate_session_id=False)
            client.command(f"CREATE DATABASE {name}")
            client.close()
            return f"clickhouse://bian:secret@127.0.0.1:{port}/{name}"

        yield new
