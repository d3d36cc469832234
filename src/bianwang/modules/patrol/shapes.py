"""Rectangles in a picture, in parts of its width and height, and how they are kept and drawn."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import isfinite


@dataclass(frozen=True)
class Box:
    """Left, top, right and bottom in parts of the picture (0–1). Raises ValueError for anything else."""

    x1: float
    y1: float
    x2: float
    y2: float

    def __post_init__(self) -> None:
        corners = (self.x1, self.y1, self.x2, self.y2)
        inside = all(isfinite(value) and 0 <= value <= 1 for value in corners)
        if not inside or self.x1 >= self.x2 or self.y1 >= self.y2:
            raise ValueError(f"not a box in parts of a picture: {corners}")

    @classmethod
    def parse(cls, text: str) -> Box | None:
        """What `text` wrote; nothing is None. Raises ValueError."""
        if not text:
            return None
        found = json.loads(text)
        if not isinstance(found, list) or len(found) != 4 or not all(isinstance(one, int | float) for one in found):
            raise ValueError(f"not four corners: {text[:60]}")
        return cls(*found)

    def text(self) -> str:
        """As it is kept: four numbers, a ten-thousandth of the picture."""
        return json.dumps([round(value, 4) for value in (self.x1, self.y1, self.x2, self.y2)])

    @property
    def percent(self) -> tuple[float, float, float, float]:
        """Left, top, width and height in hundredths of the picture, for drawing."""
        return (
            round(100 * self.x1, 2),
            round(100 * self.y1, 2),
            round(100 * (self.x2 - self.x1), 2),
            round(100 * (self.y2 - self.y1), 2),
        )

    def pixels(self, width: int, height: int) -> tuple[float, float, float, float]:
        """Left, top, width and height in pixels of a picture, as COCO has it."""
        left, top = self.x1 * width, self.y1 * height
        return (
            round(left, 2),
            round(top, 2),
            round(self.x2 * width - left, 2),
            round(self.y2 * height - top, 2),
        )
