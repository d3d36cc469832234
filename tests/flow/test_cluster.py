"""A device publishes, the intake hands on by Kafka, Spark judges, an alarm stands: with the platform's own commands."""

from __future__ import annotations

import asyncio
import shutil
import time
from pathlib import Path

import psutil
import pytest

from tests.faults.publisher import Publisher
from tests.instance import Instance, patience, running

pytestmark = pytest.mark.skipif(shutil.which("java") is None, reason="没有 Java 17，Spark 不能运行（.ci/run 会安装）")

DEVICE = "demo-jiahua-gas"
STEP_MS = 1_000
ENDED = """
import json, time
from bianwang.modules.alarms.models import Alarm

def gas():
    rows = Alarm.objects.filter(signal__device__key="demo-jiahua-gas", signal__name="lel", started_ms__gte={after})
    found = [(row, row.facts) for row in rows]
    return sorted([row.binding_id, row.started_ms, row.ended_ms, len(facts["inputs"])]
                  for row, facts in found if facts["value"] == 60.0)

end = time.monotonic() + 200
while time.monotonic() < end and not (gas() and all(row[2] for row in gas())):
    time.sleep(0.5)
print(json.dumps(gas()))
"""
"""Alarms about gas since a moment, once there are some and all have ended; the device's silence is no matter."""
ALIVE = """
import json
from bianwang.modules.alarms.models import JudgeState
print(json.dumps([row.alive_at is not None for row in JudgeState.objects.all()]))
"""
Row = list[int]

JUDGE = "cluster judge --buckets 2 --master local[1,4]"


VALUES = [60.0 if 20 <= number < 40 else 1.0 for number in range(110)]
"""Twenty seconds of gas; more than the minute without that ends an alarm."""


def publish(instance: Instance, start_ms: int) -> None:
    """The values one a second; they lie ahead of the clock, less than what counts as a fault, so none is late."""
    publisher = Publisher(DEVICE, instance.token(DEVICE), instance.mqtt_port, "lel", VALUES, start_ms, STEP_MS)
    asyncio.run(asyncio.wait_for(publisher.run(asyncio.Event()), 120))


def ended(instance: Instance, after_ms: int) -> list[Row]:
    """Alarms about gas that began after a moment."""
    rows: list[Row] = instance.script(ENDED.format(after=after_ms))
    assert rows, instance.log(JUDGE)
    return rows


def batches(instance: Instance) -> int:
    """How many batches Spark knows to be done."""
    return len(list((instance.home / "cluster" / "spark" / "commits").glob("[0-9]*")))


def kill(instance: Instance) -> None:
    """The driver with its JVM and workers."""
    for child in psutil.Process(instance.processes[JUDGE].pid).children(recursive=True):
        child.kill()
    instance.kill(JUDGE)


def test_an_alarm_is_raised_once_by_a_job_on_spark(tmp_path: Path, broker: str) -> None:
    with running(tmp_path / "home", BIAN_STREAM=f"kafka://{broker}/readings") as instance:
        instance.start("intake")
        first_ms = round(time.time() * 1000)
        publish(instance, first_ms)
        instance.start(JUDGE)
        first = ended(instance, first_ms)
        gas = range(first_ms + 20 * STEP_MS, first_ms + 40 * STEP_MS)
        assert all(row[1] in gas and row[2] >= gas.stop for row in first)
        assert len({(row[0], row[1]) for row in first}) == len(first)
        assert all(row[3] > 1 for row in first), "the samples are evidence"
        assert instance.script(ALIVE) == [True]
        # Killed and started anew it goes on, and tells nothing twice.
        kill(instance)
        done = batches(instance)
        second_ms = max(first_ms + len(VALUES) * STEP_MS, round(time.time() * 1000))
        publish(instance, second_ms)
        instance.start(JUDGE)
        assert len(ended(instance, second_ms)) == len(first)
        for _ in patience("the job"):
            if batches(instance) > done:
                break
        assert [row for row in ended(instance, first_ms) if row[1] < second_ms] == first
