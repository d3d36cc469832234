"""The telemetry store, as the web process reaches it: through the intake's socket."""

from __future__ import annotations

from functools import lru_cache

from bianwang.platform.config import config
from bianwang.telemetry.client import TelemetryClient, TelemetryError

__all__ = ["TelemetryError", "client"]


@lru_cache(maxsize=1)
def client() -> TelemetryClient:
    """The process's one connection. Its methods raise TelemetryError (Chinese) while intake does not run."""
    return TelemetryClient(config().telemetry_socket(), timeout_s=10.0)
