"""What has no meaning is refused, and what a formula uses is told."""

from __future__ import annotations

import pytest
from hypothesis import given

from bianwang.engine import formula as f
from bianwang.engine.check import Checked, check, check_evidence, nodes
from bianwang.engine.formula import FormulaError
from bianwang.engine.language import parse
from bianwang.engine.printing import text
from tests.engine.trees import formulas

SIGNATURE = f.Signature(
    {
        "x": f.SignalSpec(),
        "y": f.SignalSpec(),
        "temperature": f.SignalSpec(unit="℃"),
        "pressure": f.SignalSpec(unit="kPa"),
    },
    {
        "limit": f.ParameterSpec(),
        "hot": f.ParameterSpec(unit="℃"),
        "hold": f.ParameterSpec(is_duration=True),
    },
)


def checked(formula: str, signature: f.Signature = SIGNATURE) -> Checked:
    return check(parse(formula, signature.parameters), formula, signature)


def refused(formula: str) -> str:
    with pytest.raises(FormulaError) as caught:
        checked(formula)
    return str(caught.value)


@given(formulas(["x", "y"]))
def test_random_formulas_have_a_meaning(tree: f.TruthNode) -> None:
    assert set(check(tree, text(tree), SIGNATURE).signals) <= {"x", "y"}


def test_names_are_told_in_order_of_first_appearance() -> None:
    found = checked("y > limit and once[0, hold](x > y) and temperature > hot")
    assert found.signals == ("y", "x", "temperature")
    assert found.parameters == ("limit", "hold", "hot")


def test_how_long_a_sample_is_believed_may_be_a_parameter() -> None:
    signature = f.Signature(
        {"x": f.SignalSpec(believed=f.ParameterRef("hold"))}, {"hold": f.ParameterSpec(is_duration=True)}
    )
    assert checked("x > 3", signature).parameters == ("hold",)


@pytest.mark.parametrize(
    ("formula", "is_event"),
    [
        ("x > 3", False),
        ("rise(x > 3)", True),
        ("fall(x > 3)", True),
        ("prev(rise(x > 3))", True),
        ("prev(x > 3)", False),
        ("rise(x > 3) and y > 1", True),
        ("y > 1 and rise(x > 3)", True),
        ("rise(x > 3) or fall(x > 3)", True),
        ("rise(x > 3) or y > 1", False),
        ("not rise(x > 3)", False),
        ("once[0, 5s] rise(x > 3)", False),
        ("rise(x > 3) implies y > 1", False),
        ("rise(x > 3) since y > 1", False),
    ],
)
def test_events_are_told_from_states(formula: str, is_event: bool) -> None:
    assert checked(formula).is_event is is_event


@pytest.mark.parametrize(
    "formula",
    [
        "temperature > 80 and temperature > 80℃ and temperature > limit and temperature > hot",
        "hysteresis(temperature > 80℃, 2℃)",
        "outside(temperature, 10℃, hot)",
        "slope[0, 5min](temperature) > 0.5 ℃/s",
        "zscore(temperature, 5min) > 3 and ewma(temperature, 5min) > 3℃",
        "count[0, 5min](temperature > 3) > 3",
        "temperature * pressure > 3 and temperature / pressure > 3 kPa",
        "temperature * 2 > 80℃ and temperature / x > 80℃ and 2 * temperature + 1 > 80℃",
        "abs(temperature - prev(temperature)) > 5℃",
        "mean[0, 5min](temperature) - min[0, hold](temperature) > 5℃",
        "votes(10, 30, x < 3) and votes(1, 64, mean[0, 5min](x) < limit)",
        "votes(limit, 30, hysteresis(x < 3, 1)) and votes(1, 2, outside(x, 1, 2))",
        "historically[0, 3660d](x > 1)",
    ],
)
def test_what_has_a_meaning_is_accepted(formula: str) -> None:
    assert checked(formula).tree == parse(formula, SIGNATURE.parameters)


@pytest.mark.parametrize(
    ("formula", "column", "says"),
    [
        ("temprature > 3", 1, "没有叫“temprature”的信号或参数，是不是“temperature”？可用的有：x、y、temperature"),
        ("x", 1, "请写成比较，如 x == 1、x > 0"),
        ("x + 1", 3, "却是数值"),
        ("y > 1 and x", 11, "却是数值"),
        ("count[0, 5s](x) > 1", 14, "却是数值"),
        ("(x > 1) + 2 > 3", 4, "却是条件"),
        ("abs(x > 1) > 3", 7, "却是条件"),
        ("mean[0, 5s](x > 1) > 3", 1, "请用 count"),
        ("x > hold", 5, "参数“hold”是时长"),
        ("once[0, limit](x > 3)", 9, "参数“limit”不是时长"),
        ("temperature > 3 kPa", 13, "“℃”不能与“kPa”"),
        ("temperature > pressure", 13, "“℃”不能与“kPa”"),
        ("pressure > hot", 10, "“kPa”不能与“℃”"),
        ("temperature + pressure > 1", 13, "“℃”不能与“kPa”"),
        ("hysteresis(temperature > 80, 2 kPa)", 24, "“℃”不能与“kPa”"),
        ("outside(temperature, 1, 2 kPa)", 1, "“℃”不能与“kPa”"),
        ("slope[0, 5s](temperature) > 1℃", 27, "“℃/s”不能与“℃”"),
        ("slope[0, 5s](x + y) > 1", 16, "slope 只能用于一个信号"),
        ("votes(1, 2, x + y > 1)", 19, "votes 只能用于一个信号"),
        ("votes(1, 2, x > y)", 15, "votes 只能用于一个信号"),
        ("votes(1, 2, mean[0, 5s](x + y) > 1)", 32, "votes 只能用于一个信号"),
        ("votes(3, 2, x > 1)", 7, "“2 次中 3 次”不成立"),
        ("votes(1, 65, x > 1)", 10, "1 到 64 的整数"),
        ("votes(1.5, 2, x > 1)", 7, "1 到 64 的整数"),
        ("votes(0, 2, x > 1)", 7, "1 到 64 的整数"),
        ("hysteresis(x == 1, 1)", 14, "回差只能用于 >、>=、<、<="),
        ("hysteresis(x > 1, -1)", 19, "回差不能小于 0"),
        ("hysteresis(outside(x, 1, 2), 5)", 30, "回差太大"),
        ("outside(x, 2, 1)", 1, "下限 2 大于上限 1"),
        ("once[0, 3661d](x > 1)", 1, "时长超过 10 年"),
        ("max[0, 3661d](x) > 1", 1, "时长超过 10 年"),
        ("stale(x, 3661d)", 1, "时长超过 10 年"),
    ],
)
def test_what_has_no_meaning_is_explained(formula: str, column: int, says: str) -> None:
    error = refused(formula)
    assert error.startswith(f"公式第 1 行第 {column} 列：")
    assert says in error


@pytest.mark.parametrize("formula", ["x > lmit", "stale(x, lmit)"])
def test_a_parameter_that_is_not_declared_is_refused(formula: str) -> None:
    with pytest.raises(FormulaError, match="没有叫“lmit”的信号或参数，是不是“limit”？"):
        check(parse(formula, ["lmit"]), formula, SIGNATURE)


def test_nodes_come_in_the_order_of_the_text() -> None:
    found = [node.name for node in nodes(parse("x > 1 since outside(y, 1, 2) or z > 1")) if isinstance(node, f.Signal)]
    assert found == ["x", "y", "z"]


@pytest.mark.parametrize(
    ("formula", "spec"),
    [
        ("x > 3", f.SignalSpec(initial=0.0)),
        ("x > 3", f.SignalSpec(watched=True)),
        ("x > 3 or stale(x, 5min)", f.SignalSpec()),
        ("stale(x, 5min)", f.SignalSpec()),
    ],
)
def test_evidence_that_will_come_or_be_missed_is_accepted(formula: str, spec: f.SignalSpec) -> None:
    check_evidence(parse(formula), formula, f.Signature({"x": spec}))


def test_evidence_that_may_never_come_is_refused_with_three_remedies() -> None:
    signature = f.Signature({"x": f.SignalSpec(initial=0.0), "y": f.SignalSpec()})
    formula = "stale(x, 5min) or\n mean[0, 5s](y) > 3"
    with pytest.raises(FormulaError, match=r"^公式第 2 行第 14 列：信号“y”") as caught:
        check_evidence(parse(formula), formula, signature)
    assert all(remedy in str(caught.value) for remedy in ("初值（initial）", "stale(y, 5min)", "设备离线规则看守"))
