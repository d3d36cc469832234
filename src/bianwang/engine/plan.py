"""Instances as the kernel's arrays, program by program: all instances of one program are written at once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bianwang.engine.layout import (
    INSTANCE,
    INVERTED,
    LONG_AGO,
    MEMORY,
    NEVER,
    NODE,
    SIGNAL,
    SOLE,
    SUMS,
    VOTED,
    VOTES,
    WINDOW,
    aligned,
)
from bianwang.engine.program import LAST_LEAF, TEMPORAL, WINDOWS, Op, Program, Row, value_of
from bianwang.engine.semantics import MOST_SAMPLES, Truth

if TYPE_CHECKING:
    from bianwang.engine.table import Instance

BLOCK = 64
"""Signals whose next deadlines share one minimum; a block never spans two owners."""

CALENDAR_MS = 400 * 86_400_000
"""How far back a formula without bound asks the calendar."""

_COMPARISONS = frozenset({Op.COMPARE, Op.COMPARE_WINDOW, Op.COMPARE_NUMBER})
_CALENDAR = frozenset({Op.REST_DAY, Op.WITHIN})
_EQ, _NE = 4, 5


@dataclass(frozen=True)
class Plan:
    """The arrays of one kernel as they are before anything is known.

    The signals of block b are block_first[b]:block_first[b + 1] and belong to owners[block_owner[b]]. ``initial``:
    what each leaf holds before its first sample; ``room``: rings and changes of one instant of any signal's instances.
    """

    keys: NDArray[np.int64]
    fingerprints: NDArray[np.uint64]
    signals: NDArray[np.uint32]
    owners: NDArray[np.int64]
    block_first: NDArray[np.int64]
    block_owner: NDArray[np.int64]
    nodes: NDArray[np.void]
    instances: NDArray[np.void]
    tracks: NDArray[np.void]
    windows: NDArray[np.void]
    sums: NDArray[np.void]
    votes: NDArray[np.void]
    memories: NDArray[np.void]
    leaves: NDArray[np.int32]
    members: NDArray[np.int32]
    initial: NDArray[np.float64]
    calendar_ms: NDArray[np.int64]
    room: tuple[int, int]


def lay_out(rows: Sequence[Instance]) -> Plan:
    """The arrays of checked instances, grouped by signal and the signals by owner."""
    ordered = sorted(rows, key=lambda row: (row.owner, row.signals))
    ids = {signal: row.owner for row in ordered for signal in row.signals}
    signals = np.array(list(ids), np.uint32)
    owners, owner_of_signal = np.unique(np.array(list(ids.values()), np.int64), return_inverse=True)
    block_first, block_owner = _blocks(owner_of_signal.astype(np.int64))
    place = {signal: position for position, signal in enumerate(ids)}
    draft = _Draft(ordered, place)
    for program, members in _groups(ordered).items():
        _write(draft, program, np.array(members))
    first = np.searchsorted(draft.nodes["left"][: draft.leaf_count], np.arange(len(signals) + 1))
    tracks = aligned(len(signals), SIGNAL)
    tracks["last"] = tracks["decided"] = LONG_AGO
    tracks["value"] = np.nan
    tracks["first"], tracks["end"] = first[:-1], first[1:]
    tracks["block"] = np.repeat(np.arange(len(block_owner)), np.diff(block_first))
    if len(signals):
        tracks["is_lone"] = ~np.logical_or.reduceat(_has_others(draft), first[:-1])
        believed = draft.nodes["a"][: draft.leaf_count]
        tracks["reach"] = np.minimum.reduceat(np.where(believed > 0, believed, NEVER), first[:-1])
    return Plan(
        keys=draft.instances["key"].copy(),
        fingerprints=draft.instances["fingerprint"].copy(),
        signals=signals,
        owners=owners,
        block_first=block_first,
        block_owner=block_owner,
        nodes=draft.nodes,
        instances=draft.instances,
        tracks=tracks,
        windows=draft.windows,
        sums=draft.sums,
        votes=draft.votes,
        memories=draft.memories,
        leaves=draft.leaves,
        members=draft.members,
        initial=draft.initial,
        calendar_ms=draft.calendar_ms,
        room=_room(draft, first),
    )


class _Draft:
    """The arrays while they are written."""

    def __init__(self, rows: Sequence[Instance], place: Mapping[int, int]) -> None:
        self.rows, self.place = rows, place
        leaves = np.array([row.program.leaves for row in rows], np.int64)
        inner = np.array([len(row.program.rows) for row in rows], np.int64) - leaves
        self.leaf_count = int(leaves.sum())
        self.instances = aligned(len(rows), INSTANCE)
        ends = np.cumsum(leaves)
        self.instances["first_leaf"], self.instances["end_leaf"] = ends - leaves, ends
        ends = self.leaf_count + np.cumsum(inner)
        self.instances["first"], self.instances["end"] = ends - inner, ends
        self.leaves = self._leaves_by_signal()
        total = self.leaf_count + int(inner.sum())
        self.nodes = aligned(total, NODE)
        self.nodes["instance"][self.leaves] = np.repeat(np.arange(len(rows)), leaves)
        self.nodes["instance"][self.leaf_count :] = np.repeat(np.arange(len(rows)), inner)
        self.initial = np.full(total, np.nan)
        self.calendar_ms = np.zeros(len(rows), np.int64)
        self.used = {"windows": 0, "votes": 0, "memories": 0}
        counts = _side_rows(rows)
        self.windows, self.sums = aligned(counts["windows"], WINDOW), aligned(counts["windows"], SUMS)
        self.votes, self.memories = aligned(counts["votes"], VOTES), aligned(counts["memories"], MEMORY)
        self.windows["mask"] = self.sums["mask"] = -1
        for track in ("surely", "maybe"):
            self.memories[track]["mask"] = -1
        distinct = [list(dict.fromkeys(place[signal] for signal in row.signals)) for row in rows]
        self.members = np.array([signal for each in distinct for signal in each], np.int32)
        ends = np.cumsum([len(each) for each in distinct], dtype=np.int64)
        self.instances["end_signal"] = ends
        self.instances["first_signal"] = ends - [len(each) for each in distinct]

    def _leaves_by_signal(self) -> NDArray[np.int32]:
        """The node of each leaf, instance by instance: all leaves of one signal lie together."""
        signals = [
            self.place[row.signals[node.signal]] for row in self.rows for node in row.program.rows[: row.program.leaves]
        ]
        order = np.argsort(np.array(signals, np.int64), kind="stable")
        nodes = np.empty(len(signals), np.int32)
        nodes[order] = np.arange(len(signals))
        return nodes

    def take(self, name: str, count: int) -> NDArray[np.int64]:
        """Positions of so many fresh rows of a side array."""
        first = self.used[name]
        self.used[name] += count
        return np.arange(first, first + count)


def _side_rows(rows: Sequence[Instance]) -> dict[str, int]:
    counts = {"windows": 0, "votes": 0, "memories": 0}
    for program, members in _groups(rows).items():
        for row in program.rows:
            counts["windows"] += len(members) * (row.op in WINDOWS)
            counts["votes"] += len(members) * _is_voted(row)
            counts["memories"] += len(members) * (row.op in TEMPORAL or row.op == Op.COUNT)
    return counts


def _groups(rows: Sequence[Instance]) -> dict[Program, list[int]]:
    groups: dict[Program, list[int]] = {}
    for position, row in enumerate(rows):
        groups.setdefault(row.program, []).append(position)
    return groups


def _write(draft: _Draft, program: Program, members: NDArray[np.int64]) -> None:
    """All instances of one program."""
    rows = [draft.rows[position] for position in members]
    columns = np.array([row.parameters for row in rows], np.float64).reshape(len(rows), -1)
    named = {name: columns[:, i] for i, name in enumerate(program.parameters)}
    signals = np.array([[draft.place[signal] for signal in row.signals] for row in rows], np.int64)
    _write_instances(draft, program, members, rows, named)
    at = _nodes_of(draft, program, members)
    draft.instances["root"][members] = at[-1]
    draft.instances["shown"][members] = at[program.shown] if program.shown >= 0 else -1
    for row, nodes in zip(program.rows, at, strict=True):
        _write_node(draft, program, row, nodes, at, signals, named)


def _nodes_of(draft: _Draft, program: Program, members: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Of each row of the program the nodes in these instances."""
    first_leaf = draft.instances["first_leaf"][members].astype(np.int64)
    first_inner = draft.instances["first"][members].astype(np.int64) - program.leaves
    return [
        draft.leaves[first_leaf + k].astype(np.int64) if row.op <= LAST_LEAF else first_inner + k
        for k, row in enumerate(program.rows)
    ]


def _write_instances(
    draft: _Draft,
    program: Program,
    members: NDArray[np.int64],
    rows: Sequence[Instance],
    named: Mapping[str, NDArray[np.float64]],
) -> None:
    fields = np.zeros(len(rows), INSTANCE)
    for name in ("first", "end", "first_leaf", "end_leaf", "first_signal", "end_signal"):
        fields[name] = draft.instances[name][members]
    fields["key"] = [row.key for row in rows]
    fields["hold"] = [row.hold_ms for row in rows]
    fields["quiet"] = [row.quiet_ms for row in rows]
    fields["is_traced"] = [row.is_traced for row in rows]
    fields["is_event"] = program.is_event
    fields["fingerprint"] = _fingerprints(program, rows)
    fields["truth"] = np.where(fields["is_traced"], 255, Truth.UNKNOWN)
    fields["verdict_due"] = fields["due"] = NEVER
    if program.shown >= 0:
        row = program.rows[program.shown]
        fields["comparison"] = row.comparison
        fields["limit"], fields["limit_high"] = value_of(row.limit, named), value_of(row.limit_high, named)
    draft.instances[members] = fields
    if any(row.op in _CALENDAR for row in program.rows):
        draft.calendar_ms[members] = [
            _calendar_horizon(program, dict(zip(program.parameters, row.parameters, strict=True))) for row in rows
        ]


def _calendar_horizon(program: Program, named: Mapping[str, float]) -> int:
    horizon = program.horizon_ms(named)
    return CALENDAR_MS if horizon is None else min(horizon + 1, CALENDAR_MS)


def _write_node(
    draft: _Draft,
    program: Program,
    row: Row,
    at: NDArray[np.int64],
    nodes: Sequence[NDArray[np.int64]],
    signals: NDArray[np.int64],
    named: Mapping[str, NDArray[np.float64]],
) -> None:
    """One row of a program, for all its instances."""
    node = np.zeros(len(at), NODE)
    node["instance"] = draft.nodes["instance"][at]
    node["op"] = row.op
    node["left"] = nodes[row.left] if row.left >= 0 else -1
    node["right"] = nodes[row.right] if row.right >= 0 else -1
    if row.op <= LAST_LEAF:
        spec = program.signature.signals[program.signals[row.signal]]
        node["left"] = signals[:, row.signal]
        believed = spec.believed if isinstance(spec.believed, int) else named[spec.believed.name]
        node["a"] = value_of(row.length, named) if row.op == Op.STALE else believed
        node["flags"] = SOLE if program.leaves == 1 else 0
        draft.initial[at] = math.nan if spec.initial is None else spec.initial
    if row.op in _COMPARISONS:
        _write_comparison(draft, row, node, named)
    elif row.op == Op.NUMBER:
        node["low"] = node["high"] = value_of(row.limit, named)
    elif row.op == Op.CONSTANT:
        node["truth"] = Truth.TRUE if row.kind else Truth.FALSE
    elif row.op in _CALENDAR:
        node["a"], node["b"] = int(value_of(row.low, {})), int(value_of(row.high or 0, {}))
    elif row.op in TEMPORAL or row.op == Op.COUNT:
        _write_memory(draft, row, node, named)
    if row.op in WINDOWS:
        node["right"] = _write_window(draft, row, len(at), named)
    draft.nodes[at] = node


def _write_comparison(
    draft: _Draft, row: Row, node: NDArray[np.void], named: Mapping[str, NDArray[np.float64]]
) -> None:
    """True when x < low or x > high; once true, while x < other_low or x > other_high."""
    limit, high, band = (value_of(value, named) for value in (row.limit, row.limit_high, row.band))
    node["low"], node["high"] = _beyond(row.comparison, limit, high, 0.0)
    node["other_low"], node["other_high"] = _beyond(row.comparison, limit, high, band)
    if row.comparison == _EQ:
        node["flags"] |= INVERTED
    if _is_voted(row):
        node["flags"] |= VOTED
        at = draft.take("votes", len(node))
        draft.votes["n"][at], draft.votes["m"][at] = value_of(row.n, named), value_of(row.m, named)
        node["b"] = at


def _beyond(comparison: int, limit: Any, high: Any, back: Any) -> tuple[Any, Any]:
    """(low, high) such that the comparison, relaxed by ``back``, is exactly x < low or x > high."""
    if comparison == 0:
        return -math.inf, limit - back
    if comparison == 1:
        return -math.inf, np.nextafter(limit - back, -math.inf)
    if comparison == 2:
        return limit + back, math.inf
    if comparison == 3:
        return np.nextafter(limit + back, math.inf), math.inf
    if comparison in (_EQ, _NE):
        return limit, limit
    return limit + back, high - back


def _write_window(draft: _Draft, row: Row, count: int, named: Mapping[str, NDArray[np.float64]]) -> NDArray[np.int64]:
    at = draft.take("windows", count)
    length = np.broadcast_to(np.asarray(value_of(row.length, named)).astype(np.int64), count)
    draft.windows["length"][at] = length
    draft.windows["step"][at] = -(-length // MOST_SAMPLES)
    draft.windows["kind"][at] = row.kind
    return at


def _write_memory(draft: _Draft, row: Row, node: NDArray[np.void], named: Mapping[str, NDArray[np.float64]]) -> None:
    at = draft.take("memories", len(node))
    node["b"] = at
    if row.op == Op.COUNT:
        draft.memories["high"][at] = value_of(row.length, named)
        return
    low = np.broadcast_to(value_of(row.low, named), len(node))
    draft.memories["low"][at] = low
    draft.memories["high"][at] = NEVER if row.high is None else value_of(row.high, named)
    node["op"] = np.where(low > 0, row.op + 1, row.op)


def _is_voted(row: Row) -> bool:
    return row.op in _COMPARISONS and row.m != 0


def _fingerprints(program: Program, rows: Sequence[Instance]) -> list[int]:
    head = blake2b(f"{program.text}\0{program.signature}".encode(), digest_size=16).digest()
    return [
        int.from_bytes(
            blake2b(
                repr((row.signals, row.parameters, row.hold_ms, row.quiet_ms, row.is_traced)).encode(),
                key=head,
                digest_size=8,
            ).digest(),
            "little",
        )
        for row in rows
    ]


def _has_others(draft: _Draft) -> NDArray[np.bool_]:
    """Of each leaf whether its instance looks at another signal too."""
    members = draft.instances["end_signal"] - draft.instances["first_signal"]
    several: NDArray[np.bool_] = members[draft.nodes["instance"][: draft.leaf_count]] > 1
    return several


def _room(draft: _Draft, first: NDArray[np.int64]) -> tuple[int, int]:
    """Rings that may grow, and changes that may be told, at one instant by all instances of any one signal."""
    if not draft.leaf_count:
        return 0, 1
    rings = np.isin(draft.nodes["op"], [*WINDOWS, *TEMPORAL, Op.COUNT]) * 2
    of_instance = np.bincount(draft.nodes["instance"], rings, len(draft.instances)).astype(np.int64)
    instances = draft.nodes["instance"][: draft.leaf_count]
    return int(np.add.reduceat(of_instance[instances], first[:-1]).max()), 3 * int(np.diff(first).max()) + 1


def _blocks(owner_of_signal: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut the signals, which lie in order of owner, into blocks of at most BLOCK of one owner."""
    counts = np.bincount(owner_of_signal) if len(owner_of_signal) else np.zeros(0, np.int64)
    ends = np.cumsum(counts)
    first: list[int] = []
    owner: list[int] = []
    for index, (count, end) in enumerate(zip(counts, ends, strict=True)):
        cuts = range(int(end - count), int(end), BLOCK)
        first.extend(cuts)
        owner.extend([index] * len(cuts))
    return np.array([*first, len(owner_of_signal)], np.int64), np.array(owner, np.int64)
