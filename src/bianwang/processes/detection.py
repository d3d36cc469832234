"""The person detector that comes with the platform."""

from __future__ import annotations

from bianwang.vision.detector import Detector
from bianwang.vision.model import WEIGHTS, Model


def default_detector(threads: int = 1) -> Detector:
    """YOLOX-Nano on so many threads. ModelError where its weights are missing or changed."""
    return Detector(Model.default(WEIGHTS), threads)
