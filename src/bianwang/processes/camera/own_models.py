"""The customer's models that are switched on, as the analysers of a process use them."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bianwang.platform.registry import registry

if TYPE_CHECKING:
    from bianwang.vision.finder import Finder
    from bianwang.vision.suspicion import Kind

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OwnModel:
    """A model as the register has it."""

    kind: str
    folder: Path
    findings: tuple[str, ...]
    threshold: float


def switched_on() -> tuple[OwnModel, ...]:
    """All of them; none without the module."""
    if "detection" not in registry():
        return ()
    from bianwang.modules.detection.queries import switched_on as rows

    return tuple(OwnModel(row.purpose, row.folder, tuple(row.finding_names), row.threshold) for row in rows())


def finders(models: Iterable[OwnModel]) -> list[Finder]:
    """Loaded and ready; one that cannot be loaded is left out, which the log tells."""
    from bianwang.processes.camera.detectors import SharedDetector
    from bianwang.vision.errors import VisionError
    from bianwang.vision.finder import Finder
    from bianwang.vision.model import Model

    found = []
    for each in models:
        try:
            detector = SharedDetector(Model.load(each.folder))
            labels = frozenset(detector.model.index(label) for label in each.findings)
            found.append(Finder(cast("Kind", each.kind), detector, labels, each.threshold))
        except VisionError as error:
            log.error("检测模型没有启用，其他分析不受影响：%s", error)
    return found
