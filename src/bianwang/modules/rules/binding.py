"""From a version's levels to the engine's instances, signal by signal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bianwang.engine.semantics import Kind, Op
from bianwang.engine.table import Instance
from bianwang.modules.rules.commissioning import Baseline
from bianwang.modules.rules.models import Binding, RuleLevel
from bianwang.modules.rules.templates import Template
from bianwang.modules.sensing.models import Signal
from bianwang.modules.sensing.quantities import factor

LEVELS = 8
"""key = binding * LEVELS + level."""

_GRACE_MS = 60_000


class Mapped(NamedTuple):
    """How a version's limits reach one signal; see `models.Binding`."""

    baseline: float
    span: float


class Bound(NamedTuple):
    """A binding as the engine needs it; `period_s` of the signal's device, 0 if it promises none."""

    binding: int
    signal: int
    owner: int
    baseline: float
    span: float
    period_s: int


def bound(row: Binding) -> Bound:
    """A binding's row with `signal__device` read, as the engine needs it."""
    device = row.signal.device
    period_s = device.period_s if device else 0
    return Bound(row.pk, row.signal_id, row.signal.owner_id, row.baseline, row.span, period_s)


def mapped(template: Template, signal: Signal, baselines: Mapping[int, Baseline]) -> Mapped:
    """How the template's limits reach the signal. Raises ValueError saying (Chinese) why they cannot."""
    if template.scale == "range":
        if signal.low is None or signal.high is None:
            raise ValueError(f"信号“{signal.title}”没有登记量程上下限。")
        return Mapped(signal.low, (signal.high - signal.low) / 100)
    if template.scale == "spread":
        found = baselines.get(signal.pk)
        if found is None:
            raise ValueError(f"信号“{signal.title}”没有投运标定的记录。")
        return Mapped(found.median, found.spread)
    if template.scale == "period":
        if signal.device is None or not signal.device.period_s:
            raise ValueError(f"信号“{signal.title}”的设备没有登记上报周期。")
        return Mapped(0.0, 1.0)
    by = factor(template.unit, signal.unit, signal.quantity)
    if by is None:
        raise ValueError(f"信号“{signal.title}”的单位“{signal.unit}”不能换算为“{template.unit}”。")
    return Mapped(0.0, by)


def instances(bound: Bound, levels: Iterable[RuleLevel]) -> list[Instance]:
    """The engine's instances of one binding, one a level."""
    return [_instance(bound, level) for level in levels]


def _instance(bound: Bound, level: RuleLevel) -> Instance:
    kind = Kind(level.kind)
    base = bound.baseline if kind is Kind.THRESHOLD else 0.0
    period_ms = bound.period_s * 1000
    # A reading stays believable for at least one period: a slow device is not an interrupted one.
    stale = max(level.stale_ms, period_ms + _GRACE_MS) if level.stale_ms else 0
    return Instance(
        key=bound.binding * LEVELS + level.index,
        signal=bound.signal,
        owner=bound.owner,
        kind=kind,
        op=Op(level.op),
        limit=_NAN if level.limit is None else base + bound.span * level.limit,
        limit_high=_NAN if level.limit_high is None else base + bound.span * level.limit_high,
        hysteresis=bound.span * level.hysteresis,
        window_ms=level.window_ms + (period_ms if kind is Kind.SILENCE else 0),
        n=level.n,
        m=level.m,
        hold_ms=level.hold_ms,
        quiet_ms=level.quiet_ms,
        stale_ms=stale,
    )


_NAN = float("nan")
