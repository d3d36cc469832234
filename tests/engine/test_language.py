"""Text to tree and back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from bianwang.engine import formula as f
from bianwang.engine.formula import FormulaError
from bianwang.engine.language import DEPTH, parse
from bianwang.engine.printing import duration, text
from tests.engine.trees import formulas

A, B, C, X = (f.Signal(name) for name in "abcx")


def above(signal: f.Signal, limit: float, unit: str = "") -> f.Comparison:
    return f.Comparison(f.ComparisonOp.GT, signal, f.Literal(limit, unit))


P, Q, R = above(A, 1), above(B, 2), above(C, 3)
FIVE = f.Interval(0, 5_000)


def refused(formula: str, *parameters: str) -> str:
    with pytest.raises(FormulaError) as caught:
        parse(formula, parameters)
    return str(caught.value)


@given(formulas(["a", "b.c", "炉温", "Volume Flow RateRMS", "炉温（上）", "once"]))
def test_the_text_of_a_tree_reads_as_the_same_tree(tree: f.TruthNode) -> None:
    assert parse(text(tree)) == tree


@pytest.mark.parametrize(
    ("formula", "tree"),
    [
        ("a > 1 implies b > 2 implies c > 3", f.Implies(P, f.Implies(Q, R))),
        ("a > 1 or b > 2 and c > 3", f.Or(P, f.And(Q, R))),
        ("(a > 1 or b > 2) and c > 3", f.And(f.Or(P, Q), R)),
        ("a > 1 or b > 2 or c > 3", f.Or(f.Or(P, Q), R)),
        ("a > 1 and b > 2 since[0, 5s] c > 3", f.And(P, f.Since(Q, R, FIVE))),
        ("a > 1 since[0, 5s] b > 2 since c > 3", f.Since(f.Since(P, Q, FIVE), R, f.Interval())),
        ("not a > 1 since[0, 5s] not b > 2", f.Since(f.Not(P), f.Not(Q), FIVE)),
        ("not a > 1", f.Not(P)),
        ("not not a > 1", f.Not(f.Not(P))),
        ("rise a > 1 and fall(b > 2)", f.And(f.Rise(P), f.Fall(Q))),
        ("once[0,5s] a > 1", f.Once(P, FIVE)),
        ("historically[0, 5s] once a > 1", f.Historically(f.Once(P, f.Interval()), FIVE)),
        ("prev(a > 1)", f.PreviousTruth(P)),
    ],
)
def test_what_binds_how(formula: str, tree: f.TruthNode) -> None:
    assert parse(formula) == tree


@pytest.mark.parametrize(
    ("number", "canonical"),
    [
        ("a - b - c", "a - b - c"),
        ("a - (b - c)", "a - (b - c)"),
        ("((a)) * (b + -c) / 2", "a * (b + -c) / 2"),
        ("-(a + b)", "-(a + b)"),
        ("-a * b", "-a * b"),
        ("(a * b) + (c)", "a * b + c"),
        ("mean(a, 5min) - ewma(b, 600s)", "mean[0, 5min](a) - ewma(b, 10min)"),
        ("count(b > 2, 10min)", "count[0, 10min](b > 2)"),
        ("abs(a - prev(a))", "abs(a - prev(a))"),
    ],
)
def test_numbers_are_written_with_the_fewest_parentheses(number: str, canonical: str) -> None:
    assert text(parse(f"{number} > x")) == f"{canonical} > x"


@pytest.mark.parametrize("word", ["once[0ms, 3000ms] (x > 3)", "once [0, 3s] x > 3", "once[0,0.05 min] (((x > 3)))"])
def test_one_duration_may_be_written_in_many_ways(word: str) -> None:
    assert text(parse(word)) == "once[0, 3s](x > 3)"


@pytest.mark.parametrize(
    ("written", "canonical"),
    [("[0, inf]", ""), ("[5s, inf]", "[5s, inf]"), ("[0, hold]", "[0, hold]"), ("[hold, 1d]", "[hold, 1d]")],
)
def test_bounds_may_be_parameters_or_missing(written: str, canonical: str) -> None:
    tree = parse(f"once{written}(x > 3)", ["hold"])
    assert text(tree) == f"once{canonical}(x > 3)"
    assert parse(text(tree), ["hold"]) == tree


def test_only_the_names_of_parameters_are_parameters() -> None:
    assert parse("a > b", ["b"]) == f.Comparison(f.ComparisonOp.GT, A, f.ParameterRef("b"))


@given(st.integers(0, 10**12))
def test_durations_are_written_exactly(length: int) -> None:
    tree = f.Once(P, f.Interval(length, None))
    assert parse(text(tree)) == tree


def test_durations_are_written_in_the_largest_unit_that_fits() -> None:
    assert [duration(ms) for ms in (0, 1_500, 90_000, 1_800_000, 86_400_000)] == ["0", "1500ms", "90s", "30min", "1d"]


@pytest.mark.parametrize(
    ("literal", "value", "unit"),
    [
        ("25 %LEL", 25, "%LEL"),
        ("80℃", 80, "℃"),
        ("0.4 MPa", 0.4, "MPa"),
        ("8.0 m/s", 8, "m/s"),
        ("10 mg/m³", 10, "mg/m³"),
        ("1e3", 1000, ""),
        ("-3.5 kPa", -3.5, "kPa"),
    ],
)
def test_numbers_may_have_units(literal: str, value: float, unit: str) -> None:
    limit = above(X, value, unit)
    assert parse(f"x > {literal}") == limit
    assert parse(f"x > {literal} and a > 1") == f.And(limit, P)
    assert parse(text(limit)) == limit


def test_full_width_marks_comments_and_lines_are_read() -> None:
    assert text(parse("once［0，3s］（x＞3）# 说明：（x＜1\n and x ！＝ 4")) == "once[0, 3s](x > 3) and x != 4"
    assert text(parse("once【0，3s】（x＞25\u3000％LEL）")) == "once[0, 3s](x > 25 %LEL)"
    assert parse("`炉温（上）` > 1") == above(f.Signal("炉温（上）"), 1)


@pytest.mark.parametrize(
    ("written", "begin", "end"),
    [
        ('within("08:00-18:00")', 480, 1080),
        ("within(“8：30-18：00”)", 510, 1080),
        ('within("00:00-24:00")', 0, 1440),
        ("night", 1320, 360),
    ],
)
def test_times_of_day(written: str, begin: int, end: int) -> None:
    tree = f.Calendar(f.CalendarKind.WITHIN, begin, end)
    assert parse(written) == tree == parse(text(tree))


@pytest.mark.parametrize(
    ("written", "tree"),
    [
        ("hysteresis(x > 3, 0.5)", f.Comparison(f.ComparisonOp.GT, X, f.Literal(3), f.Literal(0.5))),
        ("outside(x, -1, 2)", f.Outside(X, f.Literal(-1), f.Literal(2))),
        ("hysteresis(outside(x, 1, 2), 0.1)", f.Outside(X, f.Literal(1), f.Literal(2), f.Literal(0.1))),
        ("votes(10, 30, a > 1)", f.Votes(f.Literal(10), f.Literal(30), P)),
        ("stale(x, 5min)", f.Stale(X, 300_000)),
        ("holiday", f.Calendar(f.CalendarKind.REST_DAY)),
        ("false", f.Constant(False)),
    ],
)
def test_functions(written: str, tree: f.TruthNode) -> None:
    assert parse(written) == tree
    assert text(tree) == written


def test_an_error_is_one_sentence_with_line_and_column() -> None:
    assert refused("x > 3 and\n  once[0, 30] x > 3") == (
        "公式第 2 行第 11 列：时间界限 30 没有单位，请写成 30s、30min 等（可用 ms、s、min、h、d）。"
    )


@pytest.mark.parametrize(
    ("formula", "column", "says"),
    [
        ("", 1, "却是公式结尾"),
        ("x >", 4, "却是公式结尾"),
        ("(x > 3", 7, "应为“)”"),
        ("x > 3)", 6, "多出了“)”"),
        ("x > 3 & a > 1", 7, "请写 and"),
        ("x @ 3", 3, "不认识的字符“@”"),
        ("`x > 3", 1, "不认识的字符"),
        ("x = 3", 3, "两个等号"),
        ("(x = 3)", 4, "两个等号"),
        ("1 < x < 3", 7, "不能连写"),
        ("x > 5min", 5, "是时长"),
        ("x > 1e999", 5, "太大"),
        ("once[0, 1e999s] x > 3", 9, "太大"),
        ("once[0, 1e308d] x > 3", 9, "太大"),
        ("once[5s, 1s] x > 3", 6, "下界大于上界"),
        ("once[-3s, 5s] x > 3", 6, "不能小于 0"),
        ("once[0, 0.5ms] x > 3", 9, "不是整毫秒"),
        ("once[0, 3 %] x > 3", 9, "时间单位“%”不认识"),
        ("once[0, soon] x > 3", 9, "应为时长"),
        ("once[inf, 3s] x > 3", 6, "应为时长"),
        ("mean(x) > 3", 1, "没有止境"),
        ("max[0, inf](x) > 3", 1, "没有止境"),
        ("mean[1s, 5s](x) > 3", 1, "从 0 开始"),
        ("min[0, 0](x) > 3", 1, "大于 0"),
        ("stale(x, 0)", 10, "大于 0"),
        ("stale(x > 1, 5s)", 9, "只能用于一个信号"),
        ("ewma(x + 1, 5s) > 1", 8, "只能用于一个信号"),
        ("hysteresis(not x > 1, 1)", 1, "须为一个比较"),
        ("hysteresis(hysteresis(x > 1, 1), 2)", 25, "只能写一次"),
        ("hysteresis(x > 1, a)", 19, "须为一个数或参数"),
        ("votes(1, 2, true)", 1, "须为一个比较"),
        ('within("8-18")', 8, "时段看不懂"),
        ('within("24:30-06:00")', 8, "00:00 到 24:00"),
        ("x > 3 holiday", 7, "多出了"),
        ("x > 3 AND a > 1", 7, "多出了“AND”，请检查括号，或用 and、or 连接"),
        ("and x > 3", 1, "“and”不能用在这里"),
    ],
)
def test_what_cannot_be_read_is_explained(formula: str, column: int, says: str) -> None:
    error = refused(formula)
    assert error.startswith(f"公式第 1 行第 {column} 列：")
    assert says in error


def opened(start: str, end: str, times: int) -> str:
    return start * times + "x > 3" + end * times


@pytest.mark.parametrize("times", [2 * DEPTH, 20_000])
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("(", ")"),
        ("not ", ""),
        ("once[0, 1s](", ")"),
        ("prev(", ")"),
        ("count[0, 5s](", ", 1s)"),
        ("a > 1 and ", ""),
        ("a > 1 since ", ""),
        ("a > 1 implies ", ""),
        ("a + ", ""),
        ("-", ""),
        ("abs(", ")"),
        ("votes(", ")"),
        ("stale(", ")"),
    ],
)
def test_depth_is_refused_before_python_gives_up(start: str, end: str, times: int) -> None:
    assert "层，请拆成几条规则" in refused(opened(start, end, times))


@pytest.mark.parametrize(
    ("start", "end"),
    [("(", ")"), ("not ", ""), ("historically[0, 1s](", ")"), ("a > 1 or ", ""), ("a > 1 implies ", ""), ("a + ", "")],
)
def test_what_is_deep_but_not_too_deep_is_read_and_written(start: str, end: str) -> None:
    tree: Any = parse(opened(start, end, DEPTH - 3))
    assert parse(text(tree)) == tree


@given(st.text("ab1.5s[](),<>=+-*/ \n#`\"（：") | st.lists(st.sampled_from(
    ["x", "3", "5s", "(", ")", "[0, 5s]", "not ", " and ", " since", "once", ">", ",", "-", "mean", "votes", "prev"]
)).map("".join))  # fmt: skip
def test_any_text_is_a_tree_or_a_sentence(formula: str) -> None:
    try:
        tree = parse(formula)
    except FormulaError:
        return
    assert parse(text(tree)) == tree
