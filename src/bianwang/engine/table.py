"""Rules as data: instances, checked and laid out for the kernel."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bianwang.engine.plan import Plan, lay_out
from bianwang.engine.program import SPANNED, TEMPORAL, Program, Row, value_of
from bianwang.engine.semantics import MOST_VOTES

MAX_MS = 10 * 366 * 86_400_000
"""Longest window, interval, hold, quiet or believed time: ten years, far from the end of int64."""


class RuleError(ValueError):
    """A rule instance that has no meaning; the message says in Chinese which field and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Instance:
    """One program on the signals of one owner.

    key         the caller's stable number of this binding and level; names the verdict in Changes, snapshots
    owner       id of the unit that owns the signals
    signals     uint32 ids, one for each of ``program.signals``
    parameters  one for each of ``program.parameters``; durations in ms
    hold_ms, quiet_ms  see semantics.py; 0 = at once
    lateness_ms by how much its signals may come out of order; then it is judged only when ``advance`` says that nothing
                is outstanding
    is_traced   tells every change of the formula's truth instead of the verdict's
    """

    key: int
    owner: int
    program: Program
    signals: tuple[int, ...]
    parameters: tuple[float, ...] = ()
    hold_ms: int = 0
    quiet_ms: int = 0
    lateness_ms: int = 0
    is_traced: bool = False

    @property
    def waits(self) -> bool:
        """Whether it is judged only when nothing older is outstanding."""
        return self.lateness_ms > 0 or len(set(self.signals)) > 1

    @property
    def horizon_ms(self) -> int | None:
        """How far back the formula looks, None if without bound; hold and quiet time come on top."""
        return self.program.horizon_ms(dict(zip(self.program.parameters, self.parameters, strict=True)))


@dataclass(frozen=True)
class Table:
    """Checked instances: those judged as their samples arrive, and those that wait."""

    direct: Plan
    waiting: Plan
    keys: NDArray[np.int64] = field(repr=False)
    fingerprints: NDArray[np.uint64] = field(repr=False)

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def signals(self) -> NDArray[np.uint32]:
        """Every signal that is judged."""
        return np.union1d(self.direct.signals, self.waiting.signals)


def compile_table(instances: Iterable[Instance]) -> Table:
    """Check the instances and lay them out. Raises RuleError for the first one that makes no sense."""
    rows = list(instances)
    for instance in rows:
        _check(instance)
    _check_together(rows)
    direct = lay_out([row for row in rows if not row.waits])
    waiting = lay_out([row for row in rows if row.waits])
    return Table(
        direct=direct,
        waiting=waiting,
        keys=np.concatenate([direct.keys, waiting.keys]),
        fingerprints=np.concatenate([direct.fingerprints, waiting.fingerprints]),
    )


def changed_keys(old: Table, new: Table) -> tuple[set[int], set[int]]:
    """Keys whose instance is new or differs in ``new``, and keys that ``new`` has no more."""
    before = dict(zip(old.keys.tolist(), old.fingerprints.tolist(), strict=True))
    after = dict(zip(new.keys.tolist(), new.fingerprints.tolist(), strict=True))
    changed = {key for key, fingerprint in after.items() if before.get(key) != fingerprint}
    return changed, before.keys() - after.keys()


def _check(instance: Instance) -> None:
    problem = _problem(instance)
    if problem:
        raise RuleError(f"规则实例 {instance.key}（信号 {instance.signals}）：{problem}")


def _problem(instance: Instance) -> str:
    program = instance.program
    if not -(2**63) <= instance.key < 2**63:
        return "编号 key 超出 64 位整数范围。"
    if not -(2**63) <= instance.owner < 2**63:
        return "所属单位编号超出 64 位整数范围。"
    if len(instance.signals) != len(program.signals):
        return f"公式用到 {len(program.signals)} 个信号，给出了 {len(instance.signals)} 个。"
    if any(not 0 <= signal < 2**32 for signal in instance.signals):
        return "信号编号必须在 0 到 4294967295 之间。"
    if not instance.signals:
        return "公式没有用到任何信号，不能作为规则。"
    if len(instance.parameters) != len(program.parameters):
        return f"公式有 {len(program.parameters)} 个参数，给出了 {len(instance.parameters)} 个。"
    for name, value in (("持续时长", instance.hold_ms), ("恢复时长", instance.quiet_ms)):
        if not 0 <= value <= MAX_MS:
            return f"{name}为 {value} 毫秒，必须在 0 到 10 年之间。"
    if program.is_event and instance.hold_ms:
        return "公式是瞬间发生的事件，不能再要求持续时长。"
    return _parameter_problem(program, instance.parameters) if instance.parameters else ""


def _parameter_problem(program: Program, values: Sequence[float]) -> str:
    named = dict(zip(program.parameters, values, strict=True))
    for name, value in named.items():
        if not math.isfinite(value):
            return f"参数“{name}”必须是有限的数。"
        if program.signature.parameters[name].is_duration and not (0 <= value <= MAX_MS and value == int(value)):
            return f"参数“{name}”为 {value:g} 毫秒，必须是 0 到 10 年之间的整毫秒数。"
    return next(filter(None, (_row_problem(row, named) for row in program.rows)), "")


def _row_problem(row: Row, named: dict[str, float]) -> str:
    n, m, band = (value_of(value, named) for value in (row.n, row.m, row.band))
    if row.m != 0 and not (1 <= n <= m <= MOST_VOTES and n == int(n) and m == int(m)):
        return f"“{m:g} 次中 {n:g} 次”不成立：N 不大于 M，M 不大于 {MOST_VOTES}，都是整数。"
    if band < 0:
        return "回差不能小于 0。"
    if row.comparison == -1:
        low, high = value_of(row.limit, named), value_of(row.limit_high, named)
        if low > high:
            return f"范围的下限 {low:g} 大于上限 {high:g}。"
        if low + band > high - band:
            return "回差太大：上下限各退回一个回差后，区间里没有可以恢复正常的值。"
    return _span_problem(row, named)


def _span_problem(row: Row, named: dict[str, float]) -> str:
    if row.op in SPANNED and value_of(row.length, named) < 1:
        return "时间窗或静默时长必须大于 0。"
    if row.op in TEMPORAL and row.high is not None:
        low, high = value_of(row.low, named), value_of(row.high, named)
        if low > high:
            return f"时间区间的下界 {low:g} 毫秒大于上界 {high:g} 毫秒。"
    return ""


def _check_together(rows: list[Instance]) -> None:
    keys: set[int] = set()
    owner_of: dict[int, int] = {}
    for instance in rows:
        if instance.key in keys:
            raise RuleError(f"规则实例编号 {instance.key} 重复，每个实例的编号必须唯一。")
        keys.add(instance.key)
        for signal in instance.signals:
            owner = owner_of.setdefault(signal, instance.owner)
            if owner != instance.owner:
                raise RuleError(f"信号 {signal} 同时属于单位 {owner} 和 {instance.owner}，一个信号只能属于一个单位。")
