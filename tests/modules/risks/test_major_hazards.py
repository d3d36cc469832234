"""GB 18218: identification, grades at their boundaries, and nothing guessed."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bianwang.modules.risks.major_hazards import Unknown, identify, standard
from bianwang.processes.commands.calc import command


def unit(people: int, *items: tuple[str, float]) -> Any:
    return identify(people, [{"name": name, "q_t": amount} for name, amount in items])


def test_the_published_example() -> None:
    found = unit(10, ("甲醇", 30), ("过乙酸", 25), ("氟化氢", 2))
    assert (found.r, found.grade) == (Decimal("12.56"), "三级")
    assert found.arithmetic == (
        "S = 30/500 + 25/10 + 2/1 = 4.56 ≥ 1，构成重大危险源；R = 1×（1×30/500 + 1×25/10 + 5×2/1） = 12.56，三级"
    )


@pytest.mark.parametrize(
    ("people", "alpha"),
    [(0, "0.5"), (1, "1"), (29, "1"), (30, "1.2"), (49, "1.2"), (50, "1.5"), (99, "1.5"), (100, "2")],
)
def test_people_around(people: int, alpha: str) -> None:
    assert unit(people, ("氨", 10)).alpha == Decimal(alpha)


@pytest.mark.parametrize(
    ("amount", "grade"),
    [(49.99, "四级"), (50, "三级"), (249.99, "三级"), (250, "二级"), (499.99, "二级"), (500, "一级")],
)
def test_grades_at_their_boundaries(amount: float, grade: str) -> None:
    # 氨: beta 2, Q 10 t; R = 2 x q / 10 with alpha 1.
    assert unit(5, ("氨", amount)).grade == grade


def test_below_one_it_is_none() -> None:
    found = unit(200, ("氨", 9.999))
    assert (found.is_major, found.grade) == (False, "")
    assert "不构成重大危险源" in found.arithmetic
    assert unit(200, ("氨", 10)).is_major


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"name": "某某醇", "q_t": 1}, "不在 GB 18218-2018 的品名表里"),
        ({"name": "一氧化碳", "q_t": 1}, "没有临界量 Q"),
        ({"name": "甲醛", "q_t": 1}, "没有校正系数 β"),
        ({"class": "W99", "q_t": 1}, "危险性类别“W99”不在"),
        ({"q_t": 1}, "没有写 name（品名）或 class"),
        ({"name": "氨"}, "没有写 q_t"),
        ({"name": "氨", "q_t": "很多"}, "不是数字"),
        ({"name": "氨", "q_t": -1}, "不是可能的量"),
        ({"name": "氨", "q_t": float("nan")}, "不是可能的量"),
        ({"name": "氨", "q_t": 1, "beta": 2}, "不认识的字段“beta”"),
    ],
)
def test_nothing_is_guessed(item: dict[str, Any], words: str) -> None:
    with pytest.raises(Unknown, match=words):
        identify(0, [item])


def test_a_class_gives_what_the_name_does_not() -> None:
    found = identify(
        5, [{"name": "某某醇", "class": "W5.3", "q_t": 1000}, {"name": "一氧化碳", "class": "W2", "q_t": 10}]
    )
    assert [(share.threshold, share.factor) for share in found.shares] == [(1000, 1), (10, 2)]


@pytest.mark.parametrize("name", [each.name for each in standard().substances])
def test_every_row_of_the_tables_counts_with_a_class(name: str) -> None:
    assert identify(0, [{"name": name, "class": "W2", "q_t": 1}]).s > 0


def test_the_command(tmp_path: Path) -> None:
    file = tmp_path / "单元.json"
    file.write_text('{"people_500m": 10, "items": [{"name": "液氨", "q_t": 60}]}', encoding="utf-8")
    done = CliRunner().invoke(command, ["major-hazard", str(file)])
    found = json.loads(done.output)
    assert (done.exit_code, found["S"], found["R"], found["grade"]) == (0, 6.0, 12.0, "三级")
    for text in ('{"people_500m": 1, "items": [{"name": "无此物", "q_t": 1}]}', "不是 JSON", '{"items": []}', "[]"):
        file.write_text(text, encoding="utf-8")
        done = CliRunner().invoke(command, ["major-hazard", str(file)])
        assert done.exit_code == 2
        assert len(done.output.strip().splitlines()) == 1
