"""Precision and recall against counting by hand, and what samples are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from bianwang.modules.detection.samples import SampleError, read
from bianwang.modules.detection.scoring import THRESHOLDS, label_result, overlap, scored
from tests.modules.detection.things import coco, picture, zipped

LABELS = ["helmet", "head"]
BOX = (10.0, 10.0, 30.0, 30.0)


def test_each_labelled_box_is_found_once_the_surest_first() -> None:
    near, far = (11.0, 10.0, 31.0, 30.0), (50.0, 50.0, 60.0, 60.0)
    assert scored([(near, 0.6), (BOX, 0.9), (far, 0.8)], [BOX]) == [(0.9, True), (0.8, False), (0.6, False)]
    assert scored([(far, 0.8)], []) == [(0.8, False)]
    # Half of the union: 20 × 20 against 20 × 10 inside it.
    assert overlap(BOX, (10.0, 10.0, 30.0, 20.0)) == 0.5
    assert scored([((10.0, 10.0, 30.0, 20.0), 0.5)], [BOX]) == [(0.5, True)]


def test_a_threshold_counts_what_it_lets_through() -> None:
    found = label_result("head", [(0.9, True), (0.8, False), (0.42, True)], 4)
    at = {row.threshold: (row.right, row.wrong, row.missed) for row in found.counts}
    assert (at[0.4], at[0.5], at[0.85], at[0.95]) == ((2, 1, 2), (1, 1, 3), (1, 0, 3), (0, 0, 4))
    assert (found.at(0.51).precision, found.at(0.51).recall, found.at(0.95).precision) == (0.5, 0.25, None)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans())), st.integers(0, 20))
def test_recall_never_grows_with_the_threshold(rows: list[tuple[float, bool]], more: int) -> None:
    objects = sum(is_right for _, is_right in rows) + more
    counts = label_result("head", rows, objects).counts
    assert [row.threshold for row in counts] == list(THRESHOLDS)
    assert all(row.right + row.missed == objects for row in counts)
    rights = [row.right for row in counts]
    assert rights == sorted(rights, reverse=True)


def written(folder: Path, content: bytes) -> Path:
    path = folder / "samples.zip"
    path.write_bytes(content)
    return path


def test_coco_and_yolo_tell_the_same(tmp_path: Path) -> None:
    by_coco = zipped(
        {
            "a/1.jpg": picture(),
            "2.png": picture(),
            "c.json": coco({"1.jpg": [("head", [16, 12, 32, 24])], "2.png": []}, LABELS),
        }
    )
    found = read(written(tmp_path, by_coco), LABELS)
    assert {name: [(row.label, row.pixels(64, 48)) for row in rows] for name, rows in found.boxes.items()} == {
        "a/1.jpg": [(1, (16, 12, 48, 36))],
        "2.png": [],
    }
    by_yolo = zipped({"1.jpg": picture(), "1.txt": "1 0.5 0.5 0.5 0.5\n", "2.png": picture()})
    found = read(written(tmp_path, by_yolo), LABELS)
    assert {name: [(row.label, row.pixels(64, 48)) for row in rows] for name, rows in found.boxes.items()} == {
        "1.jpg": [(1, (16, 12, 48, 36))],
        "2.png": [],
    }
    assert [name for name, _ in found.pictures()] == ["1.jpg", "2.png"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no zip", "不是可读的 zip"),
        (zipped({"a.txt": ""}), "没有图片"),
        (zipped({"1.jpg": picture()}), "没有标注"),
        (zipped({"1.jpg": picture(), "a.json": {}}), "不是 COCO 标注"),
        (zipped({"1.jpg": picture(), "a.json": {}, "b.json": {}}), "2 个 .json"),
        (zipped({"1.jpg": picture(), "a.json": coco({"1.jpg": [("hat", [0, 0, 1, 1])]}, ["hat"])}), "类别“hat”"),
        (zipped({"1.jpg": picture(), "a.json": coco({"9.jpg": []}, LABELS)}), "都不在压缩包里"),
        (zipped({"1.jpg": picture(), "1.txt": "2 0.5 0.5 0.1 0.1"}), "第 1 行的类别 2"),
        (zipped({"1.jpg": picture(), "1.txt": "head 0.5 0.5"}), "第 1 行应为"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(SampleError, match=words):
        read(written(tmp_path, content), LABELS)
