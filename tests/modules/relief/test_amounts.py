"""Amounts, resting money, numbers of persons, and the district's policies."""

from __future__ import annotations

import doctest
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings, strategies as st

import bianwang
from bianwang.modules.relief import amounts, pack, persons
from bianwang.modules.relief.amounts import Measure, Rate, Rest, due, resting
from bianwang.platform.config import ConfigError
from tests.modules.relief.things import id_number

RAW = yaml.safe_load((Path(bianwang.__file__).parent / "districts/bishan/relief.yaml").read_text("utf-8"))
EUROS = st.decimals(1, 50_000, places=2)


@pytest.mark.parametrize("module", [amounts, persons])
def test_worked_amounts(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "day", "measure", "amount"),
    [
        ("winter", date(2022, 11, 1), Measure(48), "19500.00"),
        ("repair_severe", date(2022, 7, 1), Measure(5, rooms=4), "6000.00"),
        ("repair_light", date(2022, 7, 1), Measure(5, rooms=3), "1500.00"),
        ("repair_light", date(2023, 1, 1), Measure(5, rooms=3), "4500.00"),
        ("rebuild", date(2022, 12, 31), Measure(3, rooms=4), "6000.00"),
        ("rebuild", date(2023, 1, 1), Measure(3, rooms=3), "15000.00"),
        ("rebuild", date(2023, 1, 1), Measure(3, rooms=4), "20000.00"),
        ("rebuild", date(2023, 1, 1), Measure(3, rooms=5), "20000.00"),
        ("emergency", date(2023, 1, 1), Measure(2, days=15), "600.00"),
        ("emergency", date(2023, 1, 1), Measure(2, days=16), "600.00"),
    ],
)
def test_policies_by_date(kind: str, day: date, measure: Measure, amount: str) -> None:
    assert due(pack.policy(kind, day).rate, measure) == Decimal(amount)


@settings(max_examples=60)
@given(EUROS, st.none() | EUROS, st.integers(0, 30), st.integers(0, 30))
def test_more_rooms_never_give_less_and_never_more_than_the_ceiling(
    rate: Decimal, ceiling: Decimal | None, rooms: int, more: int
) -> None:
    if ceiling is not None and ceiling < rate:
        with pytest.raises(ValueError, match="上限"):
            Rate("room", rate, ceiling)
        return
    row = Rate("room", rate, ceiling)
    few, many = due(row, Measure(1, rooms)), due(row, Measure(1, rooms + more))
    assert few <= many
    assert ceiling is None or many <= ceiling
    assert few == few.quantize(Decimal("0.01"))


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 90), EUROS), max_size=6), st.decimals(0, 100_000, places=2))
def test_what_rests_is_what_came_less_what_went(receipts: list[tuple[int, Decimal]], spent: Decimal) -> None:
    rows = [Rest(date(2022, 1, 1) + timedelta(days=day), amount) for day, amount in receipts]
    left = resting(rows, spent)
    came = sum((row.amount for row in rows), Decimal(0))
    assert sum((row.amount for row in left), Decimal(0)) == max(came - spent, Decimal(0))
    assert [row.day for row in left] == sorted(row.day for row in left)
    # The newest money is touched last.
    cut = date(2022, 2, 1)
    old = sum((row.amount for row in rows if row.day < cut), Decimal(0))
    assert sum((row.amount for row in left if row.day < cut), Decimal(0)) == max(old - spent, Decimal(0))


def test_members_are_read_line_by_line() -> None:
    text = f"李四 {id_number(1)}\n王五，{id_number(2)}；赵六  {id_number(3)}"
    assert [row.name for row in persons.members(text)] == ["李四", "王五", "赵六"]
    assert repr(persons.members(text)[0]) == "Person(…)"
    with pytest.raises(ValueError, match="第 2 人"):
        persons.members(f"李四 {id_number(1)}\n王五")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "unknown"}, "unknown"),
        ({"per": "head"}, "计发单位"),
        ({"amount": "0"}, "大于零"),
        ({"ceiling": "1"}, "上限"),
        ({"typo": 1}, "typo"),
    ],
)
def test_a_wrong_pack_is_refused_with_one_sentence(change: dict[str, object], words: str) -> None:
    raw = deepcopy(RAW)
    raw["policies"][0].update(change)
    with pytest.raises(ConfigError, match=words):
        pack.read(raw)


def test_every_policy_says_where_it_comes_from() -> None:
    assert all(row.source and row.certainty for row in pack.pack().policies)
