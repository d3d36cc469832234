"""A formula as rows for the kernel: one row a node, leaves first, then every node after its children, the root last.

Comparisons of one signal, or of one window of a signal, with a constant are one row each (``COMPARE``,
``COMPARE_WINDOW``), because nearly all readings end there: where their truth does not change, nothing else happens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from typing import Any

from bianwang.engine import formula as f
from bianwang.engine.check import check
from bianwang.engine.language import parse


class Op(IntEnum):
    """What a row does. Up to ``LAST_LEAF`` it looks at a signal itself."""

    COMPARE = 0
    COMPARE_WINDOW = 1
    STALE = 2
    SIGNAL = 3
    WINDOW_OF_SIGNAL = 4
    SMOOTHED = 5
    # numbers
    NUMBER = 6
    ADD = 7
    SUBTRACT = 8
    MULTIPLY = 9
    DIVIDE = 10
    NEGATIVE = 11
    ABSOLUTE = 12
    PREVIOUS_NUMBER = 13
    WINDOW = 14
    COUNT = 15
    # truth
    CONSTANT = 16
    COMPARE_NUMBER = 17
    NOT = 18
    AND = 19
    OR = 20
    PREVIOUS = 21
    RISE = 22
    ONCE = 23
    ONCE_DELAYED = 24
    SINCE = 25
    SINCE_DELAYED = 26
    REST_DAY = 27
    WITHIN = 28


LAST_LEAF = Op.SMOOTHED
_COMPARISONS = frozenset({Op.COMPARE, Op.COMPARE_WINDOW, Op.COMPARE_NUMBER})
WINDOWS = frozenset({Op.COMPARE_WINDOW, Op.WINDOW_OF_SIGNAL, Op.SMOOTHED, Op.WINDOW})
TEMPORAL = frozenset({Op.ONCE, Op.ONCE_DELAYED, Op.SINCE, Op.SINCE_DELAYED})
SPANNED = WINDOWS | {Op.COUNT, Op.STALE}
"""Ops that have a length."""

Value = float | str
"""A number, or the name of the parameter that gives it."""


def value_of(value: Value, named: Mapping[str, Any]) -> Any:
    """A number, or the parameter's (for one instance, or for all of a group as a column)."""
    return named[value] if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Row:
    """One node. ``left`` and ``right`` are rows; ``signal`` is a position in ``Program.signals``.

    ``limit``, ``limit_high``, ``band``, ``comparison`` (-1: outside), ``n``, ``m`` (0: no votes) belong to
    comparisons; ``length`` is that of a window, count, stale or half-life, ``low`` and ``high`` of an interval
    (None: unbounded).
    """

    op: Op
    left: int = -1
    right: int = -1
    signal: int = -1
    comparison: int = 0
    limit: Value = 0.0
    limit_high: Value = 0.0
    band: Value = 0.0
    n: Value = 0
    m: Value = 0
    kind: int = 0
    length: Value = 0
    low: Value = 0
    high: Value | None = None


@dataclass(frozen=True)
class Program:
    """A compiled formula. Two programs are the same when text and signature are."""

    text: str
    signature: f.Signature
    tree: f.TruthNode = field(compare=False)
    signals: tuple[str, ...] = field(compare=False)
    parameters: tuple[str, ...] = field(compare=False)
    is_event: bool = field(compare=False)
    rows: tuple[Row, ...] = field(compare=False)

    def __hash__(self) -> int:
        return hash(self.text)

    @property
    def leaves(self) -> int:
        """How many rows look at a signal."""
        return sum(row.op <= LAST_LEAF for row in self.rows)

    @property
    def shown(self) -> int:
        """The row whose value stands for the rule in alarms: the first comparison of something measured (a signal
        that declares no initial value), else the first comparison, else the first ``stale``; -1 for none."""
        compared = [n for n, row in enumerate(self.rows) if row.op in _COMPARISONS]
        measured = [n for n in compared if self.rows[n].signal >= 0 and self._spec(n).initial is None]
        silent = [n for n, row in enumerate(self.rows) if row.op == Op.STALE]
        return next(iter(measured + compared + silent), -1)

    @property
    def main_signal(self) -> str:
        """The signal that the row shown looks at, or the first."""
        row = self.rows[self.shown]
        return self.signals[row.signal] if self.shown >= 0 and row.signal >= 0 else self.signals[0]

    def _spec(self, position: int) -> f.SignalSpec:
        return self.signature.signals[self.signals[self.rows[position].signal]]

    def horizon_ms(self, parameters: Mapping[str, float]) -> int | None:
        """How far back the verdict can depend on readings, None without bound; hysteresis and votes left out.

        Those two remember too, but are soon brought to where they belong by a few readings.
        """
        return _horizon(self.tree, lambda value: _resolve(value, parameters))


def compile_formula(text: str, signature: f.Signature) -> Program:
    """The program of a formula. Raises FormulaError (Chinese, with line and column)."""
    return _compile(text, _frozen(signature))


@lru_cache(maxsize=4096)
def _compile(text: str, key: tuple[Any, ...]) -> Program:
    signals, parameters = key
    signature = f.Signature(dict(signals), dict(parameters))
    checked = check(parse(text, signature.parameters), text, signature)
    layout = _Layout(checked.signals)
    layout.truth(checked.tree)
    return Program(
        text=text,
        signature=signature,
        tree=checked.tree,
        signals=checked.signals,
        parameters=tuple(signature.parameters),
        is_event=checked.is_event,
        rows=layout.in_order(),
    )


def _frozen(signature: f.Signature) -> tuple[Any, ...]:
    return tuple(signature.signals.items()), tuple(signature.parameters.items())


class _Layout:
    """Collects rows; equal rows are written once, so that a part that occurs twice is judged once."""

    def __init__(self, signals: tuple[str, ...]) -> None:
        self.signals = signals
        self.rows: dict[Row, int] = {}

    def put(self, row: Row) -> int:
        return self.rows.setdefault(row, len(self.rows))

    def in_order(self) -> tuple[Row, ...]:
        """Leaves first; everything else stays after its children, the root last."""
        rows = list(self.rows)
        order = [i for i, row in enumerate(rows) if row.op <= LAST_LEAF]
        order += [i for i, row in enumerate(rows) if row.op > LAST_LEAF]
        place = {old: new for new, old in enumerate(order)} | {-1: -1}
        return tuple(_moved(rows[old], place) for old in order)

    # Truth

    def truth(self, node: f.TruthNode) -> int:
        match node:
            case f.Constant(value):
                return self.put(Row(Op.CONSTANT, kind=int(value)))
            case f.Not(of):
                return self.negated(of)
            case f.And(left, right):
                return self.put(Row(Op.AND, self.truth(left), self.truth(right)))
            case f.Or(left, right):
                return self.put(Row(Op.OR, self.truth(left), self.truth(right)))
            case f.Implies(left, right):
                return self.put(Row(Op.OR, self.negated(left), self.truth(right)))
            case f.PreviousTruth(of):
                return self.put(Row(Op.PREVIOUS, self.truth(of)))
            case f.Rise(of):
                return self.put(Row(Op.RISE, self.truth(of)))
            case f.Fall(of):
                return self.put(Row(Op.RISE, self.negated(of)))
            case f.Once(of, interval):
                return self.temporal(Op.ONCE, self.truth(of), -1, interval)
            case f.Historically(of, interval):
                inner = self.temporal(Op.ONCE, self.negated(of), -1, interval)
                return self.put(Row(Op.NOT, inner))
            case f.Since(left, right, interval):
                return self.temporal(Op.SINCE, self.truth(left), self.truth(right), interval)
            case f.Stale(of, length):
                return self.put(Row(Op.STALE, signal=self.signal(of), length=_value(length)))
            case f.Calendar(kind, begin, end):
                op = Op.REST_DAY if kind == f.CalendarKind.REST_DAY else Op.WITHIN
                return self.put(Row(op, low=begin, high=end))
            case f.Votes(n, m, of):
                return self.comparison(of, n=_value(n), m=_value(m))
            case f.Comparison() | f.Outside():
                return self.comparison(node)
        raise AssertionError(node)

    def negated(self, node: f.TruthNode) -> int:
        return self.truth(node.of) if isinstance(node, f.Not) else self.put(Row(Op.NOT, self.truth(node)))

    def temporal(self, op: Op, left: int, right: int, interval: f.Interval) -> int:
        high = None if interval.high is None else _value(interval.high)
        return self.put(Row(op, left, right, low=_value(interval.low), high=high))

    def comparison(self, node: f.Comparison | f.Outside, **votes: Value) -> int:
        band: Value = 0.0 if node.band is None else _value(node.band)
        if isinstance(node, f.Outside):
            limits = {"limit": _value(node.low), "limit_high": _value(node.high), "comparison": -1}
            return self.compared(node.of, band=band, **limits, **votes)
        left, op, right = node.left, node.op, node.right
        if _is_constant(left) and not _is_constant(right):
            left, op, right = right, _TURNED[op], left
        if not _is_constant(right):
            left, right = f.Arithmetic(f.ArithmeticOp.SUBTRACT, left, right), f.Literal(0.0)
        return self.compared(left, limit=_value(right), comparison=int(op), band=band, **votes)

    def compared(self, of: f.NumberNode, **how: Any) -> int:
        if isinstance(of, f.Signal):
            return self.put(Row(Op.COMPARE, signal=self.signal(of), **how))
        if isinstance(of, f.Window) and isinstance(of.of, f.Signal):
            at, length = self.signal(of.of), _value(of.length)
            return self.put(Row(Op.COMPARE_WINDOW, signal=at, kind=int(of.kind), length=length, **how))
        return self.put(Row(Op.COMPARE_NUMBER, self.number(of), **how))

    # Numbers

    def number(self, node: f.NumberNode) -> int:
        match node:
            case f.Literal() | f.ParameterRef():
                return self.put(Row(Op.NUMBER, limit=_value(node)))
            case f.Signal():
                return self.put(Row(Op.SIGNAL, signal=self.signal(node)))
            case f.Arithmetic(op, left, right):
                return self.put(Row(_ARITHMETIC[op], self.number(left), self.number(right)))
            case f.Negative(of):
                return self.put(Row(Op.NEGATIVE, self.number(of)))
            case f.Absolute(of):
                return self.put(Row(Op.ABSOLUTE, self.number(of)))
            case f.PreviousNumber(of):
                return self.put(Row(Op.PREVIOUS_NUMBER, self.number(of)))
            case f.Window(kind, f.Signal() as of, length):
                at = self.signal(of)
                return self.put(Row(Op.WINDOW_OF_SIGNAL, signal=at, kind=int(kind), length=_value(length)))
            case f.Window(kind, of, length):
                return self.put(Row(Op.WINDOW, self.number(of), kind=int(kind), length=_value(length)))
            case f.Count(of, length):
                return self.put(Row(Op.COUNT, self.truth(of), length=_value(length)))
            case f.Smoothed(half_life=half_life):
                at = self.signal(node.of)
                return self.put(Row(Op.SMOOTHED, signal=at, kind=int(node.kind), length=_value(half_life)))
        raise AssertionError(node)

    def signal(self, node: f.Signal) -> int:
        return self.signals.index(node.name)


_ARITHMETIC = {
    f.ArithmeticOp.ADD: Op.ADD,
    f.ArithmeticOp.SUBTRACT: Op.SUBTRACT,
    f.ArithmeticOp.MULTIPLY: Op.MULTIPLY,
    f.ArithmeticOp.DIVIDE: Op.DIVIDE,
}
_TURNED = {
    f.ComparisonOp.GT: f.ComparisonOp.LT,
    f.ComparisonOp.GE: f.ComparisonOp.LE,
    f.ComparisonOp.LT: f.ComparisonOp.GT,
    f.ComparisonOp.LE: f.ComparisonOp.GE,
    f.ComparisonOp.EQ: f.ComparisonOp.EQ,
    f.ComparisonOp.NE: f.ComparisonOp.NE,
}


def _moved(row: Row, place: Mapping[int, int]) -> Row:
    changed = {name: getattr(row, name) for name in Row.__slots__}
    return Row(**changed | {"left": place[row.left], "right": place[row.right]})


def _is_constant(node: f.NumberNode) -> bool:
    return isinstance(node, f.Literal | f.ParameterRef) or (
        isinstance(node, f.Negative) and isinstance(node.of, f.Literal)
    )


def _value(node: f.NumberNode | int) -> Value:
    if isinstance(node, f.ParameterRef):
        return node.name
    if isinstance(node, f.Negative):
        inner = node.of
        return -inner.value if isinstance(inner, f.Literal) else 0.0
    return node.value if isinstance(node, f.Literal) else float(node)  # type: ignore[arg-type]


def _resolve(value: f.Duration, parameters: Mapping[str, float]) -> int:
    return round(parameters[value.name]) if isinstance(value, f.ParameterRef) else value


def _horizon(node: f.Node, resolve: Callable[[f.Duration], int]) -> int | None:
    """The longest way back through a tree, each unit delay of rise, fall and prev included."""
    own: int | None = 0
    match node:
        case f.Once(_, interval) | f.Historically(_, interval) | f.Since(_, _, interval):
            own = None if interval.high is None else resolve(interval.high)
        case f.Window(_, _, length) | f.Count(_, length) | f.Stale(_, length):
            own = resolve(length) + 1
        case f.Smoothed():
            own = None
        case f.Rise() | f.Fall() | f.PreviousTruth() | f.PreviousNumber():
            own = 1
    below = 0
    for name in ("of", "left", "right"):
        child = getattr(node, name, None)
        if child is not None and not isinstance(child, int):
            reach = _horizon(child, resolve)
            if reach is None:
                return None
            below = max(below, reach)
    return None if own is None else own + below
