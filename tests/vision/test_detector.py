"""The model's folder, what it refuses, and boxes that come out right."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import av
import cv2
import numpy as np
import onnxruntime as ort
import pytest
import yaml

from bianwang.vision.batching import for_batches
from bianwang.vision.detection import Detections
from bianwang.vision.detector import Detector, letterbox, suppress
from bianwang.vision.errors import ModelError
from bianwang.vision.frames import Frame
from bianwang.vision.model import WEIGHTS, Model
from tests.vision.recordings import detector, pedestrians


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A complete model."""
    about = {"name": "试", "licence": "Apache-2.0", "labels": list(Model.default(WEIGHTS).labels)}
    about["sha256"] = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()
    (tmp_path / "model.yaml").write_text(yaml.safe_dump(about))
    (tmp_path / "LICENSE").write_text("…")
    shutil.copy(WEIGHTS, tmp_path / "graph.onnx")
    return tmp_path


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Frame:
    with av.open(pedestrians(tmp_path_factory.mktemp("recording"))) as container:
        return next(container.decode(video=0)).to_ndarray(format="bgr24")


def persons(found: Detections, score: float = 0.6) -> list[list[float]]:
    sure = found.where((found.labels == 0) & (found.scores >= score))
    return sorted(sure.boxes.tolist())


def change(folder: Path, **values: object) -> None:
    about = yaml.safe_load((folder / "model.yaml").read_text()) | values
    (folder / "model.yaml").write_text(yaml.safe_dump(about))


def test_a_complete_folder_is_a_model_that_runs(folder: Path, picture: Frame) -> None:
    model = Model.load(folder)
    assert (model.name, model.licence, model.size, len(model.labels)) == ("试", "Apache-2.0", 416, 80)
    assert persons(Detector(model).detect(picture)) == persons(detector().detect(picture))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder: (folder / "model.yaml").unlink(), "没有可读的 model.yaml"),
        (lambda folder: (folder / "model.yaml").write_text("- 1"), "名称: 值"),
        (lambda folder: (folder / "LICENSE").unlink(), "许可证"),
        (lambda folder: (folder / "graph.onnx").unlink(), "应有一个 .onnx 文件，现有 0 个"),
        (lambda folder: (folder / "two.onnx").write_text(""), "现有 2 个"),
        (lambda folder: change(folder, sha256="0" * 64), "sha256 不符"),
        (lambda folder: change(folder, name=""), "缺少 name"),
        (lambda folder: change(folder, labels="person"), "类别名称的列表"),
        (lambda folder: change(folder, size=400), "32 的倍数"),
    ],
)
def test_an_incomplete_folder_is_refused_in_one_sentence(folder: Path, spoil, words: str) -> None:
    spoil(folder)
    with pytest.raises(ModelError, match=words) as refused:
        Model.load(folder)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("values", "words"), [({"labels": ["a", "b"]}, "请核对 labels"), ({"size": 640}, "不能运行"), ({}, "装不进来")]
)
def test_a_graph_of_another_form_is_refused(folder: Path, values: dict[str, object], words: str) -> None:
    if not values:
        (folder / "graph.onnx").write_bytes(b"no graph")
        values = {"sha256": hashlib.sha256(b"no graph").hexdigest()}
    change(folder, **values)
    with pytest.raises(ModelError, match=words):
        Detector(Model.load(folder))


def test_a_label_that_the_model_does_not_know_is_refused() -> None:
    with pytest.raises(ModelError, match="不识别“安全帽”"):
        detector().model.index("安全帽")


def test_boxes_are_where_the_people_are(picture: Frame) -> None:
    """Read off the picture: three people, from left to right."""
    by_eye = [[254, 221, 283, 307], [504, 158, 531, 231], [643, 240, 683, 321]]
    assert np.abs(np.array(persons(detector().detect(picture))) - by_eye).max() <= 5


@pytest.mark.parametrize("scale", [(1, 1), (2, 2), (2.5, 1.875)])
def test_boxes_are_pixels_of_a_picture_of_any_size(picture: Frame, scale: tuple[float, float]) -> None:
    larger = cv2.resize(picture, None, fx=scale[0], fy=scale[1])
    found = np.array(persons(detector().detect(larger), 0.5))
    same = np.array(persons(detector().detect(picture), 0.5)) * (*scale, *scale)
    for box in same[1:]:  # the first is a sign, seen so or so
        assert np.abs(found - box).max(axis=1).min() <= 12 * max(scale)


def test_boxes_end_within_the_picture(picture: Frame) -> None:
    half = np.ascontiguousarray(picture[:280, :520])  # cuts two of the people
    found = detector().detect(half)
    assert found.boxes[:, [0, 2]].max() <= 519
    assert found.boxes[:, [1, 3]].max() <= 279
    assert found.boxes.min() >= 0


def test_many_pictures_at_once_are_the_same_as_one_by_one(picture: Frame) -> None:
    frames = [picture, picture[:, ::-1].copy(), picture[:300].copy()]
    together = detector().detect_many(frames)
    assert [persons(found) for found in together] == [persons(detector().detect(frame)) for frame in frames]
    assert detector().detect_many([]) == []


def test_the_graph_for_batches_sees_the_same(picture: Frame) -> None:
    squares = letterbox([picture, picture[:, ::-1].copy(), picture[:300].copy()], 416)
    one = ort.InferenceSession(WEIGHTS, providers=["CPUExecutionProvider"])
    many = ort.InferenceSession(for_batches(WEIGHTS.read_bytes()), providers=["CPUExecutionProvider"])
    assert many.get_inputs()[0].shape[1:] == one.get_inputs()[0].shape[1:]
    for count in (1, 3):
        rows = many.run(None, {"images": squares[:count]})[0]
        singly = [one.run(None, {"images": square[None]})[0][0] for square in squares[:count]]
        assert np.allclose(rows, singly, atol=1e-3)


def test_nothing_is_found_in_nothing() -> None:
    for shape in ((1, 1, 3), (4, 3000, 3), (720, 1280, 3)):
        assert len(detector().detect(np.full(shape, 114, np.uint8))) == 0


def test_of_overlapping_boxes_of_a_class_the_best_stays() -> None:
    boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [0, 0, 10, 10], [8, 0, 18, 10]], np.float32)
    scores = np.array([0.6, 0.9, 0.5, 0.4], np.float32)
    assert suppress(boxes, scores, np.array([0, 0, 1, 0])).tolist() == [1, 2, 3]
