"""A unit's own money: its totals by stage (initial, adjusted, executed, carried over) and their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bianwang.audit import units
from bianwang.audit.arithmetic import Interval, is_exact, is_slip
from bianwang.audit.labels import alias
from bianwang.audit.lists import Listing
from bianwang.audit.model import Figure
from bianwang.audit.reading import Reading
from bianwang.audit.vocabulary import STAGES

_FEWEST_LINES: Final = 3
_ITEM: Final = re.compile("（[类款项]）")


@dataclass(frozen=True)
class Budget:
    """A unit's own totals by stage, each with all places where it is stated, and the lines of each stage."""

    totals: Mapping[str, list[Figure]]
    lines: Mapping[str, Listing]


def read(reading: Reading, listings: Sequence[Listing]) -> Budget:
    """The stages (initial, adjusted, executed, carried over) of the unit as a whole."""
    totals: dict[str, list[Figure]] = {}
    for figure in reading.figures:
        stage = stage_of(figure)
        if stage and not _is_of_item(reading, figure):
            totals.setdefault(stage, []).append(figure)
    totals = {stage: _of_one_thing(figures) for stage, figures in totals.items()}
    lines: dict[str, Listing] = {}
    for listing in listings:
        if listing.total.kind == units.MONEY and len(listing.parts) >= _FEWEST_LINES:
            stage = _stage_of_list(listing, totals)
            if stage and stage not in lines:
                lines[stage] = listing
    return Budget(totals, lines)


def _is_of_item(reading: Reading, figure: Figure) -> bool:
    """Whether a total is that of one functional item: （类）（款）（项）."""
    start = reading.structure.sentences[figure.sentence].start
    return bool(_ITEM.search(figure.section) or _ITEM.search(reading.plain, start, figure.start))


def _of_one_thing(figures: list[Figure]) -> list[Figure]:
    """The first total and those that repeat it, rightly or with a slip; what is quite different is something else."""
    first = figures[0]
    return [f for f in figures if f is first or f.base == first.base or _meet(f, first) or is_slip(f, first)]


def _meet(one: Figure, other: Figure) -> bool:
    return Interval.of(one).meets(Interval.of(other))


def stage_of(figure: Figure) -> str:
    """The stage whose total a figure is, "" for other figures."""
    if figure.kind != units.MONEY or not is_exact(figure):
        return ""
    return next((name for name, whole, _ in STAGES if whole.fullmatch(figure.label)), "")


def loose_stage(figure: Figure) -> str:
    """The stage that a label speaks of at its end, whosever money it is."""
    if figure.kind != units.MONEY or not is_exact(figure):
        return ""
    return next((name for name, _, ending in STAGES if ending.search(figure.label)), "")


def _stage_of_list(listing: Listing, totals: Mapping[str, list[Figure]]) -> str:
    """The stage of a list: that of the figure in its sentence which states the same total."""
    for stage, figures in totals.items():
        if any(f.sentence == listing.total.sentence and f.base == listing.total.base for f in figures):
            return stage
    return ""


def pairs(first: Listing, second: Listing) -> list[tuple[Figure, Figure]]:
    """The lines that two stages share, by name."""
    by_name = {alias(part.label): part for part in second.parts}
    return [(part, by_name[name]) for part in first.parts if (name := alias(part.label)) in by_name]


def lines_named(budget: Budget, words: Sequence[str]) -> Iterator[tuple[Figure, Figure]]:
    """Adjusted and executed amount of each line whose name has one of the words."""
    given, spent = budget.lines.get("adjusted"), budget.lines.get("executed")
    if given is not None and spent is not None:
        for mine, theirs in pairs(given, spent):
            if any(word in mine.label for word in words):
                yield mine, theirs
