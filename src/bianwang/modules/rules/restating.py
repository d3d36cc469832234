"""A formula as a Chinese sentence: what it means, in the names and units of its signals.

Every construct has one wording, and what is put together from several conditions stands in （） wherever something
is said about it as a whole, so that formulas that mean different things read differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from bianwang.engine import formula as f


def duration(ms: float) -> str:
    """30 秒, 5 分钟, 2 小时 (the largest unit that gives a whole number)."""
    for size, name in ((86_400_000, "天"), (3_600_000, "小时"), (60_000, "分钟")):
        if ms >= size and ms % size == 0:
            return f"{ms / size:g} {name}"
    return f"{ms / 1000:g} 秒" if ms >= 1000 or ms == 0 else f"{ms:g} 毫秒"


class Named(NamedTuple):
    """A signal as people call it."""

    title: str
    unit: str = ""


class Given(NamedTuple):
    """A parameter's present value: in `unit`, or in ms if it is a duration."""

    value: float
    unit: str = ""
    is_duration: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """How to say the names of a formula; a missing one is called by itself."""

    signals: Mapping[str, Named] = field(default_factory=dict)
    parameters: Mapping[str, Given] = field(default_factory=dict)


def restate(tree: f.TruthNode, vocabulary: Vocabulary = Vocabulary()) -> str:
    """The meaning of a formula, without a full stop."""
    return _spaced(_Sentence(vocabulary).truth(tree))


class _Clause(NamedTuple):
    """A condition on one number; an adverb fits between its parts: “温度”| 大于 5 ℃."""

    subject: str
    verb: str


_COMPARED = {
    f.ComparisonOp.GT: "大于",
    f.ComparisonOp.GE: "大于或等于",
    f.ComparisonOp.LT: "小于",
    f.ComparisonOp.LE: "小于或等于",
    f.ComparisonOp.EQ: "等于",
    f.ComparisonOp.NE: "不等于",
}
_OPPOSITE = {
    f.ComparisonOp.GT: f.ComparisonOp.LE,
    f.ComparisonOp.GE: f.ComparisonOp.LT,
    f.ComparisonOp.LT: f.ComparisonOp.GE,
    f.ComparisonOp.LE: f.ComparisonOp.GT,
    f.ComparisonOp.EQ: f.ComparisonOp.NE,
    f.ComparisonOp.NE: f.ComparisonOp.EQ,
}
_ARITHMETIC = {
    f.ArithmeticOp.ADD: "加",
    f.ArithmeticOp.SUBTRACT: "减",
    f.ArithmeticOp.MULTIPLY: "乘",
    f.ArithmeticOp.DIVIDE: "除以",
}
_WINDOWS = {
    f.WindowKind.MEAN: "平均值",
    f.WindowKind.MAX: "最大值",
    f.WindowKind.MIN: "最小值",
    f.WindowKind.DELTA: "变化量",
    f.WindowKind.SLOPE: "变化速度",
}
_SMOOTHED = {f.SmoothedKind.EWMA: "平滑值", f.SmoothedKind.ZSCORE: "偏离常态的倍数"}


class _Sentence:
    """Says nodes in one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    # Conditions

    def truth(self, node: f.TruthNode) -> str:
        clause = self.clause(node)
        if clause is not None:
            return "".join(clause)
        match node:
            case f.Constant(value):
                return "总是成立" if value else "总不成立"
            case f.Votes(n, m, of):
                return f"最近{self.number(m, '次')}读数中至少{self.number(n, '次')}{self.truth(of)}"
            case f.Stale(of, length):
                return f"{self.number(of)}超过{self.duration(length)}没有读数"
            case f.Calendar():
                return _calendar(node, "")
            case f.Not(of):
                return self.negated(of)
            case f.And() | f.Or():
                return ("，而且" if isinstance(node, f.And) else "，或者").join(map(self.part, _members(node)))
            case f.Implies(left, right):
                return f"只要{self.part(left)}，就必定{self.part(right)}"
            case f.PreviousTruth(of):
                return f"前一毫秒（{self.truth(of)}）"
            case f.Rise(of):
                return f"当{self.about(of, '变为', '开始成立')}的那一刻"
            case f.Fall(of):
                return f"当{self.about(of, '不再', '不再成立')}的那一刻"
            case f.Once(of, interval):
                return self.past(interval, of, "曾")
            case f.Historically(of, interval):
                return self.past(interval, of, "一直")
            case f.Since(left, right, interval):
                return f"{self.past(interval, right, '曾')}，且从那以后{self.about(left, '一直', '一直成立')}"
        raise AssertionError(node)

    def clause(self, node: f.TruthNode) -> _Clause | None:
        match node:
            case f.Comparison(op, left, right, band):
                unit = self.unit(left) or self.unit(right)
                verb = f"{_COMPARED[op]}{self.number(right, unit)}{self.band(band, unit)}"
                return _Clause(self.number(left, unit), verb)
            case f.Outside(of, low, high, band):
                unit = self.unit(of)
                verb = f"低于{self.number(low, unit)}或高于{self.number(high, unit)}{self.band(band, unit)}"
                return _Clause(self.number(of, unit), verb)
            case f.Not(f.Comparison(op, left, right, None)):
                return self.clause(f.Comparison(_OPPOSITE[op], left, right))
        return None

    def band(self, band: f.Literal | f.ParameterRef | None, unit: str) -> str:
        return "" if band is None else f"（退回{self.number(band, unit)}才算恢复）"

    def part(self, node: f.TruthNode) -> str:
        """A condition among others."""
        is_compound = isinstance(node, f.And | f.Or | f.Implies | f.Since)
        return f"（{self.truth(node)}）" if is_compound else self.truth(node)

    def negated(self, of: f.TruthNode) -> str:
        match of:
            case f.Calendar():
                return _calendar(of, "不")
            case f.Once(inner, interval):
                return self.past(interval, inner, "从未")
            case f.Historically(inner, interval):
                return self.past(interval, inner, "并非一直")
            case f.Stale(signal, length):
                return f"{self.number(signal)}在{self.duration(length)}内有读数"
        return f"并非（{self.truth(of)}）"

    def past(self, interval: f.Interval, of: f.TruthNode, adverb: str) -> str:
        if isinstance(of, f.Rise) and adverb in ("曾", "从未") and (clause := self.clause(of.of)):
            return f"{self.when(interval)}{clause.subject}{adverb}变为{clause.verb}"
        return f"{self.when(interval)}{self.about(of, adverb, f'{adverb}成立')}"

    def about(self, of: f.TruthNode, adverb: str, otherwise: str) -> str:
        """Something said of a condition: inside it where it is simple, after it where not."""
        clause = self.clause(of)
        return f"（{self.truth(of)}）{otherwise}" if clause is None else f"{clause.subject}{adverb}{clause.verb}"

    def when(self, interval: f.Interval) -> str:
        low, high = self.ms(interval.low), None if interval.high is None else self.ms(interval.high)
        if high is None:
            return "此前任何时候" if low == 0 else f"{_length(low)}以前的任何时候"
        if low == high:
            return "此刻" if low == 0 else f"恰在{_length(low)}前"
        return f"此前{_length(high)}内" if low == 0 else f"此前{_length(low)}至{_length(high)}之间"

    # Numbers

    def number(self, node: f.NumberNode, unit: str = "") -> str:
        """A number; one without a unit of its own is in ``unit``."""
        match node:
            case f.Literal(value, own):
                return f"{value:g} {own or unit}".rstrip()
            case f.ParameterRef(name):
                return self.parameter(name, unit)
            case f.Signal(name):
                named = self.vocabulary.signals.get(name)
                return f"“{named.title if named else name}”"
            case f.Arithmetic(op, left, right):
                unit = unit if op in (f.ArithmeticOp.ADD, f.ArithmeticOp.SUBTRACT) else ""
                return f"{self.operand(left, unit)}{_ARITHMETIC[op]}{self.operand(right, unit)}"
            case f.Negative(f.Literal(value, own)):
                return self.number(f.Literal(-value, own), unit)
            case f.Negative(of):
                return f"负的{self.operand(of, unit)}"
            case f.Absolute(of):
                return f"{self.operand(of, unit)}的绝对值"
            case f.PreviousNumber(of):
                return f"前一毫秒的{self.operand(of, unit)}"
            case f.Window(kind, of, length):
                return f"{self.operand(of, unit)}最近{self.duration(length)}的{_WINDOWS[kind]}"
            case f.Count(of, length):
                return f"最近{self.duration(length)}内{self.about(of, '变为', '开始成立')}的次数"
            case f.Smoothed(kind, of, half_life):
                return f"{self.number(of)}的{_SMOOTHED[kind]}（半衰期{self.duration(half_life)}）"
        raise AssertionError(node)

    def operand(self, node: f.NumberNode, unit: str) -> str:
        is_simple = isinstance(node, f.Literal | f.ParameterRef | f.Signal)
        return self.number(node, unit) if is_simple else f"（{self.number(node, unit)}）"

    def parameter(self, name: str, unit: str) -> str:
        given = self.vocabulary.parameters.get(name)
        if given is None:
            return f"“{name}”"
        if given.is_duration:
            return _length(given.value)
        return f"{given.value:g} {given.unit or unit}".rstrip()

    def duration(self, length: f.Duration) -> str:
        return _length(self.ms(length))

    def ms(self, length: f.Duration) -> float | str:
        """Milliseconds, or the name of a parameter whose value is not known."""
        if not isinstance(length, f.ParameterRef):
            return length
        given = self.vocabulary.parameters.get(length.name)
        return length.name if given is None else given.value

    def unit(self, node: f.NumberNode) -> str:
        """The unit of a number as far as it says one."""
        match node:
            case f.Literal(_, unit):
                return unit
            case f.ParameterRef(name) if name in self.vocabulary.parameters:
                return self.vocabulary.parameters[name].unit
            case f.Signal(name) if name in self.vocabulary.signals:
                return self.vocabulary.signals[name].unit
            case f.Arithmetic(f.ArithmeticOp.ADD | f.ArithmeticOp.SUBTRACT, left, right):
                return self.unit(left) or self.unit(right)
            case f.Window(f.WindowKind.SLOPE, of):
                return f"{self.unit(of) or '单位'}/秒"
            case f.Count():
                return "次"
            case f.Smoothed(f.SmoothedKind.ZSCORE):
                return "倍"
            case f.Negative(of) | f.Absolute(of) | f.PreviousNumber(of) | f.Window(_, of) | f.Smoothed(_, of):
                return self.unit(of)
        return ""


def _members(node: f.And | f.Or) -> Iterator[f.TruthNode]:
    """The conditions of a chain of one kind."""
    for side in (node.left, node.right):
        if isinstance(side, type(node)):
            yield from _members(side)
        else:
            yield side


def _calendar(node: f.Calendar, no: str) -> str:
    if node.kind is f.CalendarKind.REST_DAY:
        return f"当天{no}是休息日"
    next_day = "次日" if node.end <= node.begin else ""
    return f"时刻{no}在{_clock(node.begin)}至{next_day}{_clock(node.end)}之间"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _length(ms: float | str) -> str:
    return f"“{ms}”" if isinstance(ms, str) else duration(ms)


_AROUND = re.compile(r"(?<=[一-鿿])(?=-?\d)|(?<=\d)(?=[一-鿿])")


def _spaced(text: str) -> str:
    """A space between Chinese and numbers, but not inside the names of signals."""
    return "".join(part if part.startswith("“") else _AROUND.sub(" ", part) for part in re.split("(“[^”]*”)", text))
