"""Points by group in one passage: 产出指标50分，得49分；效益指标30分，得30分；…总得分98.6分."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from bianwang.audit import units
from bianwang.audit.arithmetic import is_exact, plain
from bianwang.audit.facts import Facts
from bianwang.audit.model import Figure, Relation, Verdict
from bianwang.audit.reading import Reading

_GROUP: Final = re.compile("产出|效益|满意度|预算执行|执行率|投入|过程|决策|管理|部门绩效|资金管理|成本")
_GOT: Final = re.compile("得分?$|实得")
_TOTAL: Final = re.compile("总得分|总分|合计(?:得分)?$|自评得分|综合得分|共得")
_FULL: Final = Decimal(100)
_FEWEST: Final = 3


def check(facts: Facts) -> Iterator[Relation]:
    """Every line that names at least three groups with points."""
    reading = facts.reading
    lines: dict[int, list[Figure]] = {}
    for figure in reading.figures:
        if figure.kind == units.SCORE and is_exact(figure):
            lines.setdefault(reading.line_of(figure.start)[0], []).append(figure)
    for points in lines.values():
        weights, scores, total = _sorted(points)
        if len(weights) >= _FEWEST and _are_distinct(weights):
            yield from _weights(reading, weights, is_sure=bool(scores) or "分值" in weights[0].label)
        if len(scores) >= _FEWEST and total is not None:
            yield _told(reading, scores, total)
        for weight, score in zip(weights, scores, strict=False) if len(weights) == len(scores) else ():
            if score.base > weight.base:
                text = f"得分 {plain(score.value)} 高于分值 {plain(weight.value)}"
                yield reading.relation("bound", Verdict.CONTRADICTION, [weight, score], text, "影响总分")


def _sorted(points: Sequence[Figure]) -> tuple[list[Figure], list[Figure], Figure | None]:
    """What each group may get, what it got, and the total."""
    weights, scores = [], []
    total = next((figure for figure in points if _TOTAL.search(figure.label) and not _GROUP.search(figure.label)), None)
    for figure in points:
        if figure == total or "扣" in figure.label or "满分" in figure.label:
            continue
        if _GOT.search(figure.label):
            scores.append(figure)
        elif _GROUP.search(figure.label):
            weights.append(figure)
    if not scores and total is not None and total.base < _FULL and not any("分值" in f.label for f in weights):
        # Groups with their scores only.
        return [], weights, total
    return weights, scores, total


def _are_distinct(figures: Sequence[Figure]) -> bool:
    return len({figure.label for figure in figures}) == len(figures)


def _weights(reading: Reading, weights: Sequence[Figure], *, is_sure: bool) -> Iterator[Relation]:
    whole = sum((figure.base for figure in weights), Decimal(0))
    text = f"{'+'.join(plain(figure.value) for figure in weights)} = {plain(whole)}"
    if whole == _FULL:
        yield reading.relation("weights", Verdict.HOLDS, weights, text)
    elif is_sure and whole > _FULL * Decimal("0.7"):
        yield reading.relation("weights", Verdict.CONTRADICTION, weights, f"{text}，不是 100", "影响总分")


def _told(reading: Reading, scores: Sequence[Figure], total: Figure) -> Relation:
    whole = sum((figure.base for figure in scores), Decimal(0))
    text = f"{'+'.join(plain(figure.value) for figure in scores)} = {plain(whole)}，文中总分 {plain(total.value)}"
    verdict = Verdict.HOLDS if whole == total.base else Verdict.CONTRADICTION
    return reading.relation(
        "score_total", verdict, [*scores, total], text, "" if whole == total.base else "影响总分和等级"
    )
