"""Normal values from a recording: robust, and honest where the recording says nothing."""

from __future__ import annotations

import numpy as np
import pytest

from bianwang.modules.rules.commissioning import baseline


def test_normal_noise_gives_its_mean_and_standard_deviation() -> None:
    x = np.random.default_rng(7).normal(50.0, 2.0, 3000)
    found = baseline(x)
    assert found.median == pytest.approx(50.0, abs=0.15)
    assert found.spread == pytest.approx(2.0, rel=0.08)


def test_a_few_wild_values_hardly_move_the_limits() -> None:
    x = np.random.default_rng(7).normal(50.0, 2.0, 300)
    wild = np.r_[x, [1000.0] * 9]
    assert baseline(wild).spread == pytest.approx(baseline(x).spread, rel=0.15)


def test_a_coarse_converter_does_not_give_a_spread_of_zero() -> None:
    x = np.r_[np.full(60, 32.0), np.full(20, 31.0), np.full(20, 33.0)]
    assert np.median(np.abs(x - np.median(x))) == 0.0
    assert baseline(x).spread == pytest.approx(2.0 / 3.29)


def test_a_signal_that_stood_still_gets_the_drift_of_a_transmitter() -> None:
    assert baseline(np.full(100, 200.0)).spread == pytest.approx(0.6)


def test_missing_values_do_not_count() -> None:
    x = np.r_[np.full(40, np.nan), np.linspace(9, 11, 41)]
    assert baseline(x).samples == 41
    assert baseline(x).median == 10.0


@pytest.mark.parametrize(
    ("values", "message"), [(np.ones(29), "29 个"), (np.full(50, np.nan), "0 个"), (np.zeros(60), "始终为 0")]
)
def test_a_recording_that_says_nothing_is_refused(values: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        baseline(values)
