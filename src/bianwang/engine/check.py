"""Refuses formulas that have no meaning: names, types, units, and evidence that may never come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from bianwang.engine import formula as f
from bianwang.engine.formula import FormulaError, Signature
from bianwang.engine.language import children, is_truth

MAX_MS = 10 * 366 * 86_400_000
MOST_VOTES = 64
_ORDERED = frozenset({f.ComparisonOp.GT, f.ComparisonOp.GE, f.ComparisonOp.LT, f.ComparisonOp.LE})


@dataclass(frozen=True)
class Checked:
    """A formula with a meaning; names in order of first appearance."""

    tree: Any
    is_event: bool
    signals: tuple[str, ...]
    parameters: tuple[str, ...]


def check(tree: Any, text: str, signature: Signature) -> Checked:
    """The formula with what it uses. Raises FormulaError (Chinese, with line and column)."""
    checker = _Checker(text, signature)
    checker.truth(tree)
    return Checked(tree, is_event(tree), tuple(checker.signals), tuple(checker.parameters))


def check_evidence(tree: Any, text: str, signature: Signature) -> None:
    """Refuse a rule whose evidence may stay unknown for ever. Raises FormulaError naming the signal.

    Missing evidence is not safety: every signal has an initial value, or a ``stale`` guard in the formula, or its
    silence is watched by other means.
    """
    guarded = {node.of.name for node in nodes(tree) if isinstance(node, f.Stale)}
    for node in nodes(tree):
        if not isinstance(node, f.Signal) or node.name in guarded:
            continue
        spec = signature.signals[node.name]
        if spec.initial is None and not spec.watched:
            raise FormulaError(
                f"信号“{node.name}”可能一直没有读数，这条规则就永远判不出来。"
                f"请给它声明初值（initial），或在公式里加 stale({node.name}, 5min) 守护，"
                "或声明由设备离线规则看守（watched）。",
                text,
                node.at,
            )


def nodes(tree: Any) -> Iterator[Any]:
    """Every node, parents first, in the order of the text."""
    yield tree
    for child in children(tree):
        yield from nodes(child)


def is_event(node: Any) -> bool:
    """Whether it is true for single instants only."""
    match node:
        case f.Rise() | f.Fall():
            return True
        case f.PreviousTruth(of):
            return is_event(of)
        case f.And(left, right):
            return is_event(left) or is_event(right)
        case f.Or(left, right):
            return is_event(left) and is_event(right)
    return False


class _Checker:
    def __init__(self, text: str, signature: Signature) -> None:
        self.text, self.signature = text, signature
        self.signals: dict[str, None] = {}
        self.parameters: dict[str, None] = {}

    def error(self, message: str, node: Any) -> FormulaError:
        return FormulaError(message, self.text, getattr(node, "at", 0))

    def truth(self, node: Any) -> None:
        """Something that is true or false."""
        match node:
            case f.Not(of) | f.PreviousTruth(of) | f.Rise(of) | f.Fall(of):
                self.truth(of)
            case f.And(left, right) | f.Or(left, right) | f.Implies(left, right):
                self.truth(left)
                self.truth(right)
            case f.Once(of, interval) | f.Historically(of, interval):
                self.interval(interval, node)
                self.truth(of)
            case f.Since(left, right, interval):
                self.truth(left)
                self.interval(interval, node)
                self.truth(right)
            case f.Comparison() | f.Outside():
                self.comparison(node)
            case f.Votes():
                self.votes(node)
            case f.Stale(of, length):
                self.number(of)
                self.duration(length, node)
            case f.Constant() | f.Calendar():
                pass
            case _:
                raise self.error("这里应为条件，却是数值；请写成比较，如 x == 1、x > 0。", node)

    def comparison(self, node: f.Comparison | f.Outside) -> None:
        if isinstance(node, f.Outside):
            units = [(part, self.number(part)) for part in (node.of, node.low, node.high)]
            if (
                isinstance(node.low, f.Literal)
                and isinstance(node.high, f.Literal)
                and node.low.value > node.high.value
            ):
                raise self.error(f"下限 {node.low.value:g} 大于上限 {node.high.value:g}。", node)
        else:
            units = [(part, self.number(part)) for part in (node.left, node.right)]
        if node.band is not None:
            units.append((node.band, self.number(node.band)))
            self.band(node)
        self.same(units, node)

    def band(self, node: f.Comparison | f.Outside) -> None:
        if isinstance(node, f.Comparison) and node.op not in _ORDERED:
            raise self.error("回差只能用于 >、>=、<、<=。", node)
        if isinstance(node.band, f.Literal) and node.band.value < 0:
            raise self.error("回差不能小于 0。", node.band)
        low, high = getattr(node, "low", None), getattr(node, "high", None)
        if (
            isinstance(low, f.Literal)
            and isinstance(high, f.Literal)
            and isinstance(node.band, f.Literal)
            and low.value + node.band.value > high.value - node.band.value
        ):
            raise self.error("回差太大：上下限各退回一个回差后，区间里没有可以恢复正常的值。", node.band)

    def votes(self, node: f.Votes) -> None:
        for part in (node.n, node.m):
            self.number(part)
            if isinstance(part, f.Literal) and (part.value != int(part.value) or not 1 <= part.value <= MOST_VOTES):
                raise self.error(f"次数须为 1 到 {MOST_VOTES} 的整数。", part)
        if isinstance(node.n, f.Literal) and isinstance(node.m, f.Literal) and node.n.value > node.m.value:
            raise self.error(f"“{node.m.value:g} 次中 {node.n.value:g} 次”不成立，N 不能大于 M。", node.n)
        self.comparison(node.of)
        left = node.of.of if isinstance(node.of, f.Outside) else node.of.left
        right = None if isinstance(node.of, f.Outside) else node.of.right
        watched = left.of if isinstance(left, f.Window) else left
        if not isinstance(watched, f.Signal) or not (right is None or isinstance(right, f.Literal | f.ParameterRef)):
            raise self.error("votes 只能用于一个信号（或它的一个时间窗）与一个数的比较，信号写在左边。", node.of)

    def number(self, node: Any) -> str:
        """A number; returns its unit, "" for none."""
        match node:
            case f.Literal(_, unit):
                return unit
            case f.Signal(name):
                return self.signal(name, node)
            case f.ParameterRef(name):
                return self.parameter(name, node)
            case f.Arithmetic(op, left, right):
                return self.arithmetic(op, left, right, node)
            case f.Negative(of) | f.Absolute(of) | f.PreviousNumber(of):
                return self.number(of)
            case f.Window(kind, of, length):
                self.duration(length, node)
                return self.window(kind, of, node)
            case f.Count(of, length):
                self.duration(length, node)
                self.truth(of)
                return ""
            case f.Smoothed(kind, of, half_life):
                self.duration(half_life, node)
                unit = self.number(of)
                return unit if kind == f.SmoothedKind.EWMA else ""
        raise self.error("这里应为数值，却是条件；条件不能参与加减乘除和比较。", node)

    def window(self, kind: f.WindowKind, of: Any, node: Any) -> str:
        if is_truth(of):
            name = kind.name.lower()
            raise self.error(f"{name} 里应为数值，却是条件；数条件出现的次数请用 count。", node)
        unit = self.number(of)
        if kind != f.WindowKind.SLOPE:
            return unit
        if not isinstance(of, f.Signal):
            raise self.error("slope 只能用于一个信号，如 slope[0, 5min](x)。", of)
        return f"{unit}/s" if unit else ""

    def arithmetic(self, op: f.ArithmeticOp, left: Any, right: Any, node: Any) -> str:
        one, other = self.number(left), self.number(right)
        if op in (f.ArithmeticOp.ADD, f.ArithmeticOp.SUBTRACT):
            return self.same([(left, one), (right, other)], node)
        if op == f.ArithmeticOp.DIVIDE:
            return one if not other else ""
        return "" if one and other else one or other

    def same(self, units: list[tuple[Any, str]], node: Any) -> str:
        """The one unit of several numbers; a number without unit goes with any."""
        found = {unit: part for part, unit in units if unit}
        if len(found) > 1:
            one, other = list(found)[:2]
            raise self.error(f"单位不一致：“{one}”不能与“{other}”相加减或比较，请先换算成同一单位。", node)
        return next(iter(found), "")

    def signal(self, name: str, node: Any) -> str:
        spec = self.signature.signals.get(name)
        if spec is None:
            raise self.error(self.unknown(name), node)
        self.signals[name] = None
        if isinstance(spec.believed, f.ParameterRef):
            self.parameters[spec.believed.name] = None
        return spec.unit

    def parameter(self, name: str, node: Any) -> str:
        spec = self.signature.parameters.get(name)
        if spec is None:
            raise self.error(self.unknown(name), node)
        if spec.is_duration:
            raise self.error(f"参数“{name}”是时长，不能当作数值。", node)
        self.parameters[name] = None
        return spec.unit

    def unknown(self, name: str) -> str:
        known = [*self.signature.signals, *self.signature.parameters]
        near = get_close_matches(name, known, 1)
        hint = f"，是不是“{near[0]}”？" if near else "。"
        listed = "、".join(known[:12]) + ("等" if len(known) > 12 else "")
        return f"没有叫“{name}”的信号或参数{hint}" + (f"可用的有：{listed}。" if known else "")

    def interval(self, interval: f.Interval, node: Any) -> None:
        self.duration(interval.low, node)
        if interval.high is not None:
            self.duration(interval.high, node)

    def duration(self, value: f.Duration, node: Any) -> None:
        if isinstance(value, int):
            if value > MAX_MS:
                raise self.error("时长超过 10 年，所需的内存没有止境，请缩短。", node)
            return
        spec = self.signature.parameters.get(value.name)
        if spec is None:
            raise self.error(self.unknown(value.name), value)
        if not spec.is_duration:
            raise self.error(f"参数“{value.name}”不是时长，不能用作时间界限。", value)
        self.parameters[value.name] = None
