"""Instances without meaning are refused in Chinese; the layout keeps owners apart."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from bianwang.engine.plan import BLOCK
from bianwang.engine.table import RuleError, compile_table
from tests.engine.rules import rule


@pytest.mark.parametrize(
    ("text", "fields", "words"),
    [
        ("x > limit", {"signals": (-1,)}, "信号编号"),
        ("x > limit", {"signals": (2**32,)}, "信号编号"),
        ("x > limit", {"signals": (1, 2)}, "用到 1 个信号，给出了 2 个"),
        ("x > limit", {"key": 2**63}, "编号 key"),
        ("x > limit", {"owner": 2**63}, "所属单位"),
        ("x > limit", {"hold_ms": -1}, "持续时长"),
        ("x > limit", {"quiet_ms": 2**60}, "恢复时长"),
        ("x > limit", {"parameters": ()}, "有 1 个参数，给出了 0 个"),
        ("x > limit", {"parameters": (math.nan,)}, "参数“limit”必须是有限的数"),
        ("hysteresis(x > 1, limit)", {"parameters": (-1.0,)}, "回差"),
        ("votes(limit, 3, x > 1)", {"parameters": (4.0,)}, "N 不大于 M"),
        ("votes(1, limit, x > 1)", {"parameters": (65.0,)}, "M 不大于 64"),
        ("outside(x, 10, limit)", {"parameters": (9.0,)}, "下限 10 大于上限 9"),
        ("hysteresis(outside(x, 10, limit), 1.5)", {"parameters": (12.0,)}, "回差太大"),
        ("delta[0, span](x) > 1", {"parameters": (0.0,)}, "必须大于 0"),
        ("stale(x, span)", {"parameters": (0.0,)}, "必须大于 0"),
        ("stale(x, span)", {"parameters": (1.5,)}, "整毫秒"),
        ("once[5ms, span](x > 1)", {"parameters": (4.0,)}, "下界 5 毫秒大于上界 4 毫秒"),
        ("rise(x > limit)", {"parameters": (1.0,), "hold_ms": 5}, "瞬间"),
    ],
)
def test_nonsense_is_refused_naming_the_instance(text: str, fields: dict[str, Any], words: str) -> None:
    good = {"key": 5, "parameters": (20.0,)}
    with pytest.raises(RuleError, match=words) as refused:
        compile_table([rule(text, **{**good, **fields})])
    assert f"规则实例 {fields.get('key', 5)}" in str(refused.value)


def test_a_formula_without_signals_is_no_rule() -> None:
    with pytest.raises(RuleError, match="没有用到任何信号"):
        compile_table([rule("night")])


def test_two_instances_with_one_key_are_refused() -> None:
    with pytest.raises(RuleError, match="规则实例编号 5 重复"):
        compile_table([rule("x > 1", 5), rule("x > 2", 5)])


def test_a_signal_of_two_owners_is_refused() -> None:
    with pytest.raises(RuleError, match="信号 1 同时属于单位 1 和 2"):
        compile_table([rule("x > 1", 5), rule("x > 1", 6, owner=2)])


def test_a_block_holds_signals_of_one_owner_only() -> None:
    sizes = {9: 1, 4: BLOCK, 7: BLOCK + 1}
    rules = [
        rule("x > 1", owner * 1000 + i, signals=(owner * 1000 + i,), owner=owner)
        for owner, size in sizes.items()
        for i in range(size)
    ]
    plan = compile_table(rules).direct
    assert plan.owners.tolist() == [4, 7, 9]
    assert np.diff(plan.block_first).tolist() == [BLOCK, BLOCK, 1, 1]
    assert plan.owners[plan.block_owner].tolist() == [4, 7, 7, 9]
    assert len(plan.keys) == 2 * BLOCK + 2
