"""ESRI ASCII grids (.asc) of heights and fuels, strict: a wrong cell is named by row and column."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bianwang.spread.errors import SpreadError
from bianwang.spread.grid import LARGEST, Grid
from bianwang.spread.origin import Origin

Floats = NDArray[np.float64]

KEYS = ("ncols", "nrows", "xllcorner", "yllcorner", "cellsize", "nodata_value")
CENTRES = {"xllcenter": "xllcorner", "yllcenter": "yllcorner"}


@dataclass(frozen=True, eq=False)
class Raster:
    """Values from north to south, NaN where there is none; corner and cell in the units of the file."""

    values: Floats
    west: float
    south: float
    cell: float

    @property
    def degrees(self) -> bool:
        """Whether the file counts in degrees, not metres."""
        return self.cell < 0.1 and abs(self.west) <= 180 and abs(self.south) <= 90

    def onto(self, grid: Grid, origin: Origin | None = None) -> Floats:
        """The value at the middle of each cell of a grid; NaN outside. Degrees need the grid's origin."""
        x: Floats = grid.west + (np.arange(grid.columns, dtype=np.float64) + 0.5) * grid.cell
        y: Floats = grid.south + (grid.rows - np.arange(grid.rows, dtype=np.float64) - 0.5) * grid.cell
        if self.degrees:
            if origin is None:
                raise SpreadError("栅格以经纬度为单位，须给出原点的经纬度。")
            x, y = (np.asarray(part, np.float64) for part in origin.wgs84(x, y))
        column = np.floor((x - self.west) / self.cell).astype(np.int64)
        row = len(self.values) - 1 - np.floor((y - self.south) / self.cell).astype(np.int64)
        known = ((row >= 0) & (row < self.values.shape[0]))[:, None] & ((column >= 0) & (column < self.values.shape[1]))
        if not known.any():
            raise SpreadError("栅格与起火点周围的格网没有重叠，请检查坐标。")
        taken = self.values[np.clip(row, 0, self.values.shape[0] - 1)][:, np.clip(column, 0, self.values.shape[1] - 1)]
        return np.where(known, taken, np.nan)


def read(text: str, name: str) -> Raster:
    """A raster from the text of an .asc file; raises SpreadError that names the file and the place."""
    lines = text.split("\n")
    head: dict[str, float] = {}
    centred = False
    for number, line in enumerate(lines):
        words = line.split()
        key = words[0].lower() if words else ""
        if key not in KEYS and key not in CENTRES:
            body = lines[number:]
            break
        if len(words) != 2:
            raise SpreadError(f"文件“{name}”第 {number + 1} 行应是“{words[0]} 数值”，请改正。")
        centred |= key in CENTRES
        head[CENTRES.get(key, key)] = _number(words[1], f"文件“{name}”第 {number + 1} 行 {words[0]} 的值")
    else:
        body = []
    missing = [key for key in KEYS[:5] if key not in head]
    if missing:
        raise SpreadError(f"文件“{name}”的开头缺少 {'、'.join(missing)}，不是 ESRI ASCII 栅格（.asc）。")
    columns, rows, cell = head["ncols"], head["nrows"], head["cellsize"]
    if columns != int(columns) or rows != int(rows) or not 0 < columns * rows <= LARGEST or columns < 0 or cell <= 0:
        raise SpreadError(
            f"文件“{name}”的 ncols、nrows 须为正整数、总格数不超过 {LARGEST:,}，cellsize 须大于 0，请裁剪或改正。"
        )
    values = _values([line for line in body if line.strip()], int(rows), int(columns), name)
    if "nodata_value" in head:
        values[values == head["nodata_value"]] = np.nan
    half = cell / 2 if centred else 0.0
    return Raster(values, head["xllcorner"] - half, head["yllcorner"] - half, cell)


def _values(lines: list[str], rows: int, columns: int, name: str) -> Floats:
    if len(lines) != rows:
        raise SpreadError(f"文件“{name}”写明 {rows} 行，实有 {len(lines)} 行数据，请检查文件是否完整。")
    values = np.empty((rows, columns))
    for row, line in enumerate(lines):
        words = line.split()
        if len(words) != columns:
            raise SpreadError(f"文件“{name}”第 {row + 1} 行数据应有 {columns} 列，实有 {len(words)} 列，请改正。")
        try:
            values[row] = words
        except ValueError:
            for column, word in enumerate(words):
                _number(word, f"文件“{name}”第 {row + 1} 行第 {column + 1} 列")
    if not np.isfinite(values).all():
        row, column = (int(index) for index in np.argwhere(~np.isfinite(values))[0])
        raise SpreadError(f"文件“{name}”第 {row + 1} 行第 {column + 1} 列不是有限的数，缺测请用 NODATA_value。")
    return values


def _number(word: str, where: str) -> float:
    try:
        return float(word)
    except ValueError:
        raise SpreadError(f"{where}“{word}”不是数，请改正。") from None
