"""Rules as data: instances, checked and laid out as columns.

The temporal language to come adds richer tables here (a ``compiler.py`` that produces them); callers keep the
same Evaluator.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bianwang.engine.semantics import HISTORY, Kind, Op

MAX_MS = 10 * 366 * 86_400_000
"""Longest window, hold, quiet or stale time: ten years, far from the end of int64."""

BLOCK = 64
"""Signals whose next deadlines share one minimum; a block never spans two owners."""


class RuleError(ValueError):
    """A rule instance that has no meaning; the message says in Chinese which field and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Instance:
    """One condition on one signal.

    key         the caller's stable number of this binding and level; names the verdict in Changes, snapshots
    signal      uint32 signal id;  owner: id of the unit that owns the signal
    op, limit   comparison (THRESHOLD: the value, RATE: the change); OUTSIDE: [limit, limit_high]
    window_ms   RATE: distance of the two values; SILENCE: how long without a reading
    n, m        at least n of the last m samples, m <= 64
    hold_ms, quiet_ms, stale_ms   see semantics.py; 0 = at once, at once, never
    """

    key: int
    signal: int
    owner: int
    kind: Kind
    op: Op = Op.GT
    limit: float = math.nan
    limit_high: float = math.nan
    hysteresis: float = 0.0
    window_ms: int = 0
    n: int = 1
    m: int = 1
    hold_ms: int = 0
    quiet_ms: int = 0
    stale_ms: int = 0


PARAMS = np.dtype(
    [
        ("key", np.int64),
        ("signal", np.int64),
        ("limit", np.float64),
        ("limit_high", np.float64),
        # True when x < set_low or x > set_high; once true, while x < keep_low or x > keep_high.
        ("set_low", np.float64),
        ("set_high", np.float64),
        ("keep_low", np.float64),
        ("keep_high", np.float64),
        ("window", np.int64),
        ("hold", np.int64),
        ("quiet", np.int64),
        ("stale", np.int64),
        ("kind", np.uint16),
        ("op", np.uint16),
        ("n", np.uint16),
        ("m", np.uint16),
    ],
    align=True,
)
"""One instance as the kernel reads it. Two instances are the same rule when these bytes are equal, so there
is no padding: numpy leaves it undefined."""


@dataclass(frozen=True)
class Table:
    """Checked instances, grouped by signal and the signals by owner.

    params[first[s]:first[s + 1]] are the instances of signals[s]; the signals of block b are
    block_first[b]:block_first[b + 1] and belong to owners[block_owner[b]].
    """

    params: NDArray[np.void]
    signals: NDArray[np.uint32]
    first: NDArray[np.int64]
    owners: NDArray[np.int64]
    block_first: NDArray[np.int64]
    block_owner: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.params)


def compile_table(instances: Iterable[Instance]) -> Table:
    """Check the instances and lay them out. Raises RuleError for the first one that makes no sense."""
    rows = sorted(instances, key=lambda instance: (instance.owner, instance.signal))
    for instance in rows:
        _check(instance)
    _check_together(rows)
    params = np.zeros(len(rows), PARAMS)
    for position, instance in enumerate(rows):
        params[position] = _params(instance)
    signal_of_row = np.array([instance.signal for instance in rows], np.uint32)
    owner_of_row = np.array([instance.owner for instance in rows], np.int64)
    starts = np.flatnonzero(np.r_[True, signal_of_row[1:] != signal_of_row[:-1]]) if rows else np.zeros(0, np.int64)
    owners, owner_of_signal = np.unique(owner_of_row[starts], return_inverse=True)
    block_first, block_owner = _blocks(owner_of_signal.astype(np.int64))
    return Table(
        params=params,
        signals=signal_of_row[starts],
        first=np.r_[starts, len(rows)].astype(np.int64),
        owners=owners,
        block_first=block_first,
        block_owner=block_owner,
    )


def _blocks(owner_of_signal: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut the signals, which lie in order of owner, into blocks of at most BLOCK of one owner."""
    counts = np.bincount(owner_of_signal)
    ends = np.cumsum(counts)
    first: list[int] = []
    owner: list[int] = []
    for index, (count, end) in enumerate(zip(counts, ends, strict=True)):
        cuts = range(int(end - count), int(end), BLOCK)
        first.extend(cuts)
        owner.extend([index] * len(cuts))
    return np.array([*first, len(owner_of_signal)], np.int64), np.array(owner, np.int64)


def _params(instance: Instance) -> tuple[float, ...]:
    set_low, set_high = _true_outside(instance.op, instance.limit, instance.limit_high, 0.0)
    keep_low, keep_high = _true_outside(instance.op, instance.limit, instance.limit_high, instance.hysteresis)
    return (
        instance.key,
        instance.signal,
        instance.limit,
        instance.limit_high,
        set_low,
        set_high,
        keep_low,
        keep_high,
        instance.window_ms,
        instance.hold_ms,
        instance.quiet_ms,
        instance.stale_ms,
        instance.kind,
        instance.op,
        instance.n,
        instance.m,
    )


def _true_outside(op: Op, limit: float, high: float, back: float) -> tuple[float, float]:
    """(low, high) such that the comparison, relaxed by ``back``, is exactly x < low or x > high."""
    if op is Op.GT:
        return -math.inf, limit - back
    if op is Op.GE:
        return -math.inf, math.nextafter(limit - back, -math.inf)
    if op is Op.LT:
        return limit + back, math.inf
    if op is Op.LE:
        return math.nextafter(limit + back, math.inf), math.inf
    return limit + back, high - back


def _check(instance: Instance) -> None:
    problem = _problem(instance)
    if problem:
        raise RuleError(f"规则实例 {instance.key}（信号 {instance.signal}）：{problem}")


def _problem(instance: Instance) -> str:
    if not -(2**63) <= instance.key < 2**63:
        return "编号 key 超出 64 位整数范围。"
    if not 0 <= instance.signal < 2**32:
        return "信号编号必须在 0 到 4294967295 之间。"
    if not -(2**63) <= instance.owner < 2**63:
        return "所属单位编号超出 64 位整数范围。"
    for name, value in _durations(instance):
        if not 0 <= value <= MAX_MS:
            return f"{name}为 {value} 毫秒，必须在 0 到 10 年之间。"
    if not 1 <= instance.m <= HISTORY:
        return f"M 为 {instance.m}，必须在 1 到 {HISTORY} 之间。"
    if not 1 <= instance.n <= instance.m:
        return f"N 为 {instance.n}，必须在 1 到 M（{instance.m}）之间。"
    if instance.kind is Kind.SILENCE:
        return _silence_problem(instance)
    return _comparison_problem(instance)


def _durations(instance: Instance) -> tuple[tuple[str, int], ...]:
    return (
        ("窗口时长", instance.window_ms),
        ("持续时长", instance.hold_ms),
        ("恢复时长", instance.quiet_ms),
        ("失效时长", instance.stale_ms),
    )


def _silence_problem(instance: Instance) -> str:
    if instance.window_ms == 0:
        return "静默规则必须给出大于 0 的静默时长（window_ms）。"
    if instance.m > 1:
        return "静默规则不看采样次数，不能使用“M 次中 N 次”。"
    if instance.stale_ms:
        return "静默规则本身就判断无数据，不能再设失效时长。"
    return ""


def _comparison_problem(instance: Instance) -> str:
    if instance.kind is Kind.RATE and instance.window_ms == 0:
        return "变化率规则必须给出大于 0 的窗口时长（window_ms）。"
    if instance.kind is Kind.THRESHOLD and instance.window_ms:
        return "限值规则没有窗口，请去掉窗口时长，或改用变化率规则。"
    if not math.isfinite(instance.limit):
        return "限值必须是有限的数。"
    if not (math.isfinite(instance.hysteresis) and instance.hysteresis >= 0):
        return "回差必须是不小于 0 的有限数。"
    if instance.op is not Op.OUTSIDE:
        return ""
    if not (math.isfinite(instance.limit_high) and instance.limit <= instance.limit_high):
        return "区间的上限必须是有限的数，且不小于下限。"
    if instance.limit + instance.hysteresis > instance.limit_high - instance.hysteresis:
        return "回差太大：上下限各退回一个回差后，区间里没有可以恢复正常的值。"
    return ""


def _check_together(rows: list[Instance]) -> None:
    keys: set[int] = set()
    owner_of: dict[int, int] = {}
    for instance in rows:
        if instance.key in keys:
            raise RuleError(f"规则实例编号 {instance.key} 重复，每个实例的编号必须唯一。")
        keys.add(instance.key)
        owner = owner_of.setdefault(instance.signal, instance.owner)
        if owner != instance.owner:
            raise RuleError(
                f"信号 {instance.signal} 同时属于单位 {owner} 和 {instance.owner}，一个信号只能属于一个单位。"
            )
