"""The pump templates on real recordings of a pump test bench (SKAB, Skoltech Anomaly Benchmark).

Every recording is judged with limits from its own first five minutes and with the templates' own defaults: the
same k, N of M and recovery time for flow, pressure and current, in all files. Set `BIAN_SKAB` to the folder
with the files; without it they are looked for beside the project.
"""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import bianwang
from bianwang.engine.replay import replay
from bianwang.engine.semantics import ChangeKind
from bianwang.engine.table import compile_table
from bianwang.modules.rules.binding import Bound, Text, instances
from bianwang.modules.rules.commissioning import baseline
from bianwang.modules.rules.templates import templates

FOLDER = Path(os.environ.get("BIAN_SKAB") or Path(bianwang.__file__).parents[3] / "shared" / "data" / "skab")
COMMISSIONING_MS = 300_000
COLUMNS = {"pump-flow-drop": "Volume Flow RateRMS", "pump-pressure": "Pressure", "pump-current": "Current"}

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"没有泵的实测记录：请把 SKAB 的 csv 文件放到 {FOLDER}，或用 BIAN_SKAB 指明文件夹。"
)


@dataclass
class Recording:
    """Times in ms from the first row, the columns that rules judge, and where the file says anomaly."""

    times: NDArray[np.int64]
    values: dict[str, NDArray[np.float64]]
    anomaly: NDArray[np.bool_]

    @property
    def hours_judged(self) -> float:
        return float(self.times[-1] - COMMISSIONING_MS) / 3_600_000


def read(name: str) -> Recording:
    with (FOLDER / name).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    moments = np.array([datetime.fromisoformat(row["datetime"]).timestamp() for row in rows])
    return Recording(
        times=np.round((moments - moments[0]) * 1000).astype(np.int64),
        values={rule: np.array([float(row[column]) for row in rows]) for rule, column in COLUMNS.items()},
        anomaly=np.array([float(row.get("anomaly") or 0) > 0 for row in rows]),
    )


def alarms(recording: Recording, **parameters: float) -> list[tuple[str, int]]:
    """(rule, ms) of every alarm of all pump rules, from the end of commissioning on."""
    first, rest = recording.times < COMMISSIONING_MS, recording.times >= COMMISSIONING_MS
    rules = list(COLUMNS)
    wanted = []
    for number, rule in enumerate(rules):
        normal = baseline(recording.values[rule][first])
        template = templates()[rule]
        levels = template.build(template.defaults() | parameters)
        wanted += instances(Bound(number, number, 1, normal.median, normal.spread, 1), Text(levels))
    changes = replay(
        compile_table(wanted),
        np.repeat(np.arange(len(rules)), rest.sum()),
        np.tile(recording.times[rest], len(rules)),
        np.concatenate([recording.values[rule][rest] for rule in rules]),
    )
    began = changes.kind == ChangeKind.BEGAN
    return [(rules[key // 8], int(time)) for key, time in zip(changes.key[began], changes.time[began], strict=True)]


def inside(recording: Recording, time: int) -> bool:
    marked = recording.times[recording.anomaly]
    return bool(len(marked)) and int(marked[0]) <= time <= int(marked[-1])


@pytest.mark.parametrize("name", [f"valve2-{number}.csv" for number in range(4)])
def test_a_closing_valve_raises_an_alarm_inside_the_anomaly_and_at_most_one_outside(name: str) -> None:
    recording = read(name)
    hits = [inside(recording, time) for _, time in alarms(recording)]
    assert hits.count(True) >= 1
    assert hits.count(False) <= 1


def test_normal_running_raises_at_most_two_alarms_an_hour() -> None:
    recording = read("anomaly-free-anomaly-free.csv")
    assert len(alarms(recording)) <= 2 * recording.hours_judged


@pytest.mark.parametrize("k", [1.8, 2.5, 3.0])
def test_the_result_does_not_hang_on_the_exact_factor(k: float) -> None:
    for number in range(4):
        recording = read(f"valve2-{number}.csv")
        hits = [inside(recording, time) for _, time in alarms(recording, k=k)]
        assert hits.count(True) >= 1
        assert hits.count(False) <= 1
