"""Scoring rules at their boundaries, with published cases, and what holds for all of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from bianwang.modules.indicators import scoring
from bianwang.modules.indicators.scoring import FITTING, Grade, Rule, Target, score, total

D = Decimal
TEN = D(10)
GRADES = [Grade("优", D(90)), Grade("良", D(80)), Grade("中", D(60)), Grade("差", D(0))]

PUBLISHED = [
    # The bureau's own: 81 % executed of a target of 95 %: rate to whole per cent × weight.
    (Rule("rate", places=0), Target("at_least", D(95)), "80.81", 10, "8.10"),
    (Rule("rate", places=0), Target("at_least", D(95)), "81.20", 10, "8.10"),
    # A Chongqing form: 76 % gives 7.6.
    (Rule("rate"), Target("at_least", D(100)), "76", 10, "7.60"),
    # A provincial system: without a budget, nothing was executed.
    (Rule("rate"), Target("at_least", D(100)), "0", 10, "0.00"),
    (Rule("rate"), Target("at_least", D(100)), "103", 10, "10.00"),
    # The 中江 note: reached ÷ target × weight, never above the weight.
    (Rule("proportional"), Target("at_least", D(95)), "95", 10, "10.00"),
    (Rule("proportional"), Target("at_least", D(95)), "94.99", 10, "10.00"),
    (Rule("proportional"), Target("at_least", D(80)), "40", 10, "5.00"),
    (Rule("proportional"), Target("at_least", D(1)), "3", 10, "10.00"),
    # Reverse: target ÷ reached.
    (Rule("proportional"), Target("at_most", D(10)), "10", 10, "10.00"),
    (Rule("proportional"), Target("at_most", D(10)), "20", 10, "5.00"),
    (Rule("proportional"), Target("at_most", D(10)), "0", 10, "10.00"),
    (Rule("proportional"), Target("at_most", D(0)), "1", 10, "0.00"),
    # Reverse with target zero: a rule of its own.
    (Rule("zero"), Target("at_most", D(0)), "0", 10, "10.00"),
    (Rule("zero"), Target("at_most", D(0)), "1", 10, "0.00"),
    # 宁德: one point off for every one too few, until nothing is left.
    (Rule("step", each=D(1)), Target("at_least", D(12)), "12", 10, "10.00"),
    (Rule("step", each=D(1)), Target("at_least", D(12)), "9", 10, "7.00"),
    (Rule("step", each=D(1)), Target("at_least", D(12)), "0", 10, "0.00"),
    # 岳阳: half a point for every percentage point beyond; a begun one counts.
    (Rule("step", each=D("0.5"), step=D(1)), Target("at_most", D(5)), "5", 4, "4.00"),
    (Rule("step", each=D("0.5"), step=D(1)), Target("at_most", D(5)), "5.01", 4, "3.50"),
    (Rule("step", each=D("0.5"), step=D(1)), Target("at_most", D(5)), "7", 4, "3.00"),
    (Rule("met"), Target("between", D(3), D(5)), "3", 10, "10.00"),
    (Rule("met"), Target("between", D(3), D(5)), "5.01", 10, "0.00"),
    (Rule("step", each=D(2)), Target("between", D(3), D(5)), "2", 10, "8.00"),
    (Rule("met"), Target("equal", D(100)), "100", 10, "10.00"),
    (Rule("met"), Target("equal", D(100)), "99.99", 10, "0.00"),
    # The three classes: 80 % and 60 % belong to the better one.
    (Rule("bands"), Target("quality"), "80", 10, "8.00"),
    (Rule("bands"), Target("quality"), "60", 10, "6.00"),
    (Rule("bands"), Target("quality"), "59.99", 10, "6.00"),
]


@pytest.mark.parametrize(("rule", "target", "reached", "weight", "points"), PUBLISHED)
def test_a_published_case(rule: Rule, target: Target, reached: str, weight: int, points: str) -> None:
    assert score(rule, target, D(reached), D(weight)).points == D(points)


@pytest.mark.parametrize(("day", "points"), [("2022-11-30", 10), ("2022-12-01", 9), ("2022-12-11", 0)])
def test_a_day_is_kept_until_its_end(day: str, points: int) -> None:
    target = Target("by_day", day=date(2022, 11, 30))
    assert score(Rule("step", each=D(1)), target, date.fromisoformat(day), TEN).points == points


@pytest.mark.parametrize(("percent", "name"), [(100, "达成预期"), (80, "达成预期"), (79, "部分达成并具有一定效果")])
def test_a_class_includes_its_lower_bound(percent: int, name: str) -> None:
    assert scoring.band_of(D(percent)).name == name


def test_a_rule_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="不能用"):
        score(Rule("zero"), Target("at_least", D(1)), D(1), TEN)


numbers = st.decimals(min_value=0, max_value=1000, places=2)
targets = st.decimals(min_value=D("0.01"), max_value=1000, places=2)


@given(
    reached=numbers,
    target=targets,
    weight=st.decimals(min_value=D("0.5"), max_value=50, places=2),
    direction=st.sampled_from(["at_least", "at_most", "equal"]),
    data=st.data(),
)
def test_points_lie_between_nothing_and_the_weight(
    reached: Decimal, target: Decimal, weight: Decimal, direction: str, data: st.DataObject
) -> None:
    kind = data.draw(st.sampled_from([kind for kind in FITTING[direction] if kind != "zero"]))
    found = score(Rule(kind, each=D(1)), Target(direction, target), reached, weight)
    assert 0 <= found.points <= weight
    if found.is_met and kind != "rate":
        assert found.points == weight


@given(one=numbers, two=numbers, target=targets, kind=st.sampled_from(["met", "proportional", "rate", "step"]))
def test_more_never_earns_less(one: Decimal, two: Decimal, target: Decimal, kind: str) -> None:
    low, high = sorted((one, two))
    rule = Rule(kind, each=D(1))
    assert (
        score(rule, Target("at_least", target), low, TEN).points
        <= score(rule, Target("at_least", target), high, TEN).points
    )


@pytest.mark.parametrize(
    ("points", "grade"), [("90", "优"), ("89.99", "良"), ("80", "良"), ("79.99", "中"), ("60", "中"), ("59.99", "差")]
)
def test_no_total_falls_between_two_grades(points: str, grade: str) -> None:
    assert total([(D(points), D(100))], D(100), GRADES).grade == grade


def test_what_does_not_apply_is_left_out_and_the_rest_brought_to_the_whole() -> None:
    found = total([(D(10), TEN)] * 8 + [(D(5), TEN)], D(100), GRADES)
    assert (found.earned, found.possible, found.points) == (D(85), D(90), D("94.44"))


def test_what_has_no_score_yet_earns_nothing() -> None:
    assert total([(D(10), TEN), (None, TEN)], D(100), GRADES).points == 50
