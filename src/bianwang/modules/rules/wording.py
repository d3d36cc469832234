"""Rules as Chinese sentences: what a person reads is made from what the engine judges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from bianwang.engine import formula as f
from bianwang.engine.check import is_event
from bianwang.engine.language import parse
from bianwang.modules.rules import formulas
from bianwang.modules.rules.formulas import Definition, Role
from bianwang.modules.rules.models import RuleLevel, RuleVersion, Severity
from bianwang.modules.rules.queries import parameters_of, template_of
from bianwang.modules.rules.restating import Given, Named, Vocabulary, duration, restate
from bianwang.modules.sensing.quantities import QUANTITIES

_BEYOND = {
    RuleLevel.Op.GT: "大于",
    RuleLevel.Op.GE: "大于或等于",
    RuleLevel.Op.LT: "小于",
    RuleLevel.Op.LE: "小于或等于",
}
_ABOVE = {RuleLevel.Op.GT, RuleLevel.Op.GE}


def sentence(
    levels: Sequence[RuleLevel],
    unit: str,
    scale: str = "unit",
    definition: Definition = Definition(),
    parameters: Mapping[str, float] = {},
) -> str:
    """The whole rule in `unit` or in the template's `scale`, the mildest level first.

    `definition` and `parameters` are those of levels with a formula.
    """
    if all(level.kind == RuleLevel.Kind.FORMULA for level in levels):
        words = vocabulary(definition, parameters)
        return "".join(_formula_level(level, definition, words) for level in levels)
    return "；".join(_level(level, unit, scale) for level in levels) + "。"


def version_sentence(version: RuleVersion) -> str:
    """A stored version as it is judged."""
    template = template_of(version)
    scale = template.scale if template else "unit"
    levels = list(version.levels.all())
    return sentence(levels, version.unit, scale, formulas.read(version.definition), parameters_of(version))


def vocabulary(definition: Definition, parameters: Mapping[str, float]) -> Vocabulary:
    """How people call what a definition names."""
    titles = {name: role.title or QUANTITIES[role.quantity].name for name, role in definition.signals.items()}
    often = Counter(titles.values())
    signals = {
        name: Named(titles[name] if often[titles[name]] == 1 else f"{titles[name]}（{name}）", _unit(role))
        for name, role in definition.signals.items()
    }
    values = formulas.named(definition, parameters)
    units = definition.units
    return Vocabulary(
        signals, {name: Given(value, units[name], units[name] in formulas.DURATIONS) for name, value in values.items()}
    )


def _unit(role: Role) -> str:
    """The role's unit, or the only one that its quantity has."""
    units = QUANTITIES[role.quantity].units
    return role.unit or (units[0] if len(units) == 1 else "")


def _formula_level(level: RuleLevel, definition: Definition, words: Vocabulary) -> str:
    tree = parse(level.formula, definition.units)
    return formula_sentence(tree, words, level.severity, level.hold_ms, level.quiet_ms, is_event=is_event(tree))


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


def formula_sentence(
    tree: f.TruthNode, vocabulary: Vocabulary, severity: str, hold_ms: int, quiet_ms: int, *, is_event: bool
) -> str:
    """A rule of one formula as a whole: 当“人数”变为大于 0 人的那一刻，报红（重大）告警，10 分钟内再次发生算同一次。"""
    parts = [restate(tree, vocabulary)]
    if hold_ms:
        parts.append(f"持续满 {duration(hold_ms)}才报警")
    parts.append(f"报{Severity(severity).label}告警")
    if is_event:
        parts.append(f"{duration(quiet_ms)}内再次发生算同一次" if quiet_ms else "每发生一次报一次")
    else:
        parts.append(f"恢复正常满 {duration(quiet_ms)}后结束" if quiet_ms else "恢复正常即结束")
    return "，".join(parts) + "。"
