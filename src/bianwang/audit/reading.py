"""A report that has been read: its text, structure and figures, and ways to quote them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from bianwang.audit import figures, structure
from bianwang.audit.document import Document
from bianwang.audit.model import Figure, Quote, Relation, Verdict
from bianwang.audit.normalise import normalise
from bianwang.audit.structure import Section, Structure


@dataclass(frozen=True)
class Reading:
    """`text` as given, `plain` normalised: of one length, so an offset means the same in both."""

    document: Document
    plain: str
    structure: Structure
    figures: tuple[Figure, ...]

    @classmethod
    def of(cls, document: Document) -> Reading:
        """Read a document."""
        plain = normalise(document.text)
        found = structure.read(plain)
        return cls(document, plain, found, figures.read(plain, found))

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
