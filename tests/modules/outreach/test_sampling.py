"""Intervals and sample sizes against published values, and what must always hold of them."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given, settings, strategies as st

from bianwang.modules.outreach import sampling
from bianwang.modules.outreach.sampling import needed, wilson

# Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3.
NEWCOMBE = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
# Krejcie and Morgan, Educational and Psychological Measurement 30 (1970) 607; their last digits are rounded.
KREJCIE_MORGAN = [(100, 80), (500, 217), (1000, 278), (5000, 357), (10_000, 370), (100_000, 384), (1_000_000, 384)]


def test_the_examples_in_the_text() -> None:
    assert doctest.testmod(sampling).failed == 0


@pytest.mark.parametrize(("successes", "sample", "low", "high"), NEWCOMBE)
def test_newcombes_intervals(successes: int, sample: int, low: float, high: float) -> None:
    assert wilson(successes, sample) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("population", "published"), KREJCIE_MORGAN)
def test_krejcie_and_morgans_sizes(population: int, published: int) -> None:
    assert abs(needed(0.05, population) - published) <= 1


@given(st.integers(1, 5000), st.data())
@settings(max_examples=60)
def test_an_interval_holds_its_share_and_mirrors(sample: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, sample))
    low, high = wilson(successes, sample)
    assert 0 <= low <= successes / sample <= high <= 1
    assert low < high
    other = wilson(sample - successes, sample)
    assert (1 - other[1], 1 - other[0]) == pytest.approx((low, high))


@given(st.integers(1, 10**7), st.floats(0.01, 0.2))
@settings(max_examples=60)
def test_no_more_than_there_are_are_asked(population: int, margin: float) -> None:
    assert 1 <= needed(margin, population) <= min(population, needed(margin))
    assert needed(margin, population) <= needed(margin, population + 1)


@pytest.mark.parametrize(("successes", "sample"), [(0, 0), (2, 1), (-1, 5)])
def test_no_interval_without_a_sample(successes: int, sample: int) -> None:
    with pytest.raises(ValueError, match="样本"):
        wilson(successes, sample)


@pytest.mark.parametrize(("margin", "population"), [(0.0, None), (1.0, None), (0.05, 0)])
def test_no_size_for_nonsense(margin: float, population: int | None) -> None:
    with pytest.raises(ValueError, match=r"至少|须在"):
        needed(margin, population)
