"""Real recordings of a pump through the whole platform: published, stored, judged, raised."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

import bianwang
from tests.instance import Instance, running

FOLDER = Path(os.environ.get("BIAN_SKAB") or Path(bianwang.__file__).parents[3] / "shared" / "data" / "skab")
RECORDINGS = sorted(FOLDER.glob("valve2-*.csv"))

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(
        not RECORDINGS,
        reason=f"没有泵的实测记录：请把 SKAB 的 csv 文件放到 {FOLDER}，或用 BIAN_SKAB 指明文件夹。",
    ),
]


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with running(tmp_path_factory.mktemp("replay") / "home", "intake") as instance:
        yield instance


def summary(platform: Instance, file: Path) -> dict[str, int]:
    """Play a recording at 600 times its pace; what the command says at the end."""
    lines = platform.bian("replay", str(file), "--speed", "600", "--json").splitlines()
    found: dict[str, int] = orjson.loads(lines[-1])
    assert found["alarms"] == len(lines) - 1
    return found


@pytest.mark.parametrize("file", RECORDINGS, ids=lambda file: file.stem)
def test_a_closing_valve_raises_an_alarm_while_it_closes_and_at_most_one_elsewhere(
    platform: Instance, file: Path
) -> None:
    found = summary(platform, file)
    assert found["inside"] >= 1
    assert found["outside"] <= 1


def test_a_recording_without_a_fault_raises_at_most_two_alarms_an_hour(platform: Instance) -> None:
    file = FOLDER / "anomaly-free-anomaly-free.csv"
    hours = 166 / 60
    assert summary(platform, file)["alarms"] <= 2 * hours
