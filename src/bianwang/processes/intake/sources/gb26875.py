"""Fire transmission devices by GB/T 26875.3 over TCP: known by their address, confirmed when durable."""

from __future__ import annotations

from typing import Any

from bianwang.modules.sensing.queries import DeviceConfig
from bianwang.platform.clock import now_ms
from bianwang.processes.intake.register import Register
from bianwang.processes.intake.sources.frames import FrameServer
from bianwang.processes.intake.sources.measurements import rows
from bianwang.protocols import gb26875
from bianwang.protocols.errors import FrameError
from bianwang.protocols.message import Refusal


class Gb26875Source(FrameServer):
    """Listens for GB/T 26875.3 packets."""

    _devices: dict[str, DeviceConfig]

    async def reload(self, register: Register) -> None:
        """Devices by source address (12 hexadecimal digits, as `bian decode` prints it)."""
        self._devices = {c.settings.address.upper(): c for c in register.of_protocol("gb26875")}  # type: ignore[attr-defined]

    def decoder(self) -> gb26875.Decoder:
        """One decoder a connection."""
        return gb26875.Decoder()

    def refused(self, refusal: Refusal) -> bytes | None:
        """Deny what can still be addressed, so that the device repeats it (GB/T 26875.3, 6.3)."""
        return gb26875.deny_refused(refusal, now_ms())

    async def frame(self, frame: Any, peer: str, received_ms: int) -> bytes | None:
        """Store the packet's states and values, then confirm."""
        address = f"{frame.source:012X}"
        config = self._devices.get(address)
        if config is None or config.source_address not in (None, peer):
            self.pipeline.refusals.add(peer, "identity", f"源地址 {address} 没有登记，或不是从登记的网络地址发来")
            return gb26875.deny(frame, received_ms) if frame.command == gb26875.SEND else None
        try:
            blocks = rows(gb26875.measurements(frame), config.signals)
        except FrameError as error:
            self.pipeline.refusals.add(config.key, error.code, str(error))
            return gb26875.deny(frame, received_ms)
        device = self.pipeline.directory.current.devices[config.id]
        await self.pipeline.submit(device, blocks, received_ms)
        return gb26875.answer(frame, received_ms)
