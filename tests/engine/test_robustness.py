"""Margins: by hand, and their sign against the truth of random formulas."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given, settings

from bianwang.engine.formula import SignalSpec, Signature, TruthNode
from bianwang.engine.language import parse
from bianwang.engine.robustness import margins
from bianwang.engine.semantics import Truth
from bianwang.engine.specification import Meaning
from tests.engine.streams import END, SIGNALS, Recording, recordings
from tests.engine.trees import formulas

INF = math.inf


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x > 3", [(0, -2.0), (5, 1.0), (9, -1.0)]),
        ("not (x > 3)", [(0, 2.0), (5, -1.0), (9, 1.0)]),
        ("x > 3 and x < 10", [(0, -2.0), (5, 1.0), (9, -1.0)]),
        ("outside(x, 2, 3)", [(0, 1.0), (9, 0.0)]),
        ("x == 4", [(0, -3.0), (5, 0.0), (9, -2.0)]),
        ("once[0, 3ms](x > 3)", [(0, -2.0), (5, 1.0), (12, -1.0)]),
        ("historically[0, 3ms](x > 3)", [(0, -2.0), (8, 1.0), (9, -1.0)]),
        ("rise(x > 3)", [(0, -INF), (5, INF), (6, -INF)]),
    ],
)
def test_margins_by_hand(text: str, expected: list[tuple[int, float]]) -> None:
    signature = Signature({"x": SignalSpec(initial=1.0)})
    times, values = margins(parse(text), {"x": [(5, 4.0), (9, 2.0)]}, signature, {}, 0, 30, lambda day: False)
    assert list(zip(times.tolist(), values.tolist(), strict=True)) == expected


@settings(max_examples=300, deadline=None)
@given(formulas(list(SIGNALS)), recordings())
def test_the_sign_is_the_truth(tree: TruthNode, recording: Recording) -> None:
    # Hysteresis is left out of the margin, so formulas with it may differ inside the band.
    assume("band=Literal" not in repr(tree))
    samples = {name: recording.known(name) for name in SIGNALS}
    signature, until = Signature(recording.specs), END + 20
    times, values = margins(tree, samples, signature, {}, 0, until, lambda day: day.weekday() >= 5)
    meaning = Meaning(tree, samples, signature, {}, 0, lambda day: day.weekday() >= 5)
    meaning.until = until
    for time, value in zip(times.tolist(), values.tolist(), strict=True):
        if value > 0:
            assert meaning.truth(tree, time) is Truth.TRUE
        if value < 0:
            assert meaning.truth(tree, time) is Truth.FALSE
