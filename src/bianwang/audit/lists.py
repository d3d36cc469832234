"""A total and the figures that the text lists as its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bianwang.audit import figures as figures_of, units
from bianwang.audit.arithmetic import is_exact, sum_agreement
from bianwang.audit.labels import alias
from bianwang.audit.model import Figure, Role
from bianwang.audit.reading import Reading
from bianwang.audit.vocabulary import CLOSED_PARTITIONS, NOT_A_PART

_OPENING: Final = re.compile(
    r"(?P<whole>(?:按|分)[^，。；：\n\d]{1,10}(?:分(?:类|别)?(?:为|是)?：|看，|划分，|分，)|构成(?:为|情况)?：|由(?=[^。；\n]{4,90}(?:构成|组成))"
    r"|分别(?:为|是|[^，。；：“\n\d]{1,4}?)：?(?=[^，。；“\n\d]{2,12}\d)|分布：|明细：|以下(?:几个|几|若干)?(?:个)?方面：|来源(?:为|是|如下)：|用途(?:为|是)?：)"
    r"|(?P<part>其中：?|，?(?:主要)?包括：?|，(?:共)?涉及(?=[^，。；\n\d]{2,12}\d))"
    r"|(?P<mark>(?<=[\d个家人名起件次场项条户间台套辆处所座元%分])[：（])"
)
_CARRIED: Final = re.compile("结转|结余")
_MARKS: Final = re.compile("[（）。；\t]")
_DEEPER: Final = re.compile("[（）；]|其中|包括")
_NESTED: Final = re.compile("其中|包括")
_CLOSING: Final = re.compile("[，；。、]?(?:共计|合计|总计)")
_SMALLEST: Final = 2
_LOOK_BACK: Final = 700
_LONGEST: Final = 700
_MOST: Final = 40
"""Characters and figures of the longest list."""
_NEAR: Final = Decimal("0.3")
_RELATIVE: Final = (units.RATIO, units.POINT, "倍")


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
    def is_closed(self) -> bool:
        """Whether the parts are all there are of something that is known to have just these."""
        labels = [part.label for part in self.parts]
        return any(
            len(members) == len(labels)
            and all(any(member.search(label) for label in labels) for member in members)
            and all(any(member.search(label) for member in members) for label in labels)
            for members in CLOSED_PARTITIONS
        )

    def shares(self, reading: Reading) -> Iterator[tuple[Figure, Figure]]:
        """Each part with the share that is printed behind it."""
        ends = [part.start for part in self.parts[1:]] + [self.end]
        for part, end in zip(self.parts, ends, strict=True):
            for figure in reading.between(part.end, end):
                if figure.kind == units.RATIO and is_exact(figure) and "占" in figure.label:
                    yield part, figure
                    break


def listings(reading: Reading) -> Iterator[Listing]:
    """Every listing of the prose."""
    for found in _OPENING.finditer(reading.plain):
        yield from _after(reading, found)
    for found in _CLOSING.finditer(reading.plain):
        listing = _before(reading, found)
        if listing is not None:
            yield listing


def _after(reading: Reading, found: re.Match[str]) -> Iterator[Listing]:
    start = found.end()
    ahead = reading.between(start, start + _LONGEST)[:_MOST]
    if len(ahead) < _SMALLEST:
        return
    end = _end(reading, found)
    inside = _outer(reading, [figure for figure in ahead if figure.end <= end], start, end)
    is_whole = found["whole"] is not None
    for kind in dict.fromkeys(figure.kind for figure in inside if figure.kind and figure.kind not in _RELATIVE):
        same = [figure for figure in inside if figure.kind in (kind, "")]
        near = _total(reading, found.start(), kind)
        is_rest = near is not None and _CARRIED.search(near.label) is not None
        parts = [figure for figure in same if _is_part(figure) or (is_rest and _is_carried(figure))]
        if len(parts) < _SMALLEST or (kind == units.SCORE and not all("扣" in part.label for part in parts)):
            continue
        is_near = near is not None and sum_agreement(near, parts) is not None
        total = near if is_near else _fitting(reading, found.start(), parts, near, end, is_whole=is_whole)
        if total is None or not is_exact(total):
            continue
        alike = tuple(_like(figure, total) for figure in parts)
        others = tuple(_like(figure, total) for figure in same if figure not in parts)
        yield Listing(total, alike, others, total.start, end, is_whole)


def _like(figure: Figure, total: Figure) -> Figure:
    return figure if figure.kind else figures_of.with_unit_of(figure, total)


def _fitting(
    reading: Reading, before: int, parts: Sequence[Figure], near: Figure | None, end: int, *, is_whole: bool
) -> Figure | None:
    """The total of a list that does not stand behind it: of those not far before it, the one that its parts make, or
    that the shares of its parts imply, or that is nearest to their sum."""
    kind = next(part.kind for part in parts if part.kind)
    earlier = reading.between(max(0, before - _LOOK_BACK), before)
    choices = [f for f in reversed(earlier) if f.kind == kind and is_exact(f) and not _is_compared(f)]
    whole = sum((part.base for part in parts), Decimal(0))
    for figure in choices:
        if sum_agreement(figure, parts) is not None:
            return figure
    if not is_whole:
        return near
    probe = Listing(parts[0], tuple(parts), (), before, end)
    implied = [part.base / share.base for part, share in probe.shares(reading) if share.base]
    for middle in sorted(implied)[len(implied) // 2 :][:1] if implied else []:
        close = [figure for figure in choices if abs(figure.base - middle) <= middle * Decimal("0.02")]
        if close:
            return close[0]
    close = [figure for figure in choices if figure.base and abs(figure.base - whole) <= figure.base * _NEAR]
    return min(
        close, key=lambda figure: abs(figure.base - whole), default=near if near in choices and not implied else None
    )


def _end(reading: Reading, opening: re.Match[str]) -> int:
    """Where a list ends: with its bracket, its sentence, or where the next total begins."""
    text, (_, line_end) = reading.plain, reading.line_of(opening.start())
    line_end = min(line_end, opening.end() + _LONGEST)
    depth = 1 if opening.group() == "（" or _is_inside(text, opening.start()) else 0
    level = depth
    for found in _MARKS.finditer(text, opening.end(), line_end):
        char, offset = found.group(), found.start()
        level += (char == "（") - (char == "）")
        if (depth and level < depth) or (char in "。\t" and level <= depth):
            return offset
        if char == "；" and level <= depth and _NESTED.search(text, offset, _clause_end(text, offset + 1, line_end)):
            return offset
    return line_end


def _clause_end(text: str, start: int, line_end: int) -> int:
    ends = [place for mark in "；。" if (place := text.find(mark, start, line_end)) >= 0]
    return min(ends, default=line_end)


def _is_inside(text: str, offset: int) -> bool:
    """Whether an offset lies in brackets that began in its sentence."""
    farthest = max(0, offset - _LOOK_BACK)
    start = max(farthest, *(text.rfind(mark, farthest, offset) + 1 for mark in "。\n"))
    return text.count("（", start, offset) > text.count("）", start, offset)


def _outer(reading: Reading, figures: Sequence[Figure], start: int, end: int) -> list[Figure]:
    """The figures that stand neither in brackets of their own nor behind a further 其中."""
    found: list[Figure] = []
    marks = _DEEPER.finditer(reading.plain, start, end)
    mark = next(marks, None)
    level, is_deeper = 0, False
    for figure in figures:
        while mark is not None and mark.start() < figure.start:
            char = mark.group()
            level += (char == "（") - (char == "）")
            is_deeper = (is_deeper or char in ("其中", "包括")) and char != "；"
            mark = next(marks, None)
        if level <= 0 and not is_deeper:
            found.append(figure)
    return found


def _total(reading: Reading, before: int, kind: str) -> Figure | None:
    """The latest figure of a kind before a list, in its sentence or the one before."""
    sentence = reading.structure.sentence_at(before)
    line_start, _ = reading.line_of(before)
    is_first = not reading.plain[reading.structure.sentences[sentence].start : before].strip()
    start = max(reading.structure.sentences[max(sentence - is_first, 0)].start, line_start, before - _LOOK_BACK)
    for figure in reversed(reading.between(start, before)):
        if figure.kind == kind and not _is_compared(figure):
            return figure if is_exact(figure) else None
    return None


def _is_compared(figure: Figure) -> bool:
    """Whether a figure says what something is compared with, or by how much it changed or should."""
    return figure.role in (Role.CHANGE, Role.TARGET) or bool(
        re.search("较|比上|比去|比年初|同比|上年|去年", figure.label)
    )


def _is_part(figure: Figure) -> bool:
    if not is_exact(figure) or figure.role in (Role.CHANGE, Role.TARGET):
        return False
    return bool(figure.label) and (figure.kind == units.SCORE or not NOT_A_PART.search(figure.label))


def _is_carried(figure: Figure) -> bool:
    """What is carried over is a part only of what is carried over in all."""
    return is_exact(figure) and bool(_CARRIED.search(figure.label))


def _is_addend(figure: Figure) -> bool:
    """A part, though it need not be called anything."""
    return _is_part(figure) or (not figure.label.strip("和及、") and is_exact(figure))


def _before(reading: Reading, found: re.Match[str]) -> Listing | None:
    """危化20家、矿山40家，共计60家: one figure in each clause before the total."""
    sentence = reading.structure.sentence_at(found.end())
    inside = reading.by_sentence.get(sentence, [])
    total = next((figure for figure in inside if figure.start >= found.end()), None)
    if total is None or total.start - found.end() > 6 or not is_exact(total):
        return None
    earlier = [figure for figure in inside if figure.end <= found.start()]
    parts: list[Figure] = []
    for figure in reversed(earlier):
        gap = reading.plain[figure.end : parts[0].start if parts else found.start()]
        if figure.kind != total.kind or not _is_addend(figure) or len(re.findall("[，、；。和]", gap)) > 1:
            break
        parts.insert(0, figure)
    if len(parts) < _SMALLEST or total.kind in (*_RELATIVE, units.SCORE):
        return None
    return Listing(total, tuple(parts), (), parts[0].start, total.end, is_whole=True)


def same_names(first: Sequence[Figure], second: Sequence[Figure]) -> bool:
    """Whether two lists are of the same things."""
    return {alias(figure.label) for figure in first} == {alias(figure.label) for figure in second}
