"""Working days, draws and ceilings: what anybody can recompute."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, strategies as st

import bianwang
from bianwang.modules.enforcement import ceilings, drawing, planning
from bianwang.modules.enforcement.ceilings import Made
from bianwang.modules.enforcement.drawing import Candidate, ImpossibleDraw, Inputs, Officer
from bianwang.platform.places.models import Enterprise

PACK = Path(bianwang.__file__).parent / "districts" / "bishan" / "inspection_ceilings.yaml"
ROWS = ceilings.parse(yaml.safe_load(PACK.read_text("utf-8")))
DAY = date(2026, 6, 1)
OFFICERS = tuple(Officer(f"渝B{number}", f"执法{number}") for number in range(5))
ENTERPRISES = tuple(Candidate(f"C{number:03}", f"企业{number}", ("red", "blue")[number % 2]) for number in range(40))


def test_working_days_of_the_published_example() -> None:
    days = planning.Workdays(statutory=247, people=22, other=2469, non_enforcement=1994)
    assert days.total == 5434
    assert days.available == 971
    assert [line[1] for line in days.lines()] == ["247 × 22 = 5434", "5434 − 2469 − 1994 = 971"]


def test_completion_counts_enterprises_not_visits() -> None:
    planned = list(range(52))
    assert planning.completion(planned, [number % 52 for number in range(314)]).percent == 100
    assert planning.completion(planned, range(51)).percent == 98.08
    assert planning.completion([], [1]).percent is None
    assert planning.removed_without_reason([1, 2, 3], [1], [2]) == {3}


def test_a_draw_is_the_same_byte_for_byte_in_whatever_order_its_inputs_stand() -> None:
    inputs = Inputs(ENTERPRISES, OFFICERS, {"": 3})
    result = drawing.draw("2026-01-15 福彩3D 358", inputs)
    assert result == ('[["C009",["渝B1","渝B2"]],["C030",["渝B3","渝B0"]],["C029",["渝B4","渝B2"]]]'), (
        "published records of this method must stay verifiable"
    )
    turned = Inputs(ENTERPRISES[::-1], OFFICERS[::-1], {"": 3})
    assert drawing.draw("2026-01-15 福彩3D 358", turned) == result
    assert turned.hash() == inputs.hash()
    assert drawing.draw("另一个种子", inputs) != result
    again = drawing.parse_inputs(inputs.canonical())
    assert drawing.draw("2026-01-15 福彩3D 358", again) == result


@given(seed=st.text(min_size=1, max_size=20), red=st.integers(0, 20), blue=st.integers(1, 20))
def test_a_stratified_draw_takes_its_quotas_and_spreads_the_officers(seed: str, red: int, blue: int) -> None:
    rows = drawing.parse_result(drawing.draw(seed, Inputs(ENTERPRISES, OFFICERS, {"red": red, "blue": blue})))
    strata = {row.code: row.stratum for row in ENTERPRISES}
    drawn = [strata[code] for code, _ in rows]
    assert (drawn.count("red"), drawn.count("blue")) == (red, blue)
    assert len({code for code, _ in rows}) == red + blue
    assert all(first != second for _, (first, second) in rows)
    load = [sum(officer.code in pair for _, pair in rows) for officer in OFFICERS]
    assert max(load) - min(load) <= 1


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (Inputs(ENTERPRISES, OFFICERS, {"": 41}), "只有 40 家"),
        (Inputs(ENTERPRISES, OFFICERS[:1], {"": 1}), "只有 1 名"),
        (Inputs(ENTERPRISES, OFFICERS, {"": 0}), "至少一家"),
        (Inputs(ENTERPRISES, OFFICERS[:2], {"": 1}, {("C007", "渝B1")}), "“企业7”的执法人员只有 1 名"),
        (Inputs(ENTERPRISES, OFFICERS, {"": 1, "red": 1}), "只能填一种"),
        (Inputs((*ENTERPRISES, ENTERPRISES[0]), OFFICERS, {"": 1}), "企业重复"),
    ],
)
def test_an_impossible_draw_says_why(inputs: Inputs, words: str) -> None:
    with pytest.raises(ImpossibleDraw, match=words):
        drawing.draw("种子", inputs)


@given(
    seed=st.text(min_size=1, max_size=20),
    away=st.frozensets(st.tuples(st.sampled_from(ENTERPRISES[:9]), st.sampled_from(OFFICERS[:3])), max_size=20),
)
def test_nobody_is_drawn_for_an_enterprise_that_he_keeps_away_from(
    seed: str, away: frozenset[tuple[Candidate, Officer]]
) -> None:
    exclusions = frozenset((enterprise.code, officer.code) for enterprise, officer in away)
    inputs = Inputs(ENTERPRISES, OFFICERS, {"": 40}, exclusions)
    result = drawing.draw(seed, inputs)
    pairs = {(code, officer) for code, pair in drawing.parse_result(result) for officer in pair}
    assert not pairs & exclusions
    assert drawing.draw(seed, drawing.parse_inputs(inputs.canonical())) == result, "the inputs say all"
    assert inputs.method == ("sha256-rank-2" if exclusions else "sha256-rank-1")


def test_ceilings_of_the_pack() -> None:
    def most(sector: str, grade: str) -> int:
        found = ceilings.pick(ROWS, sector=sector, grade=grade, day=DAY)
        assert found is not None
        return found.per_year

    assert [most("industry", grade) for grade in "1230"] == [1, 2, 4, 6]
    assert [most("chemicals", grade) for grade in "1230"] == [2, 4, 8, 12]
    assert [most("smelting", grade) for grade in "1230"] == [2, 4, 8, 12]
    named = {sector for row in ROWS for sector in row.sectors}
    assert named <= set(Enterprise.Sector.values), "a ceiling of a sector that no enterprise has binds nobody"
    assert ceilings.pick(ROWS, sector="industry", grade="1", day=date(2024, 12, 31)) is None
    assert {row.certainty for row in ROWS} == {"示例，须按本地规定核定"}


def test_complaints_major_hazards_and_rechecks_do_not_count() -> None:
    ceiling = ceilings.pick(ROWS, sector="industry", grade="2", day=DAY)
    assert ceiling is not None
    kinds = ["plan", "complaint", "major", "recheck", "campaign", "plan"]
    visits = [Made(number, date(2026, 1, 1 + number), kind) for number, kind in enumerate(kinds)]
    assert ceilings.over(ceiling, visits) == {5}
    assert ceilings.over(ceiling, visits[:5]) == set()


def test_the_refusal_names_the_ceiling_and_the_visits() -> None:
    ceiling = ceilings.pick(ROWS, sector="industry", grade="2", day=DAY)
    assert ceiling is not None
    made = [Made(1, date(2026, 3, 2), "campaign", "2026-03-02 专项检查"), Made(2, date(2026, 3, 9), "plan")]
    say = {"plan_kind": "plan", "enterprise": "甲厂"}
    assert ceilings.refusal(ceiling, made, planned=1, **say) == "", "the plan's own visit is one of its times"
    words = ceilings.refusal(ceiling, made, planned=2, **say)
    for part in ("甲厂", "将检查 3 次", "上限 2 次", "标准化二级企业", "国办发〔2024〕54号", "2026-03-02 专项检查"):
        assert part in words
