"""The limits in a formula, as one instance has them: for tables and for the lines of a curve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from bianwang.engine import formula as f
from bianwang.engine.check import nodes
from bianwang.engine.table import Instance
from bianwang.modules.rules.restating import duration


class Limit(NamedTuple):
    """A signal of an instance, or something made of it, against a number in the signal's unit."""

    signal: int
    """Position in `Instance.signals`."""
    prefix: str
    """What is compared, where it is not the reading itself: 5 分钟变化."""
    symbol: str
    value: float


_SYMBOLS = dict(zip(f.ComparisonOp, (">", "≥", "<", "≤", "=", "≠"), strict=True))
_TURNED = {">": "<", "≥": "≤", "<": ">", "≤": "≥"}
_WINDOWS = {
    f.WindowKind.MEAN: "平均",
    f.WindowKind.MAX: "最大",
    f.WindowKind.MIN: "最小",
    f.WindowKind.DELTA: "变化",
    f.WindowKind.SLOPE: "斜率",
}


def limits(instance: Instance) -> list[Limit]:
    """Comparisons of one signal, or one window of it, with a constant, in the order of the formula."""
    return list(_Reader(instance).of(instance.program.tree))


def silences(instance: Instance) -> list[int]:
    """The lengths (ms) of `stale` in the formula."""
    reader = _Reader(instance)
    return [reader.ms(node.length) for node in nodes(instance.program.tree) if isinstance(node, f.Stale)]


class Measured(Protocol):
    """A signal as its numbers are written."""

    title: str
    unit: str
    decimals: int


def text(instance: Instance, signals: Sequence[Measured]) -> str:
    """≥ 25.0 %LEL，静默 70 秒: the limits of an instance of these signals, named where there are several."""
    found = []
    for limit in limits(instance):
        signal = signals[limit.signal]
        name = signal.title if len(signals) > 1 else ""
        number = f"{limit.value:,.{signal.decimals}f} {signal.unit}".strip()
        found.append(" ".join(filter(None, (name, limit.prefix, limit.symbol, number))))
    return "，".join(found + [f"静默 {duration(ms)}" for ms in silences(instance)])


class _Reader:
    def __init__(self, instance: Instance) -> None:
        self._named = dict(zip(instance.program.parameters, instance.parameters, strict=True))
        self._signals = instance.program.signals

    def of(self, tree: f.Node) -> Iterator[Limit]:
        for node in nodes(tree):
            if isinstance(node, f.Outside):
                yield from self._limit(node.of, "<", node.low)
                yield from self._limit(node.of, ">", node.high)
            elif isinstance(node, f.Comparison):
                symbol = _SYMBOLS[node.op]
                yield from self._limit(node.left, symbol, node.right)
                yield from self._limit(node.right, _TURNED.get(symbol, symbol), node.left)

    def ms(self, length: f.Duration) -> int:
        return round(self._named[length.name]) if isinstance(length, f.ParameterRef) else length

    def _limit(self, of: f.NumberNode, symbol: str, against: f.NumberNode) -> Iterator[Limit]:
        value = self._constant(against)
        if value is None:
            return
        if isinstance(of, f.Signal):
            yield Limit(self._signals.index(of.name), "", symbol, value)
        elif isinstance(of, f.Window) and isinstance(of.of, f.Signal):
            prefix = f"{duration(self.ms(of.length))}{_WINDOWS[of.kind]}"
            yield Limit(self._signals.index(of.of.name), prefix, symbol, value)

    def _constant(self, node: f.NumberNode) -> float | None:
        match node:
            case f.Literal(value):
                return value
            case f.ParameterRef(name):
                return self._named[name]
            case f.Negative(f.Literal(value)):
                return -value
        return None
