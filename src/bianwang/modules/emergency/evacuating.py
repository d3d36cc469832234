"""States of people who have to leave a place, how they add up, and the room where they go. No database.

>>> count = Count.of({"safe": 100, "returned": 3, "moving": 2, "missing": 1, "void": 4})
>>> count.ought, count.moved, count.left, count.missing
(106, 103, 2, 1)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STATES = {
    "waiting": ("待通知", "red"),
    "told": ("已通知", "orange"),
    "moving": ("转移中", "orange"),
    "safe": ("已安置", "green"),
    "returned": ("已返回", "blue"),
    "missing": ("失联", "red"),
    "void": ("误登", "secondary"),
}
"""Word and colour. 误登 keeps a row that was entered by mistake and counts nowhere."""
LEFT = ("waiting", "told", "moving")
MOVED = ("safe", "returned")
UNSAFE = ("missing", *LEFT)
"""Whoever is in one of these stands first, and keeps the event from being closed."""
ROLL = ("safe", "missing")
"""What a village or town says when it calls the roll: here, or not found."""
CALLED = ("safe", *UNSAFE)
"""Who is called: whoever has gone home or was entered by mistake is not."""


def room(free: int) -> str:
    """Places left in a shelter, in words.

    >>> room(3), room(0), room(-2)
    ('余 3 人', '已满', '超员 2 人')
    """
    return f"余 {free} 人" if free > 0 else f"超员 {-free} 人" if free < 0 else "已满"


@dataclass(frozen=True)
class Count:
    """应转、已转、未转、失联."""

    moved: int
    left: int
    missing: int

    @classmethod
    def of(cls, states: Mapping[str, int]) -> Count:
        """From the number of people in each state."""
        moved, left = (sum(states.get(state, 0) for state in group) for group in (MOVED, LEFT))
        return cls(moved, left, states.get("missing", 0))

    @property
    def ought(self) -> int:
        """Everybody of the lists."""
        return self.moved + self.left + self.missing

    @property
    def unsafe(self) -> int:
        """Those of whom it is not known that they are safe."""
        return self.left + self.missing
