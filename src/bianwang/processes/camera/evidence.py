"""What the cameras saw of an alarm: a clip from 10 s before to 20 s after it, and the picture with boxes."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import av
import numpy as np
from django.core.exceptions import ValidationError

from bianwang.modules.alarms import queries
from bianwang.modules.alarms.models import Alarm
from bianwang.modules.alarms.queries import Seen
from bianwang.modules.alarms.services.evidence import Evidence, attach_evidence, label
from bianwang.modules.sensing.watching import CameraConfig
from bianwang.platform.files.models import Attachment
from bianwang.processes.camera import clip, ring
from bianwang.processes.camera.picture import jpeg
from bianwang.processes.camera.studio import Studio, regions
from bianwang.vision.analyser import PERSON
from bianwang.vision.detection import Detections
from bianwang.vision.drawing import drawn
from bianwang.vision.frames import Frame
from bianwang.vision.privacy import SCORE, without_faces

log = logging.getLogger(__name__)

BEFORE_MS, AFTER_MS = 10_000, 20_000
PATIENCE_MS = 40_000
"""How long after the span a key frame may still be awaited, which ends the file that is being written."""
_SURE = 0.4


def collect(cameras: Mapping[int, CameraConfig], studio: Studio, now_ms: int) -> None:
    """Attach what is complete by now and not yet attached. Asking again is harmless."""
    owners = {signal: camera.id for camera in cameras.values() for signal in camera.signals.values()}
    for seen in queries.raised_by(owners, now_ms - ring.KEPT_MS + BEFORE_MS, now_ms - AFTER_MS):
        for camera in sorted({owners[signal] for signal in seen.signals}):
            if _is_complete(camera, seen, now_ms) and not _is_attached(camera, seen):
                _try(cameras[camera], seen, studio)


def _try(camera: CameraConfig, seen: Seen, studio: Studio) -> None:
    """A file that cannot be read must not keep the others from being attached; it is tried again while it is there."""
    try:
        _attach(camera, seen, studio)
    except (av.error.FFmpegError, OSError, ValueError, ValidationError) as error:
        log.error("告警 %d 没有附上摄像机 %d 的录像：%s", seen.alarm, camera.id, error)


def _is_complete(camera: int, seen: Seen, now_ms: int) -> bool:
    growing = ring.growing_since(ring.folder(camera))
    until = seen.started_ms + AFTER_MS
    return growing is None or growing >= until or now_ms > until + PATIENCE_MS


def _is_attached(camera: int, seen: Seen) -> bool:
    rows = Attachment.objects.filter(object_type=Alarm._meta.label_lower, object_id=seen.alarm)
    return rows.filter(label=label(camera)).exists()


def _attach(camera: CameraConfig, seen: Seen, studio: Studio) -> None:
    folder = ring.folder(camera.id)
    found = clip.picture(folder, seen.started_ms)
    if found is None:
        return
    frame, at_ms = found
    likely = _persons(frame, studio)
    persons = likely.where(np.asarray(likely.scores >= _SURE))
    heads = likely.boxes[likely.scores >= SCORE]
    told = regions(camera)
    attach_evidence(
        Alarm.objects.get(pk=seen.alarm),
        Evidence(
            camera=camera.id,
            name=camera.name,
            at_ms=at_ms,
            picture=jpeg(drawn(frame, persons, told)),
            hidden=jpeg(drawn(without_faces(frame, heads), persons, told)) if studio.detector else b"",
            clip=clip.cut(folder, seen.started_ms - BEFORE_MS, seen.started_ms + AFTER_MS),
        ),
    )
    log.info("告警 %d 附上了摄像机 %d 的录像", seen.alarm, camera.id)


def _persons(frame: Frame, studio: Studio) -> Detections:
    detector = studio.detector
    if detector is None:
        return Detections.none()
    found = detector.detect(frame)
    return found.where(np.asarray(found.labels == detector.model.index(PERSON)))
