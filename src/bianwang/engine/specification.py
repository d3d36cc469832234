"""The rule language as a program: formula.py word for word, in plain Python.

Written to be read, not to be fast. Every construct is a function of time; ``Meaning.truth(node, t)`` computes it from
its definition. Nothing changes but at ``moments``, so a maximum over an interval need only look there. The compiled
evaluator is tested to agree with this exactly.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from bianwang.engine import formula as f
from bianwang.engine.possible import UNKNOWN, Possible, arithmetic, extreme, known, slope
from bianwang.engine.semantics import ChangeKind, Truth, Verdict

DAY = 86_400_000
_ZONE = timedelta(hours=8)
_FAR_BACK = 400 * DAY


class Meaning:
    """One formula over recorded signals: samples (time, value; None, NaN or infinite where bad) in order of time."""

    def __init__(
        self,
        tree: f.TruthNode,
        samples: Mapping[str, Sequence[tuple[int, float | None]]],
        signature: f.Signature,
        parameters: Mapping[str, float],
        start_ms: int,
        is_rest_day: Callable[[date], bool],
    ) -> None:
        self.tree, self.signature, self.parameters = tree, signature, parameters
        self.start, self.is_rest_day = start_ms, is_rest_day
        self.samples: dict[str, dict[int, float | None]] = {}
        for name, rows in samples.items():
            first_wins = self.samples.setdefault(name, {})
            for time, value in rows:
                first_wins.setdefault(time, value if known(value).is_known else None)
        self.times = {name: list(each) for name, each in self.samples.items()}
        self.until = start_ms
        for method in ("truth", "number", "moments", "_instants", "_expiries", "_memory"):
            setattr(self, method, lru_cache(maxsize=None)(getattr(self, method)))

    def changes(self, until_ms: int) -> list[tuple[int, Truth]]:
        """The truth at the start, and then at every instant up to ``until_ms`` at which it is another."""
        self.until = until_ms
        found: list[tuple[int, Truth]] = []
        for t in sorted({self.start, *(m for m in self.moments(self.tree) if self.start < m <= until_ms)}):
            truth = self.truth(self.tree, t)
            if not found or found[-1][1] is not truth:
                found.append((t, truth))
        return found

    def value(self, value: Any) -> Any:
        """A number or duration, resolved."""
        return self.parameters[value.name] if isinstance(value, f.ParameterRef) else getattr(value, "value", value)

    # Truth

    def truth(self, node: f.TruthNode, t: int) -> Truth:
        """What a condition is at ``t``."""
        match node:
            case f.Constant(value):
                return Truth.TRUE if value else Truth.FALSE
            case f.Not(of):
                return Truth(2 - self.truth(of, t))
            case f.And(left, right):
                return min(self.truth(left, t), self.truth(right, t))
            case f.Or(left, right):
                return max(self.truth(left, t), self.truth(right, t))
            case f.Implies(left, right):
                return max(Truth(2 - self.truth(left, t)), self.truth(right, t))
            case f.PreviousTruth(of):
                return self.truth(of, t - 1)
            case f.Rise(of):
                return min(self.truth(of, t), Truth(2 - self.truth(of, t - 1)))
            case f.Fall(of):
                return min(Truth(2 - self.truth(of, t)), self.truth(of, t - 1))
            case f.Once(of, interval):
                return max(self.truth(of, u) for u in self._over(of, *self._reach(interval, t)))
            case f.Historically(of, interval):
                return min(self.truth(of, u) for u in self._over(of, *self._reach(interval, t)))
            case f.Since(left, right, interval):
                return self._since(left, right, *self._reach(interval, t), t)
            case f.Stale(of, length):
                last = self._last(of.name, t)
                anchor = self.start if last is None else max(last, self.start)
                return Truth.TRUE if t >= anchor + self.value(length) else Truth.FALSE
            case f.Calendar():
                return Truth.TRUE if self._calendar(node, t) else Truth.FALSE
            case f.Votes():
                return self._votes(node, t)
            case f.Comparison() | f.Outside():
                return self._compared(node, t)
        raise TypeError(node)

    def _reach(self, interval: f.Interval, t: int) -> tuple[float, int]:
        """The interval before ``t``, as (from, to)."""
        return (-math.inf if interval.high is None else t - self.value(interval.high)), t - self.value(interval.low)

    def _over(self, node: f.TruthNode, begin: float, end: int) -> Iterable[int]:
        """Instants of [begin, end] that stand for all of them."""
        moments = self.moments(node)
        first = min([*moments[:1], end]) - 1 if begin == -math.inf else int(begin)
        return [first, *_between(moments, first, end)]

    def _since(self, left: f.TruthNode, right: f.TruthNode, begin: float, end: int, t: int) -> Truth:
        """q at some u of [begin, end], and p from u + 1 to t: of a stretch with one q the last u is the best."""
        moments = self.moments(right)
        first = min([*moments[:1], *self.moments(left)[:1], end]) - 2 if begin == -math.inf else int(begin)
        best = Truth.FALSE
        for u in {end, *(m - 1 for m in _between(moments, first, end + 1))}:
            kept = min((self.truth(left, v) for v in self._over(left, u + 1, t)), default=Truth.TRUE) if u < t else 2
            best = max(best, Truth(min(self.truth(right, u), kept)))
        return best

    def _calendar(self, node: f.Calendar, t: int) -> bool:
        moment = datetime.fromtimestamp(t // 1000, UTC) + _ZONE
        if node.kind == f.CalendarKind.REST_DAY:
            return self.is_rest_day(moment.date())
        minute = moment.hour * 60 + moment.minute
        if node.begin < node.end:
            return node.begin <= minute < node.end
        return minute >= node.begin or minute < node.end

    # Comparisons

    def _compared(self, node: f.Comparison | f.Outside, t: int) -> Truth:
        beyond = self._beyond(node, t)
        return Truth.UNKNOWN if beyond is None else Truth.TRUE if beyond else Truth.FALSE

    def _beyond(self, node: f.Comparison | f.Outside, t: int) -> bool | None:
        """Whether the comparison holds at ``t``; None: unknown. Hysteresis goes through the past."""
        if node.band is None:
            return self._holds(node, t, 0.0)
        instants, was_after = self._memory(node)
        was = was_after[bisect_right(instants, t)]
        return self._holds(node, t, self.value(node.band) if was else 0.0)

    def _memory(self, node: f.Comparison | f.Outside) -> tuple[list[int], list[bool]]:
        """When the compared numbers are evaluated, and whether it has been true: before the first, after each."""
        instants = sorted({i for part in _parts(node) for i in self._instants(part)})
        was, found = False, []
        for instant in [min([*instants[:1], self.start]) - 1, *instants]:
            result = self._holds(node, instant, self.value(node.band) if was else 0.0)
            was = was if result is None else result
            found.append(was)
        return instants, found

    def _holds(self, node: f.Comparison | f.Outside, t: int, back: float) -> bool | None:
        """The comparison, its limits moved towards the good side by ``back``, of all that is possible."""
        if isinstance(node, f.Outside):
            x, low, high = self.number(node.of, t), self.value(node.low) + back, self.value(node.high) - back
            return True if x.high < low or x.low > high else False if low <= x.low and x.high <= high else None
        left, right = self.number(node.left, t), self.number(node.right, t)
        low, high = left.low - right.high, left.high - right.low
        match node.op:
            case f.ComparisonOp.GT:
                return True if low > -back else False if high <= -back else None
            case f.ComparisonOp.GE:
                return True if low >= -back else False if high < -back else None
            case f.ComparisonOp.LT:
                return True if high < back else False if low >= back else None
            case f.ComparisonOp.LE:
                return True if high <= back else False if low > back else None
        apart = True if low > 0 or high < 0 else False if low == high == 0 else None
        return apart if node.op == f.ComparisonOp.NE or apart is None else not apart

    def _votes(self, node: f.Votes, t: int) -> Truth:
        name = _signal_of(node.of)
        spec = self.signature.signals[name]
        times = self.times[name][: bisect_right(self.times[name], t)]
        if not times:
            # The initial value is no sample; it too may be believed no more.
            return Truth.UNKNOWN if spec.initial is None or self._signal(name, t) == UNKNOWN else Truth.FALSE
        if self._signal(name, t) == UNKNOWN:
            return Truth.UNKNOWN
        was = bool(self._holds(node.of, min(times) - 1, 0.0))
        results: list[bool | None] = []
        for time in times:
            band = 0.0 if node.of.band is None or not was else self.value(node.of.band)
            results.append(self._holds(node.of, time, band))
            was = was if results[-1] is None else bool(results[-1])
        last = results[-int(self.value(node.m)) :]
        if last.count(True) >= self.value(node.n):
            return Truth.TRUE
        return Truth.FALSE if last.count(True) + last.count(None) < self.value(node.n) else Truth.UNKNOWN

    # Numbers

    def number(self, node: f.NumberNode, t: int) -> Possible:
        """What a number may be at ``t``."""
        match node:
            case f.Literal() | f.ParameterRef():
                return known(self.value(node))
            case f.Signal(name):
                return self._signal(name, t)
            case f.Arithmetic(op, left, right):
                return arithmetic(op, self.number(left, t), self.number(right, t))
            case f.Negative(of):
                x = self.number(of, t)
                return Possible(-x.high, -x.low)
            case f.Absolute(of):
                x = self.number(of, t)
                return known(abs(x.low)) if x.is_known else UNKNOWN
            case f.PreviousNumber(of):
                return self.number(of, t - 1)
            case f.Window():
                return self._window(node, self._latest(node, t))
            case f.Count(of, length):
                return self._count(of, t - self.value(length), t)
            case f.Smoothed():
                return self._smoothed(node, t)
        raise TypeError(node)

    def _latest(self, node: f.Window, t: int) -> int:
        """The instant at which the window was evaluated last."""
        instants = self._instants(node)
        position = bisect_right(instants, t)
        return instants[position - 1] if position else t

    def _last(self, name: str, t: int) -> int | None:
        position = bisect_right(self.times[name], t)
        return self.times[name][position - 1] if position else None

    def _signal(self, name: str, t: int) -> Possible:
        spec, last = self.signature.signals[name], self._last(name, t)
        believed = self.value(spec.believed)
        if believed and t >= (self.start if last is None else max(last, self.start)) + believed:
            return UNKNOWN
        return known(spec.initial if last is None else self.samples[name][last])

    def _window(self, node: f.Window, t: int) -> Possible:
        length = self.value(node.length)
        begin = t - length
        if node.kind == f.WindowKind.DELTA:
            now, then = self.number(node.of, t), self.number(node.of, begin)
            return known(now.low - then.low) if now.is_known and then.is_known else UNKNOWN
        times = [begin, *_between(self._instants(node.of), begin, t)]
        values = [self.number(node.of, time) for time in times]
        certain = [value.low for value in values if value.is_known]
        if node.kind in (f.WindowKind.MAX, f.WindowKind.MIN):
            return extreme(node.kind, certain, complete=len(certain) == len(values))
        if len(certain) < len(values):
            return UNKNOWN
        if node.kind == f.WindowKind.SLOPE and isinstance(node.of, f.Signal):
            samples = self.samples[node.of.name]
            return slope([(time - t, samples[time]) for time in _between(self.times[node.of.name], begin - 1, t)])
        ends = [*times[1:], t]
        return known(math.fsum(x * (end - time) for time, end, x in zip(times, ends, certain, strict=True)) / length)

    def _count(self, of: f.TruthNode, begin: int, t: int) -> Possible:
        rise = f.Rise(of)
        rises = [self.truth(rise, u) for u in [begin, *_between(self.moments(rise), begin, t)]]
        certain = float(rises.count(Truth.TRUE))
        return Possible(certain, math.inf if Truth.UNKNOWN in rises else certain)

    def _smoothed(self, node: f.Smoothed, t: int) -> Possible:
        name = node.of.name
        initial = self.signature.signals[name].initial
        good = [(time, x) for time, x in self.samples[name].items() if time <= t and x is not None]
        m, v, y, s = initial, 0.0, initial, -math.inf
        for time, x in good:
            if m is None or y is None:
                m = x
            else:
                w = 2.0 ** (-(time - s) / self.value(node.half_life)) if s > -math.inf else 0.0
                d = y - m
                m, v = m + (1.0 - w) * d, w * (v + (1.0 - w) * d * d)
            y, s = x, time
        if self._signal(name, t) == UNKNOWN or m is None or y is None:
            return UNKNOWN
        if node.kind == f.SmoothedKind.EWMA:
            return known(m)
        return known((y - m) / math.sqrt(v)) if v > 0.0 else UNKNOWN

    # Where anything can change

    def _expiries(self, name: str) -> list[int]:
        """When the signal is believed no more."""
        believed = self.value(self.signature.signals[name].believed)
        if not believed:
            return []
        times = [self.start, *self.samples[name]]
        ends = [max(time, self.start) + believed for time in times]
        return [end for end, after in zip(ends, [*times[1:], math.inf], strict=True) if end < after]

    def _instants(self, node: f.NumberNode) -> tuple[int, ...]:
        """When a number is evaluated, in order."""
        found: set[int] = set()
        match node:
            case f.Signal(name):
                found = {*self.samples[name], *self._expiries(name)}
            case f.Smoothed(_, of, _):
                found = set(self._instants(of))
            case f.Arithmetic(_, left, right):
                found = {*self._instants(left), *self._instants(right)}
            case f.Negative(of) | f.Absolute(of):
                found = set(self._instants(of))
            case f.PreviousNumber(of):
                found = {i + 1 for i in self._instants(of)}
            case f.Window(_, of, length):
                found = {i + late for i in self._instants(of) for late in (0, self.value(length))}
            case f.Count(of, length):
                found = set(self._count_instants(node, of, self.value(length)))
        return tuple(sorted(found))

    def _count_instants(self, node: f.Count, of: f.TruthNode, length: int) -> list[int]:
        moments = sorted({m + late for m in self.moments(f.Rise(of)) for late in (0, length, length + 1)})
        return [m for m in moments if self.number(node, m) != self.number(node, m - 1)]

    def moments(self, node: f.TruthNode) -> tuple[int, ...]:
        """Every instant at which a condition may change, in order; and maybe some more."""
        found: set[int] = set()
        match node:
            case f.Comparison() | f.Outside():
                found = {i for part in _parts(node) for i in self._instants(part)}
            case f.Votes():
                found = {*self.samples[_signal_of(node.of)], *self._expiries(_signal_of(node.of))}
            case f.Stale(of, length):
                times = {self.start, *self.samples[of.name]}
                found = times | {max(time, self.start) + self.value(length) for time in times}
            case f.Calendar():
                found = set(self._calendar_moments(node))
            case f.Not(of):
                found = set(self.moments(of))
            case f.And(left, right) | f.Or(left, right) | f.Implies(left, right):
                found = {*self.moments(left), *self.moments(right)}
            case f.PreviousTruth(of) | f.Rise(of) | f.Fall(of):
                found = {m + late for m in self.moments(of) for late in (0, 1)}
            case f.Once(of, interval) | f.Historically(of, interval):
                found = {m + late for m in self.moments(of) for late in self._ends(interval)}
            case f.Since(left, right, interval):
                both = {*self.moments(left), *self.moments(right)}
                ends = self._ends(interval)
                found = {m + late for m in both for end in ends for late in (0, end - 1, end, end + 1)}
        return tuple(sorted(found))

    def _ends(self, interval: f.Interval) -> list[int]:
        return [self.value(end) for end in (interval.low, interval.high) if end is not None]

    def _calendar_moments(self, node: f.Calendar) -> Iterable[int]:
        first = (self.start - _FAR_BACK) // DAY
        for day in range(first, self.until // DAY + 2):
            midnight = day * DAY - 8 * 3_600_000
            yield from (midnight, midnight + node.begin * 60_000, midnight + node.end * 60_000)


def _between(moments: Sequence[int], after: int, until: int) -> Sequence[int]:
    """Those of (after, until]."""
    return moments[bisect_right(moments, after) : bisect_right(moments, until)]


def verdict_changes(
    truths: Sequence[tuple[int, Truth]], is_event: bool, hold_ms: int, quiet_ms: int, until_ms: int
) -> list[tuple[int, ChangeKind]]:
    """The verdict of a rule (semantics.py) from the truth of its formula, up to ``until_ms``."""
    verdict, due, found = Verdict.CLOSED, math.inf, []
    for (t, truth), after in zip(truths, [*(time for time, _ in truths[1:]), until_ms + 1], strict=True):
        if is_event:
            if truth is Truth.TRUE:
                if verdict is Verdict.CLOSED:
                    verdict = Verdict.OPEN
                    found.append((t, ChangeKind.BEGAN))
                due = t + quiet_ms
        else:
            due = math.inf
            if truth is Truth.TRUE and verdict is Verdict.CLOSED:
                due = t + hold_ms
            elif truth is Truth.FALSE and verdict is not Verdict.CLOSED:
                due = t + quiet_ms
            elif truth is Truth.TRUE and verdict is Verdict.INTERRUPTED:
                verdict = Verdict.OPEN
                found.append((t, ChangeKind.RESUMED))
            elif truth is Truth.UNKNOWN and verdict is Verdict.OPEN:
                verdict = Verdict.INTERRUPTED
                found.append((t, ChangeKind.INTERRUPTED))
        if due < after:
            begins = verdict is Verdict.CLOSED
            verdict = Verdict.OPEN if begins else Verdict.CLOSED
            found.append((int(due), ChangeKind.BEGAN if begins else ChangeKind.ENDED))
            due = math.inf
    return found


def _parts(node: f.Comparison | f.Outside) -> tuple[f.NumberNode, ...]:
    return (node.of,) if isinstance(node, f.Outside) else (node.left, node.right)


def _signal_of(node: f.Comparison | f.Outside) -> str:
    part: Any = node.of if isinstance(node, f.Outside) else node.left
    return str(getattr(part, "of", part).name)
