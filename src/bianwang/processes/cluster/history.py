"""Stored readings for a job's driver and workers. Can be sent to workers: each opens a connection of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from numpy.typing import NDArray

from bianwang.platform.config import Config
from bianwang.processes.intake.warming import History
from bianwang.telemetry import engine
from bianwang.telemetry.client import TelemetryClient, TelemetryDown, TelemetryError
from bianwang.telemetry.connection import Connection
from bianwang.telemetry.store import TooManyRows, readings


def history(options: Config) -> History:
    """Of the ClickHouse server where there is one, else of the intake on this machine."""
    return ServerHistory(options.telemetry) if options.telemetry else IntakeHistory(str(options.telemetry_socket()))


@dataclass(frozen=True)
class ServerHistory:
    """Asks the server of `BIAN_TELEMETRY`, from any machine."""

    address: str

    def series(self, signals: Sequence[int], start_ms: int, end_ms: int) -> Mapping[str, NDArray[Any]]:
        """See History. Raises clickhouse-connect's Error while the server cannot be reached."""
        return readings(_connection(self.address), signals, start_ms, end_ms)


@dataclass(frozen=True)
class IntakeHistory:
    """Asks the intake over its socket, on its own machine only."""

    socket: str

    def series(self, signals: Sequence[int], start_ms: int, end_ms: int) -> Mapping[str, NDArray[Any]]:
        """See History. Raises TelemetryDown (an OSError) while the intake cannot be reached."""
        try:
            return _client(self.socket).series(list(signals), start_ms, end_ms)
        except TelemetryDown:
            raise
        except TelemetryError as error:
            raise TooManyRows(str(error)) from error


@lru_cache(maxsize=1)
def _connection(address: str) -> Connection:
    return engine.at(address).connect()


@lru_cache(maxsize=1)
def _client(socket: str) -> TelemetryClient:
    return TelemetryClient(socket)
