"""Buckets without Spark: whatever way messages are cut, repeated and spread, they tell what the embedded judge told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from bianwang.engine.calendar import WEEKENDS
from bianwang.engine.semantics import ChangeKind
from bianwang.engine.table import compile_table
from bianwang.engine.waiting import Readings
from bianwang.platform.config import ConfigError
from bianwang.processes.cluster.bucket import Beginning, Bucket, Saved
from bianwang.processes.intake.warming import NoHistory, Rules
from bianwang.processes.intake.watermark import Clocks
from bianwang.processes.stream.address import Folder, Kafka, parse
from bianwang.processes.stream.folder import FolderPublisher
from bianwang.processes.stream.forwarding import Forwarder, judging_trouble
from bianwang.processes.stream.message import SLOTS, Message, MessageError, decode, encode, split
from bianwang.telemetry.columns import Columns
from bianwang.telemetry.store import TelemetryStore
from tests.processes.cluster import day
from tests.processes.cluster.conftest import Recorded, batches_of


def rules_of(number: int, buckets: int, limit: float = 25.0) -> Rules:
    instances = tuple(each for each in day.rules(limit=limit) if each.owner % SLOTS % buckets == number)
    return Rules(instances, compile_table(instances), WEEKENDS)


def judged(batches: Iterator[list[Message]], buckets: int, start_ms: int) -> list[day.Told]:
    """All that the buckets tell; their state goes through bytes after every batch."""
    saved: list[Saved | None] = [None] * buckets
    told: list[day.Told] = []
    rules = [rules_of(number, buckets) for number in range(buckets)]
    for batch in batches:
        for number in range(buckets):
            mine = [each for each in batch if each.slot % buckets == number]
            state = saved[number]
            if state is None:
                bucket, found = Bucket.begin(1, rules[number], NoHistory(), Beginning(start_ms))
            else:
                bucket, found = Bucket.resume(1, rules[number], NoHistory(), state, start_ms)
            told += day.told(found) + day.told(bucket.judge(mine))
            saved[number] = bucket.save()
    return sorted(told)


def cut(recorded: Recorded, seed: int) -> Iterator[list[Message]]:
    """The messages in larger batches of any size, each in any order, with repeats of earlier ones."""
    random = np.random.default_rng(seed)
    batches = batches_of(recorded.stream)
    at = 0
    while at < len(batches):
        size = int(random.integers(1, 60))
        messages = [message for batch in batches[at : at + size] for message in batch]
        repeats = [message for batch in batches[max(0, at - 3) : at] for message in batch]
        yield [(messages + repeats)[n] for n in random.permutation(len(messages) + len(repeats))]
        at += size


@pytest.mark.parametrize(("buckets", "seed"), [(1, 1), (2, 2), (8, 3)])
def test_buckets_tell_what_the_embedded_judge_told(recorded: Recorded, buckets: int, seed: int) -> None:
    assert judged(cut(recorded, seed), buckets, recorded.start_ms) == recorded.told


def test_the_day_has_every_kind_of_change(recorded: Recorded) -> None:
    rules = {row.key // 8 % 6 for row in recorded.told}
    assert rules == set(range(6))
    assert {row.kind for row in recorded.told} == {0, 1, 2, 3}


def test_new_rules_take_over_and_the_others_go_on(recorded: Recorded) -> None:
    """A stricter limit in the middle: what it says begins then; the other rules tell what they told."""
    batches = batches_of(recorded.stream)
    middle = len(batches) // 2
    bucket, _ = Bucket.begin(1, rules_of(0, 1), NoHistory(), Beginning(recorded.start_ms))
    first = [row for batch in batches[:middle] for row in day.told(bucket.judge(batch))]
    at_ms = max(int(message.readings.time.max(initial=0)) for message in batches[middle - 1])
    bucket, found = Bucket.resume(2, rules_of(0, 1, limit=1.0), NoHistory(), bucket.save(), at_ms)
    second = day.told(found) + [row for batch in batches[middle:] for row in day.told(bucket.judge(batch))]
    unchanged = [row for row in first + second if row.key // 8 % 6 != 0]
    assert sorted(unchanged) == [row for row in recorded.told if row.key // 8 % 6 != 0]
    stricter = [row for row in second if row.key // 8 % 6 == 0]
    assert min(row.time for row in stricter) >= at_ms
    assert len({row.key for row in stricter if row.kind == ChangeKind.BEGAN}) == len(day.OWNERS)


class Stored:
    """The past of one enterprise: gas for nine minutes."""

    def series(self, signals: Sequence[int], start_ms: int, end_ms: int) -> dict[str, np.ndarray]:
        found = Columns.of(day.signal(day.OWNERS[0], day.GAS), day.T0 + np.arange(10) * 60_000, 30.0)
        found = found.take(np.isin(found.signal, signals))
        return {name: getattr(found, name) for name in ("signal", "time", "value", "quality", "judged")}


def test_what_stands_when_a_rule_takes_over_begins_then_and_ends() -> None:
    owner = day.OWNERS[0]
    of_owner = day.rules((owner,))
    others, limit = of_owner[1:], of_owner[:1]
    before, after = (Rules(tuple(some), compile_table(some), WEEKENDS) for some in (others, of_owner))
    at_ms = day.T0 + 600_000
    bucket, _ = Bucket.begin(1, before, NoHistory(), Beginning(day.T0 - 1))
    bucket, found = Bucket.resume(2, after, Stored(), bucket.save(), at_ms)
    air = Readings.of([day.signal(owner, day.GAS)], [at_ms + 60_000], [10.0], [0])
    told = day.told(found) + day.told(bucket.judge([Message(owner, 1, air, Clocks.none())]))
    told = [(row.time, row.kind) for row in told if row.key == limit[0].key]
    assert told == [(at_ms, ChangeKind.BEGAN), (at_ms + 60_000, ChangeKind.ENDED)]


def test_silence_while_the_intake_was_away_is_nobodys_silence() -> None:
    owner = day.OWNERS[0]
    gas = day.signal(owner, day.GAS)
    later = day.T0 + 3_600_000
    one = Readings.of([gas], [day.T0], [10.0], [0])
    none = Readings.of([], [], [], [])
    clocks = [Clocks(np.array([owner]), np.array([at])) for at in (day.T0 + 1, later + 200_000, later + 301_000)]
    bucket, _ = Bucket.begin(1, rules_of(0, 1), NoHistory(), Beginning(day.T0 - 1))
    assert not len(bucket.judge([Message(owner, 1, one, clocks[0])]))
    assert not len(bucket.judge([Message(owner, 2, none, clocks[1], started_ms=later)]))
    told = day.told(bucket.judge([Message(owner, 3, none, clocks[2])]))
    assert [row.time for row in told] == [later + 300_000]


@given(
    st.lists(
        st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**42), st.floats(allow_nan=False), st.integers(0, 255))
    ),
    st.lists(st.tuples(st.integers(0, 2**40), st.integers(0, 2**42))),
    st.integers(0, SLOTS - 1),
    st.integers(0, 2**62),
)
@settings(max_examples=100)
def test_messages_go_through_bytes(
    rows: list[tuple[int, int, float, int]], marks: list[tuple[int, int]], slot: int, number: int
) -> None:
    signal, time, value, quality = zip(*rows, strict=True) if rows else ((), (), (), ())
    owner, at = zip(*marks, strict=True) if marks else ((), ())
    readings = Readings.of(signal, time, value, quality)
    message = Message(slot, number, readings, Clocks(np.array(owner, np.int64), np.array(at, np.int64)), 5)
    again = decode(encode(message))
    assert (again.slot, again.number, again.started_ms) == (slot, number, 5)
    assert [column.tolist() for column in vars(again.readings).values()] == [
        column.tolist() for column in vars(readings).values()
    ]
    assert again.clocks.owners.tolist() == list(owner)
    assert again.clocks.at.tolist() == list(at)
    with pytest.raises(MessageError, match="不完整"):
        decode(encode(message)[:-1])


def test_slots_keep_the_order_of_their_readings() -> None:
    readings = Readings.of([1, 2, 3, 4], [10, 20, 30, 40], [1, 2, 3, 4], [0, 0, 0, 0])
    found = split(readings, np.array([5, 5 + SLOTS, 6, 5]), Clocks(np.array([7]), np.array([99])))
    assert {slot: part.signal.tolist() for slot, (part, _) in found.items()} == {5: [1, 2, 4], 6: [3], 7: []}
    assert found[7][1].at.tolist() == [99]


def test_a_judge_that_is_silent_is_told_of() -> None:
    start = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
    minutes = [start + timedelta(minutes=number) for number in range(10)]
    assert judging_trouble(None, start, minutes[1]) == ""
    assert judging_trouble(minutes[5], start, minutes[6]) == ""
    assert "新的告警不会产生" in judging_trouble(minutes[1], start, minutes[6])
    assert judging_trouble(minutes[1], minutes[5], minutes[6]) == "", "the platform was off"


@pytest.mark.parametrize(
    "address",
    [
        "kafka://host:9092",
        "kafka:///topic",
        "kafka://host:9092/topic?config=beside",
        "kafka://host:9092/topic?acks=0",
        "folder://",
        "folder://host/path",
        "/path",
        "x",
    ],
)
def test_an_address_that_means_nothing_is_one_sentence(address: str) -> None:
    with pytest.raises(ConfigError, match="BIAN_STREAM"):
        parse(address)


def test_addresses_have_parts() -> None:
    assert parse("kafka://a:9092,b:9092/readings") == Kafka("a:9092,b:9092", "readings")
    assert parse("kafka://a:9092/readings?config=/etc/k") == Kafka("a:9092", "readings", Path("/etc/k"))
    assert parse("folder:///var/stream") == Folder(Path("/var/stream"))


def test_a_hand_over_that_was_cut_off_is_begun_again(tmp_path: Path) -> None:
    gas = day.signal(day.OWNERS[0], day.GAS)
    store = TelemetryStore(tmp_path / "telemetry")
    store.insert(Columns.of(gas, day.T0 + np.arange(5), 1.0), day.T0 + 10)
    places = day.all_owners(), day.rule_set(), tmp_path / "snapshots", day.T0 + 10

    class Full:
        def publish(self, number: int, messages: Mapping[int, bytes]) -> None:
            raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        Forwarder.recover(store, Full(), *places, 2)
    for _ in range(2):
        Forwarder.recover(store, FolderPublisher(tmp_path / "stream"), *places, 2)
    store.close()
    [[message]] = batches_of(tmp_path / "stream")
    assert message.readings.time.tolist() == [day.T0 + number for number in (2, 3, 4)]
