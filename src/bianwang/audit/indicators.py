"""Indicators of a self-evaluation in prose: what was aimed at, what was reached, and the points given."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bianwang.audit import units
from bianwang.audit.labels import alias
from bianwang.audit.model import Figure, Precision, Role
from bianwang.audit.reading import Reading
from bianwang.audit.structure import Section

_WEIGHT: Final = re.compile(r"[（(]?(?:权重|分值|满分|标准分)?[：为]? ?$")
_SCORE: Final = re.compile("得分|得|计$|自评|评分")
_AIM: Final = re.compile("指标(?:设定)?值|目标值|年度目标|目标$")


@dataclass(frozen=True)
class Indicator:
    """One numbered indicator; `target` and `actual` where the text has them as numbers of one kind."""

    section: Section
    name: str
    weight: Figure
    score: Figure | None
    target: Figure | None
    actual: Figure | None
    figures: tuple[Figure, ...]

    @property
    def is_met(self) -> bool | None:
        """Whether the target was reached; None where that cannot be said."""
        if self.target is None or self.actual is None:
            return None
        if self.target.precision is Precision.AT_MOST:
            return self.actual.base <= self.target.base
        return self.actual.base >= self.target.base


def read(reading: Reading) -> list[Indicator]:
    """The indicators in order of the text: sections whose heading gives them points."""
    found = []
    for place, section in enumerate(reading.structure.sections):
        end = min(section.end, reading.line_of(section.start)[1]) if _has_inner(reading, place) else section.end
        weight = _weight(reading, section)
        if weight is not None and section.level >= 2:
            found.append(_indicator(reading, section, weight, end))
    return found


def _has_inner(reading: Reading, place: int) -> bool:
    return any(section.parent == place for section in reading.structure.sections[place + 1 : place + 2])


def _weight(reading: Reading, section: Section) -> Figure | None:
    """The points in brackets behind the heading."""
    head = min(reading.line_of(section.start)[1], section.body + 60)
    for figure in reading.between(section.body, head):
        before = reading.plain[section.body : figure.start]
        if (
            figure.kind == units.SCORE
            and not re.search("[：。；]", before)
            and ("（" in before or _WEIGHT.search(before))
        ):
            return figure
    return None


def _indicator(reading: Reading, section: Section, weight: Figure, end: int) -> Indicator:
    figures = tuple(figure for figure in reading.between(section.start, end) if figure.start > weight.start)
    scores = [f for f in figures if f.kind == units.SCORE and _SCORE.search(f.label)]
    target = next((figure for figure in figures if _is_target(figure)), None)
    name = re.split("[（(]", section.title)[0].strip()
    return Indicator(
        section, name, weight, scores[-1] if scores else None, target, _actual(figures, target, name), figures
    )


def _is_target(figure: Figure) -> bool:
    if figure.kind == units.SCORE:
        return False
    return figure.role is Role.TARGET or bool(_AIM.search(figure.label))


def _actual(figures: tuple[Figure, ...], target: Figure | None, name: str) -> Figure | None:
    """What was reached: a figure of the target's kind behind it; of several the one that is called like it."""
    if target is None:
        rates = [figure for figure in figures if figure.kind == units.RATIO and figure.role is not Role.SHARE]
        return rates[0] if rates and name.endswith(("率", "度")) and len(rates) == 1 else None
    later = [
        figure
        for figure in figures
        if figure.start > target.start and figure.kind == target.kind and not _is_target(figure)
    ]
    plausible = [figure for figure in later if figure.role is not Role.SHARE and not figure.label.startswith("较")]
    named = [figure for figure in plausible if _is_called(figure.label, name)]
    if named:
        return named[-1]
    if target.kind == units.RATIO:
        same = [figure for figure in plausible if figure.role is not Role.CHANGE]
        return same[-1] if same else None
    return next((figure for figure in plausible if figure.sentence == target.sentence), None)


def _is_called(label: str, name: str) -> bool:
    """Whether a label speaks of the indicator: they share their ending (…完成率, …知晓), or one contains the other."""
    one, other = alias(label), alias(name)
    if not one or not other:
        return False
    return one in other or other in one or one[-2:] == other[-2:] or one[-3:-1] == other[-3:-1]
