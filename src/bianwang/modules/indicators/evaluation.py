"""A year's evaluation as of a day: every indicator with its figure and score, the total, the grade, the doubts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from bianwang.modules.indicators import scoring
from bianwang.modules.indicators.figures import Figure, printed
from bianwang.modules.indicators.formula import evaluate, names
from bianwang.modules.indicators.models import Indicator, Scheme
from bianwang.modules.indicators.pack import Warnings
from bianwang.modules.indicators.progress import Light, light
from bianwang.modules.indicators.scoring import Reached, plain

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Row:
    """One indicator: what was wanted, what was reached, what it earns and why. `refusal`: why it earns nothing yet."""

    indicator: Indicator
    code: str
    name: str
    level1: str
    level2: str
    unit: str
    direction: str
    opening_text: str
    target_text: str
    weight: Decimal
    figure: Figure | None
    reached: Reached | None
    actual_text: str
    score: Decimal | None
    working: str
    is_met: bool
    reason: str
    measures: str
    office: str
    evidence: int
    light: Light
    refusal: str = ""
    excluded: str = ""

    @property
    def coefficient(self) -> Decimal | None:
        """得分系数: the share of its weight that it earned, in per cent."""
        return None if self.score is None else 100 * self.score / self.weight

    @property
    def owes_reason(self) -> bool:
        """Whether it missed its target and nobody has written why."""
        return not self.is_met and self.score is not None and not self.reason


@dataclass(frozen=True)
class Evaluation:
    """The whole sheet."""

    scheme: Scheme
    year: int
    on: date
    rows: Sequence[Row]
    weights: Decimal
    """Sum of all weights, excluded ones too."""
    total: scoring.Total
    doubts: Sequence[str]

    @property
    def grade(self) -> str:
        """The grade of the total; empty while an indicator has no score."""
        return "" if self.missing else self.total.grade

    @property
    def missing(self) -> list[Row]:
        """Indicators that have no score yet."""
        return [row for row in self.rows if row.score is None and not row.excluded]


def row_of(indicator: Indicator, figures: dict[str, Figure], evidence: int, on: date, thresholds: Warnings) -> Row:
    """One indicator as of a day. A score needs a figure or a judgement, and the evidence that was asked for."""
    figure = _figure(indicator, figures)
    reached = indicator.reached if indicator.is_judged else _number(figure)
    refusal = "" if indicator.excluded else _refusal(indicator, figure, reached, evidence)
    earned = None
    if reached is not None and not refusal and not indicator.excluded:
        earned = scoring.score(indicator.scoring_rule, indicator.goal, reached, indicator.weight)
    shown = light(
        indicator.goal,
        reached,
        indicator.plan,
        on,
        red_below=thresholds.red_below,
        yellow_below=thresholds.yellow_below,
    )
    return Row(
        indicator,
        indicator.code,
        indicator.name,
        indicator.level1,
        indicator.level2,
        indicator.unit,
        scoring.DIRECTIONS[indicator.direction],
        indicator.opening_text,
        indicator.target_text,
        indicator.weight,
        figure,
        reached,
        _actual(indicator, figure, reached),
        earned.points if earned else None,
        earned.working if earned else refusal or indicator.excluded,
        earned.is_met if earned else False,
        indicator.reason,
        indicator.measures,
        indicator.office,
        evidence,
        shown,
        refusal,
        indicator.excluded,
    )


def evaluate_scheme(
    scheme: Scheme, rows: Sequence[Row], on: date, grades: Sequence[scoring.Grade], thresholds: Warnings
) -> Evaluation:
    """The sheet of rows already worked out."""
    counted = [(row.score, row.weight) for row in rows if not row.excluded]
    total = scoring.total(counted, scheme.total, grades)
    weights = sum((row.weight for row in rows), Decimal(0))
    return Evaluation(scheme, scheme.year, on, rows, weights, total, _doubts(rows, thresholds))


def formula_figure(indicator: Indicator, figures: dict[str, Figure]) -> Figure | None:
    """The figure that an indicator's own arithmetic makes out of several."""
    inputs = [figures[name] for name in sorted(names(indicator.formula)) if name in figures]
    values = {figure.id: Decimal(figure.value) for figure in inputs if figure.value is not None}
    lacking = next((figure.missing for figure in inputs if figure.value is None), "")
    value = None if lacking or names(indicator.formula) - values.keys() else evaluate(indicator.formula, values)
    missing = "" if value is not None else lacking or "算式没有结果，请检查取数。"
    return Figure(
        indicator.code,
        indicator.name,
        value,
        indicator.unit,
        2,
        None,
        None,
        indicator.formula,
        tuple(dict.fromkeys(part for figure in inputs for part in figure.rows)),
        "、".join(dict.fromkeys(figure.source for figure in inputs)),
        missing=missing,
    )


def _figure(indicator: Indicator, figures: dict[str, Figure]) -> Figure | None:
    if indicator.is_judged or not indicator.formula:
        return None
    return figures.get(indicator.formula) or formula_figure(indicator, figures)


def _number(figure: Figure | None) -> Decimal | None:
    return None if figure is None or figure.value is None else Decimal(figure.value)


def _refusal(indicator: Indicator, figure: Figure | None, reached: Reached | None, evidence: int) -> str:
    if reached is None:
        if indicator.is_judged:
            return "还没有评定，请办理“评定”。"
        return (figure.missing if figure else "") or "没有取数，不能得分，请在“修改”中选择数字。"
    if indicator.needs_file and not evidence:
        return f"还缺佐证（{indicator.evidence or '文件'}），不能得分，请上传。"
    return ""


def _actual(indicator: Indicator, figure: Figure | None, reached: Reached | None) -> str:
    if reached is None:
        return "—"
    if figure is not None:
        places = figure.places if indicator.places is None else indicator.places
        return f"{printed(figure.value, places)}{indicator.unit or figure.unit}"
    if isinstance(reached, date):
        return f"{reached.isoformat()} 完成"
    return scoring.band_of(reached).name


def _doubts(rows: Sequence[Row], thresholds: Warnings) -> list[str]:
    """What whoever checks the evaluation will ask about: high marks with little spent, targets set too low."""
    found = []
    spending = next((row for row in rows if row.indicator.is_execution and isinstance(row.reached, Decimal)), None)
    if spending is not None:
        found += _spending_doubts(rows, spending, thresholds)
    for row in rows:
        if row.direction == "≥" and isinstance(row.reached, Decimal) and row.unit != "%":
            goal = row.indicator.goal.value
            if goal and 100 * row.reached / goal > thresholds.over_fulfilled:
                share = plain((100 * row.reached / goal).quantize(Decimal(1)))
                found.append(f"“{row.name}”完成目标的 {share}%，目标可能定得偏低，请说明。")
    return found


def _spending_doubts(rows: Sequence[Row], spending: Row, thresholds: Warnings) -> list[str]:
    rate = cast(Decimal, spending.reached)
    found = []
    if rate < HUNDRED - thresholds.unspent:
        found.append(f"预算执行率 {_cents(rate)}%，未执行超过 {plain(thresholds.unspent)}%。")
    others = [row for row in rows if row is not spending and row.score is not None]
    possible = sum((row.weight for row in others), Decimal(0))
    if not possible:
        return found
    earned = 100 * sum((row.score for row in others if row.score is not None), Decimal(0)) / possible
    gap = 100 * (earned - rate) / earned if earned else Decimal(0)
    if gap > thresholds.score_over_spending:
        rates = f"其他指标得分率 {_cents(earned)}%，预算执行率 {_cents(rate)}%，相差其 {_cents(gap)}%"
        found.append(f"{rates}：得分偏高而支出偏低，上级审核时会要求说明。")
    if rate < thresholds.reason_below and not spending.reason:
        found.append(f"预算执行率低于 {plain(thresholds.reason_below)}%，须写明原因。")
    return found


def _cents(value: Decimal) -> str:
    return plain(value.quantize(scoring.CENT))
