"""Lines of roads and rivers, and the perimeter of a fire, out of a GeoJSON file in degrees WGS 84."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import orjson
from django.core.exceptions import ValidationError

SIZE_LIMIT = 10 * 1024 * 1024
LINE_POINTS, RING_POINTS = 100_000, 5_000
_LINES = {"LineString": 2, "MultiLineString": 3}
_RINGS = {"Polygon": 3, "MultiPolygon": 4}
_CHINA = (73.0, 136.0, 3.0, 54.0)
"""West, east, south, north: coordinates outside are swapped, projected or wrong."""

Place = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """A named line of points, longitude first."""

    name: str
    points: list[Place]


def read_lines(file: BinaryIO, size: int) -> list[Line]:
    """The lines of a file. Raises ValidationError that names the feature; a file with a fault gives nothing."""
    found: list[Line] = []
    for number, name, kind, coordinates in _features(file, size):
        if kind not in _LINES:
            raise ValidationError(f"第 {number} 个要素是 {kind}，道路和河流应为 LineString 或 MultiLineString。")
        found += [Line(name, points) for points in _parts(coordinates, _LINES[kind] - 1, number, least=2)]
    _bounded(sum(len(line.points) for line in found), LINE_POINTS)
    return found


def read_perimeter(file: BinaryIO, size: int) -> list[list[Place]]:
    """The rings of what burns, closed; a ring within a ring is a hole. Raises ValidationError."""
    found: list[list[Place]] = []
    for number, _, kind, coordinates in _features(file, size):
        if kind not in _RINGS:
            raise ValidationError(f"第 {number} 个要素是 {kind}，火场边界应为 Polygon 或 MultiPolygon。")
        for ring in _parts(coordinates, _RINGS[kind] - 1, number, least=4):
            if ring[0] != ring[-1]:
                raise ValidationError(f"第 {number} 个要素的边界没有闭合，首尾两点应相同。")
            found.append(ring)
    _bounded(sum(len(ring) for ring in found), RING_POINTS)
    return found


def _features(file: BinaryIO, size: int) -> Iterator[tuple[int, str, str, Any]]:
    """Number, name, kind and coordinates of each feature; one geometry alone is a feature too."""
    if size > SIZE_LIMIT:
        raise ValidationError("文件超过 10 MB，请先裁剪到本区并简化后再导入。")
    try:
        data = orjson.loads(file.read(SIZE_LIMIT + 1))
    except orjson.JSONDecodeError as error:
        raise ValidationError("文件不是有效的 GeoJSON，请核对后重试。") from error
    features = data.get("features", [data]) if isinstance(data, dict) else None
    if not isinstance(features, list) or not features:
        raise ValidationError("文件里没有要素，应为 FeatureCollection。")
    for number, feature in enumerate(features, 1):
        geometry = None
        if isinstance(feature, dict):
            geometry = feature.get("geometry") if feature.get("type") == "Feature" else feature
        if not isinstance(geometry, dict) or not isinstance(geometry.get("type"), str):
            raise ValidationError(f"第 {number} 个要素没有图形，请核对。")
        properties = feature.get("properties")
        name = properties.get("name") if isinstance(properties, dict) else ""
        yield number, str(name or "").strip()[:60], geometry["type"], geometry.get("coordinates")


def _parts(value: Any, depth: int, number: int, least: int) -> Iterator[list[Place]]:
    """The rows of points that lie `depth` levels deep."""
    if not isinstance(value, list):
        raise ValidationError(f"第 {number} 个要素的坐标层级不对，请核对。")
    if depth > 1:
        for part in value:
            yield from _parts(part, depth - 1, number, least)
        return
    if len(value) < least:
        raise ValidationError(f"第 {number} 个要素只有 {len(value)} 个点，至少要 {least} 个。")
    yield [_place(point, number) for point in value]


def _place(point: Any, number: int) -> Place:
    west, east, south, north = _CHINA
    numbers = isinstance(point, list) and len(point) >= 2 and all(type(part) in {int, float} for part in point[:2])
    if not numbers or not (west <= point[0] <= east and south <= point[1] <= north):
        raise ValidationError(
            f"第 {number} 个要素的坐标 {str(point)[:60]} 不是中国境内的 WGS-84 经纬度（经度在前），请核对坐标系。"
        )
    return float(point[0]), float(point[1])


def _bounded(points: int, most: int) -> None:
    if points > most:
        raise ValidationError(f"文件共有 {points:,} 个点，最多 {most:,} 个，请用制图软件简化后再导入。")
