"""From the codecs' measurements to the pipeline's rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bianwang.protocols.message import Measurement
from bianwang.protocols.payloads import Block, Row


def rows(measurements: Iterable[Measurement], registered: Collection[str]) -> list[Block]:
    """One row for each moment and quality. Frames carry more than people register: unknown names are left out."""
    found: dict[tuple[int | None, int], Row] = {}
    for item in measurements:
        if item.name in registered:
            row = found.setdefault((item.time_ms, item.quality), Row(None, [], [], item.time_ms, item.quality))
            row.names.append(item.name)
            row.values.append(item.value)
    return list(found.values())
