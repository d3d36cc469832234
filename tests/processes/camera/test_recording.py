"""What is decoded, and what is kept of it: sampling, the ring on disk, clips cut from it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from av.packet import Packet
from av.video.frame import PictureType
from av.video.stream import VideoStream

from bianwang.processes.camera import clip, ring
from bianwang.processes.camera.ring import Ring
from bianwang.processes.camera.sampling import Sampler
from tests.processes.camera import videos

START_MS = 1_700_000_000_000


def packets(path: Path) -> Iterator[tuple[Packet[VideoStream], float]]:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        for packet in container.demux(stream):
            if packet.size and packet.dts is not None:
                yield packet, float(packet.dts * packet.time_base)


def recorded(path: Path, folder: Path, start_ms: int = START_MS) -> Ring:
    kept = Ring(folder)
    for packet, seconds in packets(path):
        kept.put(packet, start_ms + round(seconds * 1000))
    kept.close()
    return kept


@pytest.fixture(scope="module")
def minute(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return videos.make(tmp_path_factory.mktemp("video") / "minute.mp4", 60)


@pytest.mark.parametrize(("fps", "key_s"), [(2.0, 2.0), (2.0, 0.2), (0.5, 1.0), (5.0, 0.1)])
def test_as_many_frames_a_second_are_looked_at_as_wanted(tmp_path: Path, fps: float, key_s: float) -> None:
    video = videos.make(tmp_path / "video.mp4", 10, key_s=key_s)
    sampler = Sampler(fps)
    times = [seconds for packet, seconds in packets(video) if sampler.frame(packet, seconds) is not None]
    assert len(times) == pytest.approx(10 * fps, abs=1)
    assert max(np.diff(times)) <= 1 / fps + max(key_s if key_s <= 1 / fps else 0, 0.1) + 1e-6


def test_a_frame_is_the_picture_of_its_moment(tmp_path: Path) -> None:
    sampler = Sampler(1.0)
    for packet, seconds in packets(videos.make(tmp_path / "video.mp4", 5)):
        frame = sampler.frame(packet, seconds)
        if frame is not None:
            difference = frame.to_ndarray(format="bgr24").astype(int) - videos.room(seconds)
            assert np.abs(difference).mean() < 12


def test_frames_that_are_left_out_change_none_that_is_looked_at(tmp_path: Path) -> None:
    video = videos.make(tmp_path / "video.mp4", 10, options={"preset": "ultrafast", "bf": "3"})
    sampler = Sampler(2.0)
    looked = [frame for packet, seconds in packets(video) if (frame := sampler.frame(packet, seconds)) is not None]
    with av.open(str(video)) as container:
        whole = {frame.pts: frame for frame in container.decode(video=0)}
    assert {PictureType(frame.pict_type).name for frame in whole.values()} == {"I", "P", "B"}
    assert len(looked) == pytest.approx(20, abs=2)
    for frame in looked:
        assert (frame.to_ndarray() == whole[frame.pts].to_ndarray()).all()


def test_a_clip_shows_the_wanted_span_from_the_key_frame_before_it(minute: Path, tmp_path: Path) -> None:
    recorded(minute, tmp_path)
    mp4 = clip.cut(tmp_path, START_MS + 21_000, START_MS + 51_000)
    with av.open(io.BytesIO(mp4)) as container:
        frames = [(frame.time, frame.to_ndarray(format="bgr24")) for frame in container.decode(video=0)]
        assert container.streams.video[0].codec_context.name == "h264"
    assert frames[0][0] == pytest.approx(0, abs=0.01)
    assert 30 <= frames[-1][0] <= 30 + ring.SEGMENT_MS / 1000 + 2
    begun = 51 - frames[-1][0]
    assert 14 <= begun <= 21
    for time, picture in frames[:: len(frames) // 5]:
        assert np.abs(picture.astype(int) - videos.room(round(begun + time, 1))).mean() < 12


def test_the_picture_of_a_moment_is_found(minute: Path, tmp_path: Path) -> None:
    recorded(minute, tmp_path)
    found = clip.picture(tmp_path, START_MS + 33_450)
    assert found is not None
    assert found[1] == START_MS + 33_400
    assert np.abs(found[0].astype(int) - videos.room(33.4)).mean() < 12


def test_nothing_is_cut_where_nothing_was_kept(minute: Path, tmp_path: Path) -> None:
    assert clip.cut(tmp_path, START_MS, START_MS + 30_000) == b""
    recorded(minute, tmp_path)
    assert clip.picture(tmp_path, START_MS - 1) is None


def test_two_minutes_are_kept_over_breaks_and_no_more(minute: Path, tmp_path: Path) -> None:
    for number in range(4):
        recorded(minute, tmp_path, START_MS + number * 70_000)
    starts = [int(path.stem) for path in ring.segments(tmp_path)]
    assert starts[-1] > START_MS + 3 * 70_000
    assert starts[-1] - starts[0] <= ring.KEPT_MS
    assert starts[-1] - starts[0] > ring.KEPT_MS - 2 * ring.SEGMENT_MS - 10_000
    joined = clip.cut(tmp_path, START_MS + 200_000, START_MS + 230_000)
    with av.open(io.BytesIO(joined)) as container:
        times = [packet.dts for packet in container.demux(video=0) if packet.dts is not None]
    assert times == sorted(set(times))


def test_what_a_killed_process_left_half_written_goes(minute: Path, tmp_path: Path) -> None:
    (tmp_path / f"{START_MS}{ring.GROWING}").write_bytes(b"half")
    recorded(minute, tmp_path)
    assert ring.growing_since(tmp_path) is None
    assert all(path.stat().st_size > 1000 for path in ring.segments(tmp_path))
