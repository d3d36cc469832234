"""The text of a report cut where figures and findings begin and end, so that a page can mark them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bianwang.audit.model import Audit


class Piece(NamedTuple):
    """Text [start, end) with the findings (positions in `Audit.findings`) that quote it, and whether it is a figure."""

    text: str
    start: int
    end: int
    findings: tuple[int, ...]
    is_figure: bool


def pieces(text: str, audit: Audit, start: int = 0, end: int | None = None) -> Iterator[Piece]:
    """The pieces of text [start, end), in order and without gaps."""
    stop = len(text) if end is None else end
    events: dict[int, list[tuple[bool, int]]] = {}
    for number, finding in enumerate(audit.findings):
        for quote in finding.quotes:
            events.setdefault(max(quote.start, start), []).append((True, number))
            events.setdefault(quote.end, []).append((False, number))
    for figure in audit.figures:
        events.setdefault(max(figure.start, start), []).append((True, -1))
        events.setdefault(figure.end, []).append((False, -1))
    open_ones: dict[int, int] = {}
    place = start
    for offset in sorted(each for each in events if each <= stop):
        if offset > place:
            yield _piece(text, place, offset, open_ones)
            place = offset
        for begins, number in events[offset]:
            open_ones[number] = open_ones.get(number, 0) + (1 if begins else -1)
            if not open_ones[number]:
                del open_ones[number]
    if place < stop:
        yield _piece(text, place, stop, open_ones)


def _piece(text: str, start: int, end: int, open_ones: dict[int, int]) -> Piece:
    standing = sorted(number for number, count in open_ones.items() if count > 0)
    findings = tuple(number for number in standing if number >= 0)
    return Piece(text[start:end], start, end, findings, -1 in standing)
