"""Questionnaires as text, and what an answer says."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bianwang.modules.outreach.questionnaire import LEVELS, Verdict, judge, parse, read_choices
from tests.modules.outreach.people import QUESTIONS, RIGHT, WRONG

ASKED = parse(QUESTIONS)


def test_questions_options_and_the_right_one() -> None:
    assert [(len(question.options), question.right) for question in ASKED] == [(3, 2), (2, 1), (5, 0)]
    assert ASKED[0].options[1] == "12350"
    assert ASKED[2].options == LEVELS


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "1 至 40 个问题"),
        ("A. 选项", "第一行应是问题"),
        ("问\nA. 甲\nB. 乙", "第 1 题"),
        ("问\n*A. 甲\n*B. 乙", "第 1 题"),
        ("问\n*A. 甲", "第 1 题"),
        ("好吗\n问\n*A. 甲", "第 2 题"),
        ("问\n" * 41, "现有 41 个"),
    ],
)
def test_what_is_wrong_with_a_text_is_named(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse(text)


@pytest.mark.parametrize("text", ["B A 5", "b,a,5", "2；1；5", "B、A、5"])
def test_a_paper_sheet_is_read(text: str) -> None:
    assert list(read_choices(text, ASKED)) == RIGHT


@pytest.mark.parametrize(
    ("text", "words"),
    [("B A", "读到 2 个"), ("B A 5 1", "读到 4 个"), ("D A 5", "第 1 题"), ("B A 0", "第 3 题"), ("B A 好", "读到")],
)
def test_a_wrong_sheet_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_choices(text, ASKED)


@pytest.mark.parametrize(
    ("chosen", "share", "level", "expected"),
    [
        (RIGHT, "0.6", "4", Verdict(True, True)),
        (WRONG, "0.6", "4", Verdict(False, False)),
        ([2, 2, 4], "0.5", "4", Verdict(True, True)),
        ([2, 2, 3], "0.51", "4", Verdict(False, False)),
    ],
)
def test_knowing_and_being_content_at_their_boundaries(
    chosen: list[int], share: str, level: str, expected: Verdict
) -> None:
    assert judge(chosen, ASKED, Decimal(share), Decimal(level)) == expected


def test_what_nobody_asked_is_not_judged() -> None:
    assert judge([1], parse("您满意吗？"), Decimal("0.6"), Decimal(4)) == Verdict(None, False)
    assert judge([1], parse("问\n*A. 甲\nB. 乙"), Decimal("0.6"), Decimal(4)) == Verdict(True, None)
