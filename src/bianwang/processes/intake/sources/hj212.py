"""HJ 212 devices over TCP: known by MN and source address, acknowledged when durable."""

from __future__ import annotations

from typing import Any

from bianwang.modules.sensing.queries import DeviceConfig
from bianwang.processes.intake.register import Register
from bianwang.processes.intake.sources.frames import FrameServer
from bianwang.processes.intake.sources.measurements import rows
from bianwang.protocols import hj212
from bianwang.protocols.errors import FrameError
from bianwang.protocols.message import Refusal


class Hj212Source(FrameServer):
    """Listens for HJ 212 packets."""

    _devices: dict[str, DeviceConfig]

    async def reload(self, register: Register) -> None:
        """Devices by MN."""
        self._devices = {config.settings.mn: config for config in register.of_protocol("hj212")}  # type: ignore[attr-defined]

    def decoder(self) -> hj212.Decoder:
        """One decoder a connection."""
        return hj212.Decoder()

    def refused(self, refusal: Refusal) -> bytes | None:
        """A broken packet names nobody: the sender repeats it when its acknowledgement does not come."""
        return None

    async def frame(self, frame: Any, peer: str, received_ms: int) -> bytes | None:
        """Store the packet's numbers, then acknowledge; refusals use QnRtn (HJ 212-2017, table 8)."""
        config = self._devices.get(frame.mn)
        if config is None or config.source_address not in (None, peer):
            self.pipeline.refusals.add(peer, "identity", f"MN“{frame.mn}”没有登记，或不是从登记的地址发来")
            return hj212.answer(frame, hj212.QN_RTN["mn"])
        if config.settings.pw and frame.pw != config.settings.pw:  # type: ignore[attr-defined]
            self.pipeline.refusals.add(config.key, "password", "访问密码 PW 与登记的不符")
            return hj212.answer(frame, hj212.QN_RTN["pw"])
        try:
            blocks = rows(hj212.measurements(frame), config.signals)
        except FrameError as error:
            self.pipeline.refusals.add(config.key, error.code, str(error))
            return hj212.answer(frame, hj212.QN_RTN["unknown"])
        device = self.pipeline.directory.current.devices[config.id]
        await self.pipeline.submit(device, blocks, received_ms)
        return hj212.answer(frame)
