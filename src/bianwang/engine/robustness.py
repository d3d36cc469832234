"""How far a formula is from changing its truth: its margin over time.

The quantitative semantics of temporal logic: a comparison gives its distance to the limit in the unit of its left
side, positive where it is true; ``and`` is the minimum, ``or`` the maximum, ``not`` the negative; ``once`` and
``historically`` are the maximum and minimum over their interval, ``p since q`` the largest over u of the smallest of
q(u) and p after u. What is only true or false (``rise``, ``stale``, ``votes``, calendar, constants) gives ±∞.

Hysteresis is left out: the distance is that to the plain limit. Where a number that is needed is not exactly known the
margin is NaN, also where the truth is decided by something else. Elsewhere a margin above 0 says true, below 0 false.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bianwang.engine import formula as f
from bianwang.engine.semantics import Truth
from bianwang.engine.specification import Meaning

Times = NDArray[np.int64]
Values = NDArray[np.float64]
_BY_TRUTH = {Truth.FALSE: -np.inf, Truth.UNKNOWN: np.nan, Truth.TRUE: np.inf}


def margins(
    tree: f.TruthNode,
    samples: Mapping[str, Sequence[tuple[int, float | None]]],
    signature: f.Signature,
    parameters: Mapping[str, float],
    start_ms: int,
    until_ms: int,
    is_rest_day: Callable[[date], bool],
) -> tuple[Times, Values]:
    """Times in ms and the margin from each of them to the next: at ``start_ms``, and then where it changes up to
    ``until_ms``. Arguments as those of ``Meaning``."""
    meaning = Meaning(tree, samples, signature, parameters, start_ms, is_rest_day)
    meaning.until = until_ms
    whole = _Margin(meaning).of(tree)
    later = whole.times[(whole.times > start_ms) & (whole.times <= until_ms)]
    times = np.concatenate([np.array([start_ms], np.int64), later])
    values = whole.at(times)
    same = (values[1:] == values[:-1]) | (np.isnan(values[1:]) & np.isnan(values[:-1]))
    changed = np.concatenate([[True], ~same])
    return times[changed], values[changed]


class _Steps(NamedTuple):
    """Each value holds from its time to the next one, the first also before."""

    times: Times
    values: Values

    def place(self, t: Times) -> NDArray[np.intp]:
        return np.maximum(np.searchsorted(self.times, t, side="right") - 1, 0)

    def at(self, t: Times) -> Values:
        return self.values[self.place(t)]


class _Margin:
    """The margins of the parts of one formula."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning

    def of(self, node: f.TruthNode) -> _Steps:
        match node:
            case f.Not(inner):
                return _negative(self.of(inner))
            case f.And(left, right):
                return _pointwise(np.minimum, self.of(left), self.of(right))
            case f.Or(left, right):
                return _pointwise(np.maximum, self.of(left), self.of(right))
            case f.Implies(left, right):
                return _pointwise(np.maximum, _negative(self.of(left)), self.of(right))
            case f.PreviousTruth(inner):
                times, values = self.of(inner)
                return _Steps(times + 1, values)
            case f.Once(inner, interval):
                return _once(self.of(inner), *self.bounds(interval))
            case f.Historically(inner, interval):
                return _negative(_once(_negative(self.of(inner)), *self.bounds(interval)))
            case f.Since(left, right, interval):
                return _since(self.of(left), self.of(right), *self.bounds(interval))
            case f.Comparison() | f.Outside():
                return self.sampled(node, lambda t: self.distance(node, t))
        return self.sampled(node, lambda t: _BY_TRUTH[self.meaning.truth(node, t)])

    def bounds(self, interval: f.Interval) -> tuple[int, int | None]:
        high = None if interval.high is None else self.meaning.value(interval.high)
        return self.meaning.value(interval.low), high

    def sampled(self, node: f.TruthNode, value: Callable[[int], float]) -> _Steps:
        moments = self.meaning.moments(node)
        times = [min([*moments[:1], self.meaning.start]) - 1, *moments]
        return _Steps(np.array(times, np.int64), np.array([value(t) for t in times], np.float64))

    def distance(self, node: f.Comparison | f.Outside, t: int) -> float:
        number, value = self.meaning.number, self.meaning.value
        if isinstance(node, f.Outside):
            x = number(node.of, t)
            return max(value(node.low) - x.low, x.high - value(node.high)) if x.is_known else np.nan
        left, right = number(node.left, t), number(node.right, t)
        if not (left.is_known and right.is_known):
            return np.nan
        above = left.low - right.low
        match node.op:
            case f.ComparisonOp.GT | f.ComparisonOp.GE:
                return above
            case f.ComparisonOp.LT | f.ComparisonOp.LE:
                return -above
        return abs(above) if node.op == f.ComparisonOp.NE else -abs(above)


def _negative(p: _Steps) -> _Steps:
    return _Steps(p.times, -p.values)


def _pointwise(combine: Callable[[Values, Values], Values], p: _Steps, q: _Steps) -> _Steps:
    times = np.union1d(p.times, q.times)
    return _Steps(times, combine(p.at(times), q.at(times)))


def _once(p: _Steps, low: int, high: int | None) -> _Steps:
    """The largest value in [t - high, t - low]; it changes where a step enters or leaves."""
    entering = p.times + low
    if high is None:
        return _Steps(entering, np.maximum.accumulate(p.values))
    times = np.union1d(entering, p.times + high)
    return _Steps(times, _largest(p.values, p.place(times - high), p.place(times - low)))


def _largest(values: Values, first: NDArray[np.intp], last: NDArray[np.intp]) -> Values:
    """The largest of ``values[first]`` to ``values[last]`` for each pair, by two overlapping runs of 2^k."""
    level = np.log2(last - first + 1).astype(np.intp)
    result = np.empty(len(first))
    runs, size = values, 1
    for k in range(int(level.max()) + 1):
        at = level == k
        result[at] = np.maximum(runs[first[at]], runs[last[at] - size + 1])
        runs, size = np.maximum(runs[:-size], runs[size:]), 2 * size
    return result


def _since(p: _Steps, q: _Steps, low: int, high: int | None) -> _Steps:
    """On steps where q(u) and p(u + 1) stay the same, the last u of a step is the best: the fewest p follow."""
    after = _Steps(p.times - 1, p.values)
    grid = np.union1d(q.times, after.times)
    steps = _Steps(grid, q.at(grid))
    ends, kept = np.append(grid[1:] - 1, np.iinfo(np.int64).max), after.at(grid)
    late = {low, low + 1, 0, 1} | (set() if high is None else {high, high + 1})
    times = np.unique(np.concatenate([grid + each for each in late]))
    first = np.zeros(len(times), np.intp) if high is None else steps.place(times - high)
    last, before = steps.place(times - low), steps.place(times - 1)
    values = np.empty(len(times))
    for n, t in enumerate(times):
        begin, end = first[n], last[n] + 1
        follow = np.minimum.accumulate(kept[begin : max(end, before[n] + 1)][::-1])[::-1][: end - begin]
        follow = np.where(np.minimum(ends[begin:end], t - low) < t, follow, np.inf)
        values[n] = np.minimum(steps.values[begin:end], follow).max()
    return _Steps(times, values)
