"""Self-evaluation forms: money rows, execution, indicators with points, totals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from bianwang.audit import units
from bianwang.audit.arithmetic import Interval, agreement, percent, plain, rounded, sum_agreement
from bianwang.audit.document import Cell
from bianwang.audit.facts import Facts
from bianwang.audit.grids import Grid, grids
from bianwang.audit.model import Figure, Relation, Verdict
from bianwang.audit.reading import Reading

_BUDGET: Final = re.compile("年初预算|预算批复")
_ADJUSTED: Final = re.compile("全年预算|调整后?预算|调整预算|预算数（A）|（A）|预算总额")
_EXECUTED: Final = re.compile("执行数|决算数|（B）|支出数|实际支出")
_RATE: Final = re.compile("执行率|B/A|支出率")
_WEIGHT: Final = re.compile("^(?:分值|权重|标准分|满分|指标分值|分数)")
_SCORE: Final = re.compile("^(?:自评)?得分|^自评分|^评分$|^实际得分")
_TARGET: Final = re.compile("指标值|目标值|预期(?:指标)?值|年度目标")
_ACTUAL: Final = re.compile("完成值|实际(?:完成)?(?:值|情况)|完成情况|全年完成")
_NAME: Final = re.compile("三级指标|指标名称|绩效指标|二级指标")
_REASON: Final = re.compile("偏差|原因|改进")
_TOTAL_ROW: Final = re.compile("^(?:总分|合计|总计|总得分|得分合计|自评总分|合计得分)")
_WHOLE: Final = re.compile("资金总额|总额|合计|总计|小计")
_PART: Final = re.compile(
    "财政拨款|其他资金|结转|自筹|基本支出|项目支出|人员|公用|中央|省级|市级|区级|县级|上级|本级|一般公共|政府性基金|国有资本|单位资金|社会|贷款|其中"
)
_STATED: Final = re.compile("(?:总得分|自评得分|自评总分|总分|综合得分|合计得分|得分合计)(?:为)?$")
_FINER: Final = re.compile("中央|省级|市级|区级|县级|上级|本级|一般公共|政府性基金|国有资本")
_FULL: Final = Decimal(100)


@dataclass(frozen=True)
class Header:
    """A row that names columns."""

    row: int
    cells: Sequence[Cell]

    def column(self, grid: Grid, pattern: re.Pattern[str]) -> int | None:
        """The column that is called so."""
        return next((cell.column for cell in self.cells if pattern.search(grid.text(cell))), None)


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
    """Every table that looks like such a form."""
    for grid in grids(facts.reading):
        yield from _money(grid)
        yield from _points(grid)


# Money


def _money(grid: Grid) -> Iterator[Relation]:
    for header in _headers(grid, (_ADJUSTED, _EXECUTED)):
        rows = _money_rows(grid, header)
        columns = {name: header.column(grid, pattern) for name, pattern in _MONEY_COLUMNS}
        for row in rows:
            yield from _execution(grid, header, row, columns)
        yield from _money_sums(grid, rows, [column for column in columns.values() if column is not None])


_MONEY_COLUMNS: Final = (("budget", _BUDGET), ("adjusted", _ADJUSTED), ("executed", _EXECUTED))


def _headers(grid: Grid, wanted: Sequence[re.Pattern[str]]) -> Iterator[Header]:
    for row in range(grid.rows):
        cells = grid.row(row)
        if all(any(pattern.search(grid.text(cell)) for cell in cells) for pattern in wanted):
            yield Header(row, cells)


def _money_rows(grid: Grid, header: Header) -> list[int]:
    """The rows below that have a number in a money column, up to the next header."""
    column = header.column(grid, _EXECUTED)
    found: list[int] = []
    for row in range(header.row + 1, grid.rows):
        cell = grid.covering.get((row, column or 0))
        if grid.figure(cell) is None:
            if found or row > header.row + 2:
                break
            continue
        found.append(row)
    return found


def _label(grid: Grid, row: int, before: int) -> str:
    return "".join(grid.text(cell) for cell in grid.row(row) if cell.column < before and grid.figure(cell) is None)


def _at(grid: Grid, row: int, column: int | None) -> Figure | None:
    return None if column is None else grid.figure(grid.covering.get((row, column)))


def _execution(grid: Grid, header: Header, row: int, columns: dict[str, int | None]) -> Iterator[Relation]:
    """Execution = executed / adjusted budget; its points = rate x weight."""
    reading = grid.reading
    rate = _at(grid, row, header.column(grid, _RATE))
    spent, given = _at(grid, row, columns["executed"]), _at(grid, row, columns["adjusted"])
    weight, score = _at(grid, row, header.column(grid, _WEIGHT)), _at(grid, row, header.column(grid, _SCORE))
    if spent is None or given is None or given.base <= 0:
        return
    if rate is not None:
        printed = rate if rate.kind == units.RATIO else _as_ratio(rate)
        ratio = Interval.of(spent).over(Interval.of(given))
        verdict = agreement(spent.base / given.base, ratio, printed) if ratio else None
        text = f"{plain(spent.value)}/{plain(given.value)} = {percent(spent.base / given.base)}"
        if verdict is not None:
            yield reading.relation("rate", verdict, [spent, given, rate], text)
        else:
            yield _wrong_rate(reading, _at(grid, row, columns["budget"]), spent, given, rate, printed)
    if weight is not None and score is not None:
        yield from _execution_score(reading, spent, given, weight, score)


def _wrong_rate(
    reading: Reading, initial: Figure | None, spent: Figure, given: Figure, rate: Figure, printed: Figure
) -> Relation:
    """A rate that is none of this year's budget; it may be that of the initial one."""
    text = f"{plain(spent.value)}/{plain(given.value)} = {percent(spent.base / given.base)}"
    within = Interval.of(spent).over(Interval.of(initial)) if initial is not None else None
    if initial is not None and within is not None and agreement(spent.base / initial.base, within, printed):
        text = f"{text}；表中按年初预算 {plain(initial.value)} 计算"
        return reading.relation("rate", Verdict.SUSPICIOUS, [spent, given, rate], text, "影响得分")
    return reading.relation(
        "rate", Verdict.CONTRADICTION, [spent, given, rate], f"{text}，表中为 {rate.text}", "影响得分"
    )


def _as_ratio(figure: Figure) -> Figure:
    return replace(figure, kind=units.RATIO, base=figure.base / 100, half=figure.half / 100)


def _execution_score(
    reading: Reading, spent: Figure, given: Figure, weight: Figure, score: Figure
) -> Iterator[Relation]:
    ratio = spent.base / given.base
    if score.base > weight.base:
        yield reading.relation(
            "bound",
            Verdict.CONTRADICTION,
            [weight, score],
            f"得分 {plain(score.value)} 高于分值 {plain(weight.value)}",
            "影响总分",
        )
        return
    expected = min(weight.base, weight.base * ratio)
    text = f"{plain(weight.value)} × {percent(ratio)} = {rounded(expected)}"
    if abs(expected - score.base) <= score.half or (
        score.base == score.base.to_integral_value() and abs(expected - score.base) <= 1
    ):
        yield reading.relation(
            "score", Verdict.HOLDS if expected == score.base else Verdict.ROUNDED, [weight, score], text
        )
    else:
        yield reading.relation(
            "score", Verdict.SUSPICIOUS, [weight, score], f"{text}，表中得分 {plain(score.value)}", "影响得分"
        )


def _money_sums(grid: Grid, rows: Sequence[int], columns: Sequence[int]) -> Iterator[Relation]:
    """The whole and its parts, column by column."""
    labels = {row: _label(grid, row, min(columns, default=0)) for row in rows}
    wholes = [row for row in rows if _WHOLE.search(labels[row])]
    if len(wholes) != 1:
        return
    parts = [row for row in rows if row > wholes[0] and _PART.search(labels[row])]
    if len(parts) < 2:
        return
    for column in columns:
        total = _at(grid, wholes[0], column)
        figures = [figure for row in parts if (figure := _at(grid, row, column)) is not None]
        if total is None or len(figures) < 2:
            continue
        finer = [_FINER.search(labels[row]) is not None for row in parts if _at(grid, row, column) is not None]
        yield _column_sum(grid.reading, total, figures, finer)


def _column_sum(reading: Reading, total: Figure, figures: Sequence[Figure], finer: Sequence[bool] = ()) -> Relation:
    verdict = sum_agreement(total, figures) or _nested(total, figures, finer)
    computed = sum((figure.base for figure in figures), Decimal(0))
    text = f"{'+'.join(plain(figure.value) for figure in figures)} = {plain(computed)}，表中总额为 {plain(total.value)}"
    effect = "" if verdict else "影响执行率"
    return reading.relation("sum", verdict or Verdict.CONTRADICTION, [total, *figures], text, effect)


def _nested(total: Figure, figures: Sequence[Figure], finer: Sequence[bool]) -> Verdict | None:
    """Rows that only say what another is made of (中央、市级 of 财政拨款) may stand among the parts."""
    rough = [figure for figure, is_finer in zip(figures, finer, strict=False) if not is_finer]
    return sum_agreement(total, rough) if rough and len(rough) < len(figures) else None


# Points


def _points(grid: Grid) -> Iterator[Relation]:
    for header in _headers(grid, (_WEIGHT, _SCORE)):
        if header.column(grid, _EXECUTED) is not None and header.column(grid, _NAME) is None:
            continue
        lines = list(_lines(grid, header))
        if len(lines) < 3:
            continue
        for line in lines:
            yield from _line(grid, line)
            yield from _remarks(grid, line)
        yield from _totals(grid, header, lines)


def _lines(grid: Grid, header: Header) -> Iterator[Line]:
    weight_at, score_at = header.column(grid, _WEIGHT), header.column(grid, _SCORE)
    target_at, actual_at, reason_at = (header.column(grid, pattern) for pattern in (_TARGET, _ACTUAL, _REASON))
    for row in range(header.row + 1, grid.rows):
        label = _label(grid, row, weight_at or 0)
        if _TOTAL_ROW.search(label) or _TOTAL_ROW.search(grid.text(grid.covering.get((row, 0)))):
            return
        weight = _at(grid, row, weight_at)
        if weight is None or weight.kind == units.RATIO:
            continue
        reason = grid.text(grid.covering.get((row, reason_at))) if reason_at is not None else ""
        yield Line(
            label,
            weight,
            _at(grid, row, score_at),
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
    text = f"目标 {grid.text(line.target)}，实际 {grid.text(line.actual)}，分值 {plain(weight.value)}，得分 {plain(score.value)}"
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
        yield _column_sum(grid.reading, actual, parts)


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


def _totals(grid: Grid, header: Header, lines: Sequence[Line]) -> Iterator[Relation]:
    """Weights make 100, or 100 with the execution's; scores make the total."""
    reading = grid.reading
    score_at = header.column(grid, _SCORE)
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


def _stated_weight(grid: Grid, header: Header, whole: Decimal) -> Iterator[Relation]:
    """The number in the total row under the weights."""
    stated = _total_row(grid, header, header.column(grid, _WEIGHT), is_strict=True)
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


def _execution_points(grid: Grid, header: Header) -> tuple[Figure, Figure] | None:
    """Weight and score of the execution of the budget, which stand beside the money above."""
    for other in _headers(grid, (_ADJUSTED, _EXECUTED)):
        weight_at, score_at = other.column(grid, _WEIGHT), other.column(grid, _SCORE)
        if other.row >= header.row or weight_at is None or score_at is None:
            continue
        for row in _money_rows(grid, other):
            weight, score = _at(grid, row, weight_at), _at(grid, row, score_at)
            if weight is not None and score is not None:
                return weight, score
    return None


def _total_row(grid: Grid, header: Header, score_at: int | None, *, is_strict: bool = False) -> Figure | None:
    """The number of the total row in the column of scores, or its last."""
    for row in range(header.row + 1, grid.rows):
        cells = grid.row(row)
        if cells and _TOTAL_ROW.search(grid.text(cells[0])):
            exact = _at(grid, row, score_at)
            numbers = [figure for cell in cells if (figure := grid.figure(cell)) is not None]
            return exact or (numbers[-1] if numbers and not is_strict else None)
    return None
