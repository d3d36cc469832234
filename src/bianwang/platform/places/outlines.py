"""Official outlines: reading a GeoJSON file of districts, towns and villages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO

import orjson
from django.core.exceptions import ValidationError

from bianwang.platform.places.models import Territory

SIZE_LIMIT = 10 * 1024 * 1024
POINTS_LIMIT = 100_000
_DEPTH = {"Polygon": 3, "MultiPolygon": 4}
_CHINA = (73.0, 136.0, 3.0, 54.0)
"""West, east, south, north, degrees WGS 84: coordinates outside are swapped, projected or wrong."""


@dataclass(frozen=True)
class Outline:
    """A territory and its new outline as GeoJSON text."""

    territory: Territory
    geometry: str


def read_outlines(file: BinaryIO, size: int) -> list[Outline]:
    """The outlines in a file, matched to territories by code, then by unique name.

    Raises ValidationError that names the feature: nothing is taken from a file with a fault.
    """
    if size > SIZE_LIMIT:
        raise ValidationError("文件超过 10 MB，请先用制图软件简化边界后再导入。")
    try:
        data = orjson.loads(file.read(SIZE_LIMIT + 1))
    except orjson.JSONDecodeError as error:
        raise ValidationError("文件不是有效的 GeoJSON，请核对后重试。") from error
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list) or not features:
        raise ValidationError("文件里没有要素，应为 FeatureCollection。")
    found = [_outline(number, feature) for number, feature in enumerate(features, 1)]
    codes = [outline.territory.code for outline in found]
    if len(set(codes)) != len(codes):
        twice = next(item.territory.name for item in found if codes.count(item.territory.code) > 1)
        raise ValidationError(f"“{twice}”在文件里出现了两次，请删去多余的要素。")
    return found


def _outline(number: int, feature: Any) -> Outline:
    if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict):
        raise ValidationError(f"第 {number} 个要素没有图形，请核对。")
    properties = feature.get("properties") or {}
    geometry = feature["geometry"]
    kind = geometry.get("type")
    if kind not in _DEPTH:
        raise ValidationError(f"第 {number} 个要素是 {kind}，边界应为 Polygon 或 MultiPolygon。")
    points = list(_points(geometry.get("coordinates"), _DEPTH[kind], number))
    if not 4 <= len(points) <= POINTS_LIMIT:
        raise ValidationError(f"第 {number} 个要素有 {len(points)} 个点，应在 4 至 {POINTS_LIMIT} 之间，请简化。")
    kept = {"type": kind, "coordinates": geometry["coordinates"]}
    return Outline(_territory(number, properties), orjson.dumps(kept).decode())


def _points(value: Any, depth: int, number: int) -> Any:
    if depth == 1:
        west, east, south, north = _CHINA
        numbers = isinstance(value, list) and len(value) >= 2 and all(isinstance(v, int | float) for v in value[:2])
        if not numbers or not (west <= value[0] <= east and south <= value[1] <= north):
            raise ValidationError(f"第 {number} 个要素的坐标 {value} 不是中国境内的经纬度（经度在前），请核对坐标系。")
        yield value
        return
    if not isinstance(value, list):
        raise ValidationError(f"第 {number} 个要素的坐标层级不对，请核对。")
    for item in value:
        yield from _points(item, depth - 1, number)


def _territory(number: int, properties: dict[str, Any]) -> Territory:
    code = str(properties.get("code") or properties.get("adcode") or "").strip()
    name = str(properties.get("name") or "").strip()
    rows = Territory.objects.filter(code=code) if code else Territory.objects.filter(name=name)
    found = list(rows[:2])
    if len(found) != 1:
        what = f"代码 {code}" if code else f"名称“{name}”"
        raise ValidationError(f"第 {number} 个要素的{what}没有对应唯一的区域，请在属性里写明行政区划代码 code。")
    return found[0]
