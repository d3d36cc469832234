"""The pipeline: durable before it says so, held back rather than lost, judged in order."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from bianwang.processes.intake.directory import Directory
from bianwang.processes.intake.judge import NoJudge
from bianwang.processes.intake.pipeline import Limits, Pipeline
from bianwang.processes.intake.presence import SILENCE_GRACE_MS, Presence
from bianwang.processes.intake.refusals import LOG_PERIOD_MS, Refusals
from bianwang.protocols import mqtt
from bianwang.protocols.payloads import Column, Row
from bianwang.telemetry.columns import Columns
from tests.processes.intake.conftest import GATEWAY, PUMP, Peer, until


def now() -> int:
    return time.time_ns() // 1_000_000


async def test_what_was_submitted_is_durable_when_the_call_returns(intake):
    at = now()
    verdict = await intake.pipeline.submit(
        PUMP,
        [Row(None, ["pressure", "flow"], [1, 2], at), Column(None, "pressure", [3, 4], [at + 1, at + 2])],
        at,
    )
    assert (verdict.taken, verdict.refused, verdict.code) == (4, 0, "")
    assert intake.rows(1) == [(at, 1.0), (at + 1, 3.0), (at + 2, 4.0)]
    assert intake.values(2) == [pytest.approx(5.2)]


async def test_a_column_is_scaled_and_graded_reading_by_reading(intake):
    at = now()
    await intake.pipeline.submit(PUMP, [Column(None, "flow", [0, 10, 20], [at, at + 1, at + 2], [0, 1, 2])], at)
    got = intake.store.series([2], 0, 2**52)
    assert got["value"].tolist() == [5.0, 6.0, 7.0]
    assert got["quality"].tolist() == [0, 1, 2]


async def test_only_the_bad_times_of_a_column_are_refused(intake):
    at = now()
    times = [0, at, at + 2 * 86_400_000, at + 1]
    verdict = await intake.pipeline.submit(PUMP, [Column(None, "pressure", [1, 2, 3, 4], times)], at)
    assert (verdict.taken, verdict.refused, verdict.code) == (2, 2, "old")
    assert intake.values(1) == [2.0, 4.0]


async def test_a_gateway_submits_for_its_children_only(intake):
    at = now()
    blocks = [Row("room-1", ["co"], [1], at), Row("elsewhere", ["co"], [2], at)]
    verdict = await intake.pipeline.submit(GATEWAY, blocks, at)
    assert (verdict.taken, verdict.refused, verdict.code) == (1, 1, "identity")
    assert (intake.values(4), intake.values(6)) == ([1.0], [])


async def test_everything_refused_still_returns(intake):
    verdict = await intake.pipeline.submit(PUMP, [Row(None, ["nobody"], [1], None)], now())
    assert (verdict.taken, verdict.refused, verdict.code) == (0, 1, "signal")


async def test_the_judge_gets_every_batch_in_order_and_a_clock_that_goes_on(intake):
    seen: list[tuple[int, int, int]] = []

    class Clocked(NoJudge):
        def admit(self, batch: Columns, now_ms: int) -> None:
            batch.judged[batch.value == 13] = False

        def push(self, batch: Columns, now_ms: int) -> None:
            seen.append((now_ms, len(batch), int(batch.seq[-1]) if len(batch) else 0))

    intake.pipeline.judge = Clocked()
    for n in range(12, 16):
        await intake.pipeline.submit(PUMP, [Row(None, ["pressure"], [n], None)], now() - 100 + n)
    await until(lambda: sum(count for _, count, _ in seen) == 4)
    before = len(seen)
    await until(lambda: len(seen) >= before + 3, "the clock is moved without readings")
    assert [at for at, *_ in seen] == sorted(at for at, *_ in seen)
    assert [seq for *_, seq in seen if seq] == [1, 2, 3, 4]
    assert intake.store.series([1], 0, 2**52)["judged"].tolist() == [True, False, True, True]


async def test_a_slow_judge_holds_devices_back_and_nothing_is_lost(intake):
    gate = threading.Event()
    judged: list[int] = []

    class Slow(NoJudge):
        def push(self, batch: Columns, now_ms: int) -> None:
            gate.wait()
            judged.append(len(batch))

    intake.pipeline.judge = Slow()
    intake.pipeline.limits = replace(intake.pipeline.limits, rows=10, open_rows=50)
    at = now()
    acknowledged = 0
    async with Peer(intake.port, mqtt.V3) as peer:
        await peer.connect()

        async def send() -> None:
            for n in range(2000):
                body = b'{"ts": %d, "values": {"pressure": 1}}' % (at - 5000 + n)
                peer.send(mqtt.Publish("bianwang/v1/telemetry", body, 1, n % 65_535 + 1))
                await peer.writer.drain()

        sending = asyncio.ensure_future(send())
        await until(lambda: intake.pipeline.full and intake.pipeline.health()["held_sources"], "held back")
        assert intake.pipeline.unjudged <= intake.pipeline.limits.unjudged
        gate.set()
        for _ in range(2000):
            await peer.receive()
            acknowledged += 1
        await sending
    await until(lambda: sum(judged) == 2000)
    assert intake.store.count() == acknowledged == 2000


async def test_submitting_waits_while_the_intake_is_full(intake):
    gate = threading.Event()

    class Slow(NoJudge):
        def push(self, batch: Columns, now_ms: int) -> None:
            gate.wait()

    intake.pipeline.judge = Slow()
    intake.pipeline.limits = replace(intake.pipeline.limits, rows=1, open_rows=2)
    at = now()
    calls = [
        asyncio.ensure_future(intake.pipeline.submit(PUMP, [Row(None, ["pressure"], [n], at - n)], at))
        for n in range(50)
    ]
    await until(lambda: intake.pipeline.full)
    assert len([call for call in calls if call.done()]) < 50
    gate.set()
    verdicts = await asyncio.gather(*calls)
    assert [verdict.taken for verdict in verdicts] == [1] * 50
    assert intake.store.count() == 50


async def test_a_full_disk_stops_acknowledgements_and_heals_by_itself(intake, monkeypatch):
    intake.pipeline.limits = replace(intake.pipeline.limits, retry_s=0.02)
    insert = intake.store._writer.insert
    broken = threading.Event()
    broken.set()

    def failing(table, columns, token=""):
        if table == "readings" and broken.is_set():
            raise DatabaseError("No space left on device")
        insert(table, columns, token)

    monkeypatch.setattr(intake.store._writer, "insert", failing)
    async with Peer(intake.port) as peer:
        await peer.connect()
        peer.send(mqtt.Publish("bianwang/v1/telemetry", b'{"values": {"pressure": 1}}', 1, 1))
        await until(lambda: "存不下来" in intake.pipeline.health()["error"])
        assert intake.store.count() == 0
        broken.clear()
        assert (await peer.receive()).packet_id == 1
        assert intake.values(1) == [1.0]
        await until(lambda: intake.pipeline.health()["error"] == "")


async def test_a_batch_half_written_is_completed_not_repeated(intake, monkeypatch):
    intake.pipeline.limits = replace(intake.pipeline.limits, retry_s=0.01)
    insert = intake.store._writer.insert
    calls = []

    def failing(table, columns, token=""):
        calls.append(table)
        if len(calls) == 2:
            raise DatabaseError("No space left on device")
        insert(table, columns, token)

    monkeypatch.setattr(intake.store._writer, "insert", failing)
    at = now()
    months = [at - 31 * 86_400_000 * n for n in range(3)]
    await intake.pipeline.submit(PUMP, [Column(None, "pressure", [1, 2, 3], months)], at)
    assert [time for time, _ in intake.rows(1)] == sorted(months)


async def test_a_judge_that_fails_does_not_stop_the_intake(intake, caplog):
    class Failing(NoJudge):
        def push(self, batch: Columns, now_ms: int) -> None:
            raise ValueError("broken rule")

    intake.pipeline.judge = Failing()
    for n in range(3):
        await intake.pipeline.submit(PUMP, [Row(None, ["pressure"], [n], now() + n)], now())
    assert intake.store.count() == 3
    assert "判定出错" in caplog.text


async def test_stopping_stores_and_judges_what_was_taken(intake):
    taken = asyncio.ensure_future(intake.pipeline.submit(PUMP, [Row(None, ["pressure"], [1], now())], now()))
    await asyncio.sleep(0)
    await intake.pipeline.stop()
    assert (await taken).taken == 1
    assert intake.judge.values() == [1.0]


async def test_a_pipeline_of_its_own_limits_refuses_old_readings(intake):
    pipeline = Pipeline(intake.store, intake.live, limits=Limits(old_ms=1000), clock=lambda: 10_000)
    verdict = pipeline.add(PUMP, [Row(None, ["pressure"], [1], 8_999), Row(None, ["pressure"], [1], 9_000)], 10_000)
    await pipeline.stop()
    assert (verdict.taken, verdict.refused, verdict.code) == (1, 1, "old")


def test_silence_is_noticed_within_the_period_and_a_minute():
    clock = [1_000_000]
    changes = []
    presence = Presence(lambda: clock[0])
    presence.on_change(lambda change: changes.append((change.device, change.state)))

    directory = Directory([PUMP, replace(PUMP, id=8, key="x", period_s=0, token_sm3=None)])
    clock[0] += 10_000 + SILENCE_GRACE_MS
    presence.sweep(directory)
    assert changes == []
    clock[0] += 1
    presence.sweep(directory)
    presence.sweep(directory)
    assert changes == [(1, "silent")]
    presence.heard[1] = clock[0]
    presence.sweep(directory)
    assert changes == [(1, "silent"), (1, "heard")]
    assert SILENCE_GRACE_MS + 10_000 <= 60_000


def logged(caplog):
    """What was said of refusals; threads of tests before may say something else meanwhile."""
    return [row for row in caplog.records if row.name.endswith(".refusals")]


def test_refusals_are_counted_always_and_logged_once_a_period(caplog):
    clock = [1_000_000_000]
    refusals = Refusals(lambda: clock[0])
    for _ in range(5):
        refusals.add("pump-1", "json", "第 3 个字节处不是合法的 JSON")
    refusals.add("pump-1", "old", "太旧", 7)
    refusals.add("oven", "json", "截断")
    assert (refusals.count("pump-1", "json"), refusals.count("pump-1", "old"), refusals.total) == (5, 7, 13)
    assert len(logged(caplog)) == 3
    clock[0] += LOG_PERIOD_MS
    refusals.add("pump-1", "json", "又一次")
    assert len(logged(caplog)) == 4
    assert refusals.list()[0].example == "又一次"


def test_strangers_cannot_fill_the_memory_with_refusals(monkeypatch):
    monkeypatch.setattr("bianwang.processes.intake.refusals.MAX_ENTRIES", 100)
    refusals = Refusals()
    for n in range(1000):
        refusals.add(f"10.0.0.{n}", "connect", "")
    assert len(refusals.list()) == 100
    assert refusals.total == 1000


def test_lateness_is_known_by_signal_id():

    directory = Directory([replace(PUMP, lateness_ms=500)])
    assert directory.lateness.tolist() == [0, 500, 500]
    assert np.issubdtype(Directory().lateness.dtype, np.int64)


async def test_the_platforms_own_readings_are_durable_and_judged_like_a_devices(intake):
    at = now()
    await intake.pipeline.record([70, 70, 71], [at, at + 1, at], [1.0, 0.0, 2.0], [0, 0, 1])
    await intake.pipeline.record([70], [at], [9.0], [0])
    assert intake.rows(70) == [(at, 1.0), (at + 1, 0.0)]
    assert intake.rows(71) == [(at, 2.0)]
    await until(lambda: intake.judge.values() == [1.0, 0.0, 2.0], "judging, each once")


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (([70], [1_000], [1.0], [0]), "早于保存期"),
        (([70], [2**52], [1.0], [0]), "晚于现在"),
        (([-1], [None], [1.0], [0]), "超出范围"),
        (([70], [None], [1.0], [3]), "超出范围"),
        (([70, 71], [None], [1.0], [0]), "不一致"),
    ],
)
async def test_of_columns_that_do_not_fit_nothing_is_taken(intake, columns, words):
    signals, times, values, qualities = columns
    with pytest.raises(ValueError, match=words):
        await intake.pipeline.record(signals, [now() if at is None else at for at in times], values, qualities)
    assert intake.store.count() == 0
