"""The indicators of a form: points within their weight, targets met, remarks that agree, totals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bianwang.audit import forms, units
from bianwang.audit.arithmetic import Interval, agreement, percent, plain, rounded
from bianwang.audit.document import Cell
from bianwang.audit.facts import Facts
from bianwang.audit.grids import Grid, grids
from bianwang.audit.model import Figure, Relation, Verdict

_TARGET: Final = re.compile("指标值|目标值|预期(?:指标)?值|年度目标")
_ACTUAL: Final = re.compile("完成值|实际(?:完成)?(?:值|情况)|完成情况|全年完成")
_NAME: Final = re.compile("三级指标|指标名称|绩效指标|二级指标")
_REASON: Final = re.compile("偏差|原因|改进")
_TOTAL_ROW: Final = re.compile("^(?:总分|合计|总计|总得分|得分合计|自评总分|合计得分)")
_STATED: Final = re.compile("(?:总得分|自评得分|自评总分|总分|综合得分|合计得分|得分合计)(?:为)?$")
_FULL: Final = Decimal(100)


@dataclass(frozen=True)
class Line:
    """One indicator of a form."""

    name: str
    weight: Figure
    score: Figure | None
    target: Cell | None
    actual: Cell | None
    reason: Cell | None
    has_reason: bool


def check(facts: Facts) -> Iterator[Relation]:
    """Every table with columns for weights and scores."""
    for grid in grids(facts.reading):
        yield from _points(grid)


def _points(grid: Grid) -> Iterator[Relation]:
    for header in forms.headers(grid, (forms.WEIGHT, forms.SCORE)):
        if header.column(grid, forms.EXECUTED) is not None and header.column(grid, _NAME) is None:
            continue
        lines = list(_lines(grid, header))
        if len(lines) < 3:
            continue
        for line in lines:
            yield from _line(grid, line)
            yield from _remarks(grid, line)
        yield from _totals(grid, header, lines)


def _lines(grid: Grid, header: forms.Header) -> Iterator[Line]:
    weight_at, score_at = header.column(grid, forms.WEIGHT), header.column(grid, forms.SCORE)
    target_at, actual_at, reason_at = (header.column(grid, pattern) for pattern in (_TARGET, _ACTUAL, _REASON))
    for row in range(header.row + 1, grid.rows):
        label = forms.label(grid, row, weight_at or 0)
        if _TOTAL_ROW.search(label) or _TOTAL_ROW.search(grid.text(grid.covering.get((row, 0)))):
            return
        weight = forms.at(grid, row, weight_at)
        if weight is None or weight.kind == units.RATIO:
            continue
        reason = grid.text(grid.covering.get((row, reason_at))) if reason_at is not None else ""
        yield Line(
            label,
            weight,
            forms.at(grid, row, score_at),
            grid.covering.get((row, target_at)) if target_at is not None else None,
            grid.covering.get((row, actual_at)) if actual_at is not None else None,
            grid.covering.get((row, reason_at)) if reason_at is not None else None,
            reason not in ("", "无", "-", "—", "/"),
        )


def _line(grid: Grid, line: Line) -> Iterator[Relation]:
    """A score within its weight; full marks only where the target was met."""
    reading, score, weight = grid.reading, line.score, line.weight
    if score is None:
        return
    if score.base > weight.base:
        text = f"得分 {plain(score.value)} 高于分值 {plain(weight.value)}"
        yield reading.relation("bound", Verdict.CONTRADICTION, [weight, score], text, "影响总分")
        return
    target, actual = grid.first_figure(line.target), grid.first_figure(line.actual)
    if target is None or actual is None or target.kind != actual.kind or line.target is None or line.actual is None:
        return
    sign = _sign(grid.text(line.target))
    met = (
        actual.base <= target.base
        if sign == "≤"
        else actual.base >= target.base
        if sign == "≥"
        else actual.base == target.base
    )
    places: list[Figure | tuple[int, int]] = [
        (line.target.start, line.target.end),
        (line.actual.start, line.actual.end),
        score,
    ]
    text = f"目标 {grid.text(line.target)}，实际 {grid.text(line.actual)}"
    text = f"{text}，分值 {plain(weight.value)}，得分 {plain(score.value)}"
    if met and score.base == weight.base:
        yield reading.relation("target", Verdict.HOLDS, places, text)
    elif not met and score.base == weight.base and (sign or actual.base < target.base):
        yield reading.relation("target", Verdict.SUSPICIOUS, places, f"{text}：未达到目标，得满分", "影响得分")
    elif not met and score.base < weight.base:
        expected = weight.base * (actual.base / target.base if sign != "≤" and target.base else Decimal(0))
        fits = abs(expected - score.base) <= score.half or abs(weight.base * actual.base - score.base) <= score.half
        if (fits and actual.kind == units.RATIO) or fits:
            yield reading.relation("score", Verdict.ROUNDED, places, f"{text}，按比例为 {rounded(expected)}")
        elif not line.has_reason:
            yield reading.relation("deviation_reason", Verdict.UNSUPPORTED, places, f"{text}：没有说明偏差原因")


def _remarks(grid: Grid, line: Line) -> Iterator[Relation]:
    """What is written behind a line: its completion, what is missing, and how its number is made up."""
    target, actual, cell = grid.first_figure(line.target), grid.first_figure(line.actual), line.reason
    if actual is None or cell is None:
        return
    remarks = grid.reading.between(cell.start, cell.end)
    if target is not None and target.kind == actual.kind and target.base:
        for figure in remarks:
            if figure.kind == units.RATIO and re.search("完成率|^完成$", figure.label):
                yield _completion(grid, target, actual, figure)
            elif figure.kind == actual.kind and (line.reason is not None and _is_shortfall(grid, cell, figure)):
                yield _shortfall(grid, target, actual, figure)
    parts = [figure for figure in remarks if figure.kind == actual.kind and figure.label]
    if len(parts) >= 2 and sum(part.base for part in parts) > actual.base / 2:
        yield forms.column_sum(grid.reading, actual, parts)


def _completion(grid: Grid, target: Figure, actual: Figure, rate: Figure) -> Relation:
    ratio = Interval.of(actual).over(Interval.of(target))
    verdict = agreement(actual.base / target.base, ratio, rate) if ratio else None
    text = f"{plain(actual.value)}/{plain(target.value)} = {percent(actual.base / target.base)}"
    if verdict is None:
        text = f"{text}，表中为 {rate.text}"
    return grid.reading.relation("rate", verdict or Verdict.CONTRADICTION, [target, actual, rate], text)


def _is_shortfall(grid: Grid, cell: Cell, figure: Figure) -> bool:
    around = grid.reading.plain[max(cell.start, figure.start - 6) : min(cell.end, figure.end + 16)]
    return bool(re.search("少|未|缺|差|延|顺延|剩", around))


def _shortfall(grid: Grid, target: Figure, actual: Figure, figure: Figure) -> Relation:
    rest = abs(target.base - actual.base)
    text = f"目标 {target.text}，实际 {actual.text}，相差 {plain(rest)}，说明中为 {figure.text}"
    verdict = Verdict.HOLDS if rest == figure.base else Verdict.SUSPICIOUS
    return grid.reading.relation("difference", verdict, [target, actual, figure], text)


def _sign(text: str) -> str:
    if re.search("≥|>|不低于|不少于|以上|至少", text):
        return "≥"
    return "≤" if re.search("≤|<|不高于|不超过|以内|以下", text) else ""


def _totals(grid: Grid, header: forms.Header, lines: Sequence[Line]) -> Iterator[Relation]:
    """Weights make 100, or 100 with the execution's; scores make the total."""
    reading = grid.reading
    score_at = header.column(grid, forms.SCORE)
    execution = _execution_points(grid, header)
    weights = [line.weight for line in lines]
    scores = [line.score for line in lines if line.score is not None]
    if execution is not None:
        weights, scores = [execution[0], *weights], [execution[1], *scores]
    whole = sum((figure.base for figure in weights), Decimal(0))
    text = f"{'+'.join(plain(figure.value) for figure in weights)} = {plain(whole)}"
    if whole in (_FULL, _FULL - 10):
        yield reading.relation("weights", Verdict.HOLDS, [weights[0], weights[-1]], text)
    else:
        yield reading.relation(
            "weights",
            Verdict.CONTRADICTION if abs(whole - _FULL) < 20 else Verdict.SUSPICIOUS,
            weights,
            f"{text}，不是 100",
            "影响总分",
        )
    yield from _stated_weight(grid, header, whole)
    total = _total_row(grid, header, score_at)
    if total is None or len(scores) < len(weights):
        return
    yield from _stated_scores(grid, total)
    computed = sum((figure.base for figure in scores), Decimal(0))
    text = f"各项得分之和 {plain(computed)}，表中总分 {plain(total.value)}"
    if abs(computed - total.base) <= total.half:
        yield reading.relation("score_total", Verdict.HOLDS, [total], text)
    else:
        yield reading.relation("score_total", Verdict.CONTRADICTION, [total, *scores], text, "影响总分和等级")


def _stated_weight(grid: Grid, header: forms.Header, whole: Decimal) -> Iterator[Relation]:
    """The number in the total row under the weights."""
    stated = _total_row(grid, header, header.column(grid, forms.WEIGHT), is_strict=True)
    if stated is not None and stated.base != whole and whole == _FULL:
        text = f"各项分值之和 {plain(whole)}，合计行为 {plain(stated.value)}"
        yield grid.reading.relation("weights", Verdict.CONTRADICTION, [stated], text, "影响总分")


def _stated_scores(grid: Grid, total: Figure) -> Iterator[Relation]:
    """The total of the form against totals that the words state."""
    for figure in grid.reading.figures:
        if figure.kind == units.SCORE and _STATED.search(figure.label) and figure.start != total.start:
            same = figure.base == total.base
            text = f"表中总分 {plain(total.value)}，文字中为 {figure.text}"
            yield grid.reading.relation(
                "score_total", Verdict.HOLDS if same else Verdict.CONTRADICTION, [total, figure], text
            )


def _execution_points(grid: Grid, header: forms.Header) -> tuple[Figure, Figure] | None:
    """Weight and score of the execution of the budget, which stand beside the money above."""
    for other in forms.headers(grid, (forms.ADJUSTED, forms.EXECUTED)):
        weight_at, score_at = other.column(grid, forms.WEIGHT), other.column(grid, forms.SCORE)
        if other.row >= header.row or weight_at is None or score_at is None:
            continue
        for row in forms.money_rows(grid, other):
            weight, score = forms.at(grid, row, weight_at), forms.at(grid, row, score_at)
            if weight is not None and score is not None:
                return weight, score
    return None


def _total_row(grid: Grid, header: forms.Header, score_at: int | None, *, is_strict: bool = False) -> Figure | None:
    """The number of the total row in the column of scores, or its last."""
    for row in range(header.row + 1, grid.rows):
        cells = grid.row(row)
        if cells and _TOTAL_ROW.search(grid.text(cells[0])):
            exact = forms.at(grid, row, score_at)
            numbers = [figure for cell in cells if (figure := grid.figure(cell)) is not None]
            return exact or (numbers[-1] if numbers and not is_strict else None)
    return None
