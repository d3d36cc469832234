"""The words of the rule language."""

from __future__ import annotations

import math
import re
from enum import Enum
from typing import NamedTuple

from bianwang.engine.formula import FormulaError

KEYWORDS = frozenset(
    [
        "and",
        "or",
        "not",
        "implies",
        "since",
        "once",
        "historically",
        "rise",
        "fall",
        "prev",
        "mean",
        "max",
        "min",
        "delta",
        "slope",
        "count",
        "ewma",
        "zscore",
        "abs",
        "hysteresis",
        "outside",
        "votes",
        "stale",
        "holiday",
        "night",
        "within",
        "true",
        "false",
        "inf",
    ]
)
_TWINS = str.maketrans("（），［］【】＞＜：＝！＋－＊／％“”\u3000", '(),[][]><:=!+-*/%"" ')
"""Marks as a Chinese keyboard writes them."""
_MEANT = {"&": "and", "|": "or", "!": "not", "≥": ">=", "≤": "<=", "≠": "!=", "×": "*", "÷": "/"}
_UNIT = r"[A-Za-zµμ%°℃Ω·/³²]+[A-Za-z0-9µμ%°℃Ω·/³²]*"
_TOKEN = re.compile(
    rf"""(?P<space>\s+|\#[^\n]*)
    |(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<name>[^\W\d][\w.]*)
    |`(?P<quoted>[^`\n]+)`
    |"(?P<text>[^"\n]*)"
    |(?P<mark>>=|<=|==|!=|[><=()\[\],+\-*/])
    |(?P<unit>{_UNIT})""",
    re.VERBOSE,
)
_AFTER_NUMBER = re.compile(rf"[ \t]*({_UNIT})")


class Kind(Enum):
    """What a word is."""

    NUMBER = "数"
    NAME = "名称"
    WORD = "关键词"
    TEXT = "文字"
    MARK = "符号"
    END = "公式结尾"


class Token(NamedTuple):
    """One word, with the unit right after a number."""

    kind: Kind
    text: str
    at: int
    value: float = 0.0
    unit: str = ""

    def __str__(self) -> str:
        return "公式结尾" if self.kind is Kind.END else f"“{self.text}{self.unit}”"


def tokens(text: str) -> list[Token]:
    """All words of a formula and an END. Raises FormulaError for what is no word, and a number without end."""
    plain, at, found = text.translate(_TWINS), 0, []
    while at < len(plain):
        match = _TOKEN.match(plain, at)
        if match is None or match.lastgroup == "unit":
            hint = f"，请写 {_MEANT[plain[at]]}" if plain[at] in _MEANT else ""
            raise FormulaError(f"不认识的字符“{text[at]}”{hint}。", text, at)
        token, end = _token(match, text)
        if token is not None and math.isinf(token.value):
            raise FormulaError(f"数“{token.text}”太大。", text, at)
        if token is not None:
            found.append(token)
        at = end
    return [*found, Token(Kind.END, "", len(text))]


def _token(match: re.Match[str], text: str) -> tuple[Token | None, int]:
    at, word, end = match.start(), match[match.lastgroup or 0], match.end()
    if match.lastgroup == "space":
        return None, end
    if match.lastgroup == "number":
        unit = _AFTER_NUMBER.match(match.string, end)
        if unit and unit[1].lower() not in KEYWORDS - {"min"} and not unit[1].startswith("/"):
            return Token(Kind.NUMBER, word, at, float(word), unit[1]), unit.end()
        return Token(Kind.NUMBER, word, at, float(word)), end
    if match.lastgroup == "name":
        return Token(Kind.WORD if word in KEYWORDS else Kind.NAME, word, at), end
    if match.lastgroup == "quoted":
        return Token(Kind.NAME, text[slice(*match.span("quoted"))], at), end
    return Token(Kind.TEXT if match.lastgroup == "text" else Kind.MARK, word, at), end
