"""A model comes in: its graph, labels and licence in a folder of their own, one row that names them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from bianwang.modules.detection.models import DetectionModel
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.config import config
from bianwang.platform.places.queries import bureau
from bianwang.platform.workflow.services import start

GRAPH, ABOUT, LICENCE = "model.onnx", "model.yaml", "LICENSE"


def import_model(user: User, values: Mapping[str, Any], graph: UploadedFile[Any], licence_text: str) -> DetectionModel:
    """Take a model in; it is off. `values`: name, purpose, labels, findings (lists), size, threshold, licence.

    Raises PermissionDenied, ValidationError.
    """
    access.require(user, "detection.import")
    labels, findings = list(values["labels"]), list(values["findings"])
    _check(labels, findings, licence_text)
    given = {name: values[name] for name in ("name", "purpose", "size", "threshold", "licence")}
    model = DetectionModel(owner=bureau(), imported_by=user, imported_at=now(), **given)
    model.labels = json.dumps(labels, ensure_ascii=False)
    model.findings = json.dumps(findings, ensure_ascii=False)
    with tempfile.TemporaryDirectory(dir=config().path("models", "new").parent) as name:
        folder = Path(name)
        model.sha256 = _write(folder / GRAPH, graph)
        about = {"name": model.name, "labels": labels, "size": model.size}
        about |= {"licence": model.licence, "sha256": model.sha256}
        (folder / ABOUT).write_text(yaml.safe_dump(about, allow_unicode=True), "utf-8")
        (folder / LICENCE).write_text(licence_text, "utf-8")
        model.clean_fields(exclude=["state", "state_since", "due_at"])
        _refuse_known(model.sha256)
        _put(folder, model.folder)
    try:
        with transaction.atomic():
            start(model, by=user, verb="detection.import", changes=_told(model))
    except IntegrityError:
        _refuse_known(model.sha256)
        raise
    return model


def _check(labels: Sequence[str], findings: Sequence[str], licence_text: str) -> None:
    if not labels or len(set(labels)) != len(labels):
        raise ValidationError({"labels": "请按模型输出的顺序逐行填写类别，不能重复。"})
    unknown = [name for name in findings if name not in labels]
    if not findings or unknown:
        told = f"“{unknown[0]}”不在类别中。" if unknown else ""
        raise ValidationError({"findings": f"{told}请从上面的类别中写出哪些算作发现，至少一个。"})
    if not licence_text.strip():
        raise ValidationError({"licence_file": "请附上模型的许可证全文。"})


def _write(target: Path, graph: UploadedFile[Any]) -> str:
    digest = hashlib.sha256()
    with target.open("wb") as file:
        for piece in graph.chunks():
            digest.update(piece)
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _put(folder: Path, target: Path) -> None:
    """Where a row was never written the folder may be there already: it holds the same graph."""
    target.mkdir(parents=True, exist_ok=True)
    for name in (GRAPH, ABOUT, LICENCE):
        shutil.move(folder / name, target / name)


def _refuse_known(sha256: str) -> None:
    known = DetectionModel.objects.filter(sha256=sha256).first()
    if known is not None:
        raise ValidationError({"graph": f"这个模型文件已经导入过，名称是“{known.name}”，请直接使用它。"})


def _told(model: DetectionModel) -> dict[str, tuple[Any, Any]]:
    names = ("name", "purpose", "labels", "findings", "licence", "sha256")
    return {name: (None, getattr(model, name)) for name in names}
