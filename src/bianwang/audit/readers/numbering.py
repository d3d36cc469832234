"""What Word writes before numbered paragraphs: “一、”, “（二）”, “3.”."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from docx.oxml.ns import qn
from lxml import etree  # type: ignore[import-untyped]

_DIGITS: Final = "零一二三四五六七八九"
_PLACES: Final = ((1000, "千"), (100, "百"), (10, "十"))
_DEEPEST: Final = 9


def chinese(number: int) -> str:
    """A number from 1 to 9999 in Chinese: 11 is 十一, 205 is 二百零五."""
    if not 0 < number < 10_000:
        return str(number)
    written, gap = "", False
    for place, name in _PLACES:
        digit, number = divmod(number, place)
        written += ("零" if gap and digit else "") + (_DIGITS[digit] + name if digit else "")
        gap = bool(written) and (not digit or (gap and not digit))
    written += ("零" if gap and number else "") + (_DIGITS[number] if number else "")
    return written[1:] if written.startswith("一十") else written


_FORMATS: Final[dict[str, Callable[[int], str]]] = {
    "decimal": str,
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "decimalEnclosedCircleChinese": lambda number: chr(0x245F + number) if 1 <= number <= 20 else str(number),
}


class Numbering:
    """Counts the numbered paragraphs of one document, in their order."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._styles = {style.get(qn("w:styleId")): style for style in _all(styles, "w:style")}
        self._abstract = {item.get(qn("w:abstractNumId")): item for item in _all(numbering, "w:abstractNum")}
        self._lists = {item.get(qn("w:numId")): item for item in _all(numbering, "w:num")}
        self._counts: dict[str, list[int]] = {}
        self._restarted: set[tuple[str, int]] = set()

    def label(self, paragraph: etree._Element) -> str:
        """Counts this paragraph; its number as it is shown, empty where it has none that we can write."""
        list_id, level = self._place(paragraph)
        item = self._lists.get(list_id)
        key = _value(item, "w:abstractNumId")
        levels = {_number(one.get(qn("w:ilvl"))): one for one in _all(self._abstract.get(key), "w:lvl")}
        if item is None or level not in levels:
            return ""
        levels.update(self._overrides(item))
        counts = self._counts.setdefault(key, [0] * _DEEPEST)
        self._count(counts, list_id, level, levels)
        return _shown(level, levels, counts)

    def _count(self, counts: list[int], list_id: str, level: int, levels: dict[int, etree._Element]) -> None:
        override = self._lists[list_id].find(f"{qn('w:lvlOverride')}[@{qn('w:ilvl')}='{level}']")
        start = _value(override, "w:startOverride")
        if start and (list_id, level) not in self._restarted:
            self._restarted.add((list_id, level))
            counts[level] = _number(start)
        else:
            counts[level] = counts[level] + 1 if counts[level] else _start(levels, level)
        for outer in range(level):
            counts[outer] = counts[outer] or _start(levels, outer)
        counts[level + 1 :] = [0] * (_DEEPEST - level - 1)

    def _place(self, paragraph: etree._Element) -> tuple[str, int]:
        """List and level, by the paragraph itself or by the style it has."""
        holder, list_id, level = paragraph, "", ""
        for _ in range(_DEEPEST):
            properties = holder.find(qn("w:pPr"))
            own = None if properties is None else properties.find(qn("w:numPr"))
            list_id, level = list_id or _value(own, "w:numId"), level or _value(own, "w:ilvl")
            holder = self._styles.get(_value(properties, "w:pStyle") or _value(holder, "w:basedOn"))
            if holder is None:
                break
        return list_id, min(_number(level), _DEEPEST - 1)

    @staticmethod
    def _overrides(item: etree._Element) -> dict[int, etree._Element]:
        found = (override.find(qn("w:lvl")) for override in _all(item, "w:lvlOverride"))
        return {_number(level.get(qn("w:ilvl"))): level for level in found if level is not None}


def _shown(level: int, levels: dict[int, etree._Element], counts: list[int]) -> str:
    written = _value(levels[level], "w:lvlText")
    legal = levels[level].find(qn("w:isLgl")) is not None
    for position in range(level + 1):
        mark, write = f"%{position + 1}", _FORMATS.get(_value(levels.get(position), "w:numFmt"))
        if write is None and (mark in written or position == level):
            return ""
        if write is not None:
            written = written.replace(mark, str(counts[position]) if legal else write(counts[position]))
    return written + " " if written and written[-1].isascii() else written


def _start(levels: dict[int, etree._Element], level: int) -> int:
    return _number(_value(levels.get(level), "w:start") or "1")


def _all(parent: etree._Element | None, tag: str) -> list[etree._Element]:
    return [] if parent is None else parent.findall(qn(tag))


def _value(parent: etree._Element | None, tag: str) -> str:
    child = None if parent is None else parent.find(qn(tag))
    return "" if child is None else child.get(qn("w:val")) or ""


def _number(value: str | None) -> int:
    return int(value) if value and value.isdecimal() else 0
