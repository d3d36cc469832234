"""What the maps of events are drawn from is entered, imported and switched off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.emergency.fire.plan import Layer
from bianwang.modules.emergency.mapping.geojson import Line
from bianwang.modules.emergency.models import Event, Ground, MapLayer, Settlement, Wind
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Party
from bianwang.platform.places.queries import bureau
from bianwang.platform.workflow.errors import Refused
from bianwang.spread.rasters import Raster


@transaction.atomic
def enter_wind(user: User, event: Event, values: Mapping[str, Any], *, is_demo: bool = False) -> Wind:
    """Keep a wind that was read at the fire. Raises PermissionDenied, Http404, ValidationError, Refused."""
    access.check(user, Event, event.pk, "emergency.note")
    if not event.is_open:
        raise Refused(f"“{event}”{event.state_row.name}，不再录入现场风。")
    moment = now()
    row = Wind(event=event, entered_by=user, entered_at=moment, is_demo=is_demo, **values)
    if row.measured_at > moment:
        raise ValidationError({"measured_at": "观测时间不能晚于现在。"})
    row.clean_fields()
    row.save(force_insert=True)
    told = {"speed": (None, row.speed), "blows_from": (None, row.blows_from), "source": (None, row.source)}
    record("emergency.wind", row, owner=event.owner_id, changes=told)
    return row


@transaction.atomic
def save_settlement(
    user: User, owner: Party, values: Mapping[str, Any], known: Settlement | None = None, *, is_demo: bool = False
) -> Settlement:
    """Enter a settlement of a town or change it. Raises PermissionDenied, ValidationError."""
    access.require(user, "emergency.settlements")
    if not access.scope_of(user, "emergency.settlements").includes(owner.pk):
        raise ValidationError({"owner": "您只能登记本镇街的居民点，请改选所属镇街。"})
    row = Settlement(is_demo=is_demo) if known is None else Settlement.objects.select_for_update().get(pk=known.pk)
    given = {**values, "owner": owner}
    changes = {
        name: (None if known is None else _plain(getattr(row, name)), _plain(value))
        for name, value in given.items()
        if known is None or getattr(row, name) != value
    }
    for name, value in given.items():
        setattr(row, name, value)
    if row.frail > row.people:
        raise ValidationError({"frail": "需协助转移的人数不能多于人数，请核对。"})
    row.full_clean()
    row.save()
    if changes:
        record("emergency.settlement", row, owner=owner, changes=changes, secret=frozenset({"contact", "phone"}))
    return row


@transaction.atomic
def import_lines(
    user: User, values: Mapping[str, Any], lines: Sequence[Line], digest: str, *, is_demo: bool = False
) -> MapLayer:
    """Keep a file's roads or rivers. `values`: kind, name, source. Raises PermissionDenied, ValidationError."""
    access.require(user, "emergency.layers")
    kept = orjson.dumps([[line.name, line.points] for line in lines]).decode()
    row = MapLayer(lines=kept, count=len(lines), **values, **_import(user, digest, is_demo=is_demo))
    row.full_clean()
    row.save(force_insert=True)
    record("emergency.layer", row, owner=row.owner, changes=_told(row.kind, digest))
    return row


@transaction.atomic
def import_ground(
    user: User, values: Mapping[str, Any], raster: Raster, digest: str, *, is_demo: bool = False
) -> Ground:
    """Keep a raster. `values`: kind, name, source. Raises PermissionDenied, ValidationError."""
    access.require(user, "emergency.layers")
    rows, columns = raster.values.shape
    row = Ground(
        west=raster.west,
        south=raster.south,
        cell=raster.cell,
        rows=rows,
        columns=columns,
        values=Layer.of(raster.values).packed,
        **values,
        **_import(user, digest, is_demo=is_demo),
    )
    row.full_clean()
    row.save(force_insert=True)
    record("emergency.layer", row, owner=row.owner, changes=_told(row.kind, digest))
    return row


@transaction.atomic
def retire(user: User, row: MapLayer | Ground) -> None:
    """Draw or offer it no more; what was judged with it stays. Raises PermissionDenied, Http404."""
    access.check(user, type(row), row.pk, "emergency.layers")
    if type(row)._default_manager.filter(pk=row.pk, is_active=True).update(is_active=False):
        record("emergency.layer_off", row, owner=row.owner_id, changes={"is_active": (True, False)})


def _import(user: User, digest: str, *, is_demo: bool) -> dict[str, Any]:
    return {"owner": bureau(), "digest": digest, "imported_by": user, "imported_at": now(), "is_demo": is_demo}


def _told(kind: str, digest: str) -> dict[str, tuple[Any, Any]]:
    return {"kind": (None, kind), "digest": (None, digest)}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Party) else value
