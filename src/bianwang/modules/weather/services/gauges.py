"""Rain gauges are registered over signals that exist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.sensing.models import Signal
from bianwang.modules.weather.models import Gauge
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.ledger.services import record

_COLUMNS = ("name", "way", "step_minutes", "report_minutes", "longitude", "latitude", "is_enabled")


@transaction.atomic
def register_gauge(
    user: User, signal: Signal, values: Mapping[str, Any], gauge: Gauge | None = None, *, is_demo: bool = False
) -> Gauge:
    """Register a gauge over a signal of rain, or change `gauge`; it belongs to whom the signal belongs.

    Raises PermissionDenied, Http404 (access door), ValidationError.
    """
    signal = access.get(user, Signal, signal.pk, "weather.gauge")
    if signal.quantity != "rainfall" or signal.unit != "mm":
        raise ValidationError({"signal": "请选择监测量为“雨量”、单位为 mm 的信号。"})
    taken = Gauge.objects.filter(signal=signal).first()
    if taken is not None and taken != gauge:
        raise ValidationError({"signal": f"信号“{signal}”已登记为雨量站，请换一个。"})
    row = Gauge(owner=signal.owner, signal=signal, is_demo=is_demo)
    if gauge is not None:
        row = access.get(user, Gauge, gauge.pk, "weather.gauge")
    before = {name: getattr(row, name) for name in _COLUMNS} if gauge else dict.fromkeys(_COLUMNS)
    row.signal, row.owner = signal, signal.owner
    for name in _COLUMNS:
        setattr(row, name, values[name])
    row.clean_fields()
    changes = {name: (before[name], values[name]) for name in _COLUMNS if before[name] != values[name]}
    row.save()
    record("weather.gauge_change" if gauge else "weather.gauge", row, owner=row.owner_id, changes=changes)
    return row
