"""The verdict under the curves, and the limits on them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from bianwang.engine.calendar import WEEKENDS
from bianwang.engine.formula import ParameterSpec, SignalSpec, Signature
from bianwang.engine.program import compile_formula
from bianwang.engine.table import Instance
from bianwang.modules.rules.limits import limits, text
from bianwang.modules.rules.past import Plan
from bianwang.modules.rules.plot import drawn
from bianwang.modules.rules.tracing import Span, spans, trace
from bianwang.modules.sensing.telemetry import TelemetryError
from bianwang.platform.config import config
from bianwang.telemetry.columns import Columns
from bianwang.telemetry.store import TelemetryStore
from tests.modules.telemetry_server import serving

START = 1_790_784_000_000
SIGNATURE = Signature(
    {"x": SignalSpec(), "y": SignalSpec()}, {"limit": ParameterSpec(), "span": ParameterSpec(is_duration=True)}
)


class Measured(NamedTuple):
    title: str
    unit: str
    decimals: int


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TelemetryStore]:
    with serving(tmp_path / "telemetry") as opened:
        yield opened


def instance(formula: str, key: int = 8) -> Instance:
    program = compile_formula(formula, SIGNATURE)
    signals = tuple(range(1, 1 + len(program.signals)))
    return Instance(key=key, owner=1, program=program, signals=signals, parameters=(25.0, 60_000.0))


def plan(*instances: Instance, seconds: int = 100) -> Plan:
    return Plan.of(str(config().telemetry_socket()), (START, START + 1000 * seconds), instances, WEEKENDS)


def write(store: TelemetryStore, values: list[float] | np.ndarray, quality: list[int] | np.ndarray | int = 0) -> None:
    times = START + np.arange(len(values), dtype=np.int64) * 1000
    store.insert(Columns.of(np.ones(len(values)), times, values, quality))


def in_seconds(found: list[Span]) -> list[tuple[float, float, int]]:
    return [((span.begin - START) / 1000, (span.end - START) / 1000, span.truth) for span in found]


def test_the_band_fills_the_period_and_tells_all_three_truths(store: TelemetryStore) -> None:
    quality = np.zeros(100)
    quality[60:70] = 2
    write(store, np.r_[np.full(20, 3.0), np.full(30, 40.0), np.full(50, 3.0)], quality)
    found = trace(plan(instance("x > limit"), instance("rise(x > limit)", 9)))
    assert in_seconds(found[8]) == [(0, 20, 0), (20, 50, 2), (50, 60, 0), (60, 70, 1), (70, 100, 0)]
    assert in_seconds(found[9])[:3] == [(0, 20, 0), (20, 20.001, 2), (20.001, 60, 0)]


def test_without_readings_nothing_is_known(store: TelemetryStore) -> None:
    assert in_seconds(spans(plan(instance("x > limit")))[8]) == [(0, 100, 1)]


def test_without_intake_it_says_so(tmp_path: Path) -> None:
    asked = Plan.of(str(tmp_path / "nobody"), (0, 1), [instance("x > 1")], WEEKENDS)
    with pytest.raises(TelemetryError, match="bian run"):
        trace(asked)


def test_more_spans_than_columns_keep_what_is_true() -> None:
    found = [Span(n, n + 1, 2 * (n == 5001)) for n in range(9000)]
    shown = drawn(found, 0, 9000)
    assert [span.truth for span in shown] == [0, 2, 0]
    assert shown[1].begin <= 5001 < shown[1].end
    assert (shown[0].begin, shown[-1].end) == (0, 9000)


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("x > limit", [(0, "", ">", 25.0)]),
        ("30 >= x and y == 0", [(0, "", "≤", 30.0), (1, "", "=", 0.0)]),
        ("once[0, span](outside(x, -5, limit))", [(0, "", "<", -5.0), (0, "", ">", 25.0)]),
        ("delta[0, span](x) > 4", [(0, "1 分钟变化", ">", 4.0)]),
        ("x > y or x + y > 3 or stale(x, span)", []),
    ],
)
def test_limits_of_a_formula(formula: str, found: list[tuple[int, str, str, float]]) -> None:
    assert limits(instance(formula)) == found


def test_limits_as_text() -> None:
    gas, current = Measured("气", "%LEL", 1), Measured("电流", "A", 0)
    assert text(instance("x >= limit"), [gas]) == "≥ 25.0 %LEL"
    assert text(instance("outside(x, 10.5, 13.5)"), [gas]) == "< 10.5 %LEL，> 13.5 %LEL"
    assert text(instance("x >= limit and 5 > y"), [gas, current]) == "气 ≥ 25.0 %LEL，电流 < 5 A"
    assert text(instance("delta[0, span](x) > 4 or stale(x, 70s)"), [current]) == "1 分钟变化 > 4 A，静默 70 秒"
