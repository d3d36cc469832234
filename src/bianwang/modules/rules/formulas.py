"""Formulas of rules: what their names mean, and the programs they compile to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from bianwang.engine import formula as f
from bianwang.engine.check import check_evidence, nodes
from bianwang.engine.formula import FormulaError, ParameterRef, ParameterSpec, SignalSpec, Signature
from bianwang.engine.language import UNITS, children
from bianwang.engine.program import Program, compile_formula

SAME = "same"
"""Any type of permit, but one for all roles of the formula that say so."""
DURATIONS = {"秒": 1_000, "分钟": 60_000, "小时": 3_600_000, "天": 86_400_000}
"""Units of parameters that are durations, in ms."""
_TIME = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|min|h|d)")


class Role(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A signal that a formula speaks of: which quantity of the place, and what is known of it.

    `permit`: the type of work whose permits it tells of, `same` for any one type that all such roles share, `all` for
    all types together. `unit`: what the formula's numbers for it are in; `initial`, `watched`, `believed`:
    engine.formula.SignalSpec, the last as `5min` or the name of a parameter.
    """

    quantity: str
    permit: str = ""
    title: str = ""
    unit: str = ""
    initial: float | None = None
    watched: bool = False
    believed: str = ""


class Definition(msgspec.Struct, frozen=True):
    """What the names in the formulas of one version are: the roles, and the units of the parameters."""

    signals: dict[str, Role] = {}
    units: dict[str, str] = {}

    def signature(self) -> Signature:
        """As the engine takes it. Raises ValueError (Chinese) for a time that cannot be read."""
        return Signature(
            {name: self._spec(name, role) for name, role in self.signals.items()},
            {
                name: ParameterSpec(is_duration=True) if unit in DURATIONS else ParameterSpec(unit=unit)
                for name, unit in self.units.items()
            },
        )

    def engine_value(self, name: str, value: float) -> float:
        """A parameter's number as instances give it: durations in ms."""
        return value * DURATIONS.get(self.units[name], 1)

    def _spec(self, name: str, role: Role) -> SignalSpec:
        believed: int | ParameterRef = 0
        if role.believed in self.units:
            believed = ParameterRef(role.believed)
        elif role.believed:
            match = _TIME.fullmatch(role.believed)
            if match is None:
                raise ValueError(f"信号“{name}”的 believed“{role.believed}”看不懂，请写成 5min 这样的时长或参数名。")
            believed = round(float(match[1]) * UNITS[match[2]])
        return SignalSpec(role.unit, role.initial, believed, role.watched)


@lru_cache(maxsize=1024)
def read(text: str) -> Definition:
    """A version's definition from its JSON."""
    return msgspec.json.decode(text or "{}", type=Definition)


def write(definition: Definition) -> str:
    """The JSON that is stored."""
    return msgspec.json.encode(definition).decode()


@lru_cache(maxsize=1024)
def _program(formula: str, definition: str) -> Program:
    return compile_formula(formula, read(definition).signature())


def program(formula: str, definition: str) -> Program:
    """The program of a stored formula. Raises FormulaError."""
    return _program(formula, definition)


def compile_rule(formula: str, definition: Definition) -> Program:
    """The program of a formula that is to become a rule; its evidence must not be able to stay unknown for ever.

    Raises ValueError (Chinese; FormulaError with line and column).
    """
    signature = definition.signature()
    made = compile_formula(formula, signature)
    check_evidence(made.tree, formula, signature)
    if not made.signals:
        raise FormulaError("公式没有用到任何信号，不能作为规则。", formula, 0)
    return made


def named(definition: Definition, parameters: Mapping[str, float]) -> dict[str, float]:
    """All parameters as the engine takes them."""
    return {name: definition.engine_value(name, parameters[name]) for name in definition.units}


def unconverted(formula: str, definition: Definition, converted: Collection[str]) -> str:
    """The first of these signals that meets a number which does not convert with its unit, "" if none does.

    Only parameters in the unit of a role are brought to the unit of the signal that plays it.
    """
    for node in nodes(program(formula, write(definition)).tree):
        if isinstance(node, f.Comparison | f.Outside):
            amounts = list(_amounts(node))
            for name in (each.name for each in amounts if isinstance(each, f.Signal) and each.name in converted):
                unit = definition.signals[name].unit
                if any(_is_fixed(each, unit, definition) for each in amounts):
                    return name
    return ""


def _amounts(node: Any) -> Iterator[Any]:
    """Signals and numbers of a comparison that are in its unit: not what is counted, nor deviations in multiples."""
    for child in children(node):
        if isinstance(child, f.Count) or (isinstance(child, f.Smoothed) and child.kind == f.SmoothedKind.ZSCORE):
            continue
        yield child
        yield from _amounts(child)


def _is_fixed(node: Any, unit: str, definition: Definition) -> bool:
    match node:
        case f.Literal(value):
            return value != 0
        case ParameterRef(name):
            return definition.units[name] != unit
    return False
