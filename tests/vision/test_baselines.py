"""What is suspected: the figures that pages show are measured again here, on the same material."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest

from bianwang.processes.videos import Video
from bianwang.vision.analyser import Analyser, Observation, Settings
from bianwang.vision.baselines import baselines
from bianwang.vision.clothing import fluorescent
from bianwang.vision.detection import UNTRACKED, Detections
from bianwang.vision.flame import Fire
from bianwang.vision.frames import Frame
from bianwang.vision.persistence import Persistence
from bianwang.vision.posture import Fallen
from bianwang.vision.regions import Region
from bianwang.vision.suspicion import Episodes, Kind, Mark
from tests.vision import staged
from tests.vision.recordings import WORKER, detector, pedestrians

KINDS: frozenset[Kind] = frozenset({"fallen", "no_vest", "flame", "smoke"})
SECONDS = 40
worker = pytest.mark.skipif(not WORKER.is_file(), reason=f"没有 {WORKER.name}：请用 BIAN_VIDEOS 指明它所在的文件夹。")
FOOT = Region("左半", "area", ((0, 0), (0.5, 0), (0.5, 1), (0, 1)))


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Frame]:
    with Video(str(pedestrians(tmp_path_factory.mktemp("recording")))) as video:
        return [frame for seconds, frame in video.sampled(staged.FPS) if seconds < SECONDS]


@pytest.fixture(scope="module")
def ordinary(pictures: list[Frame]) -> list[Observation]:
    """People on a road: nobody falls, nothing burns, nobody wears a vest."""
    return look(pictures)


@pytest.fixture(scope="module")
def scene(pictures: list[Frame]) -> Frame:
    return staged.empty(pictures)


def look(frames: Iterable[Frame], fps: float = staged.FPS, kinds: frozenset[Kind] = KINDS) -> list[Observation]:
    analyser = Analyser(detector(), [FOOT], Settings(fps=fps, suspect=kinds, gate=None))
    return [analyser.step(frame, number / fps) for number, frame in enumerate(frames)]


def episodes(seen: Iterable[Observation], kind: Kind) -> int:
    return len({each.since for observation in seen for each in observation.suspicions if each.kind == kind})


def burning(frames: Iterable[Frame], kind: Kind) -> bool:
    """Whether fire is suspected where nobody walks: after it begins, and not before."""
    fire, lasting, told = Fire(), Episodes(Persistence(4, 6)), []
    for number, frame in enumerate(frames):
        flames, smoke = fire.step(frame, Detections.none())
        told.append(bool(lasting.step(flames if kind == "flame" else smoke, number / staged.FPS)))
    assert not any(told[: staged.BEFORE])
    return any(told)


def test_every_kind_is_described() -> None:
    assert set(baselines()) == KINDS
    for baseline in baselines().values():
        assert str(baseline).endswith("。")


def test_staged_flames_are_found_as_often_as_is_said(scene: Frame) -> None:
    found = [burning(staged.flame(scene, place, tall), "flame") for place in staged.PLACES for tall in (20, 30, 45, 60)]
    assert (sum(found), len(found)) == (baselines()["flame"].found, baselines()["flame"].of)


def test_staged_smoke_is_found_as_often_as_is_said(scene: Frame) -> None:
    found = [burning(staged.smoke(scene, place, dense), "smoke") for place in staged.PLACES for dense in (0.3, 0.6)]
    assert (sum(found), len(found)) == (baselines()["smoke"].found, baselines()["smoke"].of)


def test_staged_falls_are_found_as_often_as_is_said(scene: Frame, pictures: list[Frame]) -> None:
    found = []
    for frames in staged.falls(scene, pictures, detector(), baselines()["fallen"].of):
        seen = look(frames, kinds=frozenset({"fallen"}))
        told = [bool(observation.suspicions) for observation in seen]
        assert not any(told[: staged.BEFORE])
        found.append(any(told))
    assert (sum(found), len(found)) == (baselines()["fallen"].found, baselines()["fallen"].of)


@pytest.mark.parametrize("kind", ["fallen", "flame", "smoke"])
def test_an_ordinary_recording_raises_as_few_suspicions_as_is_said(ordinary: list[Observation], kind: Kind) -> None:
    assert baselines()[kind].seconds == SECONDS
    assert episodes(ordinary, kind) == baselines()[kind].wrong


def test_people_without_vests_are_told_as_often_as_is_said(ordinary: list[Observation]) -> None:
    """Whoever is large enough in six pictures."""
    large: dict[int, int] = {}
    for observation in ordinary:
        tall = observation.persons.boxes[:, 3] - observation.persons.boxes[:, 1]
        for track in observation.persons.tracks[tall >= 60].tolist():
            large[track] = large.get(track, 0) + 1
    people = {track for track, times in large.items() if track != UNTRACKED and times >= 6}
    told = {each.track for seen in ordinary for each in seen.suspicions if each.kind == "no_vest"}
    # Who is one person and who two differs a little from processor to processor.
    assert len(people) == pytest.approx(baselines()["no_vest"].of, abs=2)
    assert len(people & told) == pytest.approx(baselines()["no_vest"].found, abs=2)


@worker
def test_a_worker_in_a_vest_raises_no_suspicion() -> None:
    with Video(str(WORKER)) as video:
        timed = list(video.sampled(5))
    seen = look([frame for _, frame in timed], fps=5)
    assert [observation.suspicions for observation in seen] == [()] * len(seen)
    assert baselines()["no_vest"].seconds == round(timed[-1][0])
    assert baselines()["no_vest"].wrong == 0
    shares = [
        fluorescent(frame, tuple(box))
        for (_, frame), observation in zip(timed, seen, strict=True)
        for box in observation.persons.boxes.tolist()
    ]
    assert min(shares) > 0.2


def test_a_suspicion_says_where_and_since_when(scene: Frame, pictures: list[Frame]) -> None:
    (told,) = look(staged.flame(scene, (150, 250), 60), kinds=frozenset({"flame"}))[-1].suspicions
    assert (told.kind, told.region) == ("flame", "左半")
    assert told.box[0] < 150 < told.box[2]
    assert told.box[1] < 240 < told.box[3]
    assert staged.BEFORE / staged.FPS <= told.since <= (staged.BEFORE + 6) / staged.FPS


def test_nothing_is_suspected_unless_asked(scene: Frame) -> None:
    frames = list(staged.flame(scene, (150, 250), 60))[-8:]
    assert all(not observation.suspicions for observation in look(frames, kinds=frozenset()))


def test_marks_become_one_suspicion_and_only_when_they_last() -> None:
    lasting = Episodes(Persistence(2, 3))
    one, near, other = Mark((0, 0, 10, 10), 0.5), Mark((2, 2, 12, 12), 0.6), Mark((50, 50, 60, 60), 0.5)
    assert lasting.step([one], 0) == []
    assert lasting.step([near, other], 1) == [(near, 0)]
    assert lasting.step([], 2) == [(near, 0)]
    assert lasting.step([], 3) == []
    assert lasting.step([other], 4) == []


def test_who_walks_out_of_the_picture_is_not_looked_for() -> None:
    fallen = Fallen(detector(), detector().model.index("person"))
    blank = np.full((200, 300, 3), 114, np.uint8)
    gone = Detections(
        np.array([[270, 50, 299, 150]], np.float32), np.array([0.9], np.float32), np.array([0]), np.array([3])
    )
    for seconds in range(4):
        assert fallen.step(blank, gone, seconds) == []
    assert fallen.step(blank, Detections.none(), 5) == []
