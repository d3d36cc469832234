"""Random formulas that have a meaning: every construct, small bounds and numbers."""

from __future__ import annotations

from hypothesis import strategies as st

from bianwang.engine import formula as f

_durations = st.sampled_from([0, 1, 2, 3, 5, 8, 12])
_spans = st.sampled_from([1, 2, 3, 5, 8, 12])
_literals = st.sampled_from([0.0, 1.0, 2.0, 3.0, 5.0]).map(f.Literal)
_bands = st.sampled_from([None, None, f.Literal(0.0), f.Literal(1.0), f.Literal(2.0)])
_ordered = st.sampled_from([f.ComparisonOp.GT, f.ComparisonOp.GE, f.ComparisonOp.LT, f.ComparisonOp.LE])
_equal = st.sampled_from([f.ComparisonOp.EQ, f.ComparisonOp.NE])


@st.composite
def _intervals(draw: st.DrawFn) -> f.Interval:
    low, high = sorted((draw(_durations), draw(_durations)))
    return f.Interval(low, draw(st.sampled_from([high, high, high, high, None])))


def _numbers(signals: list[str], truths: st.SearchStrategy[f.TruthNode]) -> st.SearchStrategy[f.NumberNode]:
    signal = st.sampled_from(signals).map(f.Signal)
    kinds = st.sampled_from([f.WindowKind.MEAN, f.WindowKind.MAX, f.WindowKind.MIN, f.WindowKind.DELTA])
    leaves = st.one_of(
        signal,
        signal,
        _literals,
        st.builds(f.Window, st.sampled_from(f.WindowKind), signal, _spans),
        st.builds(f.Count, truths, _spans),
        st.builds(f.Smoothed, st.sampled_from(f.SmoothedKind), signal, st.sampled_from([1, 2, 8])),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(f.Arithmetic, st.sampled_from(f.ArithmeticOp), inner, inner),
            # A minus before a number is part of the number.
            inner.filter(lambda node: not isinstance(node, f.Literal)).map(f.Negative),
            inner.map(f.Absolute),
            inner.map(f.PreviousNumber),
            st.builds(f.Window, kinds, inner, _spans),
        ),
        max_leaves=3,
    )


def _comparisons(numbers: st.SearchStrategy[f.NumberNode]) -> st.SearchStrategy[f.TruthNode]:
    return st.one_of(
        st.builds(f.Comparison, _ordered, numbers, st.one_of(_literals, numbers), _bands),
        st.builds(f.Comparison, _equal, numbers, st.one_of(_literals, numbers)),
        st.builds(f.Outside, numbers, st.just(f.Literal(0.0)), st.just(f.Literal(4.0)), _bands),
    )


@st.composite
def _votes(draw: st.DrawFn, signals: list[str]) -> f.Votes:
    signal = f.Signal(draw(st.sampled_from(signals)))
    window = f.Window(draw(st.sampled_from(f.WindowKind)), signal, draw(_spans))
    of = f.Comparison(draw(_ordered), draw(st.sampled_from([signal, window])), draw(_literals), draw(_bands))
    n = draw(st.integers(1, 4))
    m = draw(st.sampled_from([number for number in (1, 2, 3, 5, 64) if number >= n]))
    return f.Votes(f.Literal(float(n)), f.Literal(float(m)), of)


def formulas(signals: list[str]) -> st.SearchStrategy[f.TruthNode]:
    """Formulas over these signals."""
    signal = st.sampled_from(signals).map(f.Signal)
    plain = st.builds(f.Comparison, _ordered, signal, _literals, _bands)
    atoms = st.one_of(
        plain,
        plain,
        _comparisons(_numbers(signals, plain)),
        _votes(signals),
        st.builds(f.Stale, signal, _spans),
        st.sampled_from([f.Constant(True), f.Calendar(f.CalendarKind.WITHIN, 480, 1080)]),
    )
    return st.recursive(
        atoms,
        lambda inner: st.one_of(
            inner.map(f.Not),
            st.builds(f.And, inner, inner),
            st.builds(f.Or, inner, inner),
            st.builds(f.Implies, inner, inner),
            st.builds(f.Once, inner, _intervals()),
            st.builds(f.Historically, inner, _intervals()),
            st.builds(f.Since, inner, inner, _intervals()),
            inner.map(f.Rise),
            inner.map(f.Fall),
            inner.map(f.PreviousTruth),
            _comparisons(_numbers(signals, inner)),
        ),
        max_leaves=5,
    )
