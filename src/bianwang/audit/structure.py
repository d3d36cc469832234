"""Lines, numbered headings, sections and sentences of a report."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final, NamedTuple

from bianwang.audit.numerals import value_of

_CHINESE: Final = "[一二三四五六七八九十百]+"
_NUMBERING: Final = (
    re.compile(rf"[ \t]*第({_CHINESE})(?:部分|章)[、.： ]*"),
    re.compile(rf"[ \t]*({_CHINESE})[、.](?!\d)"),
    re.compile(rf"[ \t]*（({_CHINESE})）"),
    re.compile(r"[ \t]*(\d{1,2})(?:[.、](?!\d)|\.(?=\d{4}年))"),
    re.compile(r"[ \t]*（(\d{1,2})）[.、]?|[ \t]*(\d{1,2})）"),
    re.compile(r"[ \t]*([①-⑳])"),
)
"""From the outermost level to the innermost."""
_SENTENCE: Final = re.compile(r"[^。！？\n]*(?:[。！？]+[”’）]*|\n|$)")
_LONGEST_TITLE: Final = 40


class Span(NamedTuple):
    """[start, end) of the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one numbered line, up to the next of its level or further out; level 0 is the outermost."""

    title: str
    level: int
    number: int
    start: int
    body: int
    end: int
    parent: int
    """Position of the section around it, -1 for none."""


@dataclass(frozen=True)
class Structure:
    """Sections and sentences, each in order of the text."""

    sections: tuple[Section, ...]
    sentences: tuple[Span, ...]
    _starts: tuple[int, ...]

    def section_at(self, offset: int) -> int:
        """Position of the innermost section at an offset, -1 before the first."""
        return bisect_right(self._starts, offset) - 1

    def sentence_at(self, offset: int) -> int:
        """Position of the sentence at an offset."""
        return max(bisect_right(self.sentences, offset, key=lambda span: span.start) - 1, 0)

    def path(self, section: int) -> list[Section]:
        """The sections around a position, the outermost first."""
        found: list[Section] = []
        while section >= 0:
            found.insert(0, self.sections[section])
            section = self.sections[section].parent
        return found

    def title(self, section: int) -> str:
        """The titles from the outermost to this one."""
        return " / ".join(each.title for each in self.path(section))


def read(text: str) -> Structure:
    """Find the structure of a normalised text."""
    sections = _sections(text)
    sentences = tuple(
        Span(found.start(), found.end()) for found in _SENTENCE.finditer(text) if found.group().strip(" \t\n")
    )
    return Structure(sections, sentences or (Span(0, len(text)),), tuple(each.start for each in sections))


def _sections(text: str) -> tuple[Section, ...]:
    heads: list[tuple[int, int, int, int, str]] = []
    for line in re.finditer(r"[^\n]+", text):
        found = _numbered(line.group())
        if found is not None:
            level, number, length = found
            heads.append((level, number, line.start(), line.start() + length, _title(line.group()[length:])))
    ends, parents = [len(text)] * len(heads), [-1] * len(heads)
    open_ones: list[int] = []
    for place, (level, _, start, _, _) in enumerate(heads):
        while open_ones and heads[open_ones[-1]][0] >= level:
            ends[open_ones.pop()] = start
        parents[place] = open_ones[-1] if open_ones else -1
        open_ones.append(place)
    return tuple(
        Section(title, level, number, start, body, end, parent)
        for (level, number, start, body, title), end, parent in zip(heads, ends, parents, strict=True)
    )


def _numbered(line: str) -> tuple[int, int, int] | None:
    """Level, number and the length of the numbering of a line that begins with one."""
    for level, pattern in enumerate(_NUMBERING):
        found = pattern.match(line)
        if found:
            text = next(group for group in found.groups() if group)
            return level, _number(text), found.end()
    return None


def _number(text: str) -> int:
    if text.isascii():
        return int(text)
    return ord(text) - ord("①") + 1 if "①" <= text <= "⑳" else value_of(text) or 0


def _title(rest: str) -> str:
    """A heading's words: up to the first mark that ends them."""
    return re.split(r"[：。；\t]", rest.strip(), maxsplit=1)[0][:_LONGEST_TITLE].strip()
