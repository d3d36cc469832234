"""The ground: square cells with a fuel code and, where it is known, a height."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bianwang.spread.errors import SpreadError

Floats = NDArray[np.float64]

UNBURNABLE = 0
LARGEST = 4_000_000
"""Cells: four times the size that issue 6 asks for; more takes memory and minutes without knowing more."""


@dataclass(frozen=True, eq=False)
class Grid:
    """Row 0 is the northern row; (``west``, ``south``) is the outer corner of the south-western cell, local metres.

    ``fuel``: a code for each cell, 0 or NaN burns not. ``elevation`` in metres, None = flat; NaN burns not.
    """

    cell: float
    fuel: Floats
    elevation: Floats | None = None
    west: float = 0.0
    south: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.cell <= 1000:
            raise SpreadError(f"格网边长 {self.cell:g} 超出范围，应在 0～1000 米。")
        if self.fuel.ndim != 2 or self.fuel.size == 0:
            raise SpreadError("可燃物格网是空的，至少要有一格。")
        if self.fuel.size > LARGEST:
            raise SpreadError(f"格网有 {self.fuel.size:,} 格，最多 {LARGEST:,} 格，请加大格网边长或缩小范围。")
        if self.elevation is not None and self.elevation.shape != self.fuel.shape:
            raise SpreadError(
                f"高程格网为 {_size(self.elevation)}，可燃物格网为 {_size(self.fuel)}，两者的行数和列数须相同。"
            )

    @classmethod
    def flat(cls, cell: float, rows: int, columns: int, fuel: int) -> Grid:
        """Even ground with one fuel, the middle of the middle cell at the origin."""
        west, south = -(columns // 2 + 0.5) * cell, -((rows - 1) // 2 + 0.5) * cell
        return cls(cell, np.full((rows, columns), float(fuel)), None, west, south)

    @property
    def rows(self) -> int:
        return int(self.fuel.shape[0])

    @property
    def columns(self) -> int:
        return int(self.fuel.shape[1])

    def inside(self, x: float, y: float) -> bool:
        """Whether a point lies on the grid."""
        return 0 <= x - self.west < self.columns * self.cell and 0 <= y - self.south < self.rows * self.cell

    def at(self, x: float, y: float) -> tuple[int, int]:
        """Row and column of the cell that holds a point; raises SpreadError for a point off the grid."""
        if not self.inside(x, y):
            raise SpreadError(f"点（东 {x:.0f} 米，北 {y:.0f} 米）在格网以外，请移动该点或扩大格网。")
        row = self.rows - 1 - int((y - self.south) // self.cell)
        return row, int((x - self.west) // self.cell)

    def codes(self) -> NDArray[np.int64]:
        """Whole fuel codes; 0 where nothing burns."""
        dead = ~np.isfinite(self.fuel)
        if self.elevation is not None:
            dead |= ~np.isfinite(self.elevation)
        codes: NDArray[np.int64] = np.where(dead, UNBURNABLE, self.fuel).astype(np.int64)
        return codes

    def known(self, fuels: frozenset[int]) -> None:
        """Raise SpreadError for the first cell whose code is not one of ``fuels`` and not 0."""
        with np.errstate(invalid="ignore"):
            odd = np.isfinite(self.fuel) & ~np.isin(self.fuel, [UNBURNABLE, *fuels])
        if odd.any():
            row, column = (int(index) for index in np.argwhere(odd)[0])
            allowed = "、".join(str(code) for code in sorted(fuels))
            raise SpreadError(
                f"可燃物格网第 {row + 1} 行第 {column + 1} 列的代码 {self.fuel[row, column]:g} 不认识，"
                f"可用 {allowed}，不可燃写 0。"
            )

    def slopes(self) -> tuple[Floats, Floats]:
        """Slope in degrees and direction of steepest ascent of each cell, by the 3 × 3 window of Horn (1981)."""
        if self.elevation is None:
            return np.zeros(self.fuel.shape), np.zeros(self.fuel.shape)
        known = np.where(np.isfinite(self.elevation), self.elevation, np.nanmean(self.elevation))
        height = np.pad(known, 1, mode="edge")
        across = height[:, 2:] - height[:, :-2]
        along = height[:-2, :] - height[2:, :]
        east = across[:-2] + 2 * across[1:-1] + across[2:]
        north = along[:, :-2] + 2 * along[:, 1:-1] + along[:, 2:]
        steep = np.hypot(east, north) / (8 * self.cell)
        return np.degrees(np.arctan(steep)), np.degrees(np.arctan2(east, north)) % 360.0


def _size(array: Floats) -> str:
    return f"{array.shape[0]} 行 {array.shape[1]} 列"
