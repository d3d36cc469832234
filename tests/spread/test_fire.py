"""The fire on the grid against what is known of it: ellipses, symmetry, barriers, wind that turns."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from bianwang.spread.conditions import Conditions, Doubt, Ignition, Weather
from bianwang.spread.ellipse import Shapes, rate
from bianwang.spread.errors import SpreadError
from bianwang.spread.fire import spread
from bianwang.spread.grid import Grid
from bianwang.spread.march import _fastest
from bianwang.spread.rothermel import Rothermel
from bianwang.spread.wang import Wang
from tests.spread.fires import CERTAIN, Still, analytic, burn, middles

# Stated in docs/manual.md: more than ten cells away no time is early, and none more than this part late.
LATE = {1.0: 0.003, 2.0: 0.01, 4.0: 0.05}


@pytest.mark.parametrize("shape", LATE)
@pytest.mark.parametrize("wind_from", [270.0, 225.0, 203.0])
def test_times_are_those_of_the_ellipse(shape: float, wind_from: float) -> None:
    forward = 10 * np.sqrt(1 - 1 / shape**2)
    model = Still(10.0, 10.0 / shape, forward)
    grid = Grid.flat(10.0, 201, 201, 1)
    result = burn(model, grid=grid, wind_from=wind_from)
    x, y = middles(grid)
    exact = analytic(model, 1.0, wind_from - 180, x, y)
    judged = (exact <= 100) & (np.hypot(x, y) > 100)
    late = result.likely[judged] / exact[judged] - 1
    assert judged.sum() > 3000
    assert late.min() > -1e-9
    assert late.max() < LATE[shape], late.max()


@pytest.mark.parametrize("shape", LATE)
def test_area_and_perimeter_are_those_of_the_ellipse(shape: float) -> None:
    model = Still(8.0, 8.0 / shape, 8 * np.sqrt(1 - 1 / shape**2))
    front = burn(model, grid=Grid.flat(10.0, 301, 301, 1), wind_from=240.0).front(2)
    a, b = 8.0 * 120, 8.0 / shape * 120
    assert front.hectares == pytest.approx(np.pi * a * b / 10_000, rel=2 * LATE[shape])
    around = np.pi * (3 * (a + b) - np.sqrt((3 * a + b) * (a + 3 * b)))
    assert front.perimeter == pytest.approx(around, rel=2 * LATE[shape])
    assert len(front.rings) == 1


def test_turned_by_ninety_degrees_it_burns_the_same() -> None:
    generator = np.random.default_rng(7)
    fuel = generator.choice([0.0, 1.0, 2.0, 4.0], (41, 41), p=[0.1, 0.3, 0.3, 0.3])
    fuel[20, 20] = 2
    height = np.cumsum(np.cumsum(generator.normal(size=(41, 41)), 0), 1)
    for model in (Wang(), Rothermel()):
        one = burn(model, grid=Grid(20.0, fuel, height, -410, -410), wind=4, wind_from=250)
        turned = Grid(20.0, np.rot90(fuel).copy(), np.rot90(height).copy(), -410, -410)
        other = burn(model, grid=turned, wind=4, wind_from=160)
        for hour in (1, 2):
            assert one.front(hour).hectares == pytest.approx(other.front(hour).hectares, rel=1e-3)
        reached = np.rot90(one.likely) <= 120
        np.testing.assert_allclose(np.rot90(one.likely)[reached], other.likely[reached], rtol=1e-3)


@pytest.mark.parametrize("diagonal", [False, True])
def test_a_barrier_one_cell_wide_holds(diagonal: bool) -> None:
    fuel = np.ones((41, 41))
    line = np.arange(41)
    fuel[line, line if diagonal else 30] = 0
    ignition = (-10.0 * 10, -10.0 * 10 - 50)
    grid = Grid(10.0, fuel, None, -205, -205)
    result = burn(Still(), grid=grid, wind_from=225, hours=5, at=(ignition,))
    beyond = np.triu(np.ones((41, 41), bool), 1) if diagonal else np.arange(41)[None, :] > np.full((41, 1), 30)
    assert np.isinf(result.likely[beyond]).all()
    assert (result.likely[~beyond & (fuel > 0)] < 300).all()
    fuel[20, 20 if diagonal else 30] = 1
    opened = burn(Still(), grid=Grid(10.0, fuel, None, -205, -205), wind_from=225, hours=5, at=(ignition,))
    assert (opened.likely[beyond] < 300).any()


def test_nan_burns_not_and_neither_does_unknown_height() -> None:
    fuel, height = np.ones((21, 21)), np.zeros((21, 21))
    fuel[3, 4], height[15, 15] = np.nan, np.nan
    result = burn(Still(), grid=Grid(10.0, fuel, height, -105, -105), hours=5)
    assert np.isinf(result.likely[[3, 15], [4, 15]]).all()
    assert np.isfinite(result.likely).sum() == 21 * 21 - 2


def test_the_wind_that_counts_is_that_of_the_hour() -> None:
    grid = Grid.flat(10.0, 201, 401, 1)
    model = Still(1.0, 1.0, 0.0)  # a circle whose radius grows by the wind's m/s each minute
    weather = tuple(Weather(wind, 270) for wind in (10, 0, 5, 20))
    result = spread(Conditions(grid, weather, (Ignition(0, 0),), model, CERTAIN))
    assert result.minutes(600, 0)[1] == pytest.approx(60)
    assert result.minutes(900, 0)[1] == pytest.approx(120 + 60)
    assert result.minutes(750, 0)[1] == pytest.approx(120 + 30)
    assert [round(hour.likely.hectares) for hour in result.hours()[:3]] == pytest.approx(
        [np.pi * 36, np.pi * 36, np.pi * 81], rel=0.03
    )


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 360), st.floats(0.1, 50), st.floats(0.05, 1), st.floats(0, 0.99), st.floats(0, 360))
def test_no_direction_is_faster_than_what_is_left_out(
    head: float, length: float, narrow: float, eccentric: float, direction: float
) -> None:
    one = np.ones(1)
    shape = Shapes(one * head, one * length, one * length * narrow, one * length * eccentric, one * 0.0)
    table = shape.table()
    bound = _fastest(table[None])[0]
    assert rate(table[0], direction) <= bound * (1 + 1e-9)
    assert rate(table[0], head) == pytest.approx(length * (1 + eccentric), rel=1e-6)


def test_an_ignition_may_come_later() -> None:
    grid = Grid.flat(10.0, 101, 101, 1)
    weather = (Weather(1, 270),) * 2
    ignitions = (Ignition(0, 0, 0), Ignition(400, 0, 30))
    result = spread(Conditions(grid, weather, ignitions, Still(1, 1, 0), CERTAIN))
    assert result.minutes(400, 0)[1] == 30
    assert result.minutes(350, 0)[1] == pytest.approx(80, rel=0.01)


@settings(max_examples=5, deadline=None)
@given(st.floats(0, 12), st.floats(0.2, 3), st.floats(0, 359))
def test_more_wind_never_arrives_later_downwind(wind: float, more: float, wind_from: float) -> None:
    grid = Grid.flat(30.0, 61, 61, 2)
    for model in (Wang(), Rothermel()):
        lee = np.radians(wind_from - 180)
        point = 600 * np.sin(lee), 600 * np.cos(lee)
        slow = burn(model, grid=grid, wind=wind, wind_from=wind_from, hours=24).minutes(*point)[1]
        fast = burn(model, grid=grid, wind=wind + more, wind_from=wind_from, hours=24).minutes(*point)[1]
        assert fast <= slow * 1.001


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000), st.floats(0, 10))
def test_the_fire_spreads_from_what_burns(seed: int, wind: float) -> None:
    generator = np.random.default_rng(seed)
    fuel = generator.choice([0.0, 1.0, 2.0, 3.0], (31, 31))
    fuel[15, 15] = 2
    height = np.cumsum(generator.normal(size=(31, 31)), 1) * 10
    result = burn(Wang(), grid=Grid(20.0, fuel, height, -310, -310), wind=wind, hours=12, doubt=Doubt())
    padded = np.pad(result.likely, 1, constant_values=np.inf)
    around = [padded[r : r + 31, c : c + 31] for r in range(3) for c in range(3) if (r, c) != (1, 1)]
    reached = (result.likely <= 720) & (result.likely > 0)
    assert (np.min(around, axis=0)[reached] <= 720).all()  # nothing burns apart from the fire
    assert np.isinf(result.likely[fuel == 0]).all()
    assert (result.earliest <= result.likely).all()
    assert (result.likely <= result.latest).all()
    hectares = [hour.likely.hectares for hour in result.hours()]
    assert hectares == sorted(hectares)


def test_the_band_surrounds_the_likely_front() -> None:
    hour = burn(Wang(), grid=Grid.flat(30.0, 201, 201, 2), wind=5, hours=3, doubt=Doubt()).hours()[-1]
    assert hour.latest.hectares < hour.likely.hectares < hour.earliest.hectares


def test_islands_run_the_other_way() -> None:
    fuel = np.ones((41, 41))
    fuel[10:15, 10:15] = 0
    front = burn(Still(1, 1, 0), grid=Grid(1.0, fuel, None, -20.5, -20.5), hours=2).front(2)
    assert len(front.rings) == 2
    assert front.hectares * 10_000 == pytest.approx(41**2 - 25, abs=45)


def test_leaving_the_grid_is_told() -> None:
    assert burn(Still(), grid=Grid.flat(10.0, 21, 21, 1)).reaches_edge()
    assert not burn(Still(1, 1, 0), grid=Grid.flat(10.0, 51, 51, 1)).reaches_edge()


GRID = Grid.flat(10.0, 5, 5, 1)
HOUR = Weather(1, 0)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Weather(-1, 0), "风速 -1"),
        (lambda: Weather(1, 361), "风向 361"),
        (lambda: Weather(1, float("nan")), "风向"),
        (lambda: Weather(1, 0, humidity=101), "相对湿度 101"),
        (lambda: Doubt(wind=1), "不确定度"),
        (lambda: Grid.flat(0, 5, 5, 1), "格网边长 0"),
        (lambda: Grid(10, np.ones((2, 2)), np.ones((2, 3))), "2 行 3 列"),
        (lambda: Grid(10, np.ones((0, 2))), "空的"),
        (lambda: Grid(10, np.ones((2001, 2000))), "4,002,000 格"),
        (lambda: spread(Conditions(GRID, (), (Ignition(0, 0),), Still())), "0 小时"),
        (lambda: spread(Conditions(GRID, (HOUR,) * 241, (Ignition(0, 0),), Still())), "241 小时"),
        (lambda: spread(Conditions(GRID, (HOUR,), (), Still())), "没有起火点"),
        (lambda: spread(Conditions(GRID, (HOUR,), (Ignition(26, 0),), Still())), "在格网以外"),
        (lambda: spread(Conditions(GRID, (HOUR,), (Ignition(0, 0, 60),), Still())), "第 60 分钟"),
        (lambda: spread(Conditions(Grid.flat(9, 5, 5, 0), (HOUR,), (Ignition(0, 0),), Still())), "不可燃"),
        (
            lambda: spread(Conditions(Grid.flat(9, 5, 5, 7), (HOUR,), (Ignition(0, 0),), Still())),
            "第 1 行第 1 列的代码 7",
        ),
    ],
)
def test_refusals(make: object, words: str) -> None:
    with pytest.raises(SpreadError, match=words):
        make()  # type: ignore[operator]
