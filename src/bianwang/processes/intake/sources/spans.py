"""Group Modbus tags into as few requests as the protocol allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bianwang.modules.sensing.settings import Tag
from bianwang.protocols import modbus

LONGEST = 120
"""Registers or bits of one request; the protocol allows 125 registers."""
GAP = 8
"""Registers between two tags that are rather read along than asked for apart."""
REGISTERS = ("holding", "input")
"""Tables of 16-bit words; the others hold bits."""


@dataclass(frozen=True)
class Span:
    """Tags of one table that are read with one request; `gaps`: it reads something along that no tag names."""

    table: str
    start: int
    count: int
    tags: tuple[Tag, ...]
    gaps: bool = False


def spans(tags: list[Tag], gap: int = GAP) -> Iterator[Span]:
    """Requests that read all tags, reading at most `gap` unnamed registers between two."""
    for table in (*REGISTERS, "coil", "discrete"):
        group: list[Tag] = []
        for tag in sorted((tag for tag in tags if tag.table == table), key=lambda tag: tag.address):
            if group and (tag.address - _end(group) > gap or _end([*group, tag]) - group[0].address > LONGEST):
                yield _span(table, group)
                group = []
            group.append(tag)
        if group:
            yield _span(table, group)


def _span(table: str, group: list[Tag]) -> Span:
    start, count = group[0].address, _end(group) - group[0].address
    named = {at for tag in group for at in range(tag.address, tag.address + _width(tag))}
    return Span(table, start, count, tuple(group), gaps=len(named) < count)


def _end(group: list[Tag]) -> int:
    return max(tag.address + _width(tag) for tag in group)


def _width(tag: Tag) -> int:
    return modbus.Tag(tag.type).registers if tag.table in REGISTERS else 1
