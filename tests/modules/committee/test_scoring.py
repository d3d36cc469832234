"""The arithmetic of the assessment: between nothing and full marks, and never worse for doing more."""

from __future__ import annotations

import doctest
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from bianwang.modules.committee import scoring
from bianwang.modules.committee.pack import read
from bianwang.modules.committee.scoring import Item, Mark, Tally, ranks, score, total
from bianwang.platform.config import ConfigError

FULL = st.decimals("0.5", "100", places=1)
ITEMS = st.builds(
    lambda full, way, deduction: Item("x", "项目", full, way, "tasks", ("town",), deduction),
    FULL,
    st.sampled_from(["proportional", "step", "veto"]),
    st.decimals("0.1", "10", places=1),
)
TALLIES = st.integers(0, 500).flatmap(lambda whole: st.builds(Tally, st.integers(0, whole), st.just(whole)))


def test_the_examples() -> None:
    assert doctest.testmod(scoring).failed == 0


@settings(max_examples=60, deadline=None)
@given(ITEMS, TALLIES)
def test_a_score_lies_between_nothing_and_full_marks(item: Item, tally: Tally) -> None:
    found = score(item, tally)
    if tally.whole == 0:
        assert found is None
    else:
        assert found is not None
        assert 0 <= found <= item.full
        if tally.failures == 0:
            assert found == item.full


@settings(max_examples=60, deadline=None)
@given(ITEMS, TALLIES)
def test_one_more_done_well_never_costs_anything(item: Item, tally: Tally) -> None:
    if tally.failures:
        before, after = score(item, tally), score(item, Tally(tally.good + 1, tally.whole))
        assert before is not None
        assert after is not None
        assert after >= before


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(FULL, st.integers(0, 100), st.booleans()), max_size=8))
def test_the_total_is_a_percentage(rows: list[tuple[Decimal, int, bool]]) -> None:
    marks = [Mark(full, (full * part / 100).quantize(scoring.CENT), veto) for full, part, veto in rows]
    found = total(marks)
    assert (found.percent is None) is (not rows)
    assert 0 <= (found.percent or 0) <= 100
    assert found.vetoed is any(mark.is_veto and mark.score == 0 for mark in marks)
    if found.vetoed:
        assert found.score == 0


def test_what_does_not_apply_does_not_count() -> None:
    found = total([Mark(Decimal(20), Decimal(15)), Mark(Decimal(80), None)])
    assert (found.full, found.percent) == (20, Decimal("75.00"))


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.integers(1, 50), st.decimals(0, 100, places=2), max_size=20))
def test_nobody_with_a_better_score_stands_behind(percents: dict[int, Decimal]) -> None:
    places = ranks(percents)
    for one in percents:
        assert places[one] == 1 + sum(percents[other] > percents[one] for other in percents)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"way": "magic", "record": "tasks"}, "计分方式"),
        ({"way": "step", "record": "tasks"}, "每次扣几分"),
        ({"way": "manual", "record": "tasks"}, "人工评分的不写"),
        ({"way": "veto"}, "其余的必须写"),
        ({"way": "veto", "record": "moon"}, "口径“moon”不认识"),
        ({"way": "veto", "record": "tasks", "full": "0"}, "大于零"),
    ],
)
def test_a_scheme_without_meaning_is_refused(item: dict[str, str], words: str) -> None:
    row = {"code": "x", "name": "项目", "full": "10", "levels": ["town"], **item}
    basis = {"source": "办法", "article": "", "certainty": "待核实", "valid_from": "2020-01-01"}
    with pytest.raises(ConfigError, match=words):
        read({"numbers": [], "notices": [], "schemes": [{"code": "yearly", "name": "办法", "items": [row], **basis}]})
