"""Finding things in pictures with an ONNX model of the YOLOX family (arXiv 2107.08430)."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from bianwang.vision.batching import for_batches
from bianwang.vision.detection import UNTRACKED, Detections
from bianwang.vision.errors import ModelError
from bianwang.vision.frames import Frame
from bianwang.vision.model import Model

Floats = NDArray[np.float32]

STRIDES = (8, 16, 32)
FLOOR = 0.1
"""Lowest score that is passed on: trackers follow a half-hidden person with scores that nobody would count."""
OVERLAP = 0.45
"""Of two boxes of one class that overlap more (intersection over union), the better stays."""
_GREY = 114
"""What fills the part of the input that the picture does not cover, as in training."""
_BATCH = 32
_CUDA, _CPU = "CUDAExecutionProvider", "CPUExecutionProvider"


class Detector:
    """A model ready to run, on CUDA where onnxruntime offers it, else on ``threads`` threads; one caller at a time.

    ModelError where the graph cannot be loaded or is not of the described form.
    """

    def __init__(self, model: Model, threads: int = 1) -> None:
        self.model = model
        self._session = _session(model, threads)
        self._input = self._session.get_inputs()[0].name
        self._batch = _batch(self._session)
        self._cells, self._strides = _grid(model.size)
        self._check()

    @property
    def provider(self) -> str:
        """What the model runs on, as onnxruntime calls it."""
        return str(self._session.get_providers()[0])

    def detect(self, frame: Frame) -> Detections:
        """All that is found in a picture, scores from `FLOOR`."""
        return self.detect_many([frame])[0]

    def detect_many(self, frames: Sequence[Frame]) -> list[Detections]:
        """The same for several pictures, of any sizes, in batches where the graph takes them."""
        found = []
        for begin in range(0, len(frames), self._batch):
            part = frames[begin : begin + self._batch]
            rows = self._run(letterbox(part, self.model.size))
            found += [self._decode(row, frame) for row, frame in zip(rows, part, strict=True)]
        return found

    def _run(self, pictures: Floats) -> Floats:
        return np.asarray(self._session.run(None, {self._input: pictures})[0], np.float32)

    def _check(self) -> None:
        side, wanted = self.model.size, (1, len(self._cells), 5 + len(self.model.labels))
        try:
            shape = self._run(np.full((1, 3, side, side), _GREY, np.float32)).shape
        except Exception as error:  # onnxruntime raises classes of its own, which share no base
            raise ModelError(f"模型“{self.model.name}”不能运行，输入应为 1×3×{side}×{side}，请核对。") from error
        if shape != wanted:
            raise ModelError(f"模型“{self.model.name}”的输出是 {shape}，应为 {wanted}，请核对 labels 和 size。")

    def _decode(self, rows: Floats, frame: Frame) -> Detections:
        """Rows (cells, 5 + labels) of one picture as boxes in its own pixels."""
        likely = np.flatnonzero(rows[:, 4] >= FLOOR)  # a class is never surer than that there is anything
        rows = rows[likely]
        labels = rows[:, 5:].argmax(axis=1)
        scores = rows[:, 4] * rows[np.arange(len(rows)), 5 + labels]
        good = scores >= FLOOR
        rows, labels, scores, likely = rows[good], labels[good], scores[good], likely[good]
        stride = self._strides[likely]
        centre = (rows[:, :2] + self._cells[likely]) * stride
        half = np.exp(rows[:, 2:4]) * stride * np.float32(0.5)
        boxes: Floats = (np.hstack((centre - half, centre + half)) / _ratio(frame, self.model.size)).astype(np.float32)
        kept = suppress(boxes, scores, labels)
        return Detections(
            _within(boxes[kept], frame),
            scores[kept],
            labels[kept].astype(np.int64),
            np.full(len(kept), UNTRACKED, np.int64),
        )


def letterbox(frames: Sequence[Frame], side: int) -> Floats:
    """(n, 3, side, side): each picture in the upper left corner of a square, its shape kept, the rest grey."""
    squares = np.full((len(frames), 3, side, side), _GREY, np.float32)
    for frame, square in zip(frames, squares, strict=True):
        height, width = frame.shape[:2]
        ratio = _ratio(frame, side)
        inner = (max(1, int(width * ratio)), max(1, int(height * ratio)))
        small = cv2.resize(frame, inner, interpolation=cv2.INTER_LINEAR)
        for channel, plane in enumerate(cv2.split(small)):
            square[channel, : inner[1], : inner[0]] = plane
    return squares


def suppress(boxes: Floats, scores: Floats, labels: NDArray[np.int64]) -> NDArray[np.intp]:
    """Non-maximum suppression within each class: indices of what stays, best first."""
    sides = np.hstack((boxes[:, :2], boxes[:, 2:] - boxes[:, :2]))
    kept = cv2.dnn.NMSBoxesBatched(sides.tolist(), scores.tolist(), labels.tolist(), 0.0, OVERLAP)
    return np.array(kept, np.intp)


def _within(boxes: Floats, frame: Frame) -> Floats:
    """Boxes that end at the last pixel of the picture, in tenths."""
    height, width = frame.shape[:2]
    edge = np.array([width - 1, height - 1] * 2, np.float32)
    return np.round(np.clip(boxes, 0, edge), 1).astype(np.float32)


def _ratio(frame: Frame, side: int) -> float:
    return side / float(max(frame.shape[:2]))


def _grid(side: int) -> tuple[Floats, Floats]:
    """Column and row (cells, 2) and stride (cells, 1) of every cell, in the order of the graph's output."""
    cells, strides = [], []
    for stride in STRIDES:
        row, column = np.divmod(np.arange((side // stride) ** 2), side // stride)
        cells.append(np.column_stack((column, row)))
        strides.append(np.full((len(row), 1), stride))
    return np.concatenate(cells).astype(np.float32), np.concatenate(strides).astype(np.float32)


def _session(model: Model, threads: int) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    offered = ort.get_available_providers()
    providers = [provider for provider in (_CUDA, _CPU) if provider in offered]
    try:
        # A processor gains nothing from several pictures at once, a large GPU nearly everything.
        graph = for_batches(model.path.read_bytes()) if _CUDA in providers else model.path
        return ort.InferenceSession(graph, options, providers=providers)
    except Exception as error:  # onnxruntime raises classes of its own, which share no base
        raise ModelError(f"模型“{model.name}”装不进来，文件可能损坏或版本不支持，请核对来源。") from error


def _batch(session: ort.InferenceSession) -> int:
    """How many pictures the graph takes at once."""
    size = session.get_inputs()[0].shape[0]
    return size if isinstance(size, int) else _BATCH
