"""The person detector that comes with the platform."""

from __future__ import annotations

from pathlib import Path

from bianwang.vision.detector import Detector
from bianwang.vision.model import Model

WEIGHTS = Path(__file__).parents[3] / "build" / "weights" / "yolox_nano.onnx"
"""Where `tools/weights.py` puts the graph."""


def default_detector(threads: int = 1) -> Detector:
    """YOLOX-Nano on so many threads. ModelError where its weights are missing or changed."""
    return Detector(Model.default(WEIGHTS), threads)
