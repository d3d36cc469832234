"""From a version's levels to the engine's instances, binding by binding."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import msgspec

from bianwang.engine.formula import ParameterRef, ParameterSpec, SignalSpec, Signature
from bianwang.engine.program import Program, compile_formula
from bianwang.engine.table import Instance
from bianwang.modules.rules import formulas
from bianwang.modules.rules.commissioning import Baseline
from bianwang.modules.rules.episodes import LEVELS
from bianwang.modules.rules.models import Binding, RuleLevel, RuleVersion
from bianwang.modules.rules.templates import Template
from bianwang.modules.sensing.models import Signal
from bianwang.modules.sensing.quantities import factor

_GRACE_MS = 60_000
_OPS = {
    RuleLevel.Op.GT: ">",
    RuleLevel.Op.GE: ">=",
    RuleLevel.Op.LT: "<",
    RuleLevel.Op.LE: "<=",
}


class Mapped(NamedTuple):
    """How a version's limits reach one signal; see `models.Binding`."""

    baseline: float
    span: float


PLAIN = Mapped(0.0, 1.0)


class RoleSignal(NamedTuple):
    """The signal that plays a role, and what its role's unit is multiplied by."""

    signal: int
    span: float


@dataclass(frozen=True, slots=True)
class Bound:
    """A binding as the engine needs it; `period_s` of the signal's device, 0 if it promises none."""

    binding: int
    signal: int
    owner: int
    baseline: float = 0.0
    span: float = 1.0
    period_s: int = 0
    lateness_ms: int = 0
    roles: Mapping[str, RoleSignal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Text:
    """What the instances of one version are made from."""

    levels: Sequence[RuleLevel]
    parameters: Mapping[str, float] = field(default_factory=dict)
    definition: str = "{}"


def text_of(version: RuleVersion, levels: Iterable[RuleLevel]) -> Text:
    """A version with its levels."""
    parameters = msgspec.json.decode(version.parameters, type=dict[str, float])
    return Text(list(levels), parameters, version.definition)


def bound(row: Binding) -> Bound:
    """A binding's row with `signal__device` (and `roles__signal__device` of a formula) read."""
    signals = [row.signal, *(each.signal for each in row.roles.all())] if row.place_id else [row.signal]
    device = row.signal.device
    return Bound(
        row.pk,
        row.signal_id,
        row.signal.owner_id,
        row.baseline,
        row.span,
        device.period_s if device else 0,
        max(signal.device.lateness_ms if signal.device else 0 for signal in signals),
        {each.role: RoleSignal(each.signal_id, each.span) for each in row.roles.all()} if row.place_id else {},
    )


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
    return Mapped(0.0, _factor(template.unit, signal))


def role_span(role: formulas.Role, signal: Signal) -> float:
    """What numbers in the role's unit are multiplied by. Raises ValueError saying (Chinese) why it cannot play it."""
    if role.watched and (signal.device is None or not signal.device.period_s):
        raise ValueError(f"信号“{signal.title}”的设备没有登记上报周期，沉默时无人知道。")
    return _factor(role.unit, signal) if role.unit else 1.0


def _factor(unit: str, signal: Signal) -> float:
    by = factor(unit, signal.unit, signal.quantity)
    if by is None:
        raise ValueError(f"信号“{signal.title}”的单位“{signal.unit}”不能换算为“{unit}”。")
    return by


def instances(bound: Bound, text: Text) -> list[Instance]:
    """The engine's instances of one binding, one a level."""
    return [instance(bound, level, text) for level in text.levels]


def instance(bound: Bound, level: RuleLevel, text: Text) -> Instance:
    """One level of one binding."""
    if level.kind == RuleLevel.Kind.FORMULA:
        program = formulas.program(level.formula, text.definition)
        signals = tuple(bound.roles[name].signal for name in program.signals)
        parameters = _formula_parameters(bound, text)
    else:
        values = condition_values(bound, level)
        program, signals = _condition(level, frozenset(values)), (bound.signal,)
        parameters = tuple(values[name] for name in program.parameters)
    return Instance(
        key=bound.binding * LEVELS + level.index,
        owner=bound.owner,
        program=program,
        signals=signals,
        parameters=parameters,
        hold_ms=level.hold_ms,
        quiet_ms=level.quiet_ms,
        lateness_ms=bound.lateness_ms,
    )


def _formula_parameters(bound: Bound, text: Text) -> tuple[float, ...]:
    """Parameters in the order of the definition, limits brought to the unit of the signal that they limit."""
    definition = formulas.read(text.definition)
    spans = {role.unit: bound.roles[name].span for name, role in definition.signals.items() if role.unit}
    return tuple(
        value * spans.get(definition.units[name], 1.0)
        for name, value in formulas.named(definition, text.parameters).items()
    )


def condition_values(bound: Bound, level: RuleLevel) -> dict[str, float]:
    """The parameters of a level without a formula of its own, in the signal's unit and in ms."""
    period_ms = bound.period_s * 1000
    if level.kind == RuleLevel.Kind.SILENCE:
        return {"window": level.window_ms + period_ms}
    base = bound.baseline if level.kind == RuleLevel.Kind.THRESHOLD else 0.0
    values = {"limit": base + bound.span * (math.nan if level.limit is None else level.limit)}
    if level.op == RuleLevel.Op.OUTSIDE:
        values["limit_high"] = base + bound.span * (math.nan if level.limit_high is None else level.limit_high)
    values["band"] = bound.span * level.hysteresis
    if level.kind == RuleLevel.Kind.RATE:
        values["window"] = level.window_ms
    if level.m > 1:
        values |= {"n": level.n, "m": level.m}
    if level.stale_ms:
        # A reading stays believable for at least one period: a slow device is not an interrupted one.
        values["believed"] = max(level.stale_ms, period_ms + _GRACE_MS)
    return values


def _condition(level: RuleLevel, names: frozenset[str]) -> Program:
    return _condition_program(level.kind, level.op, names)


@lru_cache(maxsize=256)
def _condition_program(kind: int, op: int, names: frozenset[str]) -> Program:
    """A level as a formula on `x`."""
    if kind == RuleLevel.Kind.SILENCE:
        formula = "stale(x, window)"
    else:
        what = "delta[0, window](x)" if kind == RuleLevel.Kind.RATE else "x"
        outside = op == RuleLevel.Op.OUTSIDE
        compared = f"outside({what}, limit, limit_high)" if outside else f"{what} {_OPS[RuleLevel.Op(op)]} limit"
        formula = f"hysteresis({compared}, band)"
        if "m" in names:
            formula = f"votes(n, m, {formula})"
    spec = SignalSpec(believed=ParameterRef("believed") if "believed" in names else 0, watched=True)
    order = [name for name in ("limit", "limit_high", "band", "window", "n", "m", "believed") if name in names]
    durations = {"window", "believed"}
    return compile_formula(
        formula, Signature({"x": spec}, {name: ParameterSpec(is_duration=name in durations) for name in order})
    )
