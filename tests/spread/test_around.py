"""Rasters, coordinates and who is in the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from bianwang.spread.conditions import Doubt
from bianwang.spread.errors import SpreadError
from bianwang.spread.exposure import exposure
from bianwang.spread.grid import Grid
from bianwang.spread.origin import Origin
from bianwang.spread.rasters import read
from bianwang.spread.wang import Wang
from tests.spread.fires import burn

HEAD = "ncols 3\nnrows 2\nxllcorner 100\nyllcorner 200\ncellsize 10\nNODATA_value -9999\n"


@dataclass(frozen=True)
class House:
    name: str
    x: float
    y: float


def test_who_is_reached_first_leaves_first() -> None:
    result = burn(Wang(), grid=Grid.flat(30.0, 201, 201, 2), wind=6, wind_from=270, hours=3, doubt=Doubt())
    houses = [House("上风", -90, 0), House("下风", 400, 0), House("近", 100, 20), House("格网外", 9_000, 0)]
    found = exposure(result, houses)
    assert [each.place.name for each in found] == ["近", "下风", "上风"]
    assert all(each.earliest < each.likely <= each.latest for each in found)
    assert found[0].hour == 1
    assert found[-1].latest == np.inf


def test_local_metres_and_back() -> None:
    origin = Origin(106.23, 29.59)
    assert origin.wgs84(*origin.local(106.3, 29.5)) == pytest.approx((106.3, 29.5))
    # a degree at 29.59° N on the WGS 84 ellipsoid
    assert origin.local(107.23, 30.59) == pytest.approx((96_880, 110_860), rel=1e-3)
    with pytest.raises(SpreadError, match="写反"):
        Origin(29.59, 106.23)


def test_a_raster_lies_where_it_says() -> None:
    raster = read(HEAD + "1 2 3\n4 -9999 6\n", "a.asc")
    grid = Grid(10.0, np.ones((3, 4)), None, 100, 200)
    nan = np.nan
    np.testing.assert_array_equal(raster.onto(grid), [[nan] * 4, [1, 2, 3, nan], [4, nan, 6, nan]])
    centred = read(HEAD.replace("llcorner 1", "llcenter 1").replace("llcorner 2", "llcenter 2") + "1 2 3\n4 5 6\n", "a")
    assert (centred.west, centred.south) == (95, 195)


def test_a_raster_in_degrees_needs_an_origin() -> None:
    text = "ncols 2\nnrows 1\nxllcorner 106.0\nyllcorner 29.5\ncellsize 0.01\n7 8\n"
    grid = Grid(100.0, np.ones((1, 10)), None, -500, 0)
    origin = Origin(106.01, 29.505)
    np.testing.assert_array_equal(read(text, "a").onto(grid, origin), [[7] * 5 + [8] * 5])
    with pytest.raises(SpreadError, match="须给出原点"):
        read(text, "a").onto(grid)
    with pytest.raises(SpreadError, match="没有重叠"):
        read(text, "a").onto(grid, Origin(100, 20))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + "1 2 3\n4 x 6\n", "“a.asc”第 2 行第 2 列“x”不是数"),
        (HEAD + "1 2 3\n4 nan 6\n", "第 2 行第 2 列不是有限的数"),
        (HEAD + "1 2 3\n4 5\n", "第 2 行数据应有 3 列，实有 2 列"),
        (HEAD + "1 2 3\n", "写明 2 行，实有 1 行"),
        (HEAD.replace("cellsize 10\n", "") + "1 2 3\n", "缺少 cellsize"),
        (HEAD.replace("ncols 3", "ncols 3.5") + "1 2 3\n", "正整数"),
        (HEAD.replace("ncols 3", "ncols 3000000"), "不超过 4,000,000"),
        (HEAD.replace("ncols 3", "ncols"), "第 1 行应是“ncols 数值”"),
        (HEAD.replace("ncols 3", "ncols 三"), "第 1 行 ncols 的值“三”不是数"),
        ("", "缺少 ncols"),
        ("PK\x03\x04", "缺少 ncols"),
    ],
)
def test_a_wrong_raster_is_refused_by_its_place(text: str, words: str) -> None:
    with pytest.raises(SpreadError, match=words):
        read(text, "a.asc")


def test_slope_and_its_direction() -> None:
    y, x = np.mgrid[0:5, 0:5] * 10.0
    slope, upslope = Grid(10.0, np.ones((5, 5)), x).slopes()
    assert (slope[2, 2], upslope[2, 2]) == pytest.approx((45, 90))
    slope, upslope = Grid(10.0, np.ones((5, 5)), y).slopes()  # row 0 is north: it rises to the south
    assert (slope[2, 2], upslope[2, 2]) == pytest.approx((45, 180))
