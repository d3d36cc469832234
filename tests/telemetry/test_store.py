"""The store keeps every reading once, in intake order, and answers from what it kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from bianwang.telemetry import native
from bianwang.telemetry.columns import DTYPES, Columns
from bianwang.telemetry.schema import Retention
from bianwang.telemetry.store import CLOCK_FAULT_MS, TelemetryStore

HOUR = 3_600_000
NOW = 1_795_400_000_000 // HOUR * HOUR
NO_LATENESS = np.zeros(0, np.int64)


@pytest.fixture(params=["folder", "server"])
def store(request, tmp_path):
    """The same store in a folder and on a server; everything is promised of both."""
    place = tmp_path / "telemetry" if request.param == "folder" else request.getfixturevalue("new_address")()
    opened = TelemetryStore(place)
    yield opened
    opened.close()


def rows(store: TelemetryStore, signal: int) -> list[tuple[int, float]]:
    got = store.series([signal], 0, 2**52)
    return list(zip(got["time"].tolist(), got["value"].tolist(), strict=True))


def test_what_was_inserted_is_read_back_in_order_of_signal_and_time(store):
    store.insert(Columns.of([2, 1, 2], [NOW + 2, NOW, NOW + 1], [0.5, 1.5, 2.5], quality=[0, 1, 2]), NOW)
    got = store.series([1, 2], NOW, NOW + HOUR)
    assert got["signal"].tolist() == [1, 2, 2]
    assert got["time"].tolist() == [NOW, NOW + 1, NOW + 2]
    assert got["value"].tolist() == [1.5, 2.5, 0.5]
    assert got["quality"].tolist() == [1, 2, 0]


def test_the_end_of_a_range_is_not_part_of_it(store):
    store.insert(Columns.of(1, [NOW, NOW + 1], [1, 2]), NOW)
    assert store.series([1], NOW, NOW + 1)["time"].tolist() == [NOW]


def test_the_first_reading_of_a_moment_wins_and_the_second_is_counted(store):
    store.insert(Columns.of(1, NOW, 1.0), NOW)
    assert len(store.insert(Columns.of(1, NOW, 2.0), NOW)) == 0
    assert rows(store, 1) == [(NOW, 1.0)]
    assert store.duplicates == 1


def test_repeats_within_one_batch_are_stored_once(store):
    store.insert(Columns.of(1, [NOW, NOW + 5, NOW, NOW + 5, NOW - 5], [1, 2, 3, 4, 5]), NOW)
    assert rows(store, 1) == [(NOW - 5, 5.0), (NOW, 1.0), (NOW + 5, 2.0)]


def test_repeats_are_known_after_a_restart(store):
    store.insert(Columns.of(1, [NOW, NOW + 1], [1, 2]), NOW)
    store.close()
    again = TelemetryStore(store.place)
    try:
        again.insert(Columns.of(1, [NOW, NOW + 1, NOW + 2], [9, 9, 3]), NOW)
        assert rows(again, 1) == [(NOW, 1.0), (NOW + 1, 2.0), (NOW + 2, 3.0)]
    finally:
        again.close()


batches = st.lists(
    st.lists(st.tuples(st.integers(1, 3), st.integers(-50, 50), st.floats(-1e6, 1e6)), min_size=1, max_size=30),
    min_size=1,
    max_size=5,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches)
def test_any_mixture_of_late_and_repeated_readings_is_stored_once_each(store, sent):
    # Each example works on a month of its own: the store is shared because one process can open only one.
    base = NOW - (store.rows_written + 1) * 1_000_000
    expected: dict[tuple[int, int], float] = {}
    for batch in sent:
        signal, minutes, value = zip(*batch, strict=True)
        times = [base + minute for minute in minutes]
        store.insert(Columns.of(signal, times, value), NOW)
        for key, number in zip(zip(signal, times, strict=True), value, strict=True):
            expected.setdefault(key, number)
    got = store.series([1, 2, 3], base - 50, base + 51)
    keys = zip(got["signal"].tolist(), got["time"].tolist(), strict=True)
    assert dict(zip(keys, got["value"].tolist(), strict=True)) == expected


def test_a_batch_that_spans_many_months_is_stored_whole(store):
    months = [NOW - 31 * 24 * HOUR * n for n in range(30)]
    store.insert(Columns.of(1, months, range(30)), NOW)
    assert sorted(time for time, _ in rows(store, 1)) == sorted(months)


def test_seq_is_the_order_of_intake_and_goes_on_after_a_restart(store):
    first = store.insert(Columns.of([5, 1], [NOW, NOW], [1, 2]), NOW)
    assert first.seq.tolist() == [1, 2]
    store.close()
    again = TelemetryStore(store.place)
    try:
        assert again.seq == 2
        assert again.insert(Columns.of(1, NOW + 1, 3), NOW).seq.tolist() == [3]
        since = again.since(1)
        assert since.seq.tolist() == [2, 3]
        assert since.signal.tolist() == [1, 1]
        assert len(again.since(3)) == 0
    finally:
        again.close()


def test_since_gives_everything_in_pieces_of_the_size_asked_for(store):
    for start in range(0, 100, 10):
        store.insert(Columns.of(1, NOW + np.arange(start, start + 10), 1.0), NOW)
    seq, found = 0, []
    while len(piece := store.since(seq, 7)):
        assert len(piece) <= 7
        found += piece.seq.tolist()
        seq = found[-1]
    assert found == list(range(1, 101))


def test_late_readings_are_not_judged_beyond_their_lateness(store):
    lateness = np.array([0, 0, 1000])
    store.screen(Columns.of([1, 2], [NOW, NOW], [1, 1]), lateness, NOW + CLOCK_FAULT_MS)
    late = store.screen(Columns.of([1, 2, 2], [NOW - 1, NOW - 1000, NOW - 1001], 1), lateness, NOW + HOUR)
    assert late.judged.tolist() == [False, True, False]


def test_a_clock_that_runs_ahead_is_stored_but_neither_judged_nor_latest(store):
    ahead = NOW + CLOCK_FAULT_MS + 1
    stored = store.insert(Columns.of(1, [NOW, ahead], [1, 2], received=NOW), NOW)
    assert stored.judged.tolist() == [True, False]
    assert store.latest([1])["value"].tolist() == [1.0]
    # and readings with the right time go on being in order
    assert store.insert(Columns.of(1, NOW + 1, 3, received=NOW), NOW).judged.tolist() == [True]
    assert len(rows(store, 1)) == 3


def test_latest_values_survive_a_restart_with_and_without_checkpoint(store):
    store.insert(Columns.of([1, 2], [NOW, NOW], [1, 2]), NOW)
    store.checkpoint(NOW + 3 * HOUR)
    store.insert(Columns.of(2, NOW + 1, 3, quality=1), NOW)
    store.close()
    again = TelemetryStore(store.place)
    try:
        got = again.latest()
        assert got["signal"].tolist() == [1, 2]
        assert got["value"].tolist() == [1.0, 3.0]
        assert got["quality"].tolist() == [0, 1]
        assert again.latest([2, 77, 10**6])["signal"].tolist() == [2]
    finally:
        again.close()


def expected_buckets(times: np.ndarray, values: np.ndarray, bucket: int) -> list[tuple]:
    begins = (times + 8 * HOUR) // bucket * bucket - 8 * HOUR
    found = []
    for begin in np.unique(begins):
        inside = values[begins == begin]
        last = inside[np.argmax(times[begins == begin])]
        found.append((begin, len(inside), inside.min(), inside.max(), pytest.approx(inside.mean()), last))
    return found


@pytest.mark.parametrize("bucket", [10_000, 60_000, 300_000, HOUR, 24 * HOUR])
def test_buckets_are_the_same_before_and_after_roll_up_and_with_late_readings(store, bucket):
    chance = np.random.default_rng(1)
    hour, within = np.divmod(np.sort(chance.choice(5 * HOUR, 3000, replace=False)), HOUR)
    times = NOW - 30 * HOUR + np.array([0, 3, 4, 17, 29])[hour] * HOUR + within
    values = chance.normal(20, 3, 3000)
    late = np.arange(0, 3000, 7)
    on_time = np.setdiff1d(np.arange(3000), late)
    store.insert(Columns.of(1, times[on_time], values[on_time]), NOW)
    store.insert(Columns.of(1, times[0] + 1, 1e9, quality=2), NOW)  # bad quality never counts

    def buckets() -> list[tuple]:
        got = store.series([1], NOW - 30 * HOUR, NOW, bucket)
        names = ("time", "count", "min", "max", "avg", "last")
        return list(zip(*(got[name].tolist() for name in names), strict=True))

    before = expected_buckets(times[on_time], values[on_time], bucket)
    assert buckets() == before
    store.checkpoint(NOW + HOUR)
    assert not store.rollups.pending
    assert buckets() == before
    store.insert(Columns.of(1, times[late], values[late]), NOW)
    store.insert(Columns.of(1, times[on_time], 0.0), NOW)  # all repeats
    assert buckets() == expected_buckets(times, values, bucket)
    store.checkpoint(NOW + HOUR)
    assert not store.rollups.pending
    assert buckets() == expected_buckets(times, values, bucket)


def test_hours_not_rolled_up_are_found_again_after_a_restart(store):
    store.insert(Columns.of(1, NOW - 2 * HOUR + np.arange(10) * 1000, range(10)), NOW)
    store.checkpoint(NOW - 2 * HOUR + 1)  # too early to roll up
    store.close()
    again = TelemetryStore(store.place)
    try:
        assert list(again.rollups.pending) == [NOW // HOUR - 2]
        again.checkpoint(NOW)
        assert not again.rollups.pending
        assert again.series([1], NOW - 2 * HOUR, NOW, HOUR)["count"].tolist() == [10]
    finally:
        again.close()


def test_old_months_are_dropped_and_their_roll_ups_stay(store):
    store.retention = Retention(raw_days=60, minute_days=400)
    old, very_old = NOW - 120 * 24 * HOUR, NOW - 500 * 24 * HOUR
    store.insert(Columns.of(1, [very_old, old, NOW - HOUR], [1, 2, 3]), NOW)
    store.checkpoint(NOW + HOUR)
    dropped = store.drop_old(NOW)
    assert [name.split()[0] for name in dropped] == ["readings", "readings", "minutes"]
    assert store.count() == 1
    assert store.series([1], 0, NOW, HOUR)["last"].tolist() == [1, 2, 3]
    assert store.series([1], 0, NOW, 60_000)["last"].tolist() == [2, 3]
    assert store.drop_old(NOW) == []


def test_the_count_can_be_asked_by_signal_and_range(store):
    store.insert(Columns.of([1, 1, 2], [NOW, NOW + 5, NOW], 0), NOW)
    assert (store.count(), store.count([1]), store.count([1], NOW + 1), store.count([], NOW)) == (3, 2, 1, 0)
    assert store.count(end_ms=NOW + 1) == 2


def test_health_names_sizes_and_counters(store):
    store.insert(Columns.of(1, [NOW, NOW], [1, 2]), NOW)
    health = store.health()
    assert (health["seq"], health["written"], health["duplicates"]) == (1, 1, 1)
    assert health["disk_free_bytes"] > 0
    assert health["disk_bytes"] > 0


def test_nothing_to_find_gives_empty_columns_of_the_right_shape(store):
    assert list(store.series([1], 0, NOW)) == ["signal", "time", "value", "quality", "judged"]
    assert list(store.series([1], 0, NOW, 60_000))[2:] == ["count", "min", "max", "avg", "last"]
    assert len(store.series([], 0, NOW)["time"]) == 0


@given(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(-(2**63), 2**63 - 1), st.floats()), min_size=1))
def test_native_blocks_survive_the_wire(readings):
    signal, time, value = zip(*readings, strict=True)
    columns = dict(zip(DTYPES, Columns.of(signal, time, value).arrays(), strict=True))
    once = native.encode(columns)
    for data, times in ((once, 1), (once + once, 2)):
        decoded = native.decode(data)
        for name, column in columns.items():
            np.testing.assert_array_equal(decoded[name], np.tile(column, times))
