"""Models and samples that tests start from."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import cv2
import msgspec
import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile

from bianwang.modules.detection import services
from bianwang.modules.detection.models import DetectionModel, Trial
from bianwang.modules.detection.scoring import Counts, LabelResult, Result
from bianwang.platform.clock import now
from bianwang.platform.ledger.context import acting
from tests.people import World

VALUES = {
    "name": "安全帽", "purpose": "no_hard_hat", "labels": ["helmet", "head"], "findings": ["head"], "size": 416,
    "threshold": 0.5, "licence": "Apache-2.0",
}  # fmt: skip
LICENCE = "Apache License, Version 2.0"


def picture(width: int = 64, height: int = 48) -> bytes:
    """A grey JPEG."""
    return bytes(cv2.imencode(".jpg", np.full((height, width, 3), 127, np.uint8))[1])


def zipped(files: Mapping[str, bytes | str | dict[str, Any]]) -> bytes:
    """A zip of these files; dicts are JSON."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, json.dumps(content) if isinstance(content, dict) else content)
    return target.getvalue()


def coco(boxes: Mapping[str, list[tuple[str, list[float]]]], labels: list[str]) -> dict[str, Any]:
    """COCO annotations: file name → (label, [x, y, width, height])."""
    images = [{"id": number, "file_name": name} for number, name in enumerate(boxes)]
    annotations = [
        {"image_id": number, "category_id": labels.index(label), "bbox": box}
        for number, rows in enumerate(boxes.values())
        for label, box in rows
    ]
    categories = [{"id": number, "name": label} for number, label in enumerate(labels)]
    return {"images": images, "annotations": annotations, "categories": categories}


def imported(world: World, graph: bytes = b"graph", **values: Any) -> DetectionModel:
    """A model that is off."""
    user = world.who("head")
    with acting(user, "测试"):
        return services.import_model(user, VALUES | values, SimpleUploadedFile("m.onnx", graph), LICENCE)


def tried(world: World, model: DetectionModel, objects: int = 30) -> Trial:
    """A trial that found all but two of its objects, with one mistake."""
    counts = tuple(Counts(step / 20, objects - 2, 1, 2) for step in range(2, 20))
    labels = (LabelResult("helmet", 0, tuple(Counts(step / 20, 0, 0, 0) for step in range(2, 20))),)
    result = Result(10, 20.0, (*labels, LabelResult("head", objects, counts)))
    return Trial.objects.create(
        model=model, samples="样本.zip", digest="0" * 64, pictures=10, progress=10, state="done",
        result=msgspec.json.encode(result).decode(), objects_found=objects, asked_by=world.who("head"), asked_at=now(),
    )  # fmt: skip
