"""A report that has been read: its text, structure and figures, and ways to quote them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bianwang.audit import figures, structure
from bianwang.audit.document import Document, Table
from bianwang.audit.model import Figure, Quote, Relation, Verdict
from bianwang.audit.normalise import normalise
from bianwang.audit.structure import Section, Structure
from bianwang.audit.unwrapping import squeeze


@dataclass(frozen=True)
class Reading:
    """A document and its `plain` text: normalised, and joined where lines were broken to a width.

    All offsets inside an audit are those of the plain text; `origin` leads back to the document's.
    """

    document: Document
    plain: str
    origin: tuple[int, ...]
    structure: Structure
    figures: tuple[Figure, ...]

    @classmethod
    def of(cls, document: Document) -> Reading:
        """Read a document."""
        plain, origin = squeeze(normalise(document.text))
        found = structure.read(plain)
        return cls(document, plain, origin, found, figures.read(plain, found))

    def tables(self) -> Iterator[Table]:
        """The document's tables, their cells at offsets of the plain text."""
        for table in self.document.tables:
            cells = (
                replace(cell, start=bisect_left(self.origin, cell.start), end=bisect_left(self.origin, cell.end))
                for cell in table.cells
            )
            yield Table(tuple(cells))

    def in_document(self, figure: Figure) -> Figure:
        """A figure at its offsets in the document."""
        start, end = self._place(figure.start, figure.end)
        return replace(figure, start=start, end=end, text=self.document.text[start:end])

    def _place(self, start: int, end: int) -> tuple[int, int]:
        return self.origin[start], self.origin[max(end - 1, start)] + (end > start)

    @cached_property
    def by_sentence(self) -> dict[int, list[Figure]]:
        """Figures of each sentence that has any."""
        found: dict[int, list[Figure]] = {}
        for figure in self.figures:
            found.setdefault(figure.sentence, []).append(figure)
        return found

    def between(self, start: int, end: int) -> list[Figure]:
        """Figures that lie within [start, end)."""
        first = bisect_left(self.figures, start, key=lambda figure: figure.start)
        last = bisect_left(self.figures, end, key=lambda figure: figure.start)
        return [figure for figure in self.figures[first:last] if figure.end <= end]

    def within(self, section: Section) -> list[Figure]:
        """Figures of a section and those inside it."""
        return self.between(section.start, section.end)

    def line_of(self, offset: int) -> tuple[int, int]:
        """[start, end) of the line at an offset."""
        start = self.plain.rfind("\n", 0, offset) + 1
        end = self.plain.find("\n", offset)
        return start, len(self.plain) if end < 0 else end

    def quote(self, start: int, end: int) -> Quote:
        """The text at [start, end), without spaces around it."""
        start, end = self._place(start, end)
        text = self.document.text[start:end]
        lead = len(text) - len(text.lstrip())
        return Quote(text.strip(), start + lead, start + lead + len(text.strip()))

    def quote_of(self, figure: Figure) -> Quote:
        """A figure with its label."""
        nearest = max(0, figure.start - len(figure.label) - 8)
        label = self.plain.rfind(figure.label, nearest, figure.start) if figure.label else -1
        return self.quote(label if label >= 0 else figure.start, figure.end)

    def relation(
        self, kind: str, verdict: Verdict, places: Iterable[Figure | tuple[int, int]], arithmetic: str, effect: str = ""
    ) -> Relation:
        """A relation between figures and pieces of text."""
        quotes = tuple(self.quote_of(place) if isinstance(place, Figure) else self.quote(*place) for place in places)
        return Relation(kind, verdict, quotes, arithmetic, effect)


def span(figures: Sequence[Figure], reading: Reading) -> tuple[int, int]:
    """From the first figure's label to the end of the last."""
    first, last = min(figures, key=lambda f: f.start), max(figures, key=lambda f: f.end)
    return reading.quote_of(first).start, last.end
