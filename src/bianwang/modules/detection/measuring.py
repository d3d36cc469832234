"""A detector run on samples. Loads onnxruntime: imported by the process that runs it only."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np

from bianwang.modules.detection.samples import Labelled, SampleError, read
from bianwang.modules.detection.scoring import Box, Result, Scored, label_result, scored
from bianwang.vision.detection import Detections
from bianwang.vision.detector import Detector
from bianwang.vision.frames import Frame


def measured(detector: Detector, path: Path, tell: Callable[[int], None]) -> Result:
    """Every class at every threshold; `tell(pictures done)` as it goes on. Raises SampleError."""
    labels = detector.model.labels
    samples = read(path, labels)
    rows: list[list[Scored]] = [[] for _ in labels]
    spent = 0.0
    for done, (name, content) in enumerate(samples.pictures(), 1):
        frame = _decoded(name, content)
        began = time.perf_counter()
        found = detector.detect(frame)
        spent += time.perf_counter() - began
        for label, row in enumerate(rows):
            row += scored(_found(found, label), _labelled(samples.boxes[name], label, frame))
        tell(done)
    objects = [
        sum(box.label == label for boxes in samples.boxes.values() for box in boxes) for label in range(len(labels))
    ]
    results = tuple(label_result(*each) for each in zip(labels, rows, objects, strict=True))
    return Result(len(samples.boxes), round(1000 * spent / len(samples.boxes), 1), results)


def _decoded(name: str, content: bytes) -> Frame:
    picture = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise SampleError(f"图片“{name}”打不开，请换一张或从压缩包中去掉。")
    return picture.astype(np.uint8, copy=False)


def _found(found: Detections, label: int) -> list[tuple[Box, float]]:
    mine = np.flatnonzero(found.labels == label)
    return [(_box(found.boxes[index].tolist()), float(found.scores[index])) for index in mine]


def _labelled(boxes: Sequence[Labelled], label: int, frame: Frame) -> list[Box]:
    height, width = frame.shape[:2]
    return [box.pixels(width, height) for box in boxes if box.label == label]


def _box(values: Sequence[float]) -> Box:
    x1, y1, x2, y2 = values
    return x1, y1, x2, y2
