"""A total and the figures that the text lists as its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bianwang.audit import figures as figures_of, units
from bianwang.audit.labels import alias
from bianwang.audit.model import Figure, Precision, Role
from bianwang.audit.reading import Reading
from bianwang.audit.vocabulary import CLOSED_PARTITIONS, NOT_A_PART

_OPENING: Final = re.compile(
    "其中：?|，?(?:主要)?包括：?|分别(?:为|是)：?|(?<=[\\d个家人名起件次场项条户间台套辆元%])[：（]"
)
_NESTED: Final = re.compile("其中|包括")
_CLOSING: Final = re.compile("[，；。、]?(?:共计|合计|总计)")
_SMALLEST: Final = 2


@dataclass(frozen=True)
class Listing:
    """Parts of a total. `is_whole`: the wording says that the list is complete."""

    total: Figure
    parts: tuple[Figure, ...]
    others: tuple[Figure, ...]
    """Figures of the same kind in the list that seem to be no parts."""
    start: int
    end: int
    is_whole: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The parts' names for comparison."""
        return frozenset(alias(part.label) for part in self.parts)

    @property
    def is_closed(self) -> bool:
        """Whether the parts are all there are of something that is known to have just these."""
        labels = [part.label for part in self.parts]
        return any(
            len(members) == len(labels)
            and all(any(member.search(label) for label in labels) for member in members)
            and all(any(member.search(label) for member in members) for label in labels)
            for members in CLOSED_PARTITIONS
        )


def listings(reading: Reading) -> Iterator[Listing]:
    """Every listing of the prose."""
    for found in _OPENING.finditer(reading.plain):
        yield from _after(reading, found)
    for found in _CLOSING.finditer(reading.plain):
        listing = _before(reading, found)
        if listing is not None:
            yield listing


def _after(reading: Reading, found: re.Match[str]) -> Iterator[Listing]:
    start, end = found.end(), _end(reading, found)
    inside = [figure for figure in reading.between(start, end) if not _is_nested(reading, figure, start)]
    for kind in dict.fromkeys(figure.kind for figure in inside if figure.kind and figure.kind not in _RELATIVE):
        total = _total(reading, found.start(), kind)
        if total is None:
            continue
        same = [_like(figure, total) for figure in inside if figure.kind in (kind, "")]
        parts = tuple(figure for figure in same if _is_part(figure))
        if len(parts) >= _SMALLEST:
            others = tuple(figure for figure in same if figure not in parts)
            yield Listing(total, parts, others, total.start, end, found.group().startswith("分别"))


_RELATIVE: Final = (units.RATIO, units.POINT, units.SCORE, "倍")


def _like(figure: Figure, total: Figure) -> Figure:
    return figure if figure.kind else figures_of.with_unit_of(figure, total)


def _end(reading: Reading, opening: re.Match[str]) -> int:
    """Where a list ends: with its bracket, its sentence, or where the next total begins."""
    text, (_, line_end) = reading.plain, reading.line_of(opening.start())
    depth = 1 if opening.group() == "（" or _is_inside(text, opening.start()) else 0
    level = depth
    for offset in range(opening.end(), line_end):
        char = text[offset]
        level += (char == "（") - (char == "）")
        if (depth and level < depth) or (char == "。" and level <= depth):
            return offset
        if char == "；" and level <= depth and _NESTED.search(text, offset, _clause_end(text, offset + 1, line_end)):
            return offset
    return line_end


def _clause_end(text: str, start: int, line_end: int) -> int:
    ends = [place for mark in "；。" if (place := text.find(mark, start, line_end)) >= 0]
    return min(ends, default=line_end)


def _is_inside(text: str, offset: int) -> bool:
    """Whether an offset lies in brackets that began in its sentence."""
    start = max(text.rfind(mark, 0, offset) for mark in "。\n")
    return text.count("（", start + 1, offset) > text.count("）", start + 1, offset)


def _is_nested(reading: Reading, figure: Figure, start: int) -> bool:
    """Whether a figure stands in brackets of its own, or behind a further 其中."""
    before = reading.plain[start : figure.start]
    if before.count("（") > before.count("）"):
        return True
    mark = next((found.end() for found in reversed(list(_NESTED.finditer(before)))), 0)
    return mark > 0 and "；" not in before[mark:]


def _total(reading: Reading, before: int, kind: str) -> Figure | None:
    """The latest figure of a kind before a list, in its sentence or the one before."""
    sentence = reading.structure.sentence_at(before)
    line_start, _ = reading.line_of(before)
    is_first = not reading.plain[reading.structure.sentences[sentence].start : before].strip()
    for figure in reversed(reading.by_sentence.get(sentence - is_first, [])):
        if figure.end <= before and figure.start >= line_start and figure.kind == kind and not _is_compared(figure):
            return figure if figure.precision is Precision.EXACT else None
    return None


def _is_compared(figure: Figure) -> bool:
    """Whether a figure says what something is compared with, or by how much it changed or should."""
    return figure.role in (Role.CHANGE, Role.TARGET) or bool(re.search("较|比上|比去|比年初|同比", figure.label))


def _is_part(figure: Figure) -> bool:
    if figure.precision is not Precision.EXACT or figure.role in (Role.CHANGE, Role.TARGET):
        return False
    return not NOT_A_PART.search(figure.label) and bool(figure.label)


def _before(reading: Reading, found: re.Match[str]) -> Listing | None:
    """危化20家、矿山40家，共计60家: one figure in each clause before the total."""
    sentence = reading.structure.sentence_at(found.end())
    inside = reading.by_sentence.get(sentence, [])
    total = next((figure for figure in inside if figure.start >= found.end()), None)
    if total is None or total.start - found.end() > 6 or total.precision is not Precision.EXACT:
        return None
    earlier = [figure for figure in inside if figure.end <= found.start()]
    parts: list[Figure] = []
    for figure in reversed(earlier):
        gap = reading.plain[figure.end : parts[0].start if parts else found.start()]
        if figure.kind != total.kind or not _is_part(figure) or len(re.findall("[，、；。]", gap)) > 1:
            break
        parts.insert(0, figure)
    if len(parts) < _SMALLEST:
        return None
    return Listing(total, tuple(parts), (), parts[0].start, total.end, is_whole=True)


def same_names(first: Sequence[Figure], second: Sequence[Figure]) -> bool:
    """Whether two lists are of the same things."""
    return {alias(figure.label) for figure in first} == {alias(figure.label) for figure in second}
