"""A device publishes, the intake hands on, Spark judges, the alarm stands: with the platform's own commands."""

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
ALARMS = """
import json
from bianwang.modules.alarms.models import Alarm
rows = Alarm.objects.filter(signal__device__key="demo-jiahua-gas", signal__name="lel").order_by("started_ms", "id")
print(json.dumps([[row.binding_id, row.started_ms, row.ended_ms, row.facts["value"], len(row.facts["inputs"])]
                  for row in rows]))
"""
ALIVE = """
import json
from bianwang.modules.alarms.models import JudgeState
print(json.dumps([row.alive_at is not None for row in JudgeState.objects.all()]))
"""
Row = list[int | float | None]

JUDGE = "cluster judge --buckets 2 --master local[1,4]"


VALUES = [60.0 if 20 <= number < 40 else 1.0 for number in range(50)]


def publish(instance: Instance) -> int:
    """Fifty seconds that end now, twenty of them with gas; returns when they began (ms)."""
    start_ms = round(time.time() * 1000) - len(VALUES) * STEP_MS
    publisher = Publisher(DEVICE, instance.token(DEVICE), instance.mqtt_port, "lel", VALUES, start_ms, STEP_MS)
    asyncio.run(asyncio.wait_for(publisher.run(asyncio.Event()), 120))
    return start_ms


def ended(instance: Instance, known: list[Row], after_ms: int) -> list[Row]:
    """Alarms beyond the known ones that began after a moment, once there are some and all have ended."""
    for _ in patience("alarms of the job"):
        new = [row for row in instance.script(ALARMS) if row not in known and row[1] >= after_ms]
        if new and all(row[2] is not None for row in new):
            return new
    raise AssertionError


def kill(instance: Instance) -> None:
    """The driver with its JVM and workers."""
    for child in psutil.Process(instance.processes[JUDGE].pid).children(recursive=True):
        child.kill()
    instance.kill(JUDGE)


def test_an_alarm_is_raised_once_by_a_job_on_spark(tmp_path: Path) -> None:
    with running(tmp_path / "home", BIAN_STREAM=f"folder://{tmp_path}/stream") as instance:
        before = instance.script(ALARMS)
        instance.start("intake")
        start_ms = publish(instance)
        instance.start(JUDGE)
        first = ended(instance, before, start_ms)
        gas = range(start_ms + 20 * STEP_MS, start_ms + 40 * STEP_MS)
        assert all(row[1] in gas and row[2] >= gas.stop for row in first)
        assert len({(row[0], row[1]) for row in first}) == len(first)
        assert all(row[3] == 60.0 and row[4] > 1 for row in first), "value and samples are the evidence"
        assert instance.script(ALIVE) == [True]
        # Killed and started anew it goes on, and tells nothing twice.
        kill(instance)
        start_ms = publish(instance)
        instance.start(JUDGE)
        second = ended(instance, before + first, start_ms)
        assert len(second) == len(first)
        assert sorted(instance.script(ALARMS)) == sorted(before + first + second)
