"""What time itself does to alarms. Each job may run in two processes at once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from bianwang.modules.alarms.models import Alarm, Episode
from bianwang.modules.alarms.queries import binding_facts
from bianwang.modules.alarms.services.batch import Batch
from bianwang.modules.alarms.services.duty import call
from bianwang.modules.alarms.services.judging import raise_waiting
from bianwang.modules.rules.hours import is_within
from bianwang.platform.calendar.queries import is_working_day
from bianwang.platform.clock import now, to_ms
from bianwang.platform.jobs.services import each
from bianwang.platform.ledger.services import record
from bianwang.platform.workflow.queries import deadline, limit

_AT_ONCE = 500


def escalate_due() -> None:
    """Pass on what nobody acknowledged in time: enterprise → town → bureau."""
    due = Alarm.objects.filter(escalate_at__lte=now(), acknowledged_at__isnull=True, root__isnull=True)
    each(list(due.order_by("escalate_at")[:_AT_ONCE]), escalate)


@transaction.atomic
def escalate(alarm: Alarm) -> bool:
    """Raise the notice of one alarm by a level; False when somebody else was first."""
    before = Alarm.Level(alarm.level)
    if before is Alarm.Level.BUREAU:
        return False
    after = Alarm.Level(before + 1)
    answer_by = _answer_by(after, alarm.created_at)
    claimed = Alarm.objects.filter(
        pk=alarm.pk, level=before, escalate_at=alarm.escalate_at, acknowledged_at__isnull=True
    ).update(level=after, escalate_at=answer_by)
    if not claimed:
        return False
    alarm.level, alarm.escalate_at = after, answer_by
    call(alarm, alarm.level, answer_by)
    record("alarms.escalate", alarm, owner=alarm.owner_id, changes={"level": (before.label, after.label)})
    return True


def _answer_by(level: Alarm.Level, since: datetime) -> datetime | None:
    """When the level's time is over; limits run from the alarm's beginning. The bureau is the last."""
    return deadline(limit("alarms.ack_town"), since) if level is Alarm.Level.TOWN else None


def open_windows() -> None:
    """Raise what began outside its rule's hours and still lasts now that they have begun."""
    waiting = list(Episode.objects.filter(is_open=True, alarm__isnull=True).values_list("pk", flat=True)[:_AT_ONCE])
    facts = binding_facts(waiting) if waiting else {}
    moment = to_ms(now())
    each(
        [f for f in facts.values() if is_within(f.schedule, moment, is_working_day)],
        lambda found: _open(found.binding, moment),
    )


@transaction.atomic
def _open(binding: int, moment: int) -> None:
    episode = Episode.objects.select_for_update().filter(pk=binding, is_open=True, alarm__isnull=True).first()
    if episode is None:
        return
    batch = Batch()
    raise_waiting(episode, binding_facts([binding])[binding], moment, batch)
    batch.write()
