"""Every number of a text that counts or measures something, with its unit, its precision and what it is of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from bianwang.audit import labels, numerals, units
from bianwang.audit.model import Figure, Precision, Role
from bianwang.audit.structure import Structure

_MULTIPLIER: Final = "万亿|百万|千万|亿|万|千|百"
_UNITS: Final = "|".join(
    [*units.MONEY_UNITS, *units.POINT_UNITS, "%", "‰", *units.CLASSIFIERS, "分(?![之钟布别类项析解管区局])"]
)
_BEFORE: Final = (
    "≥|≤|>=|<=|>|<|=|不低于|不少于|不高于|不超过|不得超过|不多于|超过|超|高于|低于|近|约|至少|大约|将近|突破"
)
_AFTER: Final = "以上|以下|以内|左右|余|多(?![种样项次个家方])"
_NUMBER: Final = re.compile(
    rf"(?P<before>{_BEFORE})? ?(?P<number>-?\d{{1,3}}(?:,\d{{3}}){{1,5}}(?:\.\d{{1,9}})?|-?\d{{1,12}}(?:\.\d{{1,9}})?)"
    rf"(?P<more>余|多)? ?(?P<multiplier>{_MULTIPLIER})?(?P<still>余|多)? ?(?P<unit>{_UNITS})?(?P<after>{_AFTER})?"
)
_SPOKEN: Final = re.compile(
    rf"(?P<before>{_BEFORE})?(?P<number>[{numerals.CHARACTERS}]{{1,12}})(?P<more>余|多)?"
    rf"(?P<unit>{'|'.join(sorted(units.SPOKEN, key=len, reverse=True))})(?![性面般样些位点])(?P<after>{_AFTER})?"
)
_NOT_COUNTED: Final = re.compile(
    "|".join(
        (
            r"\d{13,}",
            r"\d{1,12}(?:\.\d{1,12})? ?(?:至|到|~|-) ?\d{1,12}(?:\.\d{1,12})?(?=[岁天日个年月周小时人%℃])",
            r"(?:19|20)\d\d-(?:19|20)?\d\d学?年度?",
            r"(?<!\d)(?:19|20)\d\d ?年(?:度|末|初|底)?(?: ?\d{1,2} ?月(?:份|底|末|初)?(?: ?\d{1,2} ?[日号])?)?",
            r"(?<!\d)\d{1,2} ?月(?:份|底|末|初)?(?: ?\d{1,2} ?[日号])?(?!\d)",
            r"(?<!\d)\d{4}[-/.]\d{1,2}[-/.]\d{1,2}",
            r"(?<![\d.])\d{1,2}:\d\d(?!\d)",
            r"(?:〔|\[)\d{4}(?:〕|\])(?:第?\d{1,12}号)?",
            r"第 ?\d{1,12} ?[号条款项批次期届章节页季]",
            r"No\.? ?\d{1,12}",
            r"[A-Za-z]{1,12}(?:/[A-Za-z])?[ -]?\d{1,12}(?:[.-]\d{1,12}){0,4}",
            r"\d{1,12}(?:\.\d{1,12})?(?=[A-Za-z])",
            r"\d{1,12} ?号(?!召|线)",
            r"\d{1,12}[+]\d{1,12}",
            r"(?:电话|热线|传真|邮编|编码|代码|账号)[：为是 ]*[\d-]{4,20}",
            r"\d{5}(?=[^\d]{0,6}热线)",
            r"\d{3,4}-\d{7,8}",
            r"1[3-9]\d{9}",
            r"“[^”\n]{0,14}”",
            r"(?<=[（(])\d{1,2}(?=[）)])",
            r"\d{1,12}/\d{1,12}",
        )
    )
)
"""Digits that are dates, times, numbers of documents and standards, telephones, names or ranges."""
_NUMBERED_LINE: Final = re.compile(
    r"(?m)^[ \t]*(?:\d{1,2}[.、](?!\d)|\d{1,2}\.(?=\d{4}年)|（\d{1,2}）|\d{1,2}）|[①-⑳])"
    r"|(?<=[；。：\t])\d{1,2}[.、](?!\d)"
)
_PRECISION: Final = {
    **dict.fromkeys(("≥", ">=", ">", "不低于", "不少于", "至少", "以上", "高于"), Precision.AT_LEAST),
    **dict.fromkeys(
        ("≤", "<=", "<", "不高于", "不超过", "不得超过", "不多于", "低于", "以下", "以内"), Precision.AT_MOST
    ),
    **dict.fromkeys(("超过", "超", "突破", "余", "多"), Precision.OVER),
    **dict.fromkeys(("近", "将近"), Precision.UNDER),
    **dict.fromkeys(("约", "大约", "左右"), Precision.ABOUT),
}


def read(text: str, structure: Structure) -> tuple[Figure, ...]:
    """The figures of a normalised text, in order."""
    blocked = bytearray(len(text))
    for pattern in (_NOT_COUNTED, _NUMBERED_LINE):
        for other in pattern.finditer(text):
            blocked[other.start() : other.end()] = b"\1" * (other.end() - other.start())
    plain = [each for each in _plain(text) if not blocked[_digits_at(each)]]
    taken = {offset for each in plain for offset in range(each.start, each.end)}
    spoken = [each for each in _spoken(text) if not blocked[each.start] and each.start not in taken]
    found = sorted([*plain, *spoken], key=lambda each: each.start)
    return tuple(labels.describe(found, text, structure))


def _digits_at(figure: Figure) -> int:
    first = re.search(r"\d", figure.text)
    return figure.start + (first.start() if first else 0)


def _plain(text: str) -> Iterator[Figure]:
    for found in _NUMBER.finditer(text):
        number = found["number"]
        places = len(number.partition(".")[2])
        yield _figure(found, Decimal(number.replace(",", "")), found["multiplier"] or "", found["unit"] or "", places)


def _spoken(text: str) -> Iterator[Figure]:
    for found in _SPOKEN.finditer(text):
        value = numerals.value_of(found["number"])
        before = text[found.start() - 1 : found.start()]
        if value is None or before in ("第", "统", "之") or value < 2 or found["number"][0] in "百千万亿":
            continue
        yield _figure(found, Decimal(value), "", found["unit"], 0)


def _figure(found: re.Match[str], value: Decimal, multiplier: str, unit: str, places: int) -> Figure:
    kind, factor = _kind(unit)
    size = units.MULTIPLIERS[multiplier] * factor
    groups = found.groupdict()
    words = [groups.get(name) or "" for name in ("before", "after", "more", "still")]
    precision = next((_PRECISION[word] for word in words if word in _PRECISION), Precision.EXACT)
    text = found.group().strip(" ")
    start = found.start() + found.group().index(text)
    return Figure(
        start=start,
        end=start + len(text),
        text=text,
        value=value,
        unit=multiplier + unit,
        kind=kind,
        base=value * size,
        half=_half(kind, multiplier, places, size) if value else Decimal(0),
        precision=precision,
        role=Role.TARGET if groups.get("before") in ("≥", "≤", ">=", "<=", ">", "<", "=") else Role.COUNT,
    )


def _half(kind: str, multiplier: str, places: int, size: Decimal) -> Decimal:
    """Half a unit of the last place; a whole count is what it is."""
    is_whole = not multiplier and not places and kind not in (units.MONEY, units.RATIO, units.POINT, units.SCORE, "")
    return Decimal(0) if is_whole else size * Decimal(10) ** -places / 2


def _kind(unit: str) -> tuple[str, Decimal]:
    if unit in units.MONEY_UNITS:
        return units.MONEY, Decimal(1)
    if unit in units.RATIO_UNITS:
        return units.RATIO, units.RATIO_UNITS[unit]
    if unit in units.POINT_UNITS:
        return units.POINT, Decimal("0.01")
    if unit == "分":
        return units.SCORE, Decimal(1)
    return units.SAME_THING.get(unit, unit), Decimal(1)


def with_unit_of(figure: Figure, other: Figure) -> Figure:
    """A figure printed without a unit, read in that of its neighbour."""
    return replace(
        figure, unit=other.unit, kind=other.kind, base=figure.value * _size(other), half=figure.half * _size(other)
    )


def _size(figure: Figure) -> Decimal:
    return figure.base / figure.value if figure.value else Decimal(1)
