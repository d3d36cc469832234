"""Stored readings for a job's driver and workers: asked of the intake on the same machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from numpy.typing import NDArray

from bianwang.telemetry.client import TelemetryClient, TelemetryDown, TelemetryError
from bianwang.telemetry.store import TooManyRows


@dataclass(frozen=True)
class IntakeHistory:
    """Can be sent to workers: each opens its own connection to the socket."""

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
def _client(socket: str) -> TelemetryClient:
    return TelemetryClient(socket)
