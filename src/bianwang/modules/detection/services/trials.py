"""A trial is asked for, run by the loop in a process of its own, and kept."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from bianwang.modules.detection.models import DetectionModel, Trial
from bianwang.modules.detection.process import Answer, Task, run
from bianwang.modules.detection.samples import SampleError, read
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.config import config
from bianwang.platform.crypto import sm3
from bianwang.platform.ledger.services import record

TRIES = 2


def ask_trial(user: User, model: DetectionModel, upload: UploadedFile[Any]) -> Trial:
    """Keep the samples and have the loop run the model on them.

    Raises PermissionDenied, Http404, ValidationError for samples that cannot be read or one that still runs.
    """
    access.get(user, DetectionModel, model.pk, "detection.import")
    path, digest = _received(upload)
    try:
        found = read(path, model.label_names)
        trial = Trial(model=model, samples=str(upload.name)[-200:], digest=digest, pictures=len(found.boxes))
        path.replace(trial.file)
    except SampleError as error:
        raise ValidationError({"samples": str(error)}) from error
    finally:
        path.unlink(missing_ok=True)
    trial.asked_by, trial.asked_at = user, now()
    with transaction.atomic():
        DetectionModel.objects.select_for_update().get(pk=model.pk)
        if model.trials.filter(state__in=(Trial.State.WAITING, Trial.State.RUNNING)).exists():
            raise ValidationError({"samples": "这个模型还有一次试用没有完成，请等它完成后再提交。"})
        trial.save(force_insert=True)
        changes = {"samples": (None, trial.samples), "digest": (None, digest), "pictures": (None, trial.pictures)}
        record("detection.ask_trial", trial, owner=model.owner_id, changes=changes)
    return trial


def _received(upload: UploadedFile[Any]) -> tuple[Path, str]:
    """The upload in a file beside the others, and its SM3."""
    digest = hashlib.new("sm3")
    folder = config().path("models", "samples")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as file:
        for piece in upload.chunks():
            digest.update(piece)
            file.write(piece)
    return Path(file.name), digest.hexdigest()


def compute_waiting() -> None:
    """Run what was asked for first; the loop calls this. What a dead process left behind is begun again once."""
    for left in Trial.objects.filter(state=Trial.State.RUNNING).order_by("pk"):
        if left.tries >= TRIES:
            _finish(left, Answer(refused="运行两次中断，请减少样本或核对模型后再试。"))
        else:
            Trial.objects.filter(pk=left.pk).update(state=Trial.State.WAITING)
    waiting = Trial.objects.filter(state=Trial.State.WAITING).select_related("model").order_by("pk").first()
    if waiting is not None:
        _compute(waiting)


def _compute(trial: Trial) -> None:
    rows = Trial.objects.filter(pk=trial.pk)
    rows.update(state=Trial.State.RUNNING, progress=0, tries=trial.tries + 1)
    task = Task(str(trial.model.folder), str(trial.file))

    def told(done: int) -> None:
        rows.update(progress=done)

    _finish(trial, run(task, told))


@transaction.atomic
def _finish(trial: Trial, answer: Answer) -> None:
    row = Trial.objects.select_for_update().select_related("model").get(pk=trial.pk)
    if row.is_over:
        return
    row.done_at = now()
    if answer.result is None:
        row.state, row.failure = Trial.State.FAILED, answer.refused[:300]
        row.save(update_fields=["state", "failure", "done_at"])
        record("detection.trial_fail", row, owner=row.model.owner_id, reason=row.failure)
        return
    findings = set(row.model.finding_names)
    row.state, row.progress = Trial.State.DONE, answer.result.pictures
    row.result = msgspec.json.encode(answer.result).decode()
    row.objects_found = sum(part.objects for part in answer.result.labels if part.label in findings)
    row.save(update_fields=["state", "progress", "result", "objects_found", "done_at"])
    told = {"result": (None, sm3(row.result.encode()).hex()), "objects_found": (None, row.objects_found)}
    record("detection.tried", row, owner=row.model.owner_id, changes=told)
