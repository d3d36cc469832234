"""From text to tree, by how strongly words bind.

In a row, ``implies`` takes the right one first, the others the left one; comparisons do not go in a row.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection
from enum import IntEnum
from typing import Any

from bianwang.engine import formula as f
from bianwang.engine.formula import FormulaError
from bianwang.engine.tokens import Kind, Token, tokens

DEPTH = 80
"""Of a tree: Python walks it by recursion. Its text needs two expressions in one another for a level: ``not (…)``."""
UNITS = {"ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}
_COMPARISONS = dict(zip((">", ">=", "<", "<=", "==", "!="), f.ComparisonOp, strict=True))
_ARITHMETIC = dict(zip("+-*/", f.ArithmeticOp, strict=True))
_WINDOWS = {kind.name.lower(): kind for kind in f.WindowKind}
_PREFIXES: dict[str, Callable[..., Any]] = {"not": f.Not, "rise": f.Rise, "fall": f.Fall}
_SMOOTHED = {kind.name.lower(): kind for kind in f.SmoothedKind}
_TOO_DEEP = f"连写或嵌套超过 {DEPTH} 层，请拆成几条规则。"
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-—~至]\s*([01]?\d|2[0-4]):([0-5]\d)")
_TRUTHS = (
    f.Constant, f.Comparison, f.Outside, f.Votes, f.Stale, f.Calendar, f.Not, f.And, f.Or, f.Implies,
    f.PreviousTruth, f.Rise, f.Fall, f.Once, f.Historically, f.Since,
)  # fmt: skip


class Binding(IntEnum):
    """How strongly a construct holds its parts together, from the weakest."""

    IMPLIES = 0
    OR = 1
    AND = 2
    SINCE = 3
    PREFIX = 4
    COMPARISON = 5
    SUM = 6
    PRODUCT = 7
    SIGN = 8
    PRIMARY = 9


_INFIX = {
    "implies": Binding.IMPLIES,
    "or": Binding.OR,
    "and": Binding.AND,
    "since": Binding.SINCE,
    **dict.fromkeys(_COMPARISONS, Binding.COMPARISON),
    **dict.fromkeys("+-", Binding.SUM),
    **dict.fromkeys("*/", Binding.PRODUCT),
}


def is_truth(node: Any) -> bool:
    """Whether a node is true or false, not a number."""
    return isinstance(node, _TRUTHS)


def children(node: Any) -> list[Any]:
    """The parts of a node, in the order of the text."""
    parts = (getattr(node, name, None) for name in ("n", "m", "of", "left", "right", "low", "high", "band"))
    return [part for part in parts if hasattr(part, "at")]


def parse(text: str, parameters: Collection[str] = ()) -> Any:
    """The tree of a formula; names among ``parameters`` are parameters, all others signals.

    Raises FormulaError (Chinese, with line and column). Types are ``check.check``'s business.
    """
    parser = _Parser(text, frozenset(parameters))
    tree = parser.expression()
    if parser.now.kind is not Kind.END:
        raise parser.error(f"这里多出了{parser.now}，请检查括号，或用 and、or 连接。")
    level = [tree]
    for _ in range(DEPTH):
        level = [part for node in level for part in children(node)]
    if level:
        raise parser.error(_TOO_DEEP, level[0].at)
    return tree


class _Parser:
    def __init__(self, text: str, parameters: frozenset[str]) -> None:
        self.text, self.parameters = text, parameters
        self.tokens, self.position, self.depth = tokens(text), 0, 0

    # Words

    @property
    def now(self) -> Token:
        return self.tokens[self.position]

    def error(self, message: str, at: int | None = None) -> FormulaError:
        return FormulaError(message, self.text, self.now.at if at is None else at)

    def take(self) -> Token:
        token = self.now
        self.position += token.kind is not Kind.END
        return token

    def sees(self, *words: str) -> bool:
        return self.now.kind in (Kind.MARK, Kind.WORD) and self.now.text in words

    def skip(self, word: str) -> bool:
        if self.sees(word):
            self.take()
            return True
        return False

    def need(self, mark: str) -> None:
        if not self.skip(mark):
            raise self.error(f"这里应为“{mark}”，却是{self.now}。")

    # What binds how

    def expression(self, least: int = Binding.IMPLIES) -> Any:
        """As much as binds at least so strongly."""
        self.depth += 1
        if self.depth > 2 * DEPTH:
            raise self.error(_TOO_DEEP)
        left = self.operand()
        while self.now.kind in (Kind.MARK, Kind.WORD) and _INFIX.get(self.now.text, -1) >= least:
            left = self.infix(left)
        if self.sees("="):
            raise self.error("判断相等请写两个等号“==”。")
        self.depth -= 1
        return left

    def infix(self, left: Any) -> Any:
        token = self.take()
        word, at = token.text, token.at
        if word == "implies":
            return f.Implies(left, self.expression(Binding.IMPLIES), at=at)
        if word == "since":
            interval = self.interval()
            return f.Since(left, self.expression(Binding.PREFIX), interval, at=at)
        right = self.expression(_INFIX[word] + 1)
        if word in _ARITHMETIC:
            return f.Arithmetic(_ARITHMETIC[word], left, right, at=at)
        if word in ("and", "or"):
            return (f.And if word == "and" else f.Or)(left, right, at=at)
        if self.sees(*_COMPARISONS):
            raise self.error("比较不能连写，请用 and 分开，如 x > 1 and x < 3。")
        return f.Comparison(_COMPARISONS[word], left, right, at=at)

    def operand(self) -> Any:
        token = self.take()
        if token.kind is Kind.NUMBER:
            if token.unit in UNITS:
                raise self.error(f"这里应为数值，{token}是时长；时长只用在时间界限里。", token.at)
            return f.Literal(token.value, token.unit, at=token.at)
        if token.kind is Kind.NAME:
            make = f.ParameterRef if token.text in self.parameters else f.Signal
            return make(token.text, at=token.at)
        if token.kind is Kind.MARK and token.text == "(":
            inner = self.expression()
            self.need(")")
            return inner
        if token.kind is Kind.MARK and token.text == "-":
            of = self.expression(Binding.SIGN)
            if isinstance(of, f.Literal):
                return f.Literal(-of.value, of.unit, at=token.at)
            return f.Negative(of, at=token.at)
        if token.kind is Kind.WORD:
            return self.word(token)
        raise self.error(f"这里应为信号、数值、函数或括号，却是{token}。", token.at)

    # Functions

    def word(self, token: Token) -> Any:
        name, at = token.text, token.at
        if name in ("true", "false"):
            return f.Constant(name == "true", at=at)
        if name == "holiday":
            return f.Calendar(f.CalendarKind.REST_DAY, at=at)
        if name == "night":
            return f.Calendar(f.CalendarKind.WITHIN, 22 * 60, 6 * 60, at=at)
        if name in _WINDOWS or name == "count":
            return self.window(name, at)
        if name in ("once", "historically"):
            interval = self.interval()
            make = f.Once if name == "once" else f.Historically
            return make(self.expression(Binding.PREFIX), interval, at=at)
        if name in _PREFIXES:
            return _PREFIXES[name](self.expression(Binding.PREFIX), at=at)
        if name not in _CALLS:
            raise self.error(f"“{name}”不能用在这里。", at)
        self.need("(")
        node = _CALLS[name](self, at)
        self.need(")")
        return node

    def window(self, name: str, at: int) -> Any:
        """``mean[0, 5min](x)``, or ``mean(x, 5min)``."""
        interval = self.interval() if self.sees("[") else None
        if interval and interval.low != 0:
            raise self.error(f"{name} 的时间窗须从 0 开始，如 {name}[0, 5min](x)。", at)
        self.need("(")
        of = self.expression()
        length = interval.high if interval else self.duration() if self.skip(",") else None
        self.need(")")
        if length is None:
            raise self.error(f"{name} 没有时间窗，所需的内存没有止境；请写成 {name}[0, 5min](…)。", at)
        if length == 0:
            raise self.error(f"{name} 的时间窗须大于 0。", at)
        if name == "count":
            return f.Count(of, length, at=at)
        return f.Window(_WINDOWS[name], of, length, at=at)

    def smoothed(self, kind: f.SmoothedKind, at: int) -> Any:
        of = self.signal(kind.name.lower())
        self.need(",")
        return f.Smoothed(kind, of, self.positive("半衰期"), at=at)

    def stale(self, at: int) -> Any:
        of = self.signal("stale")
        self.need(",")
        return f.Stale(of, self.positive("静默时长"), at=at)

    def signal(self, function: str) -> f.Signal:
        of = self.expression()
        if not isinstance(of, f.Signal):
            raise self.error(f"{function} 只能用于一个信号，如 {function}(x, 5min)。", of.at)
        return of

    def previous(self, at: int) -> Any:
        of = self.expression()
        return f.PreviousTruth(of, at=at) if is_truth(of) else f.PreviousNumber(of, at=at)

    def hysteresis(self, at: int) -> Any:
        of = self.expression()
        if not isinstance(of, f.Comparison | f.Outside):
            raise self.error("hysteresis 的第一项须为一个比较，如 hysteresis(x > 3, 0.5)。", at)
        if of.band is not None:
            raise self.error("回差只能写一次，请去掉里面的 hysteresis。", of.at)
        self.need(",")
        how: dict[str, Any] = {"band": self.constant("回差"), "at": of.at}
        if isinstance(of, f.Outside):
            return f.Outside(of.of, of.low, of.high, **how)
        return f.Comparison(of.op, of.left, of.right, **how)

    def outside(self, at: int) -> Any:
        of = self.expression()
        self.need(",")
        low = self.constant("下限")
        self.need(",")
        return f.Outside(of, low, self.constant("上限"), at=at)

    def votes(self, at: int) -> Any:
        n = self.constant("次数")
        self.need(",")
        m = self.constant("次数")
        self.need(",")
        of = self.expression()
        if not isinstance(of, f.Comparison | f.Outside):
            raise self.error("votes 的第三项须为一个比较，如 votes(10, 30, x < 3)。", at)
        return f.Votes(n, m, of, at=at)

    def within(self, at: int) -> Any:
        token = self.take()
        match = _CLOCK.fullmatch(token.text.strip()) if token.kind is Kind.TEXT else None
        if match is None:
            raise self.error('时段看不懂，请写成 within("08:00-18:00")，从 00:00 到 24:00。', token.at)
        begin, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
        if begin > 1440 or end > 1440:
            raise self.error("时段的时刻须在 00:00 到 24:00 之间。", token.at)
        return f.Calendar(f.CalendarKind.WITHIN, begin % 1440, end, at=at)

    def constant(self, what: str) -> f.Literal | f.ParameterRef:
        value = self.expression()
        if not isinstance(value, f.Literal | f.ParameterRef):
            raise self.error(f"{what}须为一个数或参数。", value.at)
        return value

    # Time

    def interval(self) -> f.Interval:
        if not self.skip("["):
            return f.Interval()
        at = self.now.at
        low = self.duration()
        self.need(",")
        high = None if self.skip("inf") else self.duration()
        self.need("]")
        if isinstance(low, int) and isinstance(high, int) and low > high:
            raise self.error("时间区间的下界大于上界，请把小的写在前面，如 [5s, 30s]。", at)
        return f.Interval(low, high)

    def positive(self, what: str) -> f.Duration:
        at, length = self.now.at, self.duration()
        if length == 0:
            raise self.error(f"{what}须大于 0。", at)
        return length

    def duration(self) -> f.Duration:
        token = self.take()
        if token.kind is Kind.NAME and token.text in self.parameters:
            return f.ParameterRef(token.text, at=token.at)
        if token.kind is Kind.MARK and token.text == "-":
            raise self.error("时间界限不能小于 0；它说的是多久以前，请去掉负号。", token.at)
        if token.kind is not Kind.NUMBER:
            raise self.error(f"这里应为时长，如 30s、5min，却是{token}。", token.at)
        if not token.unit and token.value == 0:
            return 0
        if token.unit not in UNITS:
            what = f"时间单位“{token.unit}”不认识" if token.unit else f"时间界限 {token.text} 没有单位"
            raise self.error(f"{what}，请写成 30s、30min 等（可用 ms、s、min、h、d）。", token.at)
        length = token.value * UNITS[token.unit]
        if math.isinf(length):
            raise self.error(f"时长{token}太大。", token.at)
        if abs(length - round(length)) > 1e-6:
            raise self.error(f"时长{token}不是整毫秒。", token.at)
        return round(length)


_CALLS: dict[str, Callable[[_Parser, int], Any]] = {
    "ewma": lambda parser, at: parser.smoothed(f.SmoothedKind.EWMA, at),
    "zscore": lambda parser, at: parser.smoothed(f.SmoothedKind.ZSCORE, at),
    "stale": _Parser.stale,
    "abs": lambda parser, at: f.Absolute(parser.expression(), at=at),
    "prev": _Parser.previous,
    "hysteresis": _Parser.hysteresis,
    "outside": _Parser.outside,
    "votes": _Parser.votes,
    "within": _Parser.within,
}
