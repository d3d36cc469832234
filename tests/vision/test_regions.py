"""Geometry of regions against plain Python, and who goes in and out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from bianwang.vision.errors import RegionError
from bianwang.vision.passages import AreaWatch, LineWatch
from bianwang.vision.persistence import Persistence, Steady
from bianwang.vision.regions import Region, inside, passes, side

# A busy machine draws slowly, which is no fault of what is tested.
unhurried = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SIZE = (100, 100)
whole = st.integers(0, 20)
points = st.tuples(whole, whole)
polygons = st.lists(points, min_size=3, max_size=9)
SQUARE = Region("方", "area", ((0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6)))


def by_winding(polygon: list[tuple[int, int]], x: int, y: int) -> bool:
    """In whole numbers: on an edge, or an odd number of edges cut by a ray that meets no corner."""
    odd = False
    for (ax, ay), (bx, by) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        cross = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        if cross == 0 and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by):
            return True
        # A ray upwards and a hair to the right: corners never lie on it.
        if (2 * ax <= 2 * x) != (2 * bx <= 2 * x) and (cross > 0) == (bx > ax):
            odd = not odd
    return odd


@unhurried
@given(polygons, st.lists(points, min_size=1, max_size=20))
def test_inside_agrees_with_whole_numbers(polygon: list[tuple[int, int]], asked: list[tuple[int, int]]) -> None:
    found = inside(np.array(polygon, float), np.array(asked, float))
    assert found.tolist() == [by_winding(polygon, x, y) for x, y in asked]


@unhurried
@given(polygons, points, st.integers(0, 8))
def test_where_a_polygon_begins_and_which_way_it_goes_does_not_matter(
    polygon: list[tuple[int, int]], asked: tuple[int, int], turn: int
) -> None:
    at = np.array([asked], float)
    turned = polygon[turn % len(polygon) :] + polygon[: turn % len(polygon)]
    assert inside(np.array(polygon, float), at) == inside(np.array(turned[::-1], float), at)


@unhurried
@given(points, points, points, points)
def test_a_way_that_passes_a_line_ends_on_its_other_side(
    a: tuple[int, int], b: tuple[int, int], start: tuple[int, int], end: tuple[int, int]
) -> None:
    assume(a != b)
    line = np.array([a, b], float)
    far = (side(line, np.array(start, float)), side(line, np.array(end, float)))
    assume(far[0] * far[1] < 0)
    middle = np.array(start) + (np.array(end) - np.array(start)) * far[0] / (far[0] - far[1])
    along = float((middle - line[0]) @ (line[1] - line[0]) / ((line[1] - line[0]) @ (line[1] - line[0])))
    assume(min(abs(along), abs(along - 1)) > 1e-6)
    assert passes(line, np.array(start, float), np.array(end, float)) == (0 < along < 1)


@pytest.mark.parametrize(
    ("kind", "shape", "words"),
    [
        ("area", ((0, 0), (1, 1)), "至少要有 3 个点"),
        ("area", ((0, 0), (0.1, 0.1), (0.3, 0.3)), "一条直线"),
        ("line", ((0, 0), (1, 0), (1, 1)), "2 个点"),
        ("line", ((0.5, 0.5), (0.5, 0.5)), "重合"),
    ],
)
def test_a_shape_that_is_none_is_refused(kind, shape, words) -> None:
    with pytest.raises(RegionError, match=words):
        Region("门", kind, shape)


@unhurried
@given(st.lists(st.integers(0, 5), max_size=12), st.integers(1, 4), st.integers(0, 3))
def test_steady_says_what_enough_pictures_reached(values: list[int], needed: int, more: int) -> None:
    among = needed + more
    steady = Steady(Persistence(needed, among))
    for number, value in enumerate(values, 1):
        told = steady.step(value)
        recent = values[max(0, number - among) : number]
        assert sum(past >= told for past in recent) >= needed or told == 0
        assert sum(past > told for past in recent) < needed


def walk(watch: AreaWatch | LineWatch, ways: dict[int, list[tuple[float, float] | None]]) -> list[dict[str, float]]:
    """Signals after each picture, one a second; None: not seen."""
    told = []
    for second in range(max(map(len, ways.values()))):
        seen = {track: way[second] for track, way in ways.items() if second < len(way) and way[second] is not None}
        feet = np.array(list(seen.values()), float).reshape(-1, 2)
        watch.step(feet, np.array(list(seen), np.int64), SIZE, float(second))
        told.append(dict(watch.signals()))
    return told


IN, OUT = (50, 50), (10, 10)


def test_a_stay_is_counted_from_the_first_picture_in_the_area_and_ends_when_it_is_left() -> None:
    told = walk(AreaWatch(SQUARE, Persistence(2, 3)), {7: [OUT, IN, IN, IN, IN, OUT, OUT, OUT]})
    assert [signals["entered_count"] for signals in told] == [0, 0, 1, 1, 1, 1, 1, 1]
    assert [signals["dwell_time"] for signals in told] == [0, 0, 1, 2, 3, 4, 0, 0]
    assert [signals["left_count"] for signals in told] == [0, 0, 0, 0, 0, 0, 1, 1]
    assert [signals["head_count"] for signals in told] == [0, 0, 1, 1, 1, 1, 0, 0]
    assert [signals["absence_time"] for signals in told] == [0, 1, 0, 0, 0, 0, 0, 1]


def test_who_stands_on_the_border_is_not_counted_again_and_again() -> None:
    told = walk(AreaWatch(SQUARE, Persistence(2, 3)), {1: [IN, IN, OUT, IN, IN, OUT, IN, IN, IN]})
    assert told[-1]["entered_count"] == 1
    assert told[-1]["left_count"] == 0
    assert told[-1]["dwell_time"] == 8


def test_who_is_not_seen_any_more_has_left() -> None:
    told = walk(AreaWatch(SQUARE, Persistence(2, 3)), {1: [IN, IN, IN, None, None, None, None]})
    assert told[4]["left_count"] == 0
    assert told[-1]["left_count"] == 1
    assert told[-1]["dwell_time"] == 0


@unhurried
@given(
    st.dictionaries(st.integers(0, 4), st.lists(st.sampled_from([IN, OUT, None]), min_size=1, max_size=25), min_size=1)
)
def test_those_inside_are_those_who_entered_and_did_not_leave(ways) -> None:
    watch = AreaWatch(SQUARE, Persistence(2, 3))
    before = (0.0, 0.0)
    for signals in walk(watch, ways):
        now = (signals["entered_count"], signals["left_count"])
        assert now[0] >= before[0]
        assert now[1] >= before[1]
        assert 0 <= now[0] - now[1] <= len(ways)
        assert (signals["dwell_time"] > 0) <= (now[0] > now[1])
        before = now


LINE = Region("线", "line", ((0.5, 0.2), (0.5, 0.8)))


def crossings(way: list[tuple[float, float]]) -> tuple[float, float]:
    told = walk(LineWatch(LINE), {1: list(way)})[-1]
    return told["entered_count"], told["left_count"]


def test_a_line_is_crossed_in_two_directions() -> None:
    # Seen from the line's first point (above) to its second (below), left is the picture's right.
    assert crossings([(60, 50), (40, 50)]) == (1, 0)
    assert crossings([(40, 50), (60, 50)]) == (0, 1)
    assert crossings([(60, 50), (40, 50), (60, 50), (40, 50)]) == (2, 1)


def test_a_line_is_not_crossed_beside_its_ends_nor_by_who_stands_on_it() -> None:
    assert crossings([(60, 90), (40, 90)]) == (0, 0)
    wobble = [(50 + math.copysign(1, number % 2 - 0.5), 50) for number in range(20)]
    assert crossings([(60, 50), *wobble, (60, 50)]) == (0, 0)
    assert crossings([(60, 50), *wobble, (40, 50)]) == (1, 0)
