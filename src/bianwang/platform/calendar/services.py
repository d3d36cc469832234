"""The office's changes of the calendar."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.platform.calendar.models import DayChange
from bianwang.platform.ledger.services import record

_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 12, 31)


@transaction.atomic
def change_day(day: date, *, is_working: bool, name: str, source: str) -> DayChange:
    """Set whether people work on a day, over the published calendar. Deadlines that are already set stay.

    Raises ValidationError that names the field.
    """
    if not _EARLIEST <= day <= _LATEST:
        raise ValidationError({"day": f"日期应在 {_EARLIEST} 至 {_LATEST} 之间，不能是 {day}。"})
    row = DayChange.objects.select_for_update().filter(day=day).first()
    before = _values(row)
    row = row or DayChange(day=day)
    row.is_working, row.name, row.source = is_working, name.strip(), source.strip()
    row.full_clean(validate_unique=False)
    after = _values(row)
    if before != after:
        row.save()
        record("calendar.change", row, owner=None, changes=_differences(before, after))
    return row


@transaction.atomic
def restore_day(day: date, *, reason: str) -> bool:
    """Take a change back, so that the published calendar holds again; False when there was none."""
    row = DayChange.objects.select_for_update().filter(day=day).first()
    if row is None:
        return False
    record("calendar.restore", row, owner=None, changes=_differences(_values(row), {}), reason=reason)
    row.delete()
    return True


def _values(row: DayChange | None) -> dict[str, object]:
    return {"is_working": row.is_working, "name": row.name, "source": row.source} if row else {}


def _differences(before: dict[str, object], after: dict[str, object]) -> dict[str, tuple[object, object]]:
    names = [*before, *(name for name in after if name not in before)]
    found = {name: (before.get(name), after.get(name)) for name in names}
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}
