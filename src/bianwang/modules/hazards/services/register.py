"""Findings become hazards: by a person, always."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from bianwang.modules.alarms.models import Alarm
from bianwang.modules.hazards.models import Criterion, Hazard
from bianwang.modules.hazards.services.numbers import take
from bianwang.modules.patrol import queries as sights
from bianwang.modules.patrol.models import Look, Suspicion
from bianwang.platform import access, packs, roles
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now, today
from bianwang.platform.files.services import attach
from bianwang.platform.places.models import Enterprise, Party
from bianwang.platform.workflow import services as workflow
from bianwang.platform.workflow.errors import Refused
from bianwang.platform.workflow.queries import limit
from bianwang.platform.workflow.table import Deadline

Source, Track = Hazard.Source, Hazard.Track


@transaction.atomic
def register(user: User, owner: Party, values: Mapping[str, Any], photos: Iterable[Any] = ()) -> Hazard:
    """Enter a finding; `values` are columns of Hazard.

    Who finds decides the track: an enterprise's own finding is its own affair while minor and goes straight into
    rectification; a certified officer's enforcement check may order; everything else is closed by the unit that
    found it. Raises PermissionDenied or Http404 (access door), ValidationError.
    """
    access.check(user, Party, owner.pk, "hazards.register")
    hazard = Hazard(owner_id=owner.pk, found_by=user, **{"found_at": now(), **values})
    hazard.track = track_of(user, hazard.source, owner)
    if hazard.track == Track.ENTERPRISE and hazard.grade != Hazard.Grade.GENERAL:
        # Possibly major: not for the enterprise to decide.
        hazard.track = Track.UNIT
    if hazard.track == Track.UNIT:
        hazard.grade = ""
    unit = reporting_unit(user)
    if hazard.reporting_unit_id is None:
        hazard.reporting_unit_id = unit.pk if unit else None
    hazard.is_direct = Enterprise.objects.filter(pk=owner.pk, is_direct=True).exists()
    hazard.repeat_of = earlier(hazard)
    hazard.number = take(hazard.found_at.astimezone(SHANGHAI).year)[0]
    hazard.clean_fields(exclude={field.name for field in Hazard._meta.fields} - {*values, "title", "category"})
    workflow.start(
        hazard,
        by=user,
        verb="hazards.register",
        changes={"title": (None, hazard.title), "source": (None, hazard.source)},
        deadline=Deadline("hazards.grade"),
    )
    for photo in photos:
        attach(hazard, photo, user=user, label="before")
    if hazard.track == Track.ENTERPRISE:
        due = hazard.rectify_by or end_of_day_in(int(limit("hazards.rectify_general").value))
        fields = {"rectify_by": due} if hazard.rectify_by != due else {}
        workflow.advance(hazard, "grade", user, due_at=due, fields=fields)
    return hazard


def from_alarm(user: User, alarm: Alarm, values: Mapping[str, Any], photos: Iterable[Any] = ()) -> Hazard:
    """Make a hazard of an alarm that a person has found genuine; once."""
    access.check(user, Alarm, alarm.pk, "hazards.register")
    if alarm.verdict != Alarm.Verdict.GENUINE:
        raise Refused("只有核实为“属实”的告警才能转为隐患，请先核实。")
    earlier_one = alarm.hazards.first()
    if earlier_one is not None:
        raise Refused(f"这条告警已转为隐患 {earlier_one.number}，不必重复登记。")
    return register(user, alarm.owner, {**values, "source": Source.SENSOR, "alarm": alarm}, photos)


def from_sight(user: User, seen: Look | Suspicion, values: Mapping[str, Any], photos: Iterable[Any] = ()) -> Hazard:
    """Make a hazard of what a patrol found, or of a suspicion that a person confirmed; once. With its pictures."""
    access.check(user, type(seen), seen.pk, "hazards.register")
    if not sights.is_certain(seen):
        raise Refused("只有“有问题”的巡检记录和复核“属实”的疑似情形才能登记为隐患。")
    earlier_one = seen.hazards.first()
    if earlier_one is not None:
        raise Refused(f"这条{seen._meta.verbose_name}已登记为隐患 {earlier_one.number}，不必重复登记。")
    by_machine = isinstance(seen, Suspicion) and seen.is_machine
    origin = {"source": Source.VISION if by_machine else Source.PATROL, str(seen._meta.model_name): seen}
    return register(user, seen.owner, {**values, **origin}, [*sights.stored_pictures(seen), *photos])


def track_of(user: User, source: str, owner: Party) -> str:
    """Who closes the loop on a finding of this person."""
    if source == Source.ENFORCEMENT:
        if not user.certificate:
            raise ValidationError({"source": "执法检查须由持执法证的执法人员登记，您的账号没有登记执法证号。"})
        return Track.ENFORCEMENT
    scope = access.scope_of(user, "hazards.register")
    if not scope.whole and scope.parties == {owner.pk}:
        if source not in {Source.SELF, Source.SENSOR, Source.VISION, Source.PATROL}:
            raise ValidationError({"source": "企业登记的隐患，来源只能是“企业自查”、“传感器”或视频。"})
        return Track.ENTERPRISE
    return Track.UNIT


def reporting_unit(user: User) -> Party | None:
    """The unit in whose name a person reports: that of his first post that may register."""
    allowed = {role for role in roles.BUSINESS if role != roles.SAFETY}
    post = user.posts.filter(role__in=allowed).select_related("party").order_by("pk").first()
    return post.party if post else None


def earlier(hazard: Hazard) -> Hazard | None:
    """The last hazard of the same enterprise with the same criterion, or else category and title, in the period."""
    months = int(limit("hazards.repeat_months").value)
    since = hazard.found_at - timedelta(days=round(months * 365 / 12))
    alike = Q(category=hazard.category, title=hazard.title)
    if hazard.criterion_id:
        alike |= Q(criterion=hazard.criterion_id)
    rows = Hazard.objects.filter(alike, owner=hazard.owner_id, found_at__gte=since, found_at__lte=hazard.found_at)
    return rows.exclude(pk=hazard.pk).exclude(state="revoked").order_by("-found_at").first()


def end_of_day_in(days: int) -> datetime:
    """The last second of the day that lies so many days ahead, in Shanghai."""
    day = today() + timedelta(days=days)
    return datetime.combine(day, time(23, 59, 59), SHANGHAI)


@transaction.atomic
def load_criteria(file: Path) -> int:
    """Bring the list of major hazards in line with a district's YAML; returns how many rows changed."""
    changed = 0
    for row in packs.parse(file.read_text("utf-8")) or []:
        key = {"code": row["code"], "valid_from": row["valid_from"]}
        rest = {name: value for name, value in row.items() if name not in key}
        old = Criterion.objects.filter(**key).first()
        if old is None:
            Criterion.objects.create(**key, **rest)
        elif any(getattr(old, name) != value for name, value in rest.items()):
            Criterion.objects.filter(pk=old.pk).update(**rest)
        else:
            continue
        changed += 1
    return changed
