"""How a paragraph refers to figures: {{visits}}, or {{visits|余}} to say it otherwise. Free of Django.

`parse` reads a text, `say` is a figure in words, `typed_numbers` finds the numbers that somebody wrote by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from typing import Final

from bianwang.audit.document import Document
from bianwang.audit.reading import Reading
from bianwang.modules.reports.material import Quantity, owed
from bianwang.modules.reports.tree import Run, Runs

REFERENCE: Final = re.compile(r"\{\{\s*([\w.*-]+)\s*(?:\|\s*(\w+)\s*)?\}\}")
_BRACES: Final = re.compile(r"\{\{|\}\}")
_STAND_IN: Final = "某"
_TEN_THOUSAND: Final = Decimal(10_000)


@dataclass(frozen=True)
class Reference:
    """A name, and the form in which it is said ("" = as it is)."""

    name: str
    form: str


class Unknown(ValueError):
    """A text that refers to nothing; the message is one Chinese sentence."""


def parse(text: str) -> Iterator[str | Reference]:
    """Words and references in turn."""
    at = 0
    for found in REFERENCE.finditer(text):
        if found.start() > at:
            yield text[at : found.start()]
        yield Reference(found[1], found[2] or "")
        at = found.end()
    if at < len(text):
        yield text[at:]


def references(text: str) -> list[Reference]:
    """The references of a text."""
    return [piece for piece in parse(text) if isinstance(piece, Reference)]


def check(text: str, quantities: Mapping[str, Quantity], words: Mapping[str, Run]) -> None:
    """Raise Unknown for a reference to nothing, an unknown form, or braces that do not pair."""
    for reference in references(text):
        if reference.name not in quantities and reference.name not in words:
            raise Unknown(f"没有名为“{reference.name}”的数字，请从“可引用的数字”中选一个。")
        if reference.form and (reference.form not in FORMS or reference.name in words):
            known = "、".join(FORMS)
            raise Unknown(f"“{{{{{reference.name}|{reference.form}}}}}”的写法不能用，可用的写法有：{known}。")
    if _BRACES.search(REFERENCE.sub("", text)):
        raise Unknown("引用的花括号不成对，请写成 {{名称}} 或 {{名称|写法}}。")


def fill_cell(text: str, quantities: Mapping[str, Quantity], words: Mapping[str, Run]) -> Runs:
    """The same for a cell, in which a figure without a value takes little room."""
    runs = fill(text, quantities, words)
    missing = {run.figure for run in runs if run.figure in quantities and quantities[run.figure].value is None}
    return tuple(Run("待补", run.figure) for run in runs if run.figure in missing) or runs


def fill(text: str, quantities: Mapping[str, Quantity], words: Mapping[str, Run]) -> Runs:
    """The text with its references said. Raises Unknown."""
    check(text, quantities, words)
    runs: list[Run] = []
    for piece in parse(text):
        if isinstance(piece, str):
            runs.append(Run(piece))
        elif piece.name in words:
            runs.append(words[piece.name])
        else:
            runs.append(Run(say(quantities[piece.name], piece.form), piece.name))
    return tuple(run for run in runs if run.text)


def say(quantity: Quantity, form: str = "") -> str:
    """A figure in words, without its unit."""
    if quantity.value is None:
        return owed(quantity.label)
    return FORMS[form](quantity) if form else quantity.text


def typed_numbers(text: str) -> list[str]:
    """Numbers in digits that count or measure something and are no reference.

    The auditor decides: names in quotes (“8·11”), dates, document and standard numbers are none.
    """
    reading = Reading.of(Document(REFERENCE.sub(_STAND_IN, text)))
    figures = map(reading.in_document, reading.figures)
    return [figure.text for figure in figures if re.search(r"\d", figure.text)]


def suggestion(typed: str, quantities: Mapping[str, Quantity]) -> str:
    """What to write instead of a number typed by hand."""
    digits = re.search(r"\d[\d,]*(?:\.\d+)?", typed)
    value = digits[0].replace(",", "") if digits else ""
    for quantity in quantities.values():
        if quantity.value is None:
            continue
        for form in ("", *FORMS):
            if re.sub(r"[^\d.]", "", say(quantity, form)) == value:
                reference = f"{{{{{quantity.id}|{form}}}}}" if form else f"{{{{{quantity.id}}}}}"
                return f"“{typed}”可改为引用：{reference}（{quantity.label}）"
    return f"“{typed}”没有相同的数字，请从“可引用的数字”中选用；如果是名称，请加引号，如“8·11”"


def _value(quantity: Quantity) -> Decimal:
    assert quantity.value is not None  # noqa: S101
    return quantity.value


def _in_ten_thousand(quantity: Quantity) -> str:
    """19500 元 → 1.95."""
    value = _value(quantity) if quantity.unit == "万元" else _value(quantity) / _TEN_THOUSAND
    return f"{value:.2f}"


def _short(quantity: Quantity) -> str:
    """2200000 → 220万; less than ten thousand as it is."""
    value = _value(quantity)
    return f"{(value / _TEN_THOUSAND).normalize():f}万" if value >= _TEN_THOUSAND else quantity.text


def _over(quantity: Quantity) -> str:
    """52 → 50余; 50 → 50; 1023 → 1000余."""
    value = _value(quantity)
    whole = _cut(value, ROUND_DOWN)
    return f"{whole:f}余" if whole != value else f"{whole:f}"


def _nearly(quantity: Quantity) -> str:
    """697 → 近700; 700 → 700."""
    value = _value(quantity)
    whole = _cut(value, ROUND_UP)
    return f"近{whole:f}" if whole != value else f"{whole:f}"


def _cut(value: Decimal, rounding: str) -> Decimal:
    """To the first digit, and not below tens: 7 stays 7."""
    exponent = max(value.adjusted(), 0)
    unit = Decimal(10) ** exponent if value >= 10 else Decimal(1)
    return (value / unit).quantize(Decimal(1), rounding) * unit


def _whole(quantity: Quantity) -> str:
    """85.7 → 85, for “85%以上”."""
    return f"{_value(quantity).quantize(Decimal(1), ROUND_DOWN):f}"


def _listed(quantity: Quantity) -> str:
    """The rows behind it: 森林火灾31起、荒坡山火21起."""
    return "、".join(f"{row.name}{row.count}{quantity.unit}" for row in quantity.rows)


def _part(name: str) -> Callable[[Quantity], str]:
    """The numerator or denominator, without idle zeros."""

    def said(quantity: Quantity) -> str:
        value: Decimal | None = getattr(quantity, name)
        return owed(f"{quantity.label}的算式") if value is None else f"{value.normalize():f}"

    return said


def _remark(quantity: Quantity) -> str:
    return quantity.note or quantity.label


def _change(more: str, less: str, same: str) -> Callable[[Quantity], str]:
    """The amount of a change behind the word for its direction."""

    def said(quantity: Quantity) -> str:
        value = _value(quantity)
        if not value:
            return same
        return f"{more if value > 0 else less}{quantity.text.lstrip('-')}"

    return said


FORMS: Final[Mapping[str, Callable[[Quantity], str]]] = {
    "万元": _in_ten_thousand,
    "万": _short,
    "余": _over,
    "近": _nearly,
    "取整": _whole,
    "分子": _part("numerator"),
    "分母": _part("denominator"),
    "列举": _listed,
    "说明": _remark,
    "下降": _change("下降", "上升", "持平"),
    "减少": _change("减少", "增加", "持平"),
}
"""How a figure may be said, by the word behind the bar."""
