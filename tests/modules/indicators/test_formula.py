"""Formulas over figures: what they come to, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from bianwang.modules.indicators.formula import FormulaError, evaluate, names


@pytest.mark.parametrize(
    "text", ["__import__('os')", "a.b", "a(1)", "a ** 2", "[1]", "a if b else c", "'x'", "True", ""]
)
def test_only_arithmetic_is_a_formula(text: str) -> None:
    with pytest.raises(FormulaError):
        names(text)


def test_a_name_without_a_value_is_named() -> None:
    with pytest.raises(FormulaError, match="paid"):
        evaluate("100 * paid / budget", {"budget": Decimal(1)})


def test_division_by_nothing_has_no_result() -> None:
    assert evaluate("a / b", {"a": Decimal(1), "b": Decimal(0)}) is None
    assert evaluate("a / b", {"a": Decimal(0), "b": Decimal(0)}) is None


@given(st.integers(-10_000, 10_000), st.integers(-10_000, 10_000), st.integers(1, 10_000))
def test_it_agrees_with_fractions(a: int, b: int, c: int) -> None:
    found = evaluate("(a - b) × 100 ÷ c + -b", {"a": Decimal(a), "b": Decimal(b), "c": Decimal(c)})
    assert found is not None
    assert abs(Fraction(found) - (Fraction(100 * (a - b), c) - b)) < Fraction(1, 10**15)
