"""Risk points: scored when they are saved."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.risks import pack, scoring
from bianwang.modules.risks.dates import months_after
from bianwang.modules.risks.models import RiskPoint
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.ledger.services import record
from bianwang.platform.places import services as places
from bianwang.platform.places.models import Enterprise, Party

_COLUMNS = (
    "name", "zone", "hazard", "accidents", "method", "likelihood", "exposure", "consequence", "controls",
    "emergency", "keeper", "phone", "assessed_on", "is_demo",
)  # fmt: skip
_SECRET = frozenset({"keeper", "phone"})


@transaction.atomic
def save_point(user: User, owner: Party, values: Mapping[str, Any], point: RiskPoint | None = None) -> RiskPoint:
    """Enter or change a risk point; nothing is recorded where nothing differs.

    A point of higher risk than the enterprise raises the enterprise's own; lowering that is the bureau's decision.
    Raises PermissionDenied or Http404 (access door), ValidationError.
    """
    owner = access.get(user, Party, owner.pk, "risks.edit")
    row = RiskPoint(owner=owner) if point is None else access.get(user, RiskPoint, point.pk, "risks.edit")
    before = {} if row.pk is None else _state(row)
    for name in _COLUMNS:
        if name in values:
            setattr(row, name, values[name])
    _check(row)
    _score(row)
    row.clean_fields()
    row.validate_constraints()
    after = _state(row)
    changes = {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}
    if not changes:
        return row
    row.save()
    record("risks.change" if before else "risks.create", row, owner=owner, changes=changes, secret=_SECRET)
    _raise_enterprise(row)
    return row


def _check(row: RiskPoint) -> None:
    if row.zone is not None and row.zone.owner_id != row.owner_id:
        raise ValidationError({"zone": f"区域“{row.zone.name}”不属于“{row.owner.name}”，请重新选择。"})
    if row.assessed_on is None or row.assessed_on > today():
        raise ValidationError({"assessed_on": "请填写评价日期，不能晚于今天。"})
    if row.method not in RiskPoint.Method:
        raise ValidationError({"method": "请选择评价方法。"})
    rules = pack.method(row.method, row.assessed_on)
    if "exposure" not in rules.factors:
        row.exposure = None
    for name in rules.factors:
        if not rules.allows(name, getattr(row, name)):
            raise ValidationError({name: f"{rules.name}的这一项只能取 {rules.words(name)}。"})


def _score(row: RiskPoint) -> None:
    rules = pack.method(row.method, row.assessed_on)
    if row.exposure is None:
        row.score = scoring.ls(row.likelihood, row.consequence)
    else:
        row.score = scoring.lec(row.likelihood, row.exposure, row.consequence)
    row.level = scoring.level(row.score, rules.bands)
    row.review_by = months_after(row.assessed_on, pack.control(row.level, row.assessed_on).review_months)


def _raise_enterprise(row: RiskPoint) -> None:
    enterprise = Enterprise.objects.filter(pk=row.owner_id).first()
    if enterprise is not None and scoring.highest([enterprise.risk, row.level]) != enterprise.risk:
        places.change_enterprise(enterprise, {"risk": row.level})


def _state(row: RiskPoint) -> dict[str, Any]:
    """The columns as the ledger keeps them."""
    found: dict[str, Any] = {}
    for name in (*_COLUMNS, "score", "level", "review_by"):
        value = getattr(row, name)
        found[name] = f"{value.normalize():f}" if isinstance(value, Decimal) else None if value in ("", None) else value
        if not isinstance(found[name], str | bool | None):
            found[name] = str(found[name])
    return found
