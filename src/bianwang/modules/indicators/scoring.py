"""The arithmetic of performance self-evaluation. Pure: no Django, no clock.

An indicator compares what was reached with its target and earns points of its weight by a rule:

- ``met``           all or nothing;
- ``proportional``  reached ÷ target × weight, never more than the weight; for ≤ target ÷ reached;
- ``rate``          the percentage itself × weight, as the bureau scored its execution in 2022: 81 % of 10 is 8.1;
- ``zero``          nothing may have happened: full, else nothing (target ÷ reached has no meaning for a target of 0);
- ``step``          `each` points off for every (begun) `step` beyond the target, until nothing is left;
- ``bands``         a judgement: 100–80 %, 80–60 %, 60–0 % of the weight.

Rules of 财预〔2020〕10号 and of published forms; which of them holds for an indicator is data.

>>> goal = Target(AT_LEAST, Decimal(95))
>>> score(Rule("rate", places=0), goal, Decimal("80.81"), Decimal(10)).points
Decimal('8.10')
>>> score(Rule("proportional"), goal, Decimal("80.81"), Decimal(10)).points
Decimal('8.51')
>>> score(Rule("zero"), Target(AT_MOST, Decimal(0)), Decimal(1), Decimal(10)).points
Decimal('0.00')
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import cast

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")

AT_LEAST, AT_MOST, EQUAL, BETWEEN, BY_DAY, QUALITATIVE = "at_least", "at_most", "equal", "between", "by_day", "quality"
DIRECTIONS = {
    AT_LEAST: "≥",
    AT_MOST: "≤",
    EQUAL: "=",
    BETWEEN: "区间",
    BY_DAY: "完成时限",
    QUALITATIVE: "定性",
}
RULES = {
    "met": "达标得满分，未达标不得分",
    "proportional": "按完成比例得分，封顶",
    "rate": "完成率 × 权重",
    "zero": "未发生得满分，发生不得分",
    "step": "每偏离一档扣分，扣完为止",
    "bands": "定性分档评分",
}
FITTING = {
    AT_LEAST: ("met", "proportional", "rate", "step"),
    AT_MOST: ("met", "proportional", "step", "zero"),
    EQUAL: ("met", "proportional", "rate", "step"),
    BETWEEN: ("met", "step"),
    BY_DAY: ("met", "step"),
    QUALITATIVE: ("bands",),
}
"""The rules that have a meaning for a direction."""

Reached = Decimal | date


@dataclass(frozen=True)
class Target:
    """What is to be reached: a number, an interval (`value` to `high`) or a day."""

    direction: str
    value: Decimal | None = None
    high: Decimal | None = None
    day: date | None = None

    def deviation(self, reached: Reached) -> Decimal:
        """How far the target was missed, in its unit (days for a day); nothing when it was met."""
        if isinstance(reached, date):
            return Decimal(max(0, (reached - cast(date, self.day)).days))
        if self.value is None:
            return NOTHING
        if self.direction == AT_LEAST:
            return max(NOTHING, self.value - reached)
        if self.direction == AT_MOST:
            return max(NOTHING, reached - self.value)
        if self.direction == EQUAL:
            return abs(reached - self.value)
        return max(NOTHING, self.value - reached, reached - cast(Decimal, self.high))


@dataclass(frozen=True)
class Rule:
    """How points are earned. `places`: what was reached is first rounded to so many decimals (half up)."""

    kind: str
    places: int | None = None
    each: Decimal = Decimal(0)
    step: Decimal = Decimal(1)


@dataclass(frozen=True)
class Score:
    """What an indicator earned, and how, in words that anybody can work out again."""

    points: Decimal
    working: str
    is_met: bool


@dataclass(frozen=True)
class Band:
    """A class of a qualitative judgement and the share of the weight that it may earn, in per cent."""

    code: str
    name: str
    low: int
    high: int


BANDS = (
    Band("reached", "达成预期", 80, 100),
    Band("partly", "部分达成并具有一定效果", 60, 80),
    Band("missed", "未达成且效果较差", 0, 60),
)
"""100–80 % (含 80 %), 80–60 % (含 60 %), 60–0 %: so printed on published forms."""


def band_of(percent: Decimal) -> Band:
    """The class of a share: 80 belongs to the first, 60 to the second. Raises ValueError outside 0–100."""
    if not 0 <= percent <= 100:
        raise ValueError(f"定性评分须在 0 至 100 之间，现为 {percent}")
    return next(band for band in BANDS if percent >= band.low)


def score(rule: Rule, target: Target, reached: Reached, weight: Decimal) -> Score:
    """Points between nothing and the weight. For ``bands``, `reached` is the share of the weight in per cent.

    Raises ValueError for a rule that has no meaning for the target's direction.
    """
    if rule.kind not in FITTING[target.direction]:
        raise ValueError(f"“{DIRECTIONS[target.direction]}”型指标不能用“{RULES[rule.kind]}”计分")
    if isinstance(reached, Decimal) and rule.places is not None:
        reached = reached.quantize(Decimal(1).scaleb(-rule.places), ROUND_HALF_UP)
    if rule.kind == "bands":
        return _banded(cast(Decimal, reached), weight)
    missed = target.deviation(reached)
    points, words = _earned(rule, target, reached, missed, weight)
    points = min(weight, max(NOTHING, points)).quantize(CENT, ROUND_HALF_UP)
    return Score(points, f"{words} = {plain(points)}", not missed)


def _banded(reached: Decimal, weight: Decimal) -> Score:
    band = band_of(reached)
    points = (weight * reached / 100).quantize(CENT, ROUND_HALF_UP)
    return Score(points, f"{band.name}：{plain(weight)} × {plain(reached)}% = {plain(points)}", band is BANDS[0])


def _earned(rule: Rule, target: Target, reached: Reached, missed: Decimal, weight: Decimal) -> tuple[Decimal, str]:
    if rule.kind == "rate":
        return weight * cast(Decimal, reached) / 100, f"{plain(weight)} × {plain(reached)}%"
    if not missed:
        return weight, "达标，得满分"
    if rule.kind == "step":
        steps = (missed / rule.step).to_integral_value(ROUND_CEILING)
        words = f"{plain(weight)} − {plain(rule.each)} × {steps}（偏离 {plain(missed)}，每 {plain(rule.step)} 扣一次）"
        return weight - rule.each * steps, words
    if rule.kind == "proportional":
        return _proportional(target, cast(Decimal, reached), weight)
    return NOTHING, "未达标，不得分"


def _proportional(target: Target, reached: Decimal, weight: Decimal) -> tuple[Decimal, str]:
    wanted = cast(Decimal, target.value)
    part, whole = (wanted, reached) if target.direction == AT_MOST else (reached, wanted)
    if whole == 0:
        return NOTHING, "目标为 0，不能按比例计分，不得分"
    return weight * part / whole, f"{plain(weight)} × {plain(part)} ÷ {plain(whole)}"


@dataclass(frozen=True)
class Grade:
    """A class of the total, from so many points of a hundred."""

    name: str
    at_least: Decimal


@dataclass(frozen=True)
class Total:
    """The sum over the indicators that count, brought to the whole when some are excluded."""

    earned: Decimal
    possible: Decimal
    points: Decimal | None
    grade: str


def total(scores: Iterable[tuple[Decimal | None, Decimal]], whole: Decimal, grades: Iterable[Grade]) -> Total:
    """The total of (points, weight) pairs; a pair whose points are None has no score yet and earns nothing.

    Excluded indicators are left out by the caller: what the others could earn is then less than `whole`, and the
    sum is brought to it. The grade is taken from the share of the whole, in per cent.
    """
    pairs = list(scores)
    earned = sum((points for points, _ in pairs if points is not None), NOTHING)
    possible = sum((weight for _, weight in pairs), NOTHING)
    if not possible:
        return Total(NOTHING, NOTHING, None, "")
    points = (earned * whole / possible).quantize(CENT, ROUND_HALF_UP)
    ranked = sorted(grades, key=lambda grade: grade.at_least, reverse=True)
    grade = next((grade.name for grade in ranked if 100 * points / whole >= grade.at_least), "")
    return Total(earned, possible, points, grade)


def plain(value: Reached) -> str:
    """A number without needless zeros, at most four decimals; a day as it is written."""
    if isinstance(value, date):
        return value.isoformat()
    text = f"{value.quantize(Decimal('0.0001'), ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
