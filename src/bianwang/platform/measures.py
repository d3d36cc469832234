"""What modules count: a number over a period, with its arithmetic and the rows behind it, for indicators and reports.

A module names its measures in `module.py` (`registry.Measure`) and counts them in `measures.py`, one function each:
`(period, **arguments) -> Measured`. They are figures of the whole district; whoever opens the rows behind one comes
through the access door of the list that `Rows.url` names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from bianwang.platform.period import Period
from bianwang.platform.registry import Measure, manifests, resolve
from bianwang.platform.workflow.errors import UnknownLimit

Number = Decimal | int


@dataclass(frozen=True)
class Rows:
    """Rows behind a number: what they are, how many, and the list that shows exactly these."""

    name: str
    count: int
    url: str


@dataclass(frozen=True)
class Measured:
    """A number in its measure's unit; without one, `missing` says in a sentence what has to be entered, and where."""

    value: Number | None
    rows: tuple[Rows, ...] = ()
    numerator: Number | None = None
    denominator: Number | None = None
    scope: str = ""
    """Whose: 直管企业, 全区 …"""
    note: str = ""
    """What a reader must know: price basis, size and interval of a sample, what is left out."""
    missing: str = ""


def count(rows: Rows, *, scope: str = "", note: str = "") -> Measured:
    """A number that is how many rows there are."""
    return Measured(rows.count, (rows,), scope=scope, note=note)


def share(part: Rows, whole: Rows, *, missing: str, scope: str = "", note: str = "") -> Measured:
    """A percentage of rows, not rounded; none of nothing, which is no 100 %."""
    value = Decimal(100 * part.count) / whole.count if whole.count else None
    return Measured(value, (part, whole), part.count, whole.count, scope, note, missing="" if whole.count else missing)


def unknown(argument: str, value: str) -> Measured:
    """A value that an argument of a measure does not have: the figure that asks for it is defined wrongly."""
    return Measured(None, missing=f"统计参数 {argument} 没有“{value}”这个取值，请系统管理员更正指标定义。")


@lru_cache(maxsize=1)
def measures() -> Mapping[str, Measure]:
    """Every measure of the modules that are switched on, by code."""
    return MappingProxyType({measure.code: measure for module in manifests() for measure in module.measures})


def take(code: str, period: Period, arguments: Mapping[str, str] = MappingProxyType({})) -> Measured:
    """What a measure is over a period; without its module or a limit of law, a number that is missing."""
    measure = measures().get(code)
    if measure is None:
        return Measured(None, missing=f"没有“{code}”这项统计，或它所属的模块没有启用，请联系系统管理员。")
    try:
        found: Measured = resolve(measure.query)(period, **arguments)
    except UnknownLimit as error:
        return Measured(None, missing=str(error))
    return found
