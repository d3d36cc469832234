"""The canonical text of a tree."""

from __future__ import annotations

import re
from typing import Any

from bianwang.engine import formula as f
from bianwang.engine.language import UNITS, Binding
from bianwang.engine.tokens import KEYWORDS

_IMPLIES, _OR, _AND, _SINCE, _PREFIX, _COMPARISON, _SUM, _PRODUCT, _SIGN, _PRIMARY = Binding
_COMPARISONS = (">", ">=", "<", "<=", "==", "!=")
_ARITHMETIC = (("+", _SUM), ("-", _SUM), ("*", _PRODUCT), ("/", _PRODUCT))
_PLAIN = re.compile(r"[^\W\d][\w.]*")


def text(tree: Any) -> str:
    """Text that ``language.parse`` reads as the same tree."""
    return _write(tree)[0]


def duration(value: f.Duration) -> str:
    """With the largest unit that gives a whole number."""
    if isinstance(value, f.ParameterRef):
        return name(value.name)
    for unit, size in reversed(UNITS.items()):
        if value and value % size == 0:
            return f"{value // size}{unit}"
    return "0"


def name(word: str) -> str:
    """A name as it is written in a formula."""
    return word if _PLAIN.fullmatch(word) and word not in KEYWORDS else f"`{word}`"


def _inside(node: Any, least: int) -> str:
    written, binds = _write(node)
    return written if binds >= least else f"({written})"


def _operand(node: Any, least: int) -> str:
    """A comparison beside a word reads better in parentheses, though it needs none."""
    written, binds = _write(node)
    return written if binds >= least and binds != _COMPARISON else f"({written})"


def _write(node: Any) -> tuple[str, int]:
    """Text, and how strongly its outermost construct binds."""
    match node:
        case f.Implies(left, right):
            return f"{_inside(left, _OR)} implies {_inside(right, _IMPLIES)}", _IMPLIES
        case f.Or(left, right):
            return f"{_inside(left, _OR)} or {_inside(right, _AND)}", _OR
        case f.And(left, right):
            return f"{_inside(left, _AND)} and {_inside(right, _SINCE)}", _AND
        case f.Since(left, right, interval):
            return f"{_operand(left, _SINCE)} since{_interval(interval)} {_operand(right, _PREFIX)}", _SINCE
        case f.Not(of):
            return f"not {_operand(of, _PREFIX)}", _PREFIX
        case f.Once(of, interval):
            return f"once{_interval(interval)}({text(of)})", _PREFIX
        case f.Historically(of, interval):
            return f"historically{_interval(interval)}({text(of)})", _PREFIX
        case f.Rise(of):
            return f"rise({text(of)})", _PREFIX
        case f.Fall(of):
            return f"fall({text(of)})", _PREFIX
        case f.Comparison(op, left, right, None):
            return f"{_inside(left, _SUM)} {_COMPARISONS[op]} {_inside(right, _SUM)}", _COMPARISON
        case f.Arithmetic(op, left, right):
            sign, binds = _ARITHMETIC[op]
            return f"{_inside(left, binds)} {sign} {_inside(right, binds + 1)}", binds
        case f.Negative(of):
            return f"-{_inside(of, _SIGN)}", _SIGN
        case f.Literal(value) if value < 0:
            return _literal(node), _SIGN
    return _primary(node), _PRIMARY


def _primary(node: Any) -> str:
    match node:
        case f.Literal():
            return _literal(node)
        case f.Signal(word) | f.ParameterRef(word):
            return name(word)
        case f.Constant(value):
            return "true" if value else "false"
        case f.Calendar():
            return _calendar(node)
        case f.Window(kind, of, length):
            return f"{kind.name.lower()}[0, {duration(length)}]({text(of)})"
        case f.Count(of, length):
            return f"count[0, {duration(length)}]({text(of)})"
        case f.Smoothed(kind, of, half_life):
            return f"{kind.name.lower()}({text(of)}, {duration(half_life)})"
        case f.Stale(of, length):
            return f"stale({text(of)}, {duration(length)})"
        case f.Absolute(of):
            return f"abs({text(of)})"
        case f.PreviousNumber(of) | f.PreviousTruth(of):
            return f"prev({text(of)})"
        case f.Votes(n, m, of):
            return f"votes({text(n)}, {text(m)}, {text(of)})"
        case f.Outside(of, low, high, None):
            return f"outside({text(of)}, {text(low)}, {text(high)})"
        case f.Outside(of, low, high, band):
            return f"hysteresis(outside({text(of)}, {text(low)}, {text(high)}), {text(band)})"
        case f.Comparison(op, left, right, band):
            return f"hysteresis({text(f.Comparison(op, left, right))}, {text(band)})"
    raise TypeError(f"no node of a formula: {node!r}")


def _literal(node: f.Literal) -> str:
    value = repr(node.value)
    number = value[:-2] if value.endswith(".0") else value
    return f"{number} {node.unit}" if node.unit else number


def _calendar(node: f.Calendar) -> str:
    if node.kind == f.CalendarKind.REST_DAY:
        return "holiday"
    if (node.begin, node.end) == (22 * 60, 6 * 60):
        return "night"
    begin, end = (f"{minute // 60:02}:{minute % 60:02}" for minute in (node.begin, node.end))
    return f'within("{begin}-{end}")'


def _interval(interval: f.Interval) -> str:
    if interval == f.Interval():
        return ""
    high = "inf" if interval.high is None else duration(interval.high)
    return f"[{duration(interval.low)}, {high}]"
