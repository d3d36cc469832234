"""The slower doors: HTTP, HJ 212, GB/T 26875.3, SL 651, Modbus TCP and the bridge, each of them one file.

A source has `start(register)`, `reload(register)` and `stop()`; it hands readings to the pipeline and answers
its device only when they are durable.
"""

from __future__ import annotations

from typing import Protocol

from bianwang.platform.config import Config
from bianwang.processes.intake.pipeline import Pipeline
from bianwang.processes.intake.register import Register
from bianwang.processes.intake.sources.bridge import BridgeSource
from bianwang.processes.intake.sources.gb26875 import Gb26875Source
from bianwang.processes.intake.sources.hj212 import Hj212Source
from bianwang.processes.intake.sources.http import HttpSource
from bianwang.processes.intake.sources.modbus import ModbusSource
from bianwang.processes.intake.sources.sl651 import Sl651Source


class Source(Protocol):
    """One door for devices."""

    async def start(self, register: Register) -> None:
        """Open it. Raises OSError when its port is taken."""

    async def reload(self, register: Register) -> None:
        """The register changed."""

    async def stop(self) -> None:
        """Close it."""


class Sources:
    """The doors that the configuration opens."""

    def __init__(self, pipeline: Pipeline, options: Config) -> None:
        host = options.mqtt_host
        self.all: list[Source] = [ModbusSource(pipeline)]
        if options.http_intake_port:
            self.all.append(HttpSource(pipeline, host, options.http_intake_port, options.proxies))
        if options.hj212_port:
            self.all.append(Hj212Source(pipeline, host, options.hj212_port))
        if options.gb26875_port:
            self.all.append(Gb26875Source(pipeline, host, options.gb26875_port))
        if options.sl651_port:
            self.all.append(Sl651Source(pipeline, host, options.sl651_port))
        if options.bridge:
            self.all.append(BridgeSource(pipeline, options.bridge, options.home))

    async def start(self, register: Register) -> None:
        """Open every door."""
        for source in self.all:
            await source.start(register)

    async def reload(self, register: Register) -> None:
        """Tell every door that the register changed."""
        for source in self.all:
            await source.reload(register)

    async def stop(self) -> None:
        """Close every door."""
        for source in self.all:
            await source.stop()
