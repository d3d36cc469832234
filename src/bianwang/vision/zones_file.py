"""Reading a file of zones, as people and tools write them: the JSON of `bian vision analyze --zones`."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, Literal

from bianwang.vision.errors import RegionError
from bianwang.vision.regions import Region

_WRAPPERS = ("zones", "regions", "areas", "features")
_NAMES = ("name", "label", "title", "id")
_POINTS = ("points", "polygon", "vertices", "coordinates", "line", "bbox", "box", "rect")
_HINT = '写成 [{"name": "名称", "points": [[x, y], …]}] 或 {"名称": [[x, y], …]}'


def read(text: str, size: tuple[int, int]) -> list[Region]:
    """Regions of a JSON text; pixels are turned into fractions of ``size`` (width, height).

    A list of objects with a name and points, a mapping of names to points or to such objects, or either under "zones".
    Points are [[x, y], …], [{"x": , "y": }, …], x, y, x, y, … or a rectangle x1, y1, x2, y2. Coordinates of a region
    that are all at most 1 are fractions. Two points, or "kind": "line", are a line. RegionError says what is wrong.
    """
    try:
        content = json.loads(text.lstrip("\ufeff"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise RegionError(f"区域文件不是 JSON，请{_HINT}。") from error
    found = [_region(name, entry, size) for name, entry in _entries(content)]
    names = [region.name for region in found]
    for name in names:
        if names.count(name) > 1:
            raise RegionError(f"区域文件中“{name}”出现了 {names.count(name)} 次，请改成不同的名称。")
    return found


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _entries(content: Any) -> Iterator[tuple[str, Any]]:
    """Name and description of every region."""
    inner = _first(content, _WRAPPERS) if isinstance(content, dict) else None
    if isinstance(inner, dict) or (isinstance(inner, list) and not _is_points(inner)):
        yield from _entries(inner)
    elif _is_points(content) or (isinstance(content, dict) and _is_one(content)):
        yield _name(content, 1), content
    elif isinstance(content, dict) and content:
        for number, (name, entry) in enumerate(content.items(), 1):
            yield name.strip() or f"区域{number}", entry
    elif isinstance(content, list) and content:
        for number, entry in enumerate(content, 1):
            yield _name(entry, number), entry
    else:
        raise RegionError(f"区域文件中没有区域，请{_HINT}。")


def _is_one(content: dict[str, Any]) -> bool:
    """Whether an object describes one region: it says its name and has points."""
    return isinstance(_first(content, _NAMES), str | int) and _first(content, _POINTS) is not None


def _name(entry: Any, number: int) -> str:
    found = _first(entry, _NAMES) if isinstance(entry, dict) else None
    if found is None and isinstance(entry, dict) and isinstance(entry.get("properties"), dict):
        found = _first(entry["properties"], _NAMES)
    name = "" if found is None or isinstance(found, dict | list) else str(found).strip()
    return name or f"区域{number}"


def _region(name: str, entry: Any, size: tuple[int, int]) -> Region:
    points = _points(name, _first(entry, _POINTS) if isinstance(entry, dict) else entry, entry)
    said = str(_first(entry, ("kind", "type")) or "").lower() if isinstance(entry, dict) else ""
    two = len(points) == 2 and said not in ("area", "polygon")
    kind: Literal["area", "line"] = "line" if two or said == "line" else "area"
    if kind == "area" and len(points) > 3 and points[0] == points[-1]:
        points = points[:-1]
    if any(abs(number) > 1 for point in points for number in point):
        points = [(x / size[0], y / size[1]) for x, y in points]
    use = entry.get("use") if isinstance(entry, dict) else None
    return Region(name, kind, tuple(points), use if isinstance(use, str) and use else "head_count")


def _points(name: str, given: Any, entry: Any) -> list[tuple[float, float]]:
    if given is None and isinstance(entry, dict) and isinstance(entry.get("geometry"), dict):
        given = entry["geometry"].get("coordinates")
    while isinstance(given, list) and len(given) == 1 and isinstance(given[0], list):
        given = given[0]  # the ring of a GeoJSON polygon
    if isinstance(given, list) and given and not any(isinstance(value, list | dict) for value in given):
        given = _paired(name, given)
    if not isinstance(given, list) or not given:
        raise RegionError(f"区域“{name}”没有坐标，请写成 points: [[x, y], …]。")
    return [_point(name, value) for value in given]


def _paired(name: str, numbers: list[Any]) -> list[list[Any]]:
    if len(numbers) % 2:
        raise RegionError(f"区域“{name}”的坐标有 {len(numbers)} 个数，应成对。")
    pairs = [[numbers[place], numbers[place + 1]] for place in range(0, len(numbers), 2)]
    if len(pairs) == 2:
        (left, top), (right, bottom) = pairs
        return [[left, top], [right, top], [right, bottom], [left, bottom]]
    return pairs


def _point(name: str, value: Any) -> tuple[float, float]:
    if isinstance(value, dict):
        value = [value.get("x", value.get("X")), value.get("y", value.get("Y"))]
    if not isinstance(value, list) or len(value) != 2:
        raise RegionError(f"区域“{name}”的点应为 [x, y]，请改正。")
    return _number(name, value[0]), _number(name, value[1])


def _number(name: str, value: Any) -> float:
    try:
        number = math.nan if isinstance(value, bool | None) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise RegionError(f"区域“{name}”的坐标 {value} 不是数字，请改正。")
    return number


def _first(entry: dict[str, Any], keys: tuple[str, ...]) -> Any:
    return next((entry[key] for key in keys if entry.get(key) is not None), None)


def _is_points(value: Any) -> bool:
    """Whether a list is the points of one region, not a list of regions."""
    if not isinstance(value, list) or not value:
        return False
    if not any(isinstance(part, list | dict) for part in value):
        return True
    return all(
        (isinstance(part, list) and len(part) == 2 and not any(isinstance(number, list | dict) for number in part))
        or (isinstance(part, dict) and {key.lower() for key in part} == {"x", "y"})
        for part in value
    )
