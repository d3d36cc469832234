"""Text as it was before lines were broken to a width and characters spaced out, with where each character was."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final, NamedTuple

_WIDEST: Final = 70
"""Characters of the longest line that a page or a printer makes; a longer one is a paragraph as it was written."""
_FEWEST: Final = 4
_FULL: Final = 0.8
_ENDS: Final = "。；：！？:;!?\t|"
_BEGINS: Final = re.compile(
    r"[ \t]*(?:第?[一二三四五六七八九十百]+[、章部]|（[一二三四五六七八九十\d]+）|\d{1,2}[.、](?!\d)|[①-⑳])"
)
_HAN: Final = "一-鿿〇“”（），、；：。"
_SPACED: Final = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}])")


class Squeezed(NamedTuple):
    """A text without soft line ends and spaces between Chinese characters.

    `origin[i]` is where its i-th character stood; one entry more than the text has characters.
    """

    text: str
    origin: tuple[int, ...]


def squeeze(text: str) -> Squeezed:
    """Join what was broken; a text that was not is given back as it is."""
    joined = _joined(text)
    dropped = {found.start() for found in _SPACED.finditer(joined)}
    if not dropped:
        return Squeezed(joined, tuple(range(len(joined) + 1)))
    kept = [place for place in range(len(joined)) if place not in dropped]
    return Squeezed("".join(joined[place] for place in kept), (*kept, len(joined)))


def _joined(text: str) -> str:
    """Line ends inside a paragraph become spaces."""
    lines = text.split("\n")
    width = _width(lines)
    if not width:
        return text
    parts = [lines[0]]
    for before, line in pairwise(lines):
        is_soft = len(before.rstrip()) >= width * _FULL and _goes_on(before, line)
        parts.append((" " if is_soft else "\n") + line)
    return "".join(parts)


def _width(lines: list[str]) -> int:
    """The width to which the text was broken, 0 if it was not: many full lines that end in the middle of a sentence."""
    lengths = sorted(len(line.rstrip()) for line in lines if line.strip())
    if len(lengths) < _FEWEST:
        return 0
    width = lengths[int(len(lengths) * 0.9)]
    broken = sum(len(before.rstrip()) >= width * _FULL and _goes_on(before, line) for before, line in pairwise(lines))
    return width if width <= _WIDEST and broken * 3 >= len(lengths) else 0


def _goes_on(before: str, line: str) -> bool:
    end, start = before.rstrip(), line.strip()
    return bool(end and start and end[-1] not in _ENDS and "\t" not in before + line and not _BEGINS.match(line))
