"""Hydrological stations by SL 651 over TCP: known by station and source address, confirmed when durable."""

from __future__ import annotations

from typing import cast

from bianwang.modules.sensing import settings
from bianwang.modules.sensing.queries import DeviceConfig
from bianwang.platform.clock import now_ms
from bianwang.processes.intake.sources.frames import FrameServer, NotRegistered
from bianwang.protocols import sl651
from bianwang.protocols.message import Refusal

Result = tuple[bytes | None, bool]


class Sl651Source(FrameServer):
    """Listens for SL 651 packets. Whom we do not take anything from gets no answer, and repeats it."""

    protocol = "sl651"

    def name(self, config: DeviceConfig) -> str:
        """The station's address."""
        return _settings(config).station.upper()

    def decoder(self) -> sl651.Decoder:
        """One decoder a connection: the packets of a message come over the same one."""
        return sl651.Decoder()

    def refused(self, refusal: Refusal) -> bytes | None:
        """A broken packet names nobody."""
        return None

    async def frame(self, frame: sl651.Frame, peer: str, received_ms: int) -> Result:
        """Store what a whole message reports, then confirm. Raises FrameError for a body that cannot be read."""
        try:
            config, device = self.find(frame.station, peer)
        except NotRegistered:
            return None, False
        if _settings(config).password.upper() not in ("", frame.password):
            self.pipeline.refusals.add(config.key, "password", "报文的密码与登记的不符")
            return None, False
        verdict = await self.store(device, sl651.measurements(frame), received_ms)
        if verdict.refused and not verdict.taken:
            return None, True
        return sl651.answer(frame, now_ms()), True


def _settings(config: DeviceConfig) -> settings.Sl651:
    return cast(settings.Sl651, config.settings)
