"""From text to tree. The grammar, from what binds least to what binds most:

implies (the right one first) · or · and · since[a, b] · not once[a, b] historically[a, b] rise fall prev ·
comparison (not in a row) · + - · * / · unary minus · number, name, function, parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

from bianwang.engine import formula as f
from bianwang.engine.formula import FormulaError
from bianwang.engine.tokens import Kind, Token, tokens

DEPTH = 150
UNITS = {"ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}
_COMPARISONS = dict(zip((">", ">=", "<", "<=", "==", "!="), f.ComparisonOp, strict=True))
_SUMS = {"+": f.ArithmeticOp.ADD, "-": f.ArithmeticOp.SUBTRACT}
_PRODUCTS = {"*": f.ArithmeticOp.MULTIPLY, "/": f.ArithmeticOp.DIVIDE}
_WINDOWS = {kind.name.lower(): kind for kind in f.WindowKind}
_SMOOTHED = {kind.name.lower(): kind for kind in f.SmoothedKind}
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-—~至]\s*([01]?\d|2[0-4]):([0-5]\d)")
_TRUTHS = (
    f.Constant, f.Comparison, f.Outside, f.Votes, f.Stale, f.Calendar, f.Not, f.And, f.Or, f.Implies,
    f.PreviousTruth, f.Rise, f.Fall, f.Once, f.Historically, f.Since,
)  # fmt: skip


def is_truth(node: Any) -> bool:
    """Whether a node is true or false, not a number."""
    return isinstance(node, _TRUTHS)


def parse(text: str, parameters: Collection[str] = ()) -> Any:
    """The tree of a formula; names among ``parameters`` are parameters, all others signals.

    Raises FormulaError (Chinese, with line and column). Types are ``check.check``'s business.
    """
    parser = _Parser(text, frozenset(parameters))
    tree = parser.implies()
    if parser.now.kind is not Kind.END:
        raise parser.error(f"这里多出了{parser.now}，请检查括号，或用 and、or 连接。")
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

    # Truth, from what binds least

    def implies(self) -> Any:
        self.depth += 1
        if self.depth > DEPTH:
            raise self.error(f"括号或嵌套超过 {DEPTH} 层，请拆成几条规则。")
        left, at = self.either(), self.now.at
        if self.skip("implies"):
            left = f.Implies(left, self.implies(), at=at)
        self.depth -= 1
        return left

    def either(self) -> Any:
        return self.chain("or", self.both, f.Or)

    def both(self) -> Any:
        return self.chain("and", self.since, f.And)

    def chain(self, word: str, part: Callable[[], Any], make: Callable[..., Any]) -> Any:
        left = part()
        while self.sees(word):
            at = self.take().at
            left = make(left, part(), at=at)
        return left

    def since(self) -> Any:
        left = self.prefixed()
        while self.sees("since"):
            at = self.take().at
            interval = self.interval()
            left = f.Since(left, self.prefixed(), interval, at=at)
        return left

    def prefixed(self) -> Any:
        if not self.sees("not", "once", "historically", "rise", "fall"):
            return self.comparison()
        self.depth += 1
        if self.depth > DEPTH:
            raise self.error(f"嵌套超过 {DEPTH} 层，请拆成几条规则。")
        token = self.take()
        node: Any
        if token.text in ("once", "historically"):
            interval = self.interval()
            make = f.Once if token.text == "once" else f.Historically
            node = make(self.prefixed(), interval, at=token.at)
        else:
            node = {"not": f.Not, "rise": f.Rise, "fall": f.Fall}[token.text](self.prefixed(), at=token.at)
        self.depth -= 1
        return node

    def comparison(self) -> Any:
        left = self.sum()
        if self.now.kind is Kind.MARK and self.now.text == "=":
            raise self.error("判断相等请写两个等号“==”。")
        if not self.sees(*_COMPARISONS):
            return left
        token = self.take()
        node = f.Comparison(_COMPARISONS[token.text], left, self.sum(), at=token.at)
        if self.sees(*_COMPARISONS):
            raise self.error("比较不能连写，请用 and 分开，如 x > 1 and x < 3。")
        return node

    # Numbers

    def sum(self) -> Any:
        return self.arithmetic(_SUMS, self.product)

    def product(self) -> Any:
        return self.arithmetic(_PRODUCTS, self.signed)

    def arithmetic(self, ops: dict[str, f.ArithmeticOp], part: Callable[[], Any]) -> Any:
        left = part()
        while self.sees(*ops):
            token = self.take()
            left = f.Arithmetic(ops[token.text], left, part(), at=token.at)
        return left

    def signed(self) -> Any:
        if not self.sees("-"):
            return self.primary()
        at = self.take().at
        self.depth += 1
        if self.depth > DEPTH:
            raise self.error(f"嵌套超过 {DEPTH} 层，请拆成几条规则。")
        of = self.signed()
        self.depth -= 1
        return f.Literal(-of.value, of.unit, at=at) if isinstance(of, f.Literal) else f.Negative(of, at=at)

    def primary(self) -> Any:
        token = self.take()
        if token.kind is Kind.NUMBER:
            if token.unit in UNITS:
                raise self.error(f"这里应为数值，{token}是时长；时长只用在时间界限里。", token.at)
            return f.Literal(token.value, token.unit, at=token.at)
        if token.kind is Kind.NAME:
            make = f.ParameterRef if token.text in self.parameters else f.Signal
            return make(token.text, at=token.at)
        if token.kind is Kind.MARK and token.text == "(":
            inner = self.implies()
            self.need(")")
            return inner
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
        if name in ("not", "once", "historically", "rise", "fall"):
            self.position -= 1
            return self.prefixed()
        if name not in _CALLS:
            raise self.error(f"“{name}”不能用在这里。", at)
        self.need("(")
        node = _CALLS[name](self, at)
        self.need(")")
        return node

    def window(self, name: str, at: int) -> Any:
        """``mean[0, 5min](x)``, or ``mean(x, 5min)``."""
        length: f.Duration | None = None
        if self.sees("["):
            interval = self.interval()
            if interval.low != 0:
                raise self.error(f"{name} 的时间窗须从 0 开始，如 {name}[0, 5min](x)。", at)
            length = interval.high
            of = self.bracketed()
        else:
            self.need("(")
            of = self.implies()
            if self.skip(","):
                length = self.duration()
            self.need(")")
        if length is None:
            raise self.error(f"{name} 没有时间窗，所需的内存没有止境；请写成 {name}[0, 5min](…)。", at)
        if length == 0:
            raise self.error(f"{name} 的时间窗须大于 0。", at)
        if name == "count":
            return f.Count(of, length, at=at)
        return f.Window(_WINDOWS[name], of, length, at=at)

    def bracketed(self) -> Any:
        self.need("(")
        of = self.implies()
        self.need(")")
        return of

    def smoothed(self, kind: f.SmoothedKind, at: int) -> Any:
        of = self.signal(kind.name.lower())
        self.need(",")
        return f.Smoothed(kind, of, self.positive("半衰期"), at=at)

    def stale(self, at: int) -> Any:
        of = self.signal("stale")
        self.need(",")
        return f.Stale(of, self.positive("静默时长"), at=at)

    def signal(self, function: str) -> f.Signal:
        of = self.sum()
        if not isinstance(of, f.Signal):
            raise self.error(f"{function} 只能用于一个信号，如 {function}(x, 5min)。", getattr(of, "at", None))
        return of

    def previous(self, at: int) -> Any:
        of = self.implies()
        return f.PreviousTruth(of, at=at) if is_truth(of) else f.PreviousNumber(of, at=at)

    def hysteresis(self, at: int) -> Any:
        of = self.implies()
        if not isinstance(of, f.Comparison | f.Outside):
            raise self.error("hysteresis 的第一项须为一个比较，如 hysteresis(x > 3, 0.5)。", at)
        self.need(",")
        how: dict[str, Any] = {"band": self.constant("回差"), "at": of.at}
        if isinstance(of, f.Outside):
            return f.Outside(of.of, of.low, of.high, **how)
        return f.Comparison(of.op, of.left, of.right, **how)

    def outside(self, at: int) -> Any:
        of = self.sum()
        self.need(",")
        low = self.constant("下限")
        self.need(",")
        return f.Outside(of, low, self.constant("上限"), at=at)

    def votes(self, at: int) -> Any:
        n = self.constant("次数")
        self.need(",")
        m = self.constant("次数")
        self.need(",")
        of = self.implies()
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
        value = self.signed()
        if not isinstance(value, f.Literal | f.ParameterRef):
            raise self.error(f"{what}须为一个数或参数。", getattr(value, "at", None))
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
            raise self.error(f"时间区间的下界大于上界，请写成 [{high}ms, {low}ms] 这样由小到大。", at)
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
        if token.kind is not Kind.NUMBER:
            raise self.error(f"这里应为时长，如 30s、5min，却是{token}。", token.at)
        if not token.unit and token.value == 0:
            return 0
        if token.unit not in UNITS:
            what = f"时间单位“{token.unit}”不认识" if token.unit else f"时间界限 {token.text} 没有单位"
            raise self.error(f"{what}，请写成 30s、30min 等（可用 ms、s、min、h、d）。", token.at)
        length = token.value * UNITS[token.unit]
        if abs(length - round(length)) > 1e-6:
            raise self.error(f"时长{token}不是整毫秒。", token.at)
        return round(length)


_CALLS: dict[str, Callable[[_Parser, int], Any]] = {
    "ewma": lambda parser, at: parser.smoothed(f.SmoothedKind.EWMA, at),
    "zscore": lambda parser, at: parser.smoothed(f.SmoothedKind.ZSCORE, at),
    "stale": _Parser.stale,
    "abs": lambda parser, at: f.Absolute(parser.sum(), at=at),
    "prev": _Parser.previous,
    "hysteresis": _Parser.hysteresis,
    "outside": _Parser.outside,
    "votes": _Parser.votes,
    "within": _Parser.within,
}
