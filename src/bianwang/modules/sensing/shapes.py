"""Shapes drawn on a picture: read and checked. Coordinates are parts of width and height, 0–1."""

from __future__ import annotations

import json
from itertools import combinations
from math import isfinite

Point = tuple[float, float]

MOST = 30
"""Corners of one area."""
_DIGITS = 4
_LEAST = 2e-4
"""Twice the least area: one hundredth by one hundredth of the picture."""


def read(text: str, *, is_line: bool) -> list[Point]:
    """The corners of an area, or the two ends of a line. Raises ValueError with one Chinese sentence."""
    points = [_point(number, each) for number, each in enumerate(_list(text), 1)]
    if is_line and len(points) != 2:
        raise ValueError(f"界线须有 2 个点，现有 {len(points)} 个。")
    if not is_line and not 3 <= len(points) <= MOST:
        raise ValueError(f"区域须有 3 至 {MOST} 个点，现有 {len(points)} 个。")
    if len(set(points)) < len(points):
        raise ValueError("有两个点重合，请删去一个。")
    if not is_line:
        _check_area(points)
    return points


def _check_area(points: list[Point]) -> None:
    if all(_turn(points[0], points[1], point) == 0 for point in points):
        raise ValueError("几个点在一条直线上，围不成区域，请重新绘制。")
    if _crosses_itself(points):
        raise ValueError("区域的边互相交叉，请按顺序沿边界取点。")
    if abs(_area(points)) < _LEAST:
        raise ValueError("区域太小，请放大后再保存。")


def as_lines(text: str) -> str:
    """Corners as people type them: a point a line, from JSON."""
    return "\n".join(f"{x:.4g}, {y:.4g}" for x, y in json.loads(text or "[]"))


def from_lines(text: str) -> str:
    """The JSON of corners that people typed. Raises ValueError with one Chinese sentence."""
    points = []
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), 1):
        parts = line.replace("，", " ").replace(",", " ").split()
        try:
            x, y = (float(part) for part in parts)
        except ValueError:
            raise ValueError(f"第 {number} 行“{line[:20]}”看不懂，每行写一个点的横、纵坐标，如 0.25, 0.60。") from None
        points.append([x, y])
    return json.dumps(points)


def _list(text: str) -> list[object]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, list):
        raise ValueError("坐标须写成 [[0.1, 0.2], [0.5, 0.2], [0.5, 0.8]] 的样子。")
    return found


def _point(number: int, given: object) -> Point:
    if not (isinstance(given, list) and len(given) == 2 and all(type(each) in (int, float) for each in given)):
        raise ValueError(f"第 {number} 个点须是横、纵两个数。")
    x, y = (float(each) for each in given)
    if not (isfinite(x) and isfinite(y) and 0 <= x <= 1 and 0 <= y <= 1):
        raise ValueError(f"第 {number} 个点 ({x:g}, {y:g}) 在画面之外，横、纵坐标都须在 0 和 1 之间。")
    return round(x, _DIGITS), round(y, _DIGITS)


def _area(points: list[Point]) -> float:
    """Twice the signed area."""
    pairs = zip(points, points[1:] + points[:1], strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)


def _crosses_itself(points: list[Point]) -> bool:
    """Whether two edges that are no neighbours meet, or two neighbours lie on each other."""
    count = len(points)
    edges = [(points[index], points[(index + 1) % count]) for index in range(count)]
    for (first, one), (second, other) in combinations(enumerate(edges), 2):
        beside = second - first in (1, count - 1)
        if not beside and _meet(*one, *other):
            return True
    return any(_folds(points[index - 1], points[index], points[(index + 1) % count]) for index in range(count))


def _folds(before: Point, corner: Point, after: Point) -> bool:
    """Whether the way turns back on itself at a corner."""
    along = (before[0] - corner[0]) * (after[0] - corner[0]) + (before[1] - corner[1]) * (after[1] - corner[1])
    return _turn(before, corner, after) == 0 and along > 0


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two segments have a point in common."""
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] != turns[1] and turns[2] != turns[3]:
        return True
    pairs = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(turn == 0 and _between(*each) for turn, each in zip(turns, pairs, strict=True))


def _turn(a: Point, b: Point, c: Point) -> int:
    """1 counter-clockwise, -1 clockwise, 0 straight."""
    cross = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return 0 if abs(cross) < 1e-12 else (1 if cross > 0 else -1)


def _between(a: Point, b: Point, c: Point) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])
