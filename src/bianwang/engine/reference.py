"""The specification as a program: semantics.py in plain Python, one object for each instance.

Written to be read, not to be fast: every sample is kept, and the condition is computed from its definition at
each instant where it could change. The compiled evaluator is tested to agree with it exactly.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bianwang.engine.semantics import GOOD, HISTORY, ChangeKind, Kind, Op, Outcome, Truth, Verdict
from bianwang.engine.table import Instance


class Change(NamedTuple):
    key: int
    time: int
    kind: ChangeKind
    value: float
    margin: float


class Sample(NamedTuple):
    time: int
    value: float | None
    """None: bad quality or NaN, the signal is unknown."""


def holds(op: Op, x: float, low: float, high: float, back: float) -> bool:
    """The comparison of the rule, with the limits moved towards the good side by ``back``."""
    match op:
        case Op.GT:
            return x > low - back
        case Op.GE:
            return x >= low - back
        case Op.LT:
            return x < low + back
        case Op.LE:
            return x <= low + back
        case Op.OUTSIDE:
            return x < low + back or x > high - back


def margin(op: Op, x: float, low: float, high: float) -> float:
    """Distance of ``x`` beyond the limit, in the unit of ``x``; negative on the good side."""
    match op:
        case Op.GT | Op.GE:
            return x - low
        case Op.LT | Op.LE:
            return low - x
        case Op.OUTSIDE:
            return max(low - x, x - high)


class ReferenceInstance:
    """One rule on one signal."""

    def __init__(self, rule: Instance, start_ms: int) -> None:
        self.rule = rule
        self.start = start_ms
        self.samples: list[Sample] = []
        self.remembered: list[Sample] = []
        self.truth_at_samples: list[Truth] = []
        self.was_true = False
        self.condition = Truth.FALSE if rule.kind is Kind.SILENCE else Truth.UNKNOWN
        self.since: int = 0
        self.verdict = Verdict.CLOSED
        self.now = -math.inf
        self.decided = -math.inf

    # What is known at an instant

    def anchor(self) -> int:
        """From when silence and staleness count."""
        return max(self.samples[-1].time, self.start) if self.samples else self.start

    def present(self, t: int) -> float | None:
        """The held value, None if unknown."""
        if not self.samples or (self.rule.stale_ms and t >= self.anchor() + self.rule.stale_ms):
            return None
        return self.samples[-1].value

    def compared(self, t: int) -> float | None:
        """The value that is compared with the limit, None if unknown."""
        x = self.present(t)
        if self.rule.kind is not Kind.RATE or x is None:
            return x
        past = [sample for sample in self.remembered if sample.time <= t - self.rule.window_ms]
        if not past or past[-1].value is None:
            return None
        change = x - past[-1].value
        return None if math.isnan(change) else change

    def comparison(self, t: int) -> Truth:
        x = self.compared(t)
        if x is None:
            return Truth.UNKNOWN
        rule = self.rule
        back = rule.hysteresis if self.was_true else 0.0
        self.was_true = holds(rule.op, x, rule.limit, rule.limit_high, back)
        return Truth.TRUE if self.was_true else Truth.FALSE

    def condition_at(self, t: int) -> Truth:
        if self.rule.kind is Kind.SILENCE:
            return Truth.TRUE if t >= self.anchor() + self.rule.window_ms else Truth.FALSE
        if self.rule.m == 1:
            return self.comparison(t)
        return Truth.UNKNOWN if self.present(t) is None else self.n_of_m()

    def n_of_m(self) -> Truth:
        last = self.truth_at_samples[-self.rule.m :]
        if last.count(Truth.TRUE) >= self.rule.n:
            return Truth.TRUE
        if last.count(Truth.TRUE) + last.count(Truth.UNKNOWN) < self.rule.n:
            return Truth.FALSE
        return Truth.UNKNOWN

    # What happens at an instant

    def sample(self, t: int, value: float | None) -> list[Change]:
        """Everything before ``t``, then the sample at ``t``."""
        changes = self.until(t)
        self.now = t
        self.samples.append(Sample(t, value))
        self.remember(Sample(t, value))
        if self.rule.m > 1:
            self.truth_at_samples.append(self.comparison(t))
        return changes + self.instant(t)

    def remember(self, sample: Sample) -> None:
        """Keep the sample for the far end of the window unless it follows the last one too closely."""
        step = -(-self.rule.window_ms // (HISTORY - 1))
        if not self.remembered or sample.time - self.remembered[-1].time >= step:
            self.remembered.append(sample)
        elif sample.value is None:
            self.remembered[-1] = Sample(self.remembered[-1].time, None)

    def until(self, end: int) -> list[Change]:
        """Everything that happens before ``end`` without a further sample."""
        changes: list[Change] = []
        while (t := self.next_instant()) is not None and t < end:
            self.now = t
            before = (self.condition, self.verdict)
            changes += self.instant(t)
            if before != (self.condition, self.verdict):
                self.decided = t
        return changes

    def next_instant(self) -> int | None:
        """The next time at which anything could change by itself."""
        rule = self.rule
        times = [self.verdict_due()]
        if rule.kind is Kind.SILENCE:
            times.append(self.anchor() + rule.window_ms)
        if rule.stale_ms:
            times.append(self.anchor() + rule.stale_ms)
        if rule.kind is Kind.RATE:
            times += [sample.time + rule.window_ms for sample in self.remembered]
        return min((t for t in times if t is not None and t > self.now), default=None)

    def verdict_due(self) -> int | None:
        if self.verdict is Verdict.CLOSED:
            return self.since + self.rule.hold_ms if self.condition is Truth.TRUE else None
        return self.since + self.rule.quiet_ms if self.condition is Truth.FALSE else None

    def instant(self, t: int) -> list[Change]:
        """Condition and verdict at ``t``; all that is due earlier has happened."""
        condition = self.condition_at(t)
        if condition is not self.condition:
            self.condition, self.since = condition, t
            if condition is Truth.UNKNOWN and self.verdict is Verdict.OPEN:
                return [self.change(t, Verdict.INTERRUPTED, ChangeKind.INTERRUPTED)]
            if condition is Truth.TRUE and self.verdict is Verdict.INTERRUPTED:
                return [self.change(t, Verdict.OPEN, ChangeKind.RESUMED)]
        if self.verdict_due() == t:
            if self.verdict is Verdict.CLOSED:
                return [self.change(t, Verdict.OPEN, ChangeKind.BEGAN)]
            return [self.change(t, Verdict.CLOSED, ChangeKind.ENDED)]
        return []

    def change(self, t: int, verdict: Verdict, kind: ChangeKind) -> Change:
        self.verdict = verdict
        rule = self.rule
        x = self.compared(t)
        value = math.nan if x is None else x
        if rule.kind is Kind.SILENCE:
            return Change(rule.key, t, kind, value, float(t - self.anchor() - rule.window_ms))
        return Change(rule.key, t, kind, value, margin(rule.op, value, rule.limit, rule.limit_high))

    def restart(self, restart_ms: int) -> None:
        """The program was away until ``restart_ms``: that is no silence of the device."""
        stale_ms = self.rule.stale_ms
        if not stale_ms or self.now < self.anchor() + stale_ms:
            self.start = max(self.start, restart_ms)
        if self.rule.kind is Kind.SILENCE and self.verdict is Verdict.CLOSED:
            self.condition, self.now = Truth.FALSE, -math.inf


class ReferenceEvaluator:
    """Same meaning as evaluator.Evaluator, with lists of Change instead of columns."""

    def __init__(self, instances: Iterable[Instance], start_ms: int) -> None:
        self.by_signal: dict[int, list[ReferenceInstance]] = {}
        for rule in instances:
            self.by_signal.setdefault(rule.signal, []).append(ReferenceInstance(rule, start_ms))

    def push(self, readings: Iterable[tuple[int, int, float, int]]) -> tuple[list[Change], list[Outcome]]:
        """Readings as (signal, time, value, quality)."""
        changes: list[Change] = []
        outcomes: list[Outcome] = []
        for signal, time, value, quality in readings:
            outcomes.append(self.outcome(signal, time))
            if outcomes[-1] is Outcome.JUDGED:
                known = None if quality != GOOD or math.isnan(value) else value
                for instance in self.by_signal[signal]:
                    changes += instance.sample(time, known)
        return changes, outcomes

    def outcome(self, signal: int, time: int) -> Outcome:
        instances = self.by_signal.get(signal, [])
        if not instances:
            return Outcome.NO_RULE
        samples = instances[0].samples
        if samples and samples[-1].time == time:
            return Outcome.DUPLICATE
        if (samples and samples[-1].time > time) or any(instance.decided >= time for instance in instances):
            return Outcome.LATE
        return Outcome.JUDGED

    def advance(self, now: int | Mapping[int, int]) -> list[Change]:
        """Time passes, for all owners or for those named."""
        changes: list[Change] = []
        for instances in self.by_signal.values():
            for instance in instances:
                until = now if isinstance(now, int) else now.get(instance.rule.owner)
                if until is not None:
                    changes += instance.until(until)
        return changes

    def restart(self, restart_ms: int) -> None:
        for instances in self.by_signal.values():
            for instance in instances:
                instance.restart(restart_ms)
