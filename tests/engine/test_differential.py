"""The compiled evaluator agrees with the reference, however the stream is cut."""

from __future__ import annotations

import numpy as np
from hypothesis import given, strategies as st

from bianwang.engine.changes import Changes
from bianwang.engine.evaluator import Evaluator
from bianwang.engine.reference import Change, ReferenceEvaluator
from bianwang.engine.replay import replay
from bianwang.engine.semantics import Kind, Op
from bianwang.engine.table import Instance, compile_table
from tests.engine.strategies import Reading, rule_sets, streams

ACTIONS = ["push", "push", "advance", "advance owner", "snapshot", "restart"]

Row = tuple[int, int, int, str, str]


def columns(readings: list[Reading]) -> tuple[np.ndarray, ...]:
    signal, time, value, quality = zip(*readings, strict=True) if readings else ((), (), (), ())
    return (
        np.array(signal, np.uint32),
        np.array(time, np.int64),
        np.array(value, np.float64),
        np.array(quality, np.uint8),
    )


def rows(changes: Changes) -> list[Row]:
    """Comparable rows: floats exactly, NaN equal to NaN."""
    return [
        (int(key), int(time), int(kind), repr(float(value)), repr(float(margin)))
        for key, time, kind, value, margin in zip(
            changes.key, changes.time, changes.kind, changes.value, changes.margin, strict=True
        )
    ]


def reference_rows(changes: list[Change]) -> list[Row]:
    return [(c.key, c.time, int(c.kind), repr(c.value), repr(c.margin)) for c in changes]


def by_key(found: list[Row]) -> dict[int, list[Row]]:
    """The sequence of each key; the order between keys is not promised."""
    result: dict[int, list[Row]] = {}
    for row in found:
        result.setdefault(row[0], []).append(row)
    return result


@given(rule_sets(), streams(disorder=True), st.data())
def test_compiled_and_reference_agree_on_any_sequence_of_calls(
    rules: list[Instance], stream: list[Reading], data: st.DataObject
) -> None:
    table = compile_table(rules)
    evaluator, reference = Evaluator(table, 0), ReferenceEvaluator(rules, 0)
    clock = 0
    while stream or data.draw(st.booleans(), "go on"):
        action = data.draw(st.sampled_from(ACTIONS))
        if action == "push":
            size = data.draw(st.integers(1, 12))
            batch, stream = stream[:size], stream[size:]
            clock = max([clock, *(time for _, time, _, _ in batch)])
            got = evaluator.push(*columns(batch))
            expected, outcomes = reference.push(batch)
            assert got.outcome.tolist() == outcomes
        elif action.startswith("advance"):
            clock += data.draw(st.sampled_from([0, 1, 2, 5, 40]))
            owner = data.draw(st.sampled_from([1, 2, 3]))
            if action == "advance":
                got, expected = evaluator.advance(clock), reference.advance(clock)
            else:
                got = evaluator.advance(np.array([clock]), [owner])
                expected = reference.advance({owner: clock})
        elif action == "snapshot":
            evaluator = Evaluator.restore(table, evaluator.snapshot())
            continue
        else:
            clock += data.draw(st.integers(0, 20))
            evaluator = Evaluator.restore(table, evaluator.snapshot(), start_ms=clock, after_outage=True)
            reference.restart(clock)
            continue
        assert by_key(rows(got)) == by_key(reference_rows(expected))


@given(rule_sets(), streams(disorder=False), st.data())
def test_any_cut_of_an_ordered_stream_gives_the_same_changes(
    rules: list[Instance], stream: list[Reading], data: st.DataObject
) -> None:
    end = (stream[-1][1] if stream else 0) + 200
    reference = ReferenceEvaluator(rules, 0)
    expected = reference.push(stream)[0] + reference.advance(end)

    evaluator = Evaluator(compile_table(rules), 0)
    found: list[Row] = []
    rest = stream
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        found += rows(evaluator.push(*columns(rest[:size])))
        before, rest = rest[size - 1][1], rest[size:]
        until = rest[0][1] if rest else before
        found += rows(evaluator.advance(data.draw(st.integers(before, until))))
        if data.draw(st.booleans()):
            evaluator = Evaluator.restore(evaluator.table, evaluator.snapshot())
    found += rows(evaluator.advance(end))

    assert by_key(found) == by_key(reference_rows(expected))
    for changes in by_key(found).values():
        times = [row[1] for row in changes]
        assert times == sorted(set(times))


@given(rule_sets(), streams(disorder=False))
def test_replay_in_any_order_equals_the_reference(rules: list[Instance], stream: list[Reading]) -> None:
    # Equal times keep their order, so only signals are shuffled: by signal, as a store returns them.
    stored = sorted(stream, key=lambda reading: reading[0])
    signal, time, value, quality = columns(stored)
    start, end = (stream[0][1], stream[-1][1]) if stream else (0, 0)
    reference = ReferenceEvaluator(rules, start)
    expected = reference.push(stream)[0] + reference.advance(end + 1)
    got = replay(compile_table(rules), signal, time, value, quality)
    assert by_key(rows(got)) == by_key(reference_rows(expected))
    assert got.time.tolist() == sorted(got.time.tolist())


@given(rule_sets(), rule_sets(), streams(disorder=False), st.integers(0, 60))
def test_a_changed_table_keeps_the_state_of_unchanged_instances(
    old: list[Instance], new: list[Instance], stream: list[Reading], cut: int
) -> None:
    """Rules common to both tables behave as if nothing had happened."""
    common = {rule.key for rule in old} & {rule.key for rule in new if rule in old}
    end = (stream[-1][1] if stream else 0) + 200
    reference = ReferenceEvaluator(old, 0)
    expected = reference.push(stream)[0] + reference.advance(end)

    before = Evaluator(compile_table(old), 0)
    found = rows(before.push(*columns(stream[:cut])))
    after = Evaluator.restore(compile_table(new), before.snapshot(), start_ms=end)
    found += rows(after.push(*columns(stream[cut:]))) + rows(after.advance(end))

    kept = by_key(found)
    wanted = by_key(reference_rows(expected))
    assert {key: kept.get(key) for key in common} == {key: wanted.get(key) for key in common}


def test_many_changes_at_once_outgrow_no_buffer() -> None:
    """Each of 5,000 signals begins and ends ten times in one batch."""
    rules = [Instance(key=s, signal=s, owner=s % 7, kind=Kind.THRESHOLD, limit=0.0) for s in range(5_000)]
    signal = np.tile(np.arange(5_000, dtype=np.uint32), 20)
    time = np.repeat(np.arange(20), 5_000)
    value = np.where(time % 2, -1.0, 1.0)
    evaluator = Evaluator(compile_table(rules), 0)
    changes = evaluator.push(signal, time, value, np.zeros(len(time), np.uint8))
    assert len(changes) == 100_000
    assert np.bincount(changes.key).tolist() == [20] * 5_000


@given(st.integers(0, 2**32), st.sampled_from([40, 63, 64, 130, 1_000]), st.sampled_from([1, 3, 20]))
def test_a_dense_signal_outlives_the_ring_of_remembered_samples(seed: int, window: int, gap: int) -> None:
    random = np.random.default_rng(seed)
    rules = [
        Instance(key=op, signal=3, owner=1, kind=Kind.RATE, op=op, limit=-1.0, limit_high=1.0, window_ms=window)
        for op in Op
    ]
    size = 300
    time = np.cumsum(random.integers(1, gap + 1, size))
    value = np.round(random.normal(0, 1, size), 1)
    quality = (random.random(size) < 0.02).astype(np.uint8)
    stream = list(zip([3] * size, time.tolist(), value.tolist(), quality.tolist(), strict=True))
    end = int(time[-1]) + 2_000
    reference = ReferenceEvaluator(rules, 0)
    expected = reference.push(stream)[0] + reference.advance(end)

    evaluator = Evaluator(compile_table(rules), 0)
    found = rows(evaluator.push(*columns(stream[:150])))
    evaluator = Evaluator.restore(evaluator.table, evaluator.snapshot())
    found += rows(evaluator.push(*columns(stream[150:]))) + rows(evaluator.advance(end))
    assert by_key(found) == by_key(reference_rows(expected))
