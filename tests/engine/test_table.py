"""Instances without meaning are refused in Chinese; the layout keeps owners apart."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from bianwang.engine.semantics import Kind, Op
from bianwang.engine.table import BLOCK, PARAMS, Instance, RuleError, compile_table

GOOD: dict[str, Any] = {"key": 5, "signal": 1, "owner": 1, "kind": Kind.THRESHOLD, "limit": 10.0}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"signal": -1}, "信号编号"),
        ({"signal": 2**32}, "信号编号"),
        ({"key": 2**63}, "编号 key"),
        ({"owner": 2**63}, "所属单位"),
        ({"hold_ms": -1}, "持续时长"),
        ({"quiet_ms": -1}, "恢复时长"),
        ({"stale_ms": 2**60}, "失效时长"),
        ({"n": 4, "m": 3}, "N 为 4"),
        ({"n": 0}, "N 为 0"),
        ({"m": 65}, "M 为 65"),
        ({"limit": math.nan}, "限值"),
        ({"limit": math.inf}, "限值"),
        ({"hysteresis": -1.0}, "回差"),
        ({"hysteresis": math.nan}, "回差"),
        ({"window_ms": 10}, "没有窗口"),
        ({"kind": Kind.RATE}, "window_ms"),
        ({"kind": Kind.SILENCE}, "window_ms"),
        ({"kind": Kind.SILENCE, "window_ms": 10, "m": 2}, "M 次中 N 次"),
        ({"kind": Kind.SILENCE, "window_ms": 10, "stale_ms": 5}, "失效时长"),
        ({"op": Op.OUTSIDE}, "上限"),
        ({"op": Op.OUTSIDE, "limit_high": 9.0}, "上限"),
        ({"op": Op.OUTSIDE, "limit_high": 12.0, "hysteresis": 1.5}, "回差太大"),
    ],
)
def test_nonsense_is_refused_naming_the_instance(fields: dict[str, Any], words: str) -> None:
    compile_table([Instance(**GOOD)])
    with pytest.raises(RuleError, match=words) as refused:
        compile_table([Instance(**{**GOOD, **fields})])
    assert f"规则实例 {fields.get('key', 5)}" in str(refused.value)


def test_two_instances_with_one_key_are_refused() -> None:
    with pytest.raises(RuleError, match="规则实例编号 5 重复"):
        compile_table([Instance(**GOOD), Instance(**GOOD)])


def test_a_signal_of_two_owners_is_refused() -> None:
    with pytest.raises(RuleError, match="信号 1 同时属于单位 1 和 2"):
        compile_table([Instance(**GOOD), Instance(**{**GOOD, "key": 6, "owner": 2})])


def test_a_block_holds_signals_of_one_owner_only() -> None:
    sizes = {9: 1, 4: BLOCK, 7: BLOCK + 1}
    rules = [
        Instance(**{**GOOD, "key": owner * 1000 + i, "signal": owner * 1000 + i, "owner": owner})
        for owner, size in sizes.items()
        for i in range(size)
    ]
    table = compile_table(rules)
    assert table.owners.tolist() == [4, 7, 9]
    assert np.diff(table.block_first).tolist() == [BLOCK, BLOCK, 1, 1]
    assert table.owners[table.block_owner].tolist() == [4, 7, 7, 9]
    assert len(table) == 2 * BLOCK + 2


def test_definitions_can_be_compared_byte_by_byte() -> None:
    assert PARAMS.itemsize == sum(PARAMS[name].itemsize for name in PARAMS.names or ())
