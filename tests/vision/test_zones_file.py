"""What people write into a file of zones, and what they are told when it cannot be read."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from bianwang.vision.errors import RegionError
from bianwang.vision.regions import Region
from bianwang.vision.zones_file import read

# A busy machine draws slowly, which is no fault of what is tested.
unhurried = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SIZE = (200, 100)
SQUARE = [[20, 10], [100, 10], [100, 50], [20, 50]]
FRACTIONS = [[0.1, 0.1], [0.5, 0.1], [0.5, 0.5], [0.1, 0.5]]


@pytest.mark.parametrize(
    "content",
    [
        [{"name": "门", "points": SQUARE}],
        [{"name": "门", "points": FRACTIONS}],
        {"门": SQUARE},
        {"门": {"points": FRACTIONS}},
        {"zones": [{"name": "门", "points": SQUARE}]},
        {"zones": {"门": SQUARE}},
        {"regions": [{"label": "门", "polygon": SQUARE, "kind": "area"}]},
        {"name": "门", "points": SQUARE},
        [{"id": "门", "points": [{"x": x, "y": y} for x, y in SQUARE]}],
        [{"name": "门", "points": [number for point in SQUARE for number in point]}],
        [{"name": "门", "points": [20, 10, 100, 50]}],
        [{"name": "门", "points": [*SQUARE, SQUARE[0]]}],
        [{"name": " 门 ", "points": [[str(x), str(y)] for x, y in SQUARE]}],
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"name": "门"},
                    "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
                }
            ],
        },
    ],
)
def test_one_zone_in_every_form(content: object) -> None:
    (found,) = read("\ufeff" + json.dumps(content), SIZE)
    assert (found.name, found.kind, found.use) == ("门", "area", "head_count")
    assert found.on(*SIZE).tolist() == SQUARE


def test_several_zones_without_names_are_numbered() -> None:
    found = read(json.dumps([SQUARE, {"points": FRACTIONS}]), SIZE)
    assert [region.name for region in found] == ["区域1", "区域2"]
    assert found[0].points == found[1].points


def test_two_points_are_a_line() -> None:
    (found,) = read('{"门槛": [[0, 0], [200, 100]]}', SIZE)
    assert found == Region("门槛", "line", ((0.0, 0.0), (1.0, 1.0)))


@unhurried
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 100)), min_size=3, max_size=8))
def test_pixels_come_back_as_they_were_written(points: list[tuple[int, int]]) -> None:
    try:
        (found,) = read(json.dumps([{"name": "a", "points": points}]), SIZE)
    except RegionError:
        return  # three points in a line and the like
    if max(max(point) for point in points) > 1:
        kept = points[:-1] if len(points) > 3 and points[0] == points[-1] else points
        assert found.on(*SIZE).tolist() == [list(point) for point in kept]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "不是 JSON"),
        ("{", "不是 JSON"),
        ("[" * 100_000, "不是 JSON"),
        ("3", "没有区域"),
        ("[]", "没有区域"),
        ("{}", "没有区域"),
        ('[{"name": "门"}]', "“门”没有坐标"),
        ('[{"name": "门", "points": []}]', "“门”没有坐标"),
        ('[{"name": "门", "points": [[1, 2], [3, 4], [5]]}]', r"应为 \[x, y\]"),
        ('[{"name": "门", "points": [[1, 2], [3, "a"], [5, 6]]}]', "坐标 a 不是数字"),
        ('[{"name": "门", "points": [[1, 2], [3, null], [5, 6]]}]', "不是数字"),
        ('[{"name": "门", "points": [[1, 2], [3, NaN], [5, 6]]}]', "不是 JSON"),
        ('[{"name": "门", "points": [1, 2, 3, 4, 5]}]', "应成对"),
        ('[{"name": "门", "points": [[0, 0], [50, 50], [90, 90]]}]', "一条直线"),
        ('[{"name": "门", "kind": "area", "points": [[0, 0], [50, 50]]}]', "至少要有 3 个点"),
        ('[{"name": "门", "points": [0, 0, 9, 9]}, {"name": "门", "points": [0, 0, 9, 9]}]', "出现了 2 次"),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence(text: str, words: str) -> None:
    with pytest.raises(RegionError, match=words) as refused:
        read(text, SIZE)
    assert "\n" not in str(refused.value)
    assert str(refused.value).endswith("。")


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(["name", "points", "zones", "x", "y", "geometry", "kind", "a"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@unhurried
@given(json_values)
def test_any_json_is_read_or_refused(content: object) -> None:
    with suppress(RegionError):
        assert all(len(region.points) >= 2 for region in read(json.dumps(content), SIZE))
