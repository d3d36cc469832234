"""Meetings: called, minuted, and who came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.committee.models import Attendance, Meeting
from bianwang.modules.committee.services.writing import change, create, members_only
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.files.services import attach
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Party
from bianwang.platform.places.queries import bureau


@transaction.atomic
def hold(
    user: User, values: Mapping[str, Any], units: Iterable[Party], files: Iterable[Any] = (), *, is_demo: bool = False
) -> Meeting:
    """Enter a meeting and the units that are asked to it. Raises PermissionDenied, ValidationError."""
    access.require(user, "committee.assign")
    asked = members_only(units, "units")
    meeting = Meeting(owner=bureau(), made_by=user, made_at=now(), is_demo=is_demo, **values)
    meeting.clean_fields()
    create(meeting, "committee.meeting", units="、".join(unit.name for unit in asked))
    Attendance.objects.bulk_create([Attendance(meeting=meeting, unit=unit) for unit in asked])
    _keep(meeting, user, files)
    return meeting


@transaction.atomic
def record_attendance(
    meeting: Meeting,
    user: User,
    presence: Mapping[int, tuple[str, str]],
    decisions: str,
    files: Iterable[Any] = (),
) -> None:
    """Enter who came (by unit: presence, person), what was decided, and the minutes.

    Raises PermissionDenied or Http404 (access door), ValidationError.
    """
    access.check(user, Meeting, meeting.pk, "committee.assign")
    rows = {row.unit_id: row for row in meeting.attendance.select_related("unit")}
    told = {}
    for unit, (word, person) in presence.items():
        row = rows.get(unit)
        if row is None or word not in {"", *Attendance.Presence.values}:
            raise ValidationError("到会情况与通知参会的单位不符，请刷新后重填。")
        if (row.presence, row.person) != (word, person):
            before, row.presence, row.person = row.get_presence_display(), word, person
            told[row.unit.name] = (before or None, f"{row.get_presence_display()} {person}".strip())
    Attendance.objects.bulk_update(rows.values(), ["presence", "person"])
    if told:
        record("committee.attendance", meeting, owner=meeting.owner_id, changes=told)
    change(meeting, {"decisions": decisions.strip()}, "committee.minutes")
    _keep(meeting, user, files)


def _keep(meeting: Meeting, user: User, files: Iterable[Any]) -> None:
    for file in files:
        attach(meeting, file, user=user, label="会议材料")
