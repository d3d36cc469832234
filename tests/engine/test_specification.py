"""The specification says what formula.py says: each construct by values worked out by hand.

Written as ``time:value`` for samples (``?``: bad) and ``time:truth`` for what is expected (``+`` true, ``-`` false,
``?`` unknown), in milliseconds. Then the laws that hold of every formula.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from bianwang.engine import formula as f
from bianwang.engine.formula import SignalSpec, Signature
from bianwang.engine.language import parse
from bianwang.engine.possible import UNKNOWN, Possible
from bianwang.engine.semantics import ChangeKind, Truth
from bianwang.engine.specification import Meaning, verdict_changes
from tests.engine.streams import END, SIGNALS, Recording, recordings
from tests.engine.trees import formulas

SIGNS = {Truth.TRUE: "+", Truth.FALSE: "-", Truth.UNKNOWN: "?"}
HOUR = 3_600_000
KNOWN = SignalSpec(initial=0.0)
NEVER_SEEN = SignalSpec()


def samples(written: str) -> list[tuple[int, float | None]]:
    pairs = (each.split(":") for each in written.split())
    return [(int(time), None if value == "?" else float(value)) for time, value in pairs]


def said(
    text: str,
    x: str = "",
    y: str = "",
    *,
    spec: SignalSpec = KNOWN,
    parameters: Mapping[str, float] | None = None,
    start: int = 0,
    until: int = 40,
) -> str:
    """The changes of truth from ``start`` to ``until``."""
    named = parameters or {}
    signature = Signature({"x": spec, "y": spec})
    tree = parse(text, named)
    meaning = Meaning(tree, {"x": samples(x), "y": samples(y)}, signature, named, start, lambda day: day.weekday() >= 5)
    return " ".join(f"{time}:{SIGNS[truth]}" for time, truth in meaning.changes(until))


PULSE = "5:4 9:1"
"""0 for all the past, 4 on [5, 9), 1 from 9."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true", "0:+"),
        ("false", "0:-"),
        ("x > 3", "0:- 5:+ 9:-"),
        ("x > 4", "0:-"),
        ("x >= 4", "0:- 5:+ 9:-"),
        ("x < 1", "0:+ 5:-"),
        ("x <= 1", "0:+ 5:- 9:+"),
        ("x == 4", "0:- 5:+ 9:-"),
        ("x != 4", "0:+ 5:- 9:+"),
        ("3 < x", "0:- 5:+ 9:-"),
        ("outside(x, 0, 3)", "0:- 5:+ 9:-"),
        ("outside(x, 1, 4)", "0:+ 5:-"),
        ("x + x > 7", "0:- 5:+ 9:-"),
        ("x * 2 - 1 == 7", "0:- 5:+ 9:-"),
        ("8 / x == 2", "0:? 5:+ 9:-"),
        ("abs(0 - x) > 3", "0:- 5:+ 9:-"),
        ("-x < -3", "0:- 5:+ 9:-"),
        ("prev(x) > 3", "0:- 6:+ 10:-"),
        ("x - prev(x) > 3", "0:- 5:+ 6:-"),
        ("x - prev(x) < -2", "0:- 9:+ 10:-"),
    ],
)
def test_comparisons_and_arithmetic(text: str, expected: str) -> None:
    assert said(text, PULSE) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not x > 3", "0:+ 5:- 9:+"),
        ("prev(x > 3)", "0:- 6:+ 10:-"),
        ("rise(x > 3)", "0:- 5:+ 6:-"),
        ("fall(x > 3)", "0:- 9:+ 10:-"),
        ("prev(rise(x > 3))", "0:- 6:+ 7:-"),
        # p on [t1, t2) gives once[a, b] p on [t1 + a, t2 + b).
        ("once[0, 4ms](x > 3)", "0:- 5:+ 13:-"),
        ("once[2ms, 4ms](x > 3)", "0:- 7:+ 13:-"),
        ("once[4ms, 4ms](x > 3)", "0:- 9:+ 13:-"),
        ("once[3ms, 5ms](rise(x > 3))", "0:- 8:+ 11:-"),
        ("once(x > 3)", "0:- 5:+"),
        ("once[3ms, inf](x > 3)", "0:- 8:+"),
        ("once[0, 5ms](x < 1)", "0:+ 10:-"),
        ("historically[0, 3ms](x > 3)", "0:- 8:+ 9:-"),
        ("historically[0, 4ms](x > 3)", "0:-"),
        ("historically[2ms, 4ms](x > 3)", "0:- 9:+ 11:-"),
        ("historically(x < 3)", "0:+ 5:-"),
        ("historically[3ms, inf](x < 3)", "0:+ 8:-"),
        ("once[0, 2ms](once[1ms, 2ms](x > 3))", "0:- 6:+ 13:-"),
        ("historically[0, 3ms](once[0, 2ms](x > 3))", "0:- 8:+ 11:-"),
    ],
)
def test_temporal_operators(text: str, expected: str) -> None:
    assert said(text, PULSE) == expected


@pytest.mark.parametrize(
    ("text", "x", "y", "expected"),
    [
        # q ends in the very instant in which p begins: handed over. One millisecond without either: not.
        ("(x > 3) since[0, 10ms](y > 3)", "5:4 20:1", "4:4 5:1", "0:- 4:+ 15:-"),
        ("(x > 3) since[0, 10ms](y > 3)", "5:4 20:1", "3:4 4:1", "0:- 3:+ 4:-"),
        ("(x > 3) since[0, 10ms](y > 3)", "5:4 12:1", "4:4 5:1", "0:- 4:+ 12:-"),
        ("(x > 3) since[3ms, 10ms](y > 3)", "5:4 20:1", "4:4 5:1", "0:- 7:+ 15:-"),
        ("(x > 3) since[0, 0](y > 3)", "5:4 20:1", "4:4 7:1", "0:- 4:+ 7:-"),
        ("(x > 3) since(y > 3)", "5:4 20:1", "4:4 5:1", "0:- 4:+ 20:-"),
        ("(x > 3) since[9ms, inf](y > 3)", "5:4 20:1", "4:4 5:1", "0:- 13:+ 20:-"),
        ("(x > 3) since[0, 10ms](y > 3)", "5:4 20:1", "4:4 7:1", "0:- 4:+ 17:-"),
        ("(x > 3) since[3ms, 4ms](y > 3)", "5:4 20:1", "4:4 7:1", "0:- 7:+ 11:-"),
        ("(x > 3) since[0, 10ms](y > 3)", "8:4", "4:4 10:1", "0:- 4:+ 20:-"),
        ("(x == 0) since(y > 3)", "6:1", "", "0:-"),
        ("(x == 0) since(y == 0)", "6:1", "5:4", "0:+ 6:-"),
        ("x > 3 and not once[0, 5ms](y > 3)", "20:9", "4:9 11:1", "0:- 20:+"),
        ("x > 3 and not once[0, 10ms](y > 3)", "18:9", "4:9 11:1", "0:- 21:+"),
    ],
)
def test_since_and_sequences(text: str, x: str, y: str, expected: str) -> None:
    assert said(text, x, y) == expected


@pytest.mark.parametrize(
    ("text", "x", "expected"),
    [
        ("hysteresis(x > 3, 1)", "2:4 4:2.5 6:2 8:2.5 10:4", "0:- 2:+ 6:- 10:+"),
        ("hysteresis(x >= 3, 1)", "2:3 4:2.5 6:2 8:1.9 10:2.9", "0:- 2:+ 8:-"),
        ("hysteresis(x < 1, 1)", "2:1.5 4:2 6:1.5 8:0", "0:+ 4:- 8:+"),
        ("hysteresis(x <= 1, 1)", "2:1.5 4:2 6:2.1 8:1.5", "0:+ 6:-"),
        ("hysteresis(x > 3, 0)", "2:4 4:3 6:3.5", "0:- 2:+ 4:- 6:+"),
        ("hysteresis(x > 3, 1)", "2:2.5 4:4 6:2.5", "0:- 4:+"),
        # Unknown neither sets nor clears what it remembers.
        ("hysteresis(x > 3, 1)", "2:4 4:? 6:2.5", "0:- 2:+ 4:? 6:+"),
        ("hysteresis(x > 3, 1)", "2:1 4:? 6:2.5", "0:- 4:? 6:-"),
        ("hysteresis(outside(x, 1, 5), 1)", "2:3 4:6 6:4.5 8:4 10:1.5", "0:+ 2:- 4:+ 8:-"),
        ("hysteresis(outside(x, 1, 5), 1)", "2:1.5 4:2 6:1.5 8:0.5", "0:+ 4:- 8:+"),
        # Of a maximum of which a part is unknown, at least what is known of it.
        ("hysteresis(max[0, 3ms](x) > 3, 1)", "2:4 3:? 6:2.5", "0:- 2:+"),
        ("hysteresis(max[0, 3ms](x) > 3, 1)", "2:4 3:? 6:1.5", "0:- 2:+ 6:? 9:-"),
        ("hysteresis(max[0, 3ms](x) > 3, 1)", "2:? 6:2.5", "0:- 2:? 9:-"),
    ],
)
def test_hysteresis(text: str, x: str, expected: str) -> None:
    assert said(text, x) == expected


def test_a_first_value_inside_the_band_is_false() -> None:
    assert said("hysteresis(x > 3, 1)", "4:2.5 6:4 8:2.5", spec=NEVER_SEEN) == "0:? 4:- 6:+"


def test_three_values() -> None:
    """Kleene's tables, of signals that are true, false or never seen."""
    texts = {Truth.TRUE: "true", Truth.FALSE: "false", Truth.UNKNOWN: "x > 0"}
    for p, q in product(texts, repeat=2):
        one, other = texts[p], texts[q]
        assert said(f"{one} and {other}", spec=NEVER_SEEN) == f"0:{SIGNS[min(p, q)]}"
        assert said(f"{one} or {other}", spec=NEVER_SEEN) == f"0:{SIGNS[max(p, q)]}"
        assert said(f"{one} implies {other}", spec=NEVER_SEEN) == f"0:{SIGNS[max(Truth(2 - p), q)]}"
        assert said(f"not ({one})", spec=NEVER_SEEN) == f"0:{SIGNS[Truth(2 - p)]}"


@pytest.mark.parametrize(
    ("text", "x", "expected"),
    [
        ("x > 3", "3:4 5:? 9:4", "0:? 3:+ 5:? 9:+"),
        ("x - x == 0", "3:4", "0:? 3:+"),
        ("x * 0 == 0", "3:4", "0:? 3:+"),
        ("abs(x) >= 0", "3:4", "0:? 3:+"),
        ("rise(x > 3)", "0:4", "0:? 1:-"),
        ("rise(x > 3)", "3:1 5:? 7:4", "0:? 3:- 5:? 8:-"),
        ("once(x > 3)", "3:1 5:4", "0:? 5:+"),
        ("once[0, 5ms](x > 3)", "3:1 12:?", "0:? 8:- 12:?"),
        ("historically[0, 5ms](x > 3)", "3:4 12:1 13:?", "0:? 8:+ 12:- 18:?"),
        ("(x > 3) since[0, 5ms](x > 3)", "3:4 6:? 20:1", "0:? 3:+ 6:? 20:-"),
        ("x > 3 and once[0, 5ms](x > 3)", "3:1", "0:? 3:-"),
    ],
)
def test_what_is_not_known(text: str, x: str, expected: str) -> None:
    """No sample yet, a bad sample, and what comes of it."""
    assert said(text, x, spec=NEVER_SEEN) == expected


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("text", ["x > 0", "ewma(x, 2ms) > 0", "max[0, 1ms](x) < 9", "slope[0, 3ms](x) >= 0"])
def test_a_number_that_is_none_is_a_bad_sample(value: float, text: str) -> None:
    def truths(bad: float | None) -> list[tuple[int, Truth]]:
        rows = [(1, 4.0), (2, 5.0), (5, bad), (9, 4.0), (10, 6.0)]
        return Meaning(parse(text), {"x": rows}, Signature({"x": KNOWN}), {}, 0, lambda day: False).changes(20)

    assert truths(value) == truths(None)
    assert truths(value) != truths(4.0)


def test_of_two_samples_at_one_time_the_first_wins() -> None:
    assert said("x > 3", "5:4 5:1 9:1 9:4") == "0:- 5:+ 9:-"


def test_an_initial_value_holds_for_all_the_past() -> None:
    assert said("historically[0, 1h](x == 2)", "9:1", spec=SignalSpec(initial=2.0)) == "0:+ 9:-"
    assert said("mean[0, 1h](x) == 2", spec=SignalSpec(initial=2.0)) == "0:+"


def test_a_signal_is_believed_for_so_long() -> None:
    believed = SignalSpec(believed=5)
    assert said("x > 0", "3:1 8:1 20:1", spec=believed) == "0:? 3:+ 13:? 20:+ 25:?"
    assert said("x == 0", spec=SignalSpec(initial=0.0, believed=5)) == "0:+ 5:?"
    assert said("x > 0", "3:1", spec=believed, start=6) == "6:+ 11:?"
    assert said("once[0, 3ms](x > 0)", "3:1", spec=believed) == "0:? 3:+ 11:?"
    assert said("max[0, 3ms](x) > 0", "3:1", spec=believed) == "0:? 3:+ 11:?"
    by_rule = SignalSpec(believed=parse("d", ["d"]))
    assert said("x > 0", "3:1", spec=by_rule, parameters={"d": 7}) == "0:? 3:+ 10:?"


@pytest.mark.parametrize(
    ("x", "start", "expected"),
    [
        ("", 0, "0:- 5:+"),
        ("3:1 7:1 20:1", 0, "0:- 12:+ 20:- 25:+"),
        ("3:1 8:1 20:1", 0, "0:- 13:+ 20:- 25:+"),
        ("3:1 9:1 20:1", 0, "0:- 8:+ 9:- 14:+ 20:- 25:+"),
        ("3:?", 0, "0:- 8:+"),
        ("3:1", 10, "10:- 15:+"),
    ],
)
def test_silence(x: str, start: int, expected: str) -> None:
    """From exactly the last sample of any quality + 5 ms; a sample at that very instant prevents it."""
    assert said("stale(x, 5ms)", x, start=start) == expected
    assert said("stale(x, 5ms)", x, start=start, spec=NEVER_SEEN) == expected


@pytest.mark.parametrize(
    ("text", "x", "expected"),
    [
        # Evaluated at 9 and 13 only, and held between.
        ("mean[0, 4ms](x) > 0", PULSE, "0:- 9:+"),
        ("mean[0, 4ms](x) == 4", PULSE, "0:- 9:+ 13:-"),
        ("mean[0, 8ms](x) == 2", PULSE, "0:- 9:+ 13:-"),
        ("mean[0, 8ms](x) == 2.5", PULSE, "0:- 13:+ 17:-"),
        ("max[0, 4ms](x) > 3", PULSE, "0:- 5:+ 13:-"),
        ("min[0, 4ms](x) > 0", PULSE, "0:- 9:+"),
        ("min[0, 3ms](x) > 3", PULSE, "0:- 8:+ 9:-"),
        ("delta[0, 4ms](x) > 3", PULSE, "0:- 5:+ 9:-"),
        ("delta[0, 4ms](x) < -2", PULSE, "0:- 9:+ 13:-"),
        ("delta[0, 6ms](x) == 1", PULSE, "0:- 9:+ 11:-"),
        ("max[0, 4ms](x + 1) == 5", PULSE, "0:- 5:+ 13:-"),
        ("delta[0, 2ms](max[0, 4ms](x)) < 0", PULSE, "0:- 13:+ 15:-"),
        ("slope[0, 4ms](x) == -750", PULSE, "0:? 9:+ 13:?"),
        ("slope[0, 20ms](x) == 1000", "1:1 2:2 3:3 4:4", "0:? 2:+ 24:?"),
        ("slope[0, 20ms](x) == 500", "1:1 2:3 3:2", "0:? 2:- 3:+ 22:- 23:?"),
    ],
)
def test_windows(text: str, x: str, expected: str) -> None:
    assert said(text, x) == expected


@pytest.mark.parametrize(
    ("text", "x", "expected"),
    [
        ("max[0, 4ms](x) > 3", "5:4 7:? 9:1", "0:? 5:+ 11:? 13:-"),
        ("max[0, 4ms](x) < 5", "5:4 7:? 9:1", "0:? 13:+"),
        ("min[0, 4ms](x) < 5", "5:4 7:? 9:1", "0:? 5:+"),
        ("min[0, 4ms](x) < 2", "5:4 7:? 9:1", "0:? 9:+"),
        ("mean[0, 4ms](x) > 0", "5:4 7:? 9:1", "0:? 13:+"),
        ("delta[0, 4ms](x) < 0", "5:4 7:? 9:1", "0:? 9:+ 11:? 13:-"),
        ("slope[0, 4ms](x) > 0", "5:4 7:? 9:1 13:2", "0:? 13:+ 17:?"),
    ],
)
def test_windows_over_what_is_not_known(text: str, x: str, expected: str) -> None:
    assert said(text, x, spec=NEVER_SEEN) == expected


def test_counts() -> None:
    twice = "5:4 7:1 9:4 11:1"
    assert said("count[0, 10ms](x > 3) >= 2", twice) == "0:- 9:+ 16:-"
    assert said("count[0, 10ms](x > 3) == 0", twice) == "0:+ 5:- 20:+"
    assert said("count[0, 10ms](x > 3) - prev(count[0, 10ms](x > 3)) == 1", twice) == "0:- 5:+ 6:- 9:+ 10:-"
    # At 5 it may have risen or not; at 9 it has, so at least once; at 16 that is certainly all.
    assert said("count[0, 10ms](x > 3) >= 1", "5:4 7:1 9:4", spec=NEVER_SEEN) == "0:? 9:+ 20:-"
    assert said("count[0, 10ms](x > 3) <= 1", "5:4 7:1 9:4", spec=NEVER_SEEN) == "0:? 16:+"


@pytest.mark.parametrize(
    ("text", "x", "spec", "expected"),
    [
        # With w = 1/2 every 2 ms. The initial 0 has been so long that the first sample stands on it alone.
        ("ewma(x, 2ms) == 2", "5:4 7:8 9:8", KNOWN, "0:- 7:+ 9:-"),
        ("ewma(x, 2ms) == 5", "5:4 7:8 9:8", KNOWN, "0:- 9:+"),
        ("ewma(x, 2ms) == 4", "5:4 7:8 9:8", NEVER_SEEN, "0:? 5:+ 9:-"),
        ("ewma(x, 2ms) == 6", "5:4 7:8 9:8", NEVER_SEEN, "0:? 5:- 9:+"),
        ("zscore(x, 2ms) == 1", "5:4 7:8 9:8", NEVER_SEEN, "0:? 9:+"),
        # A bad sample is passed over: y = 8 is held from 9 to 13, w = 1/4, m = 6 + 3/4 · 2.
        ("ewma(x, 2ms) == 7.5", "5:4 7:8 9:8 11:? 13:6", NEVER_SEEN, "0:? 5:- 11:? 13:+"),
        ("zscore(x, 2ms) < -1.13", "5:4 7:8 9:8 11:? 13:6", NEVER_SEEN, "0:? 9:- 11:? 13:+"),
        ("zscore(x, 2ms) < -1.14", "5:4 7:8 9:8 11:? 13:6", NEVER_SEEN, "0:? 9:- 11:? 13:-"),
    ],
)
def test_smoothing(text: str, x: str, spec: SignalSpec, expected: str) -> None:
    assert said(text, x, spec=spec) == expected


@pytest.mark.parametrize(
    ("text", "x", "spec", "expected"),
    [
        ("votes(2, 3, x > 3)", "1:4 2:1 3:4 4:1 5:1", KNOWN, "0:- 3:+ 4:-"),
        ("votes(1, 1, x > 3)", "1:4 3:1", KNOWN, "0:- 1:+ 3:-"),
        # It counts samples, not time, and the initial value is none.
        ("votes(2, 3, x == 0)", "30:0 31:0", KNOWN, "0:- 31:+"),
        ("votes(2, 3, x > 3)", "1:4 2:? 3:4 4:4 5:1", NEVER_SEEN, "0:? 1:- 2:? 3:+"),
        ("votes(2, 3, x > 3)", "1:1 2:? 3:4 4:1 5:1", NEVER_SEEN, "0:? 1:- 2:? 5:-"),
        ("votes(2, 2, x > 3)", "1:4 2:4", SignalSpec(believed=5), "0:? 1:- 2:+ 7:?"),
        ("votes(2, 3, hysteresis(x > 3, 1))", "1:4 2:2.5 3:1 4:2.5", KNOWN, "0:- 2:+ 4:-"),
        ("votes(2, 2, max[0, 1ms](x) > 3)", "1:4 3:1 4:1", KNOWN, "0:- 3:+ 4:-"),
    ],
)
def test_votes(text: str, x: str, spec: SignalSpec, expected: str) -> None:
    assert said(text, x, spec=spec) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('within("08:00-18:00")', [(0, "+"), (10, "-"), (24, "+"), (34, "-")]),
        ("night", [(0, "-"), (14, "+"), (22, "-"), (38, "+"), (46, "-")]),
        ('within("00:00-24:00")', [(0, "+")]),
        ("holiday", [(0, "-"), (40, "+")]),
        ("once[0, 1h](night)", [(0, "-"), (14, "+"), (23, "-"), (38, "+"), (47, "-")]),
    ],
)
def test_calendar(text: str, expected: list[tuple[int, str]]) -> None:
    """Hours after Thursday, 1 January 1970, 08:00 in Shanghai."""
    assert said(text, until=48 * HOUR - 1) == " ".join(f"{hours * HOUR}:{sign}" for hours, sign in expected)


def test_parameters_stand_for_numbers_and_durations() -> None:
    named = {"limit": 3.0, "span": 4, "band": 1.0}
    assert said("once[0, span](x > limit)", PULSE, parameters=named) == "0:- 5:+ 13:-"
    assert said("delta(x, span) > limit", PULSE, parameters=named) == "0:- 5:+ 9:-"
    assert said("hysteresis(x > limit, band)", "2:4 4:2.5 6:2", parameters=named) == "0:- 2:+ 6:-"


def test_nothing_before_the_start_is_told_but_all_of_it_counts() -> None:
    assert said("x > 3", PULSE, start=7) == "7:+ 9:-"
    assert said("once[0, 4ms](x > 3)", PULSE, start=10) == "10:+ 13:-"


# Verdicts

BEGAN, ENDED = ChangeKind.BEGAN, ChangeKind.ENDED
INTERRUPTED, RESUMED = ChangeKind.INTERRUPTED, ChangeKind.RESUMED


@pytest.mark.parametrize(
    ("truths", "hold", "quiet", "expected"),
    [
        ("0:- 5:+ 9:-", 0, 0, [(5, BEGAN), (9, ENDED)]),
        ("0:- 5:+ 9:-", 3, 0, [(8, BEGAN), (9, ENDED)]),
        ("0:- 5:+ 9:-", 4, 0, []),
        ("0:- 5:+ 7:? 8:+", 4, 0, [(12, BEGAN)]),
        ("0:- 5:+ 9:-", 0, 6, [(5, BEGAN), (15, ENDED)]),
        ("0:- 5:+ 9:- 15:+", 0, 6, [(5, BEGAN)]),
        ("0:- 5:+ 9:- 12:? 14:-", 0, 6, [(5, BEGAN), (12, INTERRUPTED), (20, ENDED)]),
        ("0:- 5:+ 9:? 12:+ 20:-", 4, 0, [(16, BEGAN), (20, ENDED)]),
        ("0:- 5:+ 10:? 12:+ 20:-", 4, 0, [(9, BEGAN), (10, INTERRUPTED), (12, RESUMED), (20, ENDED)]),
        ("0:- 5:+ 10:? 12:- 14:? 16:-", 0, 4, [(5, BEGAN), (10, INTERRUPTED), (20, ENDED)]),
        ("0:- 5:+ 10:? 12:- 14:+", 0, 4, [(5, BEGAN), (10, INTERRUPTED), (14, RESUMED)]),
        ("0:? 5:+", 0, 0, [(5, BEGAN)]),
        ("0:+", 40, 0, [(40, BEGAN)]),
        ("0:+", 41, 0, []),
        ("0:? 9:-", 0, 0, []),
    ],
)
def test_a_verdict_holds_rests_and_is_interrupted(
    truths: str, hold: int, quiet: int, expected: list[tuple[int, ChangeKind]]
) -> None:
    assert verdict_changes(truth_of(truths), False, hold, quiet, 40) == expected


@pytest.mark.parametrize(
    ("truths", "quiet", "expected"),
    [
        ("0:- 5:+ 6:- 12:+ 13:-", 0, [(5, BEGAN), (5, ENDED), (12, BEGAN), (12, ENDED)]),
        ("0:- 5:+ 6:- 12:+ 13:-", 6, [(5, BEGAN), (11, ENDED), (12, BEGAN), (18, ENDED)]),
        ("0:- 5:+ 6:- 12:+ 13:-", 7, [(5, BEGAN), (19, ENDED)]),
        ("0:- 5:+ 6:- 12:+ 13:-", 8, [(5, BEGAN), (20, ENDED)]),
        ("0:? 5:+ 6:? 9:-", 7, [(5, BEGAN), (12, ENDED)]),
        ("0:- 38:+ 39:-", 7, [(38, BEGAN)]),
    ],
)
def test_an_event_is_an_episode_that_ends_by_quiet_time(
    truths: str, quiet: int, expected: list[tuple[int, ChangeKind]]
) -> None:
    assert verdict_changes(truth_of(truths), True, 0, quiet, 40) == expected


def truth_of(written: str) -> list[tuple[int, Truth]]:
    signs = {sign: truth for truth, sign in SIGNS.items()}
    return [(int(time), signs[sign]) for time, sign in (each.split(":") for each in written.split())]


# Laws

# The specification is slow by design and asked of every millisecond: few examples here, many with BIAN_EXAMPLES.
EXAMPLES = settings(max_examples=int(os.environ.get("BIAN_EXAMPLES", "40")))
UNTIL = END + 30
trees = formulas(list(SIGNALS))
bounds = st.sampled_from([0, 1, 2, 5, 9])
intervals = st.tuples(bounds, bounds).map(lambda pair: f.Interval(min(pair), max(pair)))
signals = st.sampled_from(SIGNALS).map(f.Signal)
lengths = st.sampled_from([1, 2, 5, 9])


def meaning_of(tree: f.TruthNode, recording: Recording) -> Meaning:
    known = {name: recording.known(name) for name in SIGNALS}
    return Meaning(tree, known, Signature(recording.specs), {}, 0, lambda day: day.weekday() >= 5)


def every_ms(tree: f.TruthNode, recording: Recording) -> list[Truth]:
    meaning = meaning_of(tree, recording)
    return [meaning.truth(tree, t) for t in range(UNTIL)]


@EXAMPLES
@given(trees, recordings())
def test_no_change_is_missed(tree: f.TruthNode, recording: Recording) -> None:
    truths = every_ms(tree, recording)
    expected = [(t, truth) for t, truth in enumerate(truths) if t == 0 or truths[t - 1] is not truth]
    assert meaning_of(tree, recording).changes(UNTIL - 1) == expected


@EXAMPLES
@given(trees, intervals, recordings())
def test_once_and_historically_look_at_every_millisecond(p: f.TruthNode, over: f.Interval, at: Recording) -> None:
    meaning = meaning_of(p, at)
    for t in range(UNTIL):
        seen = [meaning.truth(p, u) for u in range(t - over.high, t - over.low + 1)]  # type: ignore[operator]
        assert meaning.truth(f.Once(p, over), t) is max(seen)
        assert meaning.truth(f.Historically(p, over), t) is min(seen)


@EXAMPLES
@given(trees, trees, intervals, recordings())
def test_since_looks_at_every_millisecond(p: f.TruthNode, q: f.TruthNode, over: f.Interval, at: Recording) -> None:
    meaning = meaning_of(p, at)
    since = f.Since(p, q, over)
    for t in range(UNTIL):
        expected = max(
            min([meaning.truth(q, u), *(meaning.truth(p, v) for v in range(u + 1, t + 1))])
            for u in range(t - over.high, t - over.low + 1)  # type: ignore[operator]
        )
        assert meaning.truth(since, t) is expected


@EXAMPLES
@given(signals, lengths, recordings())
def test_windows_look_at_every_millisecond(x: f.Signal, length: int, recording: Recording) -> None:
    """But the mean, which is that of the instant at which it was evaluated last."""
    meaning = meaning_of(f.Constant(True), recording)

    def window(kind: f.WindowKind, t: int) -> Possible:
        return meaning.number(f.Window(kind, x, length), t)

    instants = {time + late for time, _, _ in recording.samples[x.name] for late in (0, length)}
    for t in range(UNTIL):
        held = [meaning.number(x, u) for u in range(t - length, t + 1)]
        values = [value.low for value in held if value.is_known]
        if len(values) == len(held):
            assert window(f.WindowKind.MAX, t).low == window(f.WindowKind.MAX, t).high == max(values)
            assert window(f.WindowKind.MIN, t).low == window(f.WindowKind.MIN, t).high == min(values)
            if t in instants:
                assert window(f.WindowKind.MEAN, t).low == pytest.approx(sum(values[:-1]) / length)
        else:
            assert window(f.WindowKind.MAX, t) == Possible(max(values, default=-math.inf), math.inf)
            assert window(f.WindowKind.MIN, t) == Possible(-math.inf, min(values, default=math.inf))
            assert window(f.WindowKind.MEAN, t) == UNKNOWN or t not in instants
        ends_known = held[0].is_known and held[-1].is_known
        change = held[-1].low - held[0].low if ends_known else math.nan
        assert window(f.WindowKind.DELTA, t) == (Possible(change, change) if ends_known else UNKNOWN)


@EXAMPLES
@given(trees, lengths, recordings())
def test_count_looks_at_every_millisecond(p: f.TruthNode, length: int, recording: Recording) -> None:
    meaning = meaning_of(p, recording)
    for t in range(UNTIL):
        rises = [meaning.truth(f.Rise(p), u) for u in range(t - length, t + 1)]
        certain = rises.count(Truth.TRUE)
        expected = Possible(certain, math.inf if Truth.UNKNOWN in rises else certain)
        assert meaning.number(f.Count(p, length), t) == expected


@EXAMPLES
@given(trees, trees, intervals, intervals, recordings())
def test_laws_of_the_operators(p: f.TruthNode, q: f.TruthNode, a: f.Interval, b: f.Interval, at: Recording) -> None:
    both = f.Interval(a.low + b.low, a.high + b.high)  # type: ignore[operator]
    for one, other in (
        (f.Historically(p, a), f.Not(f.Once(f.Not(p), a))),
        (f.Implies(p, q), f.Or(f.Not(p), q)),
        (f.Not(f.And(p, q)), f.Or(f.Not(p), f.Not(q))),
        (f.Once(f.Once(p, b), a), f.Once(p, both)),
        (f.Once(f.Or(p, q), a), f.Or(f.Once(p, a), f.Once(q, a))),
        (f.Since(f.Constant(True), p, a), f.Once(p, a)),
        (f.Fall(p), f.Rise(f.Not(p))),
        (f.Rise(p), f.And(p, f.Not(f.PreviousTruth(p)))),
        (f.PreviousTruth(p), f.Once(p, f.Interval(1, 1))),
    ):
        assert every_ms(one, at) == every_ms(other, at)


def without_memory(node: Any) -> Any:
    """Without bands and smoothing, which pass over what is bad instead of knowing less."""
    if isinstance(node, f.Smoothed):
        return node.of
    parts = {each.name: getattr(node, each.name) for each in fields(node)}
    inner = {name: without_memory(part) for name, part in parts.items() if is_dataclass(part)}
    return replace(node, **inner | ({"band": None} if "band" in parts else {}))


@EXAMPLES
@given(trees.map(without_memory), recordings(), st.sampled_from(SIGNALS), st.data())
def test_knowing_less_never_turns_a_truth_round(
    tree: f.TruthNode, recording: Recording, name: str, data: st.DataObject
) -> None:
    rows = list(recording.samples[name])
    lost = data.draw(st.sets(st.integers(0, max(len(rows) - 1, 0))))
    bad = [(time, value, 1 if number in lost else quality) for number, (time, value, quality) in enumerate(rows)]
    less = Recording(recording.samples | {name: bad}, recording.specs)
    for before, after in zip(every_ms(tree, recording), every_ms(tree, less), strict=True):
        assert after in (before, Truth.UNKNOWN)
