"""The table that both CRCs of the field share: polynomial 0x8005, reflected."""

from __future__ import annotations

from typing import Final


def _table() -> list[int]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
        table.append(value)
    return table


TABLE: Final = _table()
