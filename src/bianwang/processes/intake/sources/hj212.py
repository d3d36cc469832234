"""HJ 212 devices over TCP: known by MN and source address, acknowledged when durable."""

from __future__ import annotations

from typing import cast

from bianwang.modules.sensing import settings
from bianwang.modules.sensing.queries import DeviceConfig
from bianwang.processes.intake.sources.frames import FrameServer, NotRegistered
from bianwang.protocols import hj212
from bianwang.protocols.errors import FrameError
from bianwang.protocols.message import Refusal

Result = tuple[bytes | None, bool]


class Hj212Source(FrameServer):
    """Listens for HJ 212 packets; refusals use QnRtn (HJ 212-2017, table 8)."""

    protocol = "hj212"

    def name(self, config: DeviceConfig) -> str:
        """The MN."""
        return _settings(config).mn

    def decoder(self) -> hj212.Decoder:
        """One decoder a connection."""
        return hj212.Decoder()

    def refused(self, refusal: Refusal) -> bytes | None:
        """A broken packet names nobody: the sender repeats it when its acknowledgement does not come."""
        return None

    async def frame(self, frame: hj212.Frame, peer: str, received_ms: int) -> Result:
        """Store the packet's numbers, then acknowledge. Each part of a split packet has its own numbers."""
        try:
            config, device = self.find(frame.mn, peer)
        except NotRegistered:
            return _refuse(frame, "mn")
        refusals = self.pipeline.refusals
        if _settings(config).pw not in ("", frame.pw):
            refusals.add(config.key, "password", "访问密码 PW 与登记的不符")
            return _refuse(frame, "pw")
        try:
            verdict = await self.store(device, hj212.measurements(frame), received_ms)
        except FrameError as error:
            refusals.add(config.key, error.code, str(error))
            return _refuse(frame, "unknown")
        if verdict.refused and not verdict.taken:
            return hj212.answer(frame, hj212.QN_RTN["refused"]), True
        return hj212.answer(frame), True


def _refuse(frame: hj212.Frame, reason: str) -> Result:
    return hj212.answer(frame, hj212.QN_RTN[reason]), False


def _settings(config: DeviceConfig) -> settings.Hj212:
    return cast(settings.Hj212, config.settings)
