"""Forms whose table is lost, as in text copied from a page: 年度资金总额 and its six numbers one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bianwang.audit import forms
from bianwang.audit.checks import form_money
from bianwang.audit.facts import Facts
from bianwang.audit.model import Figure, Relation
from bianwang.audit.reading import Reading

_NUMBERS: Final = r"((?:[\s|]+-?[\d,]+(?:\.\d+)?%?){{{least},{most}}})(?![\d.])"
_WHOLE: Final = re.compile("(?:年度|项目|预算)?资金总额：?" + _NUMBERS.format(least=6, most=6))
_PARTS: Final = (
    re.compile("(?:当年|本年)财政拨款：?" + _NUMBERS.format(least=3, most=3)),
    re.compile("(?:上年)?结转(?:结余)?资金：?" + _NUMBERS.format(least=3, most=3)),
    re.compile("其他资金：?" + _NUMBERS.format(least=3, most=3)),
)
_FARTHEST: Final = 400


def check(facts: Facts) -> Iterator[Relation]:
    """Execution and its points; the parts of each sum where all three are given."""
    reading = facts.reading
    cells = {cell.start for table in reading.tables() for cell in table.cells}
    for found in _WHOLE.finditer(reading.plain):
        whole = _figures(reading, found)
        if len(whole) != 6 or cells & {figure.start for figure in whole}:
            continue
        initial, given, spent, weight, rate, score = whole
        if given.base > 0:
            yield from form_money.execution(reading, initial, given, spent, rate)
            yield from form_money.points(reading, given, spent, weight, score)
        yield from _parts(reading, found.end(), whole[:3])


def _figures(reading: Reading, found: re.Match[str]) -> list[Figure]:
    return reading.between(found.start(1), found.end(1))


def _parts(reading: Reading, start: int, whole: list[Figure]) -> Iterator[Relation]:
    rows = []
    for pattern in _PARTS:
        found = pattern.search(reading.plain, start, start + _FARTHEST)
        numbers = _figures(reading, found) if found else []
        if len(numbers) != 3:
            return
        rows.append(numbers)
    for total, *parts in zip(whole, *rows, strict=True):
        yield forms.column_sum(reading, total, parts)
