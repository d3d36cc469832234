"""Major hazard sources: graded when they are saved, with every earlier result kept; keepers and their duties."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.risks.dates import months_after
from bianwang.modules.risks.items import parse
from bianwang.modules.risks.major_hazards import Unknown, identify, working
from bianwang.modules.risks.models import DutyRecord, Grading, Keeper, Source
from bianwang.modules.risks.pack import duties, pack
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Party

_COLUMNS = ("name", "unit", "zone", "people", "items", "filing_number", "filed_on", "evaluated_on", "is_demo")
_TOLD = (*_COLUMNS, "s", "r", "grade", "evaluate_by")
_GRADED = {"people", "items"}
_PERSONAL = frozenset({"name", "phone"})


@transaction.atomic
def save_source(user: User, owner: Party, values: Mapping[str, Any], source: Source | None = None) -> Source:
    """Enter or change a source and grade it by GB 18218. What it holds or who lives around it keeps the old result.

    Raises PermissionDenied or Http404 (access door), ValidationError also where Q or beta is not known.
    """
    owner = access.get(user, Party, owner.pk, "risks.edit")
    row = Source(owner=owner) if source is None else access.get(user, Source, source.pk, "risks.edit")
    before = {} if row.pk is None else {name: _plain(getattr(row, name)) for name in _TOLD}
    for name in _COLUMNS:
        if name in values:
            setattr(row, name, values[name])
    _check(row)
    try:
        result = identify(row.people, parse(row.items))
    except Unknown as error:
        raise ValidationError({"items": str(error)}) from error
    row.s, row.r, row.grade = _four(result.s), _four(result.r), result.grade
    months = 12 * pack().evaluation_years
    row.evaluate_by = months_after(row.evaluated_on, months) if row.evaluated_on else None
    row.clean_fields()
    row.validate_constraints()
    after = {name: _plain(getattr(row, name)) for name in _TOLD}
    changes = {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}
    if not changes:
        return row
    row.save()
    if changes.keys() & _GRADED:
        Grading.objects.create(
            source=row,
            graded_at=now(),
            graded_by=user,
            people=row.people,
            items=row.items,
            s=row.s,
            r=row.r,
            grade=row.grade,
            arithmetic=working(result),
        )
    record("risks.source_change" if before else "risks.source_create", row, owner=owner, changes=changes)
    return row


@transaction.atomic
def set_keeper(user: User, source: Source, values: Mapping[str, Any]) -> Keeper:
    """Name who answers at a level from a day on; whoever did before ends on that day. Raises ValidationError."""
    source = access.get(user, Source, source.pk, "risks.edit")
    since = values["since"]
    if values["level"] not in {row.code for row in duties(today())}:
        raise ValidationError({"level": "请选择主要负责人、技术负责人或操作负责人。"})
    if since > today():
        raise ValidationError({"since": "开始日期不能晚于今天。"})
    old = source.keepers.filter(level=values["level"], until__isnull=True).first()
    if old is not None and since < old.since:
        raise ValidationError({"since": f"不能早于现任{old.level_name}的开始日期 {old.since}。"})
    if old is not None:
        Keeper.objects.filter(pk=old.pk, until__isnull=True).update(until=since)
    names = ("level", "name", "post", "phone", "since")
    keeper = Keeper(source=source, **{name: values[name] for name in names if name in values})
    keeper.clean_fields()
    keeper.save()
    told = {"level": (None, keeper.level_name), "name": (old and old.name, keeper.name), "since": (None, str(since))}
    record("risks.keeper", source, owner=source.owner_id, changes=told, secret=_PERSONAL)
    return keeper


@transaction.atomic
def add_record(user: User, keeper: Keeper, done_on: date, content: str) -> DutyRecord:
    """Enter what a keeper did. Raises ValidationError for a day outside his time."""
    source = access.get(user, Source, keeper.source_id, "risks.edit")
    if not content.strip():
        raise ValidationError({"content": "请写明履职内容。"})
    if not keeper.since <= done_on <= min(today(), keeper.until or today()):
        raise ValidationError({"done_on": f"履职日期应在任职期间（{keeper.since} 起），且不晚于今天。"})
    made = DutyRecord.objects.create(keeper=keeper, done_on=done_on, content=content.strip())
    if keeper.acted_on is None or done_on > keeper.acted_on:
        Keeper.objects.filter(pk=keeper.pk).update(acted_on=done_on)
        keeper.acted_on = done_on
    told = {"level": (None, keeper.level_name), "done_on": (None, str(done_on)), "content": (None, made.content)}
    record("risks.duty", source, owner=source.owner_id, changes=told)
    return made


def _check(row: Source) -> None:
    if row.zone is not None and row.zone.owner_id != row.owner_id:
        raise ValidationError({"zone": f"区域“{row.zone.name}”不属于“{row.owner.name}”，请重新选择。"})
    for name in ("filed_on", "evaluated_on"):
        day = getattr(row, name)
        if day is not None and day > today():
            raise ValidationError({name: "日期不能晚于今天。"})


def _four(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.0001"), ROUND_HALF_UP)


def _plain(value: Any) -> Any:
    return None if value in ("", None) else value if isinstance(value, bool | int) else str(value)
