"""Fire transmission devices by GB/T 26875.3 over TCP: known by their address, confirmed when durable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import msgspec

from bianwang.modules.sensing import settings
from bianwang.modules.sensing.queries import DeviceConfig
from bianwang.platform.clock import now_ms
from bianwang.processes.intake.sources.frames import FrameServer, NotRegistered
from bianwang.protocols import gb26875
from bianwang.protocols.message import SUSPECT, Measurement, Refusal

Result = tuple[bytes | None, bool]


class Gb26875Source(FrameServer):
    """Listens for GB/T 26875.3 packets."""

    protocol = "gb26875"

    def name(self, config: DeviceConfig) -> str:
        """The source address, 12 hexadecimal digits as `bian decode` prints it."""
        return cast(settings.Gb26875, config.settings).address.upper()

    def decoder(self) -> gb26875.Decoder:
        """One decoder a connection."""
        return gb26875.Decoder()

    def refused(self, refusal: Refusal) -> bytes | None:
        """Deny what can still be addressed, so that the device repeats it (GB/T 26875.3, 6.3)."""
        return gb26875.deny_refused(refusal, now_ms())

    async def frame(self, frame: gb26875.Frame, peer: str, received_ms: int) -> Result:
        """Store the packet's states and values, then confirm."""
        try:
            config, device = self.find(f"{frame.source:012X}", peer)
        except NotRegistered:
            return gb26875.deny(frame, received_ms) if frame.command == gb26875.SEND else None, False
        await self.store(device, self._timed(config.key, gb26875.measurements(frame), received_ms), received_ms)
        return gb26875.answer(frame, now_ms()), True

    def _timed(self, key: str, measurements: list[Measurement], received_ms: int) -> Iterator[Measurement]:
        """With the time of arrival where the device's clock cannot be right: a fire must not get lost for it."""
        limits = self.pipeline.limits
        for item in measurements:
            if item.time_ms is None or -limits.old_ms <= item.time_ms - received_ms <= limits.ahead_ms:
                yield item
            else:
                self.pipeline.refusals.add(key, "clock", "设备时钟明显不对，已改记平台收到的时间，请给设备校时")
                yield msgspec.structs.replace(item, time_ms=None, quality=max(item.quality, SUSPECT))
