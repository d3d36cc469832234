"""What a camera process must know of the cameras, and where the files of a camera lie."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.db.models import Q

from bianwang.modules.sensing import camera_signals
from bianwang.modules.sensing.models import Camera, Region, Signal
from bianwang.platform.config import config

PICTURE = "latest.jpg"
"""The newest picture of a camera, in its folder."""
HIDDEN = "hidden.jpg"
"""The same with heads hidden; there is none while nobody can say where heads are."""
FACES = "sensing.faces"
"""The permission to see pictures in which people can be told."""
REFERENCE = "reference.jpg"
"""How a camera looks when it has not been turned away; learnt anew where it is missing."""
_LOOKED = "looked"
"""Its time is when somebody last looked at the camera."""
LOOKED_MS = 180_000
"""How long after that a channel of a recorder stays open."""


@dataclass(frozen=True, slots=True)
class RegionConfig:
    """A region as the analyser must know it; `points` in parts of width and height."""

    id: int
    name: str
    kind: str
    use: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class CameraConfig:
    """A camera as its process must know it. Equal configurations are watched in the same way.

    `address` is the stream that is analysed and shown ("" for a camera behind a recorder); `signals`: name -> id.
    """

    id: int
    owner: int
    name: str
    address: str
    gb_code: str
    recorder: int | None
    is_analysed: bool
    suspects: frozenset[str]
    sample_fps: float
    regions: tuple[RegionConfig, ...] = ()
    signals: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_on_demand(self) -> bool:
        """Whether it is opened only while somebody looks: a recorder has few streams to give."""
        return self.recorder is not None and not self.address and not self.is_analysed


def folder(camera: int) -> Path:
    """Where the pictures and the recent recording of a camera lie."""
    return config().path("cameras", str(camera), PICTURE).parent


def forget_reference(camera: int) -> None:
    """Have the camera's process learn anew how the camera looks."""
    (folder(camera) / REFERENCE).unlink(missing_ok=True)


def look(camera: int) -> None:
    """Somebody looks at a camera: have it opened, and kept open for a while."""
    (folder(camera) / _LOOKED).touch()


def is_looked_at(camera: int, now_ms: int) -> bool:
    """Whether somebody has looked at a camera of late."""
    try:
        return now_ms - os.stat(folder(camera) / _LOOKED).st_mtime * 1000 < LOOKED_MS
    except FileNotFoundError:
        return False


def forget_picture(camera: int) -> None:
    """Show no old picture for a new one."""
    for name in (PICTURE, HIDDEN):
        (folder(camera) / name).unlink(missing_ok=True)


def watchable() -> Q:
    """Cameras whose pictures can be fetched: in use, with an address or behind a recorder."""
    return Q(is_enabled=True) & (~Q(stream="") | ~Q(substream="") | Q(recorder__is_enabled=True))


def cameras(part: int = 0, parts: int = 1) -> list[CameraConfig]:
    """The watchable cameras whose number falls into a part, in three queries."""
    rows = [row for row in Camera.objects.filter(watchable()).order_by("pk") if row.pk % parts == part]
    regions: dict[int, list[Region]] = {}
    for region in Region.objects.filter(camera__in=rows).order_by("pk"):
        regions.setdefault(region.camera_id, []).append(region)
    signals: dict[int, dict[str, int]] = {}
    known = Signal.objects.filter(device=None, name__startswith=camera_signals.PREFIX, is_enabled=True).order_by()
    for name, pk in known.values_list("name", "pk"):
        signals.setdefault(camera_signals.camera_of(name), {})[name] = pk
    return [_config(row, regions.get(row.pk, []), signals.get(row.pk, {})) for row in rows]


def _config(row: Camera, regions: list[Region], signals: Mapping[str, int]) -> CameraConfig:
    return CameraConfig(
        id=row.pk,
        owner=row.owner_id,
        name=row.name,
        address=row.substream or row.stream,
        gb_code=row.gb_code,
        recorder=row.recorder_id,
        is_analysed=row.is_analysed,
        suspects=frozenset(filter(None, row.suspects.split(","))),
        sample_fps=row.sample_fps,
        regions=tuple(RegionConfig(each.pk, each.name, each.kind, each.use, points(each.points)) for each in regions),
        signals=signals,
    )


def points(text: str) -> tuple[tuple[float, float], ...]:
    """The corners of a region from its JSON."""
    return tuple((float(x), float(y)) for x, y in json.loads(text))
