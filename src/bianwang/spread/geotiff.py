"""GeoTIFF rasters of one band in degrees, read with Pillow; others are converted by `gdalwarp -t_srs EPSG:4326`."""

from __future__ import annotations

import contextlib
import io
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bianwang.spread.errors import SpreadError
from bianwang.spread.grid import LARGEST
from bianwang.spread.rasters import Raster

SCALE, TIE, KEYS, NODATA = 33550, 33922, 34735, 42113
"""Tags of GeoTIFF 1.1 (OGC 19-008r4): ModelPixelScale, ModelTiepoint, GeoKeyDirectory; GDAL's nodata."""
MODEL, RASTER = 1024, 1025
"""Keys: GTModelType (2 = degrees) and GTRasterType (2 = the tie point is the middle of its cell)."""
MODES = {"F", "I", "I;16", "L"}


def read(data: bytes, name: str) -> Raster:
    """A raster from the bytes of a GeoTIFF; raises SpreadError that names the file and what to do."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=["TIFF"])
            columns, rows = image.size
            tags = dict(image.tag_v2)  # type: ignore[attr-defined]
            if columns * rows > LARGEST:
                raise SpreadError(f"文件“{name}”有 {columns * rows:,} 格，最多 {LARGEST:,} 格，请先裁剪。")
            if image.mode not in MODES:
                raise SpreadError(f"文件“{name}”不是单波段的数值栅格，请先用 gdal_translate 转成 .asc 再导入。")
            values = np.array(image, np.float64)
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError, Warning) as error:
        if isinstance(error, SpreadError):
            raise
        raise SpreadError(f"文件“{name}”不是能读的 GeoTIFF，请先用 gdal_translate 转成 .asc 再导入。") from error
    return _placed(values, tags, name)


def _placed(values: NDArray[np.float64], tags: dict[int, Any], name: str) -> Raster:
    keys = np.array(tags.get(KEYS, ()), dtype=np.int64).reshape(-1, 4) if tags.get(KEYS) else np.zeros((0, 4), int)
    found = {int(row[0]): int(row[3]) for row in keys[1:] if row[1] == 0}
    scale, tie = np.array(tags.get(SCALE, ()), float), np.array(tags.get(TIE, ()), float)
    if found.get(MODEL) != 2 or len(scale) < 2 or len(tie) != 6 or scale[0] <= 0:
        raise SpreadError(f"文件“{name}”没有写明经纬度坐标，请先用 gdalwarp -t_srs EPSG:4326 转换。")
    if abs(scale[0] - scale[1]) > 1e-9 + scale[0] * 1e-6:
        raise SpreadError(f"文件“{name}”的格不是正方形，请用 gdalwarp -tr 设成同样的经纬度格距。")
    cell, half = float(scale[0]), float(scale[0]) / 2 if found.get(RASTER) == 2 else 0.0
    west = float(tie[3]) - float(tie[0]) * cell - half
    north = float(tie[4]) + float(tie[1]) * cell + half
    with contextlib.suppress(KeyError, ValueError):
        values[values == float(str(tags[NODATA]).strip("\x00 "))] = np.nan
    values[~np.isfinite(values)] = np.nan
    return Raster(values, west, north - len(values) * cell, cell)
