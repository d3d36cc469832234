"""A camera's pictures in order: the motion gate saves work and changes little."""

from __future__ import annotations

import numpy as np
import pytest

from bianwang.processes.videos import Video
from bianwang.vision.analyser import Analyser, Observation, Settings
from bianwang.vision.frames import Frame
from bianwang.vision.gate import Gate, GateSettings
from bianwang.vision.regions import Region
from tests.vision.recordings import detector, pedestrians

FPS = 2
ROAD = Region("路", "area", ((0.4, 0.2), (0.9, 0.2), (0.9, 0.6), (0.4, 0.6)), "danger_count")
LINE = Region("线", "line", ((0.4, 0.0), (0.4, 1.0)))


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Frame]:
    """Two a second, twenty seconds."""
    with Video(str(pedestrians(tmp_path_factory.mktemp("recording")))) as video:
        return [frame for seconds, frame in video.sampled(FPS) if seconds < 20]


def still(frame: Frame, count: int) -> list[Frame]:
    """As a sensor sees a scene in which nothing moves, while clouds pass."""
    generator = np.random.default_rng(3)
    light = np.linspace(0, 12, count)
    return [
        np.clip(frame + generator.normal(0, 3, (*frame.shape[:2], 1)) + light[number], 0, 255).astype(np.uint8)
        for number in range(count)
    ]


def look(frames: list[Frame], **settings: object) -> list[Observation]:
    analyser = Analyser(detector(), [ROAD, LINE], Settings(fps=FPS, **settings))  # type: ignore[arg-type]
    return [analyser.step(frame, number / FPS) for number, frame in enumerate(frames)]


def test_signals_are_those_of_the_regions(pictures: list[Frame]) -> None:
    seen = look(pictures[:4])[-1]
    of_area = {"danger_count", "entered_count", "left_count", "dwell_time", "absence_time"}
    assert set(seen.signals) == {("路", quantity) for quantity in of_area} | {
        ("线", "entered_count"),
        ("线", "left_count"),
    }
    assert list(seen.counts) == ["路"]


def test_the_gate_lets_a_still_scene_through_once_in_ten_seconds(pictures: list[Frame]) -> None:
    gate = Gate(GateSettings(hold_s=1, again_s=10))
    passed = [number / FPS for number, frame in enumerate(still(pictures[0], 60)) if gate.step(frame, number / FPS)]
    assert passed == [0, 0.5, 1, 11, 21]


def test_the_gate_lets_people_through_who_walk_far_away(pictures: list[Frame]) -> None:
    gate = Gate(GateSettings(hold_s=0, again_s=1e9))
    passed = [gate.step(frame, number / FPS) for number, frame in enumerate(pictures)]
    assert np.mean(passed) > 0.9


def test_where_nothing_moves_people_stay_who_and_where_they_are(pictures: list[Frame]) -> None:
    seen = look([*pictures[:6], *still(pictures[5], 40)])
    looked, kept = seen[6], seen[-1]
    assert sum(observation.moved for observation in seen[6:]) <= 5
    assert kept.counts == looked.counts
    assert kept.signals["路", "dwell_time"] >= looked.signals["路", "dwell_time"] + 19
    steady = set(looked.persons.tracks.tolist()) - {-1}
    assert steady <= set(kept.persons.tracks.tolist())


def test_the_gate_changes_no_count_where_people_walk(pictures: list[Frame]) -> None:
    gated, all_of_them = look(pictures), look(pictures, gate=None)
    assert all(observation.moved for observation in all_of_them)
    assert [observation.counts for observation in gated] == [observation.counts for observation in all_of_them]
