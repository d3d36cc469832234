"""Regions in the pictures of cameras, and the signals of cameras."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.sensing import camera_signals, shapes, watching
from bianwang.modules.sensing.models import Camera, Region
from bianwang.modules.sensing.services.register import bump
from bianwang.platform.ledger.services import record

MOST = 20
"""Regions of one camera."""


def save_region(region: Region) -> None:
    """Draw a new region, or change one; its signals are registered. Raises ValidationError (Chinese, by field)."""
    _check(region)
    with transaction.atomic():
        old = Region.objects.select_for_update().filter(pk=region.pk).first()
        verb = "sensing.region_change" if old else "sensing.region_create"
        before, after = _told(old) if old else {}, _told(region)
        changes = {name: (before.get(name), after[name]) for name in after if before.get(name) != after[name]}
        if not changes:
            return
        region.save()
        camera_signals.ensure(region.camera)
        camera_signals.settle(region, camera_signals.quantities(region), f"监视区域“{region.name}”改变用途")
        record(verb, region, owner=region.camera.owner_id, changes=changes)
        bump("sensing")
        # It was drawn on what the camera shows now.
        transaction.on_commit(lambda: watching.forget_reference(region.camera_id))


def remove_region(region: Region) -> None:
    """Take a region out of the picture. Its signals are switched off; their readings stay."""
    with transaction.atomic():
        record(
            "sensing.region_remove",
            region,
            owner=region.camera.owner_id,
            changes={name: (value, None) for name, value in _told(region).items()},
        )
        camera_signals.settle(region, (), f"监视区域“{region.name}”已删除")
        region.delete()
        bump("sensing")


def accept_view(camera: Camera) -> None:
    """A person has looked: what the camera shows now is right, though it was turned."""
    with transaction.atomic():
        record("sensing.camera_view", camera, owner=camera.owner_id)
        transaction.on_commit(lambda: watching.forget_reference(camera.pk))


def ensure_signals(cameras: Iterable[int]) -> None:
    """Register the signals that these cameras lack."""
    for camera in Camera.objects.filter(pk__in=list(cameras)):
        with transaction.atomic():
            camera_signals.ensure(camera)


def _check(region: Region) -> None:
    region.full_clean(exclude=["camera"])
    if region.zone is not None and region.zone.owner_id != region.camera.owner_id:
        raise ValidationError({"zone": f"“{region.zone}”不属于“{region.camera.owner}”，请选择本单位的区域。"})
    others = region.camera.regions.exclude(pk=region.pk)
    if region.pk is None and others.count() >= MOST:
        raise ValidationError(f"一台摄像机最多画 {MOST} 个区域，请先删去不用的。")
    try:
        corners = shapes.read(region.points, is_line=region.kind == Region.Kind.LINE)
    except ValueError as error:
        raise ValidationError({"points": str(error)}) from error
    region.points = json.dumps(corners)


def _told(region: Region) -> dict[str, object]:
    """What the ledger keeps."""
    return {
        "camera": str(region.camera),
        "name": region.name,
        "kind": region.get_kind_display(),
        "use": region.get_use_display(),
        "zone": str(region.zone) if region.zone else None,
        "points": region.points,
    }
