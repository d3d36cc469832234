"""kill -9 of the platform, again and again, while a device publishes.

Four kills, of the intake three times and of the loop once, each at another moment of the same round: publish,
acknowledge, judge, write the alarm. More are more throws of the same dice at four processor seconds each; BIAN_KILLS
sets how many.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import time
from pathlib import Path

import pytest

from tests.faults.publisher import Publisher
from tests.instance import Instance, patience, running

pytestmark = pytest.mark.faults

DEVICE = "demo-jiahua-gas"
KILLS = int(os.environ.get("BIAN_KILLS", "4"))
COUNT, STEP_MS = 1200 * KILLS, 1000

EXPECTED = """
import json
from bianwang.engine.specification import Meaning, verdict_changes
from bianwang.engine.semantics import ChangeKind
from bianwang.modules.alarms.models import Alarm
from bianwang.modules.rules.queries import active_instances
from bianwang.modules.sensing.models import Signal

signal = Signal.objects.get(device__key={device!r}, name="lel")
values = json.loads({values!r})
changes = {{}}
for instance in active_instances():
    if instance.signals == (signal.pk,):
        program, end = instance.program, {start} + (len(values) - 1) * {step}
        samples = {{"x": [({start} + number * {step}, value) for number, value in enumerate(values)]}}
        named = dict(zip(program.parameters, instance.parameters))
        truths = Meaning(program.tree, samples, program.signature, named, {start}, lambda day: False).changes(end)
        verdicts = verdict_changes(truths, program.is_event, instance.hold_ms, instance.quiet_ms, end)
        changes.setdefault(instance.key // 8, []).extend((time, instance.key, kind) for time, kind in verdicts)
expected = []
for binding, rows in changes.items():
    open_levels = set()
    for time, key, kind in sorted(rows):
        if kind == ChangeKind.BEGAN:
            if not open_levels:
                expected.append([binding, time])
            open_levels.add(key)
        elif kind == ChangeKind.ENDED:
            open_levels.discard(key)
alarms = Alarm.objects.filter(signal=signal, binding__place__isnull=True)
raised = [list(row) for row in alarms.values_list("binding_id", "started_ms")]
print(json.dumps({{"signal": signal.pk, "expected": sorted(expected), "raised": sorted(raised)}}))
"""


def gas(count: int) -> list[float]:
    """Half a minute of 60 %LEL, two minutes of air, again and again; every value differs."""
    return [(60.0 if number % 150 < 30 else 1.0) + number / 1e6 for number in range(count)]


async def publish_through(instance: Instance, publisher: Publisher) -> None:
    """Kill and restart the intake and the loop while the device publishes, then let it finish."""
    stop = asyncio.Event()
    task = asyncio.create_task(publisher.run(stop))
    chance = random.Random(20221123)
    for turn in range(KILLS):
        before = len(publisher.acknowledged)
        for _ in patience("the device"):
            if len(publisher.acknowledged) > before + chance.randint(200, 1200) or task.done():
                break
            await asyncio.sleep(0.01)
        name = "loop" if turn % 4 == 3 else "intake"
        await asyncio.to_thread(instance.kill, name)
        await asyncio.to_thread(instance.start, name)
    await asyncio.wait_for(task, 120)


def test_no_acknowledged_reading_is_missing_none_is_twice_and_each_alarm_is_there_once(tmp_path: Path) -> None:
    values = gas(COUNT)
    start = round(time.time() * 1000) - COUNT * STEP_MS
    with running(tmp_path / "home", "intake", "loop") as instance:
        token = instance.token(DEVICE)
        publisher = Publisher(DEVICE, token, instance.mqtt_port, "lel", values, start, STEP_MS, window=60)
        asyncio.run(publish_through(instance, publisher))

        client = instance.telemetry()
        instance.wait_judged(client)
        seen = instance.script(EXPECTED.format(device=DEVICE, values=json.dumps(values), start=start, step=STEP_MS))
        stored = client.series([seen["signal"]], start, start + COUNT * STEP_MS)

        assert len(publisher.acknowledged) == COUNT
        assert stored["time"].tolist() == [start + number * STEP_MS for number in range(COUNT)]
        assert stored["value"].tolist() == values
        assert len(seen["expected"]) >= COUNT // 150
        assert seen["raised"] == seen["expected"]
        assert "台账完整" in instance.bian("ledger", "verify")
