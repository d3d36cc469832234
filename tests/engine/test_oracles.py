"""Evaluator and specification agree with two independent monitors of past-time temporal logic, Reelay and RTAMT.

All four judge the same random recordings by the same random formulas of what they have in common: comparisons, `and`,
`or`, `not`, `implies`, and `once`, `historically` and `since` with and without bounds. Both peers run in discrete time,
one step a millisecond; they are given the held value of every signal at each step.

The beginning. For us a signal has had its `initial` value for all the past, for the peers time begins with the first
step. Two measures make these the same from 0 on:
 - the peers are given the initial values for a while before 0, longer than all bounded windows of the formula reach;
 - an operator without bound looks only at what is after 0: below it stands `begun`, a signal that is 0 before time 0
   and 1 from then on (`once(begun == 1 and p)`, `historically(begun == 1 implies p)`, `p since (begun == 1 and q)`).

Values are whole, so RTAMT, whose truth is the sign of a distance, is asked with limits in the middle between two.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from itertools import pairwise

import pytest
import reelay
from hypothesis import given, settings, strategies as st

from bianwang.engine import formula as f
from bianwang.engine.evaluator import Evaluator
from bianwang.engine.printing import text
from bianwang.engine.program import compile_formula
from bianwang.engine.semantics import ChangeKind, Truth
from bianwang.engine.specification import Meaning
from bianwang.engine.table import Instance, compile_table

EXAMPLES = settings(max_examples=int(os.environ.get("BIAN_EXAMPLES", "300")), deadline=None)
SIGNALS = ("a", "b")
END = 40
Samples = dict[str, dict[int, int]]
"""Value by time of each signal; what it has at -1 is its initial value."""

SIGNS = dict(zip(f.ComparisonOp, (">", ">=", "<", "<=", "==", "!="), strict=True))
HALVES = {
    f.ComparisonOp.GT: "({name} - ({value}) > 0.5)",
    f.ComparisonOp.GE: "({name} - ({value}) > -0.5)",
    f.ComparisonOp.LT: "({name} - ({value}) < -0.5)",
    f.ComparisonOp.LE: "({name} - ({value}) < 0.5)",
    f.ComparisonOp.EQ: "(abs({name} - ({value})) < 0.5)",
    f.ComparisonOp.NE: "(abs({name} - ({value})) > 0.5)",
}
BEGUN = f.Comparison(f.ComparisonOp.EQ, f.Signal("begun"), f.Literal(1.0))

# Formulas and recordings

bounds = st.sampled_from([0, 1, 2, 3, 5, 8])
values = st.integers(-2, 3)
comparisons = st.builds(
    f.Comparison,
    st.sampled_from(f.ComparisonOp),
    st.sampled_from(SIGNALS).map(f.Signal),
    values.map(lambda value: f.Literal(float(value))),
)


def formulas(
    intervals: st.SearchStrategy[f.Interval], for_ever: st.SearchStrategy[f.Interval]
) -> st.SearchStrategy[f.TruthNode]:
    """Formulas of the common fragment with these bounds."""
    return st.recursive(
        comparisons,
        lambda inner: st.one_of(
            inner.map(f.Not),
            st.builds(f.And, inner, inner),
            st.builds(f.Or, inner, inner),
            st.builds(f.Implies, inner, inner),
            st.builds(f.Once, inner, intervals),
            st.builds(f.Historically, inner, intervals),
            st.builds(f.Since, inner, inner, intervals),
            st.builds(f.Once, inner.map(lambda node: f.And(BEGUN, node)), for_ever),
            st.builds(f.Historically, inner.map(lambda node: f.Implies(BEGUN, node)), for_ever),
            st.builds(f.Since, inner, inner.map(lambda node: f.And(BEGUN, node)), for_ever),
        ),
        max_leaves=6,
    )


@st.composite
def _samples(draw: st.DrawFn) -> dict[int, int]:
    later = draw(st.dictionaries(st.integers(0, END), values, max_size=16))
    return {-1: draw(values), **later}


recordings = st.fixed_dictionaries({name: _samples() for name in SIGNALS})


def furthest(interval: f.Interval) -> int:
    """The far bound; without one, the near one."""
    bound = interval.low if interval.high is None else interval.high
    assert isinstance(bound, int)
    return bound


def reach(node: f.TruthNode) -> int:
    """How long before 0 a formula looks, in ms, and thus how long a peer needs to forget its own beginning."""
    match node:
        case f.Comparison():
            return 1
        case f.Not(of):
            return reach(of)
        case f.Once(of, interval) | f.Historically(of, interval):
            return reach(of) + furthest(interval)
        case f.Since(left, right, interval):
            return max(reach(left), reach(right)) + furthest(interval)
        case f.And(left, right) | f.Or(left, right) | f.Implies(left, right):
            return max(reach(left), reach(right))
    raise AssertionError(node)


def steps(recording: Samples, before: int) -> list[dict[str, int]]:
    """The held values at every ms from ``-before`` to END."""
    held = {name: samples[-1] for name, samples in recording.items()}
    rows = []
    for t in range(-before, END + 1):
        held |= {name: samples[t] for name, samples in recording.items() if t >= 0 and t in samples}
        rows.append({**held, "begun": int(t >= 0)})
    return rows


# Who says what


def ours(tree: f.TruthNode, recording: Samples) -> list[bool]:
    """The truth at every ms from 0 to END, on which evaluator and specification are at one."""
    all_samples = {**recording, "begun": {-1: 0, 0: 1}}
    signature = f.Signature({name: f.SignalSpec(initial=float(it[-1])) for name, it in all_samples.items()})
    truths = spread(evaluated(tree, all_samples, signature))
    assert truths == spread(defined(tree, all_samples, signature))
    return truths


def spread(changes: list[tuple[int, Truth]]) -> list[bool]:
    """At every ms, what is told where it changes."""
    assert changes[0][0] == 0
    assert Truth.UNKNOWN not in {truth for _, truth in changes}
    pieces = pairwise([*changes, (END + 1, Truth.UNKNOWN)])
    return [truth is Truth.TRUE for (begin, truth), (end, _) in pieces for _ in range(begin, end)]


def evaluated(tree: f.TruthNode, all_samples: Samples, signature: f.Signature) -> list[tuple[int, Truth]]:
    """The changes that a traced instance tells."""
    program = compile_formula(text(tree), signature)
    ids = {name: number for number, name in enumerate(all_samples)}
    used = tuple(ids[name] for name in program.signals)
    table = compile_table([Instance(key=1, owner=1, program=program, signals=used, is_traced=True)])
    evaluator = Evaluator(table, 0)
    rows = sorted((t, ids[name], value) for name, it in all_samples.items() for t, value in it.items() if t >= 0)
    times, signals, numbers = zip(*rows, strict=True)
    changes = evaluator.push(signals, times, numbers, [0] * len(rows)).followed_by(evaluator.advance(END + 1))
    told = zip(changes.time.tolist(), changes.kind.tolist(), strict=True)
    return [(t, Truth(kind - ChangeKind.FALSE)) for t, kind in told]


def defined(tree: f.TruthNode, all_samples: Samples, signature: f.Signature) -> list[tuple[int, Truth]]:
    """The changes that the specification computes."""
    samples = {
        name: [(t, float(value)) for t, value in sorted(it.items()) if t >= 0] for name, it in all_samples.items()
    }
    return Meaning(tree, samples, signature, {}, 0, lambda day: False).changes(END)


def written(node: f.TruthNode, comparison: Callable[[f.Comparison], str], bounds: Callable[[f.Interval], str]) -> str:
    """In the syntax that both peers share but for comparisons and bounds; all of it in brackets."""

    def write(node: f.TruthNode) -> str:
        match node:
            case f.Comparison():
                return comparison(node)
            case f.Not(of):
                return f"(not({write(of)}))"
            case f.And(left, right):
                return f"({write(left)} and {write(right)})"
            case f.Or(left, right):
                return f"({write(left)} or {write(right)})"
            case f.Implies(left, right):
                return f"({write(left)} -> {write(right)})"
            case f.Once(of, interval):
                return f"(once{bounds(interval)}({write(of)}))"
            case f.Historically(of, interval):
                return f"(historically{bounds(interval)}({write(of)}))"
            case f.Since(left, right, interval):
                return f"({write(left)} since{bounds(interval)} {write(right)})"
        raise AssertionError(node)

    return write(node)


def reelays(tree: f.TruthNode, recording: Samples) -> list[bool]:
    def comparison(node: f.Comparison) -> str:
        assert isinstance(node.left, f.Signal)
        assert isinstance(node.right, f.Literal)
        return f"{{{node.left.name} {SIGNS[node.op]} {node.right.value:g}}}"

    def bounds(interval: f.Interval) -> str:
        return f"[{interval.low}:{'' if interval.high is None else interval.high}]"

    before = reach(tree)
    monitor = reelay.discrete_timed_monitor(pattern=written(tree, comparison, bounds), condense=False)
    return [monitor.update(row)["value"] for row in steps(recording, before)][before:]


def rtamts(tree: f.TruthNode, recording: Samples) -> list[bool]:
    import rtamt  # not installed where it does not run

    def comparison(node: f.Comparison) -> str:
        assert isinstance(node.left, f.Signal)
        assert isinstance(node.right, f.Literal)
        return HALVES[node.op].format(name=node.left.name, value=node.right.value)

    def bounds(interval: f.Interval) -> str:
        return "" if interval.high is None else f"[{interval.low},{interval.high}]"

    before = reach(tree)
    specification = rtamt.StlDiscreteTimeSpecification()
    for name in (*SIGNALS, "begun"):
        specification.declare_var(name, "float")
    specification.spec = written(tree, comparison, bounds)
    specification.parse()
    rows = steps(recording, before)
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    distances = specification.evaluate({"time": list(range(len(rows))), **columns})
    return [distance > 0 for _, distance in distances][before:]


@EXAMPLES
@given(
    formulas(
        intervals=st.tuples(bounds, bounds.filter(bool)).map(lambda pair: f.Interval(min(pair), max(pair))),
        for_ever=bounds.map(f.Interval),
    ),
    recordings,
)
def test_reelay_agrees(tree: f.TruthNode, recording: Samples) -> None:
    """Reelay takes the bounds [0:0] for none."""
    assert ours(tree, recording) == reelays(tree, recording)


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="RTAMT runs on Python 3.12 at most")
@pytest.mark.filterwarnings("ignore:typing.io is deprecated")
@EXAMPLES
@given(
    formulas(
        intervals=st.tuples(bounds, bounds).map(lambda pair: f.Interval(min(pair), max(pair))),
        for_ever=st.just(f.Interval()),
    ),
    recordings,
)
def test_rtamt_agrees(tree: f.TruthNode, recording: Samples) -> None:
    """RTAMT has no [a, ∞) but for a = 0.

    It judges the whole recording at once: step by step, it takes one step too many for each further time that the same
    temporal condition stands in a formula.
    """
    assert ours(tree, recording) == rtamts(tree, recording)
