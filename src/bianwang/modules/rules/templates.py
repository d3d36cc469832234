"""Rule templates of the locality pack: `districts/<district>/rules/*.yaml`, checked when they are read.

A template says which signals it may judge, which numbers the officer fills in, and which conditions follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec
import yaml

import bianwang
from bianwang.modules.rules import formulas
from bianwang.modules.rules.models import RuleLevel
from bianwang.modules.sensing import permit_signals
from bianwang.modules.sensing.quantities import QUANTITIES
from bianwang.platform import packs
from bianwang.platform.config import ConfigError, config
from bianwang.platform.places.models import Zone

Number = float | str
"""A number, or the name of a parameter; a leading minus negates the parameter."""

Scale = Literal["unit", "range", "spread", "period"]


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number that the officer may change within [min, max]."""

    name: str
    title: str
    default: float
    min: float
    max: float
    unit: str = ""
    help: str = ""
    whole: bool = False


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One condition; durations in seconds. Meaning of the fields: `engine.table.Instance`."""

    severity: Literal["red", "orange", "yellow", "blue"]
    kind: Literal["threshold", "rate", "silence"] = "threshold"
    op: Literal[">", ">=", "<", "<=", "outside"] = ">"
    limit: Number | None = None
    limit_high: Number | None = None
    hysteresis: Number = 0.0
    window: Number = 0.0
    n: Number = 1
    m: Number = 1
    hold: Number = 0.0
    quiet: Number = 0.0
    stale: Number = 0.0


class Basis(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"valid_from": "from", "valid_to": "to"}):
    """Where the rule comes from and when that is in force."""

    standard: str
    valid_from: date
    clause: str = ""
    certainty: str = ""
    valid_to: date | None = None


class Bind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the template may judge: signals by quantity and by kind of zone (empty: all), or, for a formula, places of
    these kinds (empty: all)."""

    quantities: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    place: tuple[str, ...] | None = None


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tiny recording: samples [second, value] by role, and the seconds at which episodes begin.

    `at`: what second 0 is, for rules that ask the calendar. At the template's default parameters.
    """

    name: str
    signals: dict[str, list[tuple[float, float]]]
    until: float
    fires: list[float]
    at: datetime | None = None


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of rule: `levels` on one signal each, or one formula `when` on the signals of a place.

    `scale` says how the limits reach a signal: `unit` in `unit`, converted to the signal's; `range` in per
    cent of the signal's range; `spread` in robust standard deviations from the normal value of a
    commissioning recording; `period` (silence) on top of the device's reporting period.
    """

    id: str
    name: str
    family: Literal["act", "state", "sequence"]
    about: str
    bind: Bind
    basis: Basis
    levels: tuple[Level, ...] = ()
    signals: dict[str, formulas.Role] = {}
    when: str = ""
    severity: Literal["red", "orange", "yellow", "blue"] = "orange"
    hold: Number = 0.0
    quiet: Number = 0.0
    scale: Scale = "unit"
    unit: str = ""
    parameters: tuple[Parameter, ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def is_formula(self) -> bool:
        """Whether it judges the signals of a place by a formula."""
        return bool(self.when)

    @property
    def definition(self) -> formulas.Definition:
        """What the names in the formula are."""
        if not self.is_formula:
            return formulas.Definition()
        return formulas.Definition(self.signals, {each.name: each.unit for each in self.parameters})

    def defaults(self) -> dict[str, float]:
        """Every parameter at its default."""
        return {parameter.name: parameter.default for parameter in self.parameters}

    def build(self, values: Mapping[str, float], formula: str = "") -> list[RuleLevel]:
        """The levels (unsaved) for these parameters, the mildest first; `formula` instead of the template's own.

        Raises ValueError (Chinese).
        """
        self._check(values)
        if not self.is_formula:
            return [self._level(index, level, values) for index, level in enumerate(self.levels)]
        text = formula.strip() or self.when.strip()
        formulas.compile_rule(text, self.definition)
        return [
            RuleLevel(
                index=0,
                severity=self.severity,
                kind=RuleLevel.Kind.FORMULA,
                formula=text,
                hold_ms=self._ms(self.hold, values),
                quiet_ms=self._ms(self.quiet, values),
            )
        ]

    def _ms(self, value: Number, values: Mapping[str, float]) -> int:
        """A time in seconds, or a parameter in its unit."""
        units = {each.name: each.unit for each in self.parameters}
        size = formulas.DURATIONS.get(units.get(value, "秒"), 1000) if isinstance(value, str) else 1000
        return round(_number(value, values) * size)

    def _check(self, values: Mapping[str, float]) -> None:
        for parameter in self.parameters:
            value = values[parameter.name]
            if not parameter.min <= value <= parameter.max:
                allowed = f"{parameter.min:g} 至 {parameter.max:g} {parameter.unit}".strip()
                raise ValueError(f"“{parameter.title}”为 {value:g}，须在 {allowed} 之间。")
            if parameter.whole and value != int(value):
                raise ValueError(f"“{parameter.title}”为 {value:g}，须为整数。")

    def _level(self, index: int, level: Level, values: Mapping[str, float]) -> RuleLevel:
        def number(value: Number | None) -> float | None:
            return None if value is None else _number(value, values)

        def ms(value: Number) -> int:
            return round(_number(value, values) * 1000)

        return RuleLevel(
            index=index,
            severity=level.severity,
            kind=RuleLevel.Kind[level.kind.upper()],
            op=_OPS[level.op],
            limit=number(level.limit),
            limit_high=number(level.limit_high),
            hysteresis=_number(level.hysteresis, values),
            window_ms=ms(level.window),
            n=int(_number(level.n, values)),
            m=int(_number(level.m, values)),
            hold_ms=ms(level.hold),
            quiet_ms=ms(level.quiet),
            stale_ms=ms(level.stale),
        )


_OPS = {
    ">": RuleLevel.Op.GT,
    ">=": RuleLevel.Op.GE,
    "<": RuleLevel.Op.LT,
    "<=": RuleLevel.Op.LE,
    "outside": RuleLevel.Op.OUTSIDE,
}


@lru_cache(maxsize=1)
def templates() -> Mapping[str, Template]:
    """The templates of the configured district by id. Raises ConfigError naming the file and the fault."""
    folder = Path(bianwang.__file__).parent / "districts" / config().district / "rules"
    found: dict[str, Template] = {}
    for file in sorted(folder.glob("*.yaml")):
        for template in read(file.read_text(encoding="utf-8"), file.name):
            if template.id in found:
                raise ConfigError(f"规则模板 {file.name} 中的“{template.id}”与前面的文件重复，请改用别的 id。")
            found[template.id] = template
    return found


def read(text: str, name: str) -> list[Template]:
    """The templates of one file. Raises ConfigError naming the file and the fault."""
    try:
        loaded = msgspec.convert(packs.parse(text) or [], list[Template])
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise ConfigError(f"规则模板 {name} 无法读取：{error}。请按 docs/rules.md 中的格式改正。") from error
    for template in loaded:
        problem = _problem(template)
        if problem:
            raise ConfigError(f"规则模板 {name} 的“{template.id}”：{problem}")
    return loaded


def _problem(template: Template) -> str:
    asked = [*template.bind.quantities, *(role.quantity for role in template.signals.values())]
    unknown = [code for code in asked if code not in QUANTITIES]
    if unknown:
        return f"监测量“{unknown[0]}”不存在。"
    types = {role.permit for role in template.signals.values()} - {"", formulas.SAME, *permit_signals.KINDS}
    if types:
        return f"作业票类型“{min(types)}”不存在。"
    if template.is_formula:
        if template.levels:
            return "levels 与 when 只能写一种。"
        odd = [kind for kind in template.bind.place or () if kind not in Zone.Kind.values]
        if odd or template.bind.place is None:
            return f"区域类别“{odd[0]}”不存在。" if odd else "用公式的模板须在 bind 中写明 place。"
    elif not 1 <= len(template.levels) <= 8:
        return "等级须为 1 至 8 个。"
    try:
        template.build(template.defaults())
    except KeyError as error:
        return f"等级中用到的参数 {error} 没有定义。"
    except ValueError as error:
        return str(error)
    return ""


def _number(value: Number, values: Mapping[str, float]) -> float:
    if not isinstance(value, str):
        return float(value)
    return -values[value[1:]] if value.startswith("-") else values[value]
