"""From a stream to readings, states and pictures: files by their own time, RTSP as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from bianwang.modules.sensing import streams, watching
from bianwang.processes.camera.signals import BAD, GOOD
from bianwang.processes.camera.studio import Studio
from bianwang.processes.camera.timing import Clock
from bianwang.processes.camera.watch import Watch
from tests.instance import patience
from tests.processes.camera import videos
from tests.processes.camera.listening import CAMERA, HEADS, OK, Listener, Played, camera
from tests.processes.camera.rtsp import RtspServer


@pytest.fixture(autouse=True)
def _no_reference() -> Iterator[None]:
    yield
    (watching.folder(CAMERA) / watching.REFERENCE).unlink(missing_ok=True)


@pytest.fixture
def play() -> Callable[..., tuple[Listener, Played]]:
    """Watch a video for so long by its own time; the clock is done in a moment."""

    def watched(draw: videos.Draw, seconds: float, length: float | None = None) -> tuple[Listener, Played]:
        videos.make(streams.media("played.mp4"), length or seconds, draw, fps=5)
        clock, listener = Played(seconds), Listener()
        Studio(listener).watch(camera("file:played.mp4"), clock).run()
        return listener, clock

    streams.media("played.mp4").parent.mkdir(parents=True, exist_ok=True)
    return watched


def test_a_good_stream_is_online_from_the_first_picture_and_says_so_every_ten_seconds(
    play: Callable[..., tuple[Listener, Played]],
) -> None:
    listener, clock = play(videos.room, 65, length=20)
    assert listener.presences == ["online"]
    assert all(reading.value == 1 and reading.quality == GOOD for reading in listener.of(OK))
    times = [clock.seconds(reading.at_ms) for reading in listener.of(OK)]
    assert times[0] < 1
    assert np.diff(times) == pytest.approx(10, abs=1)
    assert len(listener.seen) == pytest.approx(130, abs=8)
    assert np.diff(listener.seen).min() > 0


@pytest.mark.parametrize(("draw", "fault"), [(videos.frozen, "frozen"), (videos.black, "black")])
def test_a_frozen_and_a_black_stream_are_reported_within_a_minute_and_what_was_counted_is_void(
    play: Callable[..., tuple[Listener, Played]], draw: Callable[[float], videos.Draw], fault: str
) -> None:
    listener, clock = play(draw(30), 92, length=100)
    assert listener.presences == ["online", fault]
    assert 30 < clock.seconds(listener.states[-1].at_ms) <= 90
    bad = next(reading for reading in listener.of(OK) if reading.value == 0)
    assert 30 < clock.seconds(bad.at_ms) <= 90
    assert listener.of(HEADS)[-1].quality == BAD
    assert listener.states[-1].detail.startswith("画面")


def test_the_newest_picture_is_a_file_of_its_moment(play: Callable[..., tuple[Listener, Played]]) -> None:
    listener, clock = play(videos.room, 5)
    path = watching.folder(CAMERA) / watching.PICTURE
    shown_ms = path.stat().st_mtime_ns // 1_000_000
    assert listener.seen[-1] - 1000 <= shown_ms <= listener.seen[-1]
    picture = cv2.imread(str(path))
    assert picture is not None
    assert np.abs(picture.astype(int) - videos.room(clock.seconds(shown_ms))).mean() < 15


def test_a_turned_camera_is_told_until_its_view_is_taken_for_right(
    play: Callable[..., tuple[Listener, Played]],
) -> None:
    play(videos.room, 40)
    reference = watching.folder(CAMERA) / watching.REFERENCE
    assert reference.exists()
    listener, _ = play(lambda seconds: np.ascontiguousarray(np.roll(videos.room(seconds), 80, axis=1)[::-1]), 60)
    assert listener.presences == ["online", "moved"]
    reference.unlink()
    listener, _ = play(lambda seconds: np.ascontiguousarray(np.roll(videos.room(seconds), 80, axis=1)[::-1]), 60)
    assert listener.presences == ["online"]
    assert reference.exists()


def test_a_machine_with_too_much_to_do_sees_fewer_pictures_but_no_old_ones() -> None:
    videos.make(streams.media("played.mp4"), 100, fps=10, key_s=2)
    clock, lags = Played(90), []

    class Slow(Listener):
        def picture(self, camera: int, at_ms: int) -> None:
            lags.append(clock.now_ms() - at_ms)
            clock.wait(3)

    Studio(Slow()).watch(camera("file:played.mp4"), clock).run()
    assert max(lags) < 1_000
    assert len(lags) >= 90 / (3 + 2) - 1


def test_a_missing_video_is_offline_with_a_reason() -> None:
    clock, listener = Played(120), Listener()
    Studio(listener).watch(camera("file:nothing.mp4"), clock).run()
    assert listener.presences == ["offline"]
    assert listener.states[0].detail == "没有这个视频文件"
    assert 15 <= clock.seconds(listener.states[0].at_ms) < 20
    assert [reading.value for reading in listener.of(OK)] == [0] * len(listener.of(OK))
    assert len(listener.of(OK)) >= 9


class Jumped(Clock):
    """The wall clock, which a test can move on."""

    ahead_ms = 0

    def now_ms(self) -> int:
        return super().now_ms() + self.ahead_ms


def test_an_rtsp_stream_that_is_cut_goes_offline_and_comes_back(tmp_path: Path) -> None:
    videos.make(tmp_path / "gate.mp4", 20, fps=10, key_s=1)
    server, clock, listener = RtspServer(tmp_path), Jumped(), Listener()
    server.start()
    watch: Watch = Studio(listener).watch(camera(server.address("gate.mp4")), clock)
    watch.start()
    try:
        await_(lambda: listener.presences == ["online"] and bool(listener.seen), "the first picture")
        server.cut()
        clock.ahead_ms = 20_000
        await_(lambda: listener.presences == ["online", "offline"], "the cut is noticed")
        assert listener.of(OK)[-1].value == 0
        assert "secret" not in listener.states[-1].detail
        server.start()
        await_(lambda: listener.presences == ["online", "offline", "online"], "the picture is back")
        await_(lambda: listener.of(OK)[-1].value == 1, "the signal is back")
    finally:
        watch.stop()
        server.cut()
        watch.join()


def await_(happened: Callable[[], bool], what: str) -> None:
    for _ in patience(what, 60):
        if happened():
            return
