"""The copy of a clip in which nobody can be told, of real people on a road."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from bianwang.modules.sensing import watching
from bianwang.processes.camera import hiding
from bianwang.processes.camera.studio import Studio
from bianwang.processes.videos import Video
from bianwang.vision.frames import Frame
from tests.processes.camera import videos
from tests.processes.camera.test_watching import Listener, camera
from tests.vision.recordings import detector, pedestrians

START_MS = 1_700_000_000_000


def test_heads_are_squares_and_the_rest_is_as_it_was(tmp_path: Path) -> None:
    pictures = videos.played(pedestrians(tmp_path), 30)
    clip = videos.make(tmp_path / "clip.mp4", 3, lambda seconds: pictures[round(seconds * 10)])
    copy = tmp_path / "copy.mp4"
    hiding.hide(clip, copy, detector())
    with av.open(str(copy)) as made:
        stream = made.streams.video[0]
        assert (stream.codec_context.name, stream.width, stream.height) == ("vp9", 768, 576)
        hidden = [frame.to_ndarray(format="bgr24") for frame in made.decode(video=0)]
    with Video(str(clip)) as video:
        open_ = [frame for _, frame in video.sampled(hiding.FPS)]
    assert len(hidden) == len(open_) == 15
    heads = 0
    for before, after in zip(open_, hidden, strict=True):
        found = detector().detect(before)
        everybody = np.zeros(before.shape[:2], bool)
        for x1, y1, x2, y2 in found.boxes.round().astype(int).tolist():
            everybody[max(0, y1 - 20) : y2 + 20, max(0, x1 - 60) : x2 + 60] = True
        for x1, y1, x2, y2 in found.boxes[(found.labels == 0) & (found.scores >= 0.6)].round().astype(int).tolist():
            heads += 1
            head = slice(y1, y1 + (y2 - y1) // 6), slice(x1, x2)
            body = slice(y1 + (y2 - y1) * 2 // 3, y2), slice(x1, x2)
            assert alike(before[head], after[head]) < 0.4
            assert alike(before[body], after[body]) > 0.8
        assert np.abs(after.astype(int) - before)[~everybody].mean() < 5
    assert heads > 30


def test_a_large_picture_is_made_smaller(tmp_path: Path) -> None:
    (picture,) = videos.played(pedestrians(tmp_path), 1)
    large = np.asarray(cv2.resize(picture, (1920, 1080)), np.uint8)
    copy = tmp_path / "copy.mp4"
    hiding.hide(videos.make(tmp_path / "clip.mp4", 1, lambda _: large, fps=5), copy, detector())
    with av.open(str(copy)) as made:
        assert (made.streams.video[0].width, made.streams.video[0].height) == (960, 540)


@pytest.mark.parametrize("is_analysed", [True, False])
def test_the_newest_picture_has_a_twin_with_hidden_heads(tmp_path: Path, is_analysed: bool) -> None:
    watched = camera("rtsp://192.168.1.64/1", is_analysed=is_analysed)
    folder = watching.folder(watched.id)
    eye = Studio(Listener()).eye(watched, START_MS)
    empty = videos.room(0)
    for number, picture in enumerate([empty, *videos.played(pedestrians(tmp_path), 2)]):
        eye.see(picture, START_MS + 1_000 * number)
        before, after = (cv2.imread(str(folder / name)) for name in (watching.PICTURE, watching.HIDDEN))
        assert before is not None
        assert after is not None
        found = detector().detect(np.asarray(picture, np.uint8))
        people = found.boxes[(found.labels == 0) & (found.scores >= 0.6)].round().astype(int)
        for x1, y1, x2, y2 in people.tolist():
            head = slice(y1, y1 + (y2 - y1) // 6), slice(x1, x2)
            assert alike(before[head], after[head]) < 0.4
        assert len(people) >= 2 or (picture is empty and np.array_equal(before, after))
        assert np.median(np.abs(before.astype(int) - after)) == 0


def alike(one: Frame, other: Frame) -> float:
    """Correlation of what is finer than about four pixels: 1 for the same face, 0 for another's."""
    fine = [part - cv2.GaussianBlur(part, (0, 0), 1.5) for part in (one.astype(np.float32), other.astype(np.float32))]
    return float(np.corrcoef(fine[0].ravel(), fine[1].ravel())[0, 1])
