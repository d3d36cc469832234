"""`bian vision analyze` on real recordings, as people start it."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from bianwang.processes.videos import Video
from bianwang.vision.analyser import Settings
from tests.processes.camera import videos
from tests.processes.camera.rtsp import RtspServer
from tests.vision.recordings import WORKER, detector, pedestrians

Bian = Callable[..., subprocess.CompletedProcess[str]]
ZONES = {
    "路": [[300, 120], [700, 120], [700, 330], [300, 330]],
    "凹": [[40, 60], [400, 200], [740, 60], [740, 560], [400, 300], [40, 560]],
    "八字": [[100, 100], [600, 400], [600, 100], [100, 400]],
}
EVERY = 5


@pytest.fixture(scope="module")
def bian(tmp_path_factory: pytest.TempPathFactory) -> Bian:
    """`bian vision analyze …` in a folder without an instance."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("BIAN_", "DJANGO_"))}
    folder = tmp_path_factory.mktemp("vision")

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bianwang.processes.cli", "vision", "analyze", *map(str, arguments)]
        return subprocess.run(command, env=clean, cwd=folder, capture_output=True, text=True, timeout=300)

    return run


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pedestrians(tmp_path_factory.mktemp("recording"))


@pytest.fixture(scope="module")
def told(bian: Bian, recording: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], Any]:
    """Lines and summary of the first 300 pictures."""
    folder = tmp_path_factory.mktemp("told")
    (folder / "zones.json").write_text(json.dumps(ZONES))
    out = folder / "out.jsonl"
    done = bian(recording, "--zones", folder / "zones.json", "--fps", 10, "--seconds", 29.95, "--out", out, "--json")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert [file.name for file in folder.iterdir() if "out" in file.name] == ["out.jsonl"]
    return [json.loads(line) for line in out.read_text().splitlines()], json.loads(done.stdout)


def test_a_line_is_written_for_every_picture(told: Any) -> None:
    lines, summary = told
    assert len(lines) == summary["frames"] == summary["detected"] == 300
    assert [line["t"] for line in lines] == [pytest.approx(number / 10) for number in range(300)]
    for line in lines:
        assert line.keys() == {"t", "persons", "boxes", "zones"}
        assert line["persons"] == len(line["boxes"])
        assert list(line["zones"]) == list(ZONES)
        for x1, y1, x2, y2, score, track in line["boxes"]:
            assert 0 <= x1 < x2 <= 767
            assert 0 <= y1 < y2 <= 575
            assert Settings().score <= score <= 1
            assert isinstance(track, int)


def test_the_mean_of_persons_is_what_the_detector_sees(told: Any, recording: Path) -> None:
    lines, summary = told
    person = detector().model.index("person")
    raw = []
    with av.open(recording) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number >= len(lines):
                break
            if number % EVERY == 0:
                found = detector().detect(frame.to_ndarray(format="bgr24"))
                raw.append(int(((found.labels == person) & (found.scores >= Settings().score)).sum()))
    assert np.mean([line["persons"] for line in lines[::EVERY]]) == pytest.approx(np.mean(raw), abs=0.05)
    assert summary["persons"]["mean"] == pytest.approx(np.mean(raw), rel=0.05)
    # Counted by eye; a black sign on the left is taken for a person, one man stands behind the blue sign.
    for at, by_eye in ((0, 3), (100, 7), (200, 7)):
        assert lines[at]["persons"] == pytest.approx(by_eye, abs=1)


def test_identities_are_stable(told: Any) -> None:
    lines, summary = told
    tracks = [box[5] for line in lines for box in line["boxes"] if box[5] >= 0]
    assert summary["tracks"] == len(set(tracks)) <= 20
    for line in lines:
        own = [box[5] for box in line["boxes"] if box[5] >= 0]
        assert len(own) == len(set(own))
    assert len(tracks) / sum(line["persons"] for line in lines) > 0.95


def test_counts_of_zones_equal_those_of_plain_python(told: Any) -> None:
    lines, summary = told
    for name, polygon in ZONES.items():
        counts = [sum(in_polygon(polygon, (b[0] + b[2]) / 2, b[3]) for b in line["boxes"]) for line in lines]
        assert [line["zones"][name] for line in lines] == counts
        assert summary["zones"][name]["max"] == max(counts) > 0
        assert summary["zones"][name]["mean"] == pytest.approx(np.mean(counts), abs=1e-4)


def in_polygon(polygon: list[list[int]], x: float, y: float) -> bool:
    """W. R. Franklin's ray casting."""
    odd = False
    for (ax, ay), (bx, by) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            odd = not odd
    return odd


@pytest.mark.skipif(not WORKER.is_file(), reason=f"没有 {WORKER.name}：请用 BIAN_VIDEOS 指明它所在的文件夹。")
def test_the_worker_is_in_the_marked_zone_when_he_is(bian: Bian, tmp_path: Path) -> None:
    """Seen in the pictures: black and yellow tape runs over the floor from (105, 270) to (249, 129). The worker comes
    from the lower right, has one foot on it at 2.3 s, is over it with both at 2.7 s and stays there to the end."""
    beyond = [[105, 270], [249, 129], [80, 60], [0, 60], [0, 270]]
    (tmp_path / "z.json").write_text(json.dumps([{"name": "黄黑线内", "points": beyond}]), "utf-8")
    done = bian(WORKER, "--zones", tmp_path / "z.json", "--fps", 10, "--out", tmp_path / "out.jsonl", "--json")
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    inside = {line["t"]: line["zones"]["黄黑线内"] for line in lines}
    assert {inside[t] for t in inside if t < 2.2} == {0}
    assert {inside[t] for t in inside if t > 2.7} == {1}
    zone = json.loads(done.stdout)["zones"]["黄黑线内"]
    assert (zone["entered"], zone["left"], zone["max"]) == (1, 0, 1)


def test_pictures_are_taken_by_their_times_not_by_their_number(tmp_path: Path) -> None:
    """Three seconds at 20 pictures a second, then three seconds at 4: two a second are taken of both."""
    times = [number / 20 for number in range(60)] + [3 + number / 4 for number in range(12)]
    path = tmp_path / "uneven.mp4"
    with av.open(path, "w") as container:
        stream = container.add_stream("mpeg4", rate=20)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = stream.time_base = Fraction(1, 1000)
        for seconds in times:
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 90, np.uint8), format="bgr24")
            frame.pts = round(seconds * 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    with Video(str(path)) as video:
        taken = [seconds for seconds, _ in video.sampled(2)]
    assert taken == pytest.approx([number / 2 for number in range(12)], abs=0.051)
    with Video(str(path)) as video:
        assert len(list(video.sampled(100))) == len(times)


def turn(path: Path, quarters: int) -> None:
    """Write beside the pictures of an MP4 that they are to be shown turned clockwise (ISO/IEC 14496-12, tkhd)."""
    cosine, sine = ((1, 0), (0, 1), (-1, 0), (0, -1))[quarters]
    content = bytearray(path.read_bytes())
    matrix = content.index(b"tkhd") + 44
    struct.pack_into(">4i", content, matrix, cosine << 16, sine << 16, 0, -sine << 16)
    struct.pack_into(">i", content, matrix + 16, cosine << 16)
    path.write_bytes(content)


@pytest.mark.parametrize("quarters", range(4))
def test_a_phone_held_upright_or_upside_down_is_seen_as_people_see_it(tmp_path: Path, quarters: int) -> None:
    path = videos.make(tmp_path / "phone.mp4", 1, lambda at: np.ascontiguousarray(np.rot90(videos.room(at), quarters)))
    turn(path, quarters)
    with Video(str(path)) as video:
        seen = [picture for _, picture in video.sampled(10)]
    assert len(seen) == 10
    for number, picture in enumerate(seen):
        assert np.abs(picture.astype(int) - videos.room(number / 10)).mean() < 10


def test_an_rtsp_stream_is_analysed_for_so_long_and_its_password_is_kept(bian: Bian, tmp_path: Path) -> None:
    videos.make(tmp_path / "gate.mp4", 6, fps=10, key_s=1)
    server, out = RtspServer(tmp_path), tmp_path / "out.jsonl"
    address = server.address("gate.mp4")
    server.start()
    try:
        done = bian(address, "--fps", 5, "--seconds", 2, "--out", out, "--json")
    finally:
        server.cut()
    assert done.returncode == 0, done.stderr
    times = [json.loads(line)["t"] for line in out.read_text().splitlines()]
    assert times == pytest.approx([number / 5 for number in range(11)], abs=0.11)
    refused = bian(address, "--out", out)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "连不上" in refused.stderr
    assert "secret" not in done.stdout + refused.stderr


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("absent.avi", None, "不存在"),
        ("notes.txt", b"hello\n" * 100, "没有视频画面"),
        ("noise.avi", bytes(range(256)) * 40, "不是视频文件"),
        ("empty.mp4", b"", "不是视频文件"),
    ],
)
def test_what_is_no_video_is_told_in_one_sentence(bian: Bian, tmp_path: Path, name: str, content, words: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = bian(tmp_path / name, "--out", tmp_path / "out.jsonl")
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.glob("*out*"))


def test_zones_that_cannot_be_read_leave_the_former_result_alone(bian: Bian, recording: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("former\n")
    (tmp_path / "zones.json").write_text("[")
    for zones, words in ((tmp_path / "zones.json", "不是 JSON"), (tmp_path / "absent.json", "打不开")):
        done = bian(recording, "--zones", zones, "--out", out)
        assert (done.returncode, done.stdout) == (2, "")
        assert words in done.stderr
        assert done.stderr.count("\n") == 1
    assert out.read_text() == "former\n"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["out.jsonl", "zones.json"]


def test_help_is_shown_without_loading_what_analyses(tmp_path: Path) -> None:
    code = (
        "import sys; from bianwang.processes.cli import bian\n"
        "bian(['vision', 'analyze', '--help'], standalone_mode=False)\n"
        "assert not {'django', 'cv2', 'av', 'onnxruntime', 'supervision'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "区域文件可以是列表" in done.stdout
