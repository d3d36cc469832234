"""Rules as Chinese sentences: what a person reads is made from what the engine judges."""

from __future__ import annotations

from collections.abc import Sequence

from bianwang.engine.semantics import Kind, Op
from bianwang.engine.table import Instance
from bianwang.modules.rules.models import RuleLevel, Severity

_BEYOND = {
    RuleLevel.Op.GT: "大于",
    RuleLevel.Op.GE: "大于或等于",
    RuleLevel.Op.LT: "小于",
    RuleLevel.Op.LE: "小于或等于",
}
_ABOVE = {RuleLevel.Op.GT, RuleLevel.Op.GE}


def duration(ms: int) -> str:
    """30 秒, 5 分钟, 2 小时 (the largest unit that gives a whole number)."""
    for size, name in ((86_400_000, "天"), (3_600_000, "小时"), (60_000, "分钟")):
        if ms >= size and ms % size == 0:
            return f"{ms // size} {name}"
    return f"{ms / 1000:g} 秒"


def sentence(levels: Sequence[RuleLevel], unit: str, scale: str = "unit") -> str:
    """The whole rule in `unit` or in the template's `scale`, the mildest level first."""
    return "；".join(_level(level, unit, scale) for level in levels) + "。"


def condition(level: RuleLevel, unit: str, scale: str = "unit") -> str:
    """读数大于或等于 25 %LEL，持续 10 秒."""
    parts = [_compared(level, unit, scale)]
    if level.m > 1:
        parts.append(f"最近 {level.m} 次读数中至少 {level.n} 次")
    if level.hold_ms:
        parts.append(f"持续 {duration(level.hold_ms)}")
    return "，".join(parts)


def _level(level: RuleLevel, unit: str, scale: str) -> str:
    severity = Severity(level.severity).label
    return f"{condition(level, unit, scale)}，报{severity}告警，{_ending(level, unit, scale)}"


def _ending(level: RuleLevel, unit: str, scale: str) -> str:
    parts = []
    if level.hysteresis:
        parts.append(f"退回 {_amount(level.hysteresis, unit, scale)}")
    if level.quiet_ms:
        parts.append(f"恢复正常满 {duration(level.quiet_ms)}")
    return f"{' 并'.join(parts)}后结束" if parts else "恢复正常即结束"


def _compared(level: RuleLevel, unit: str, scale: str) -> str:
    if level.kind == RuleLevel.Kind.SILENCE:
        base = "上报周期再加 " if scale == "period" else " "
        return f"超过{base}{duration(level.window_ms)}没有读数"
    if level.kind == RuleLevel.Kind.RATE:
        what = f"{duration(level.window_ms)}内的变化"
    else:
        what = "读数"
    op, low, high = RuleLevel.Op(level.op), level.limit or 0.0, level.limit_high or 0.0
    if scale == "spread" and level.kind == RuleLevel.Kind.THRESHOLD:
        return _deviation(what, op, low, high)
    if op == RuleLevel.Op.OUTSIDE:
        return f"{what}低于 {_amount(low, unit, scale)} 或高于 {_amount(high, unit, scale)}"
    return f"{what}{_BEYOND[op]} {_amount(low, unit, scale)}"


def _deviation(what: str, op: RuleLevel.Op, low: float, high: float) -> str:
    if op != RuleLevel.Op.OUTSIDE:
        return f"{what}比正常值{'高' if op in _ABOVE else '低'}出 {abs(low):g} 倍波动"
    if -low == high:
        return f"{what}偏离正常值超过 {high:g} 倍波动"
    return f"{what}比正常值低出 {-low:g} 倍波动，或高出 {high:g} 倍波动"


def _amount(number: float, unit: str, scale: str) -> str:
    if scale == "range":
        return f"{number:g} %量程"
    return f"{number:g} {'倍波动' if scale == 'spread' else unit}".strip()


def limit(instance: Instance, unit: str, decimals: int) -> str:
    """What one signal is compared with: ≥ 25.0 %LEL, 10.5～13.5 A 之外, 静默 70 秒."""

    def number(value: float) -> str:
        return f"{value:,.{decimals}f} {unit}".strip()

    if instance.kind is Kind.SILENCE:
        return f"静默 {duration(instance.window_ms)}"
    if instance.op is Op.OUTSIDE:
        return f"{instance.limit:,.{decimals}f}～{number(instance.limit_high)} 之外"
    text = f"{_SYMBOLS[instance.op]} {number(instance.limit)}"
    return f"{duration(instance.window_ms)}变化 {text}" if instance.kind is Kind.RATE else text


_SYMBOLS = {Op.GT: ">", Op.GE: "≥", Op.LT: "<", Op.LE: "≤"}
