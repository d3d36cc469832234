"""What every protocol's frames become: measurements with a name, a value, a time and a quality."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from bianwang.protocols.errors import FrameError

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
"""Zone of protocol times that carry none (HJ 212, GB/T 26875)."""

GOOD: Final = 0
"""The device vouches for the value."""
SUSPECT: Final = 1
"""The value is real but not normal operation: calibration, maintenance, manual entry, test."""
BAD: Final = 2
"""The value must not be believed: fault, off line, out of range. Never satisfies "safe"."""


class Measurement(msgspec.Struct, frozen=True, gc=False):
    """One number that a frame reports.

    `name` is the signal's name within the device, `value` is in the unit documented with the name,
    `time_ms` is milliseconds since 1970 UTC, or None for "stamp on arrival"; `quality` is GOOD, SUSPECT
    or BAD.
    """

    name: str
    value: float
    time_ms: int | None = None
    quality: int = GOOD


class Refusal(msgspec.Struct, frozen=True, gc=False):
    """A stretch of a byte stream that was not a valid frame.

    `offset` counts bytes from the start of the stream; `raw` holds at most the first 64 bytes of the stretch.
    """

    code: str
    reason: str
    offset: int
    raw: bytes = b""


def shanghai_ms(year: int, month: int, day: int, hour: int, minute: int, second: int, ms: int = 0) -> int:
    """Milliseconds since 1970 UTC of a wall-clock time in Asia/Shanghai.

    Raises FrameError("time") if there is no such time.
    """
    try:
        at = datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)
    except ValueError:
        text = f"{year:04d}-{month:02d}-{day:02d} {hour:02d}:{minute:02d}:{second:02d}"
        raise FrameError("time", f"时间“{text}”不存在，请检查设备时钟") from None
    return int(at.timestamp()) * 1000 + ms
