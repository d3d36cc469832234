"""What people do with alarms."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.db import transaction

from bianwang.modules.alarms.models import SEVERE, Alarm
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.context import Actor, acting, current
from bianwang.platform.ledger.services import record
from bianwang.platform.todo import services as todo
from bianwang.platform.workflow.errors import Conflict, Refused

_PIECE = 100


def acknowledge(alarm: Alarm, user: User) -> int:
    """Take note of an alarm and of all that joined it; returns how many were still open to it.

    Says nothing about what is true: an acknowledged alarm goes on, and an ended one can be acknowledged.
    Raises PermissionDenied or Http404 (access door).
    """
    access.check(user, Alarm, alarm.pk, "alarms.acknowledge")
    done = 0
    for piece in _group(alarm, acknowledged_at__isnull=True):
        with _by(user), transaction.atomic():
            for row in _lock(piece):
                done += _acknowledge(row, user)
    alarm.refresh_from_db()
    return done


def comment(alarm: Alarm, user: User, text: str) -> None:
    """Add a remark. It is a ledger row, so nothing that happens to the alarm can lose it."""
    access.check(user, Alarm, alarm.pk, "alarms.comment")
    words = text.strip()
    if not words:
        raise Refused("请写明说明内容。")
    if len(words) > 500:
        raise Refused(f"说明有 {len(words)} 字，最多 500 字，请精简或分次填写。")
    with _by(user), transaction.atomic():
        record("alarms.comment", alarm, owner=alarm.owner_id, reason=words)


def verify(alarm: Alarm, user: User, verdict: str, reason: str, *, with_group: bool = False) -> int:
    """Decide whether an alarm is genuine, false or unclear; returns how many alarms that settled.

    `with_group` includes what joined it. The enterprise itself cannot dismiss its own severe alarm; a verdict
    is changed only by those who may correct, and an unclear one by anybody who may verify.
    Raises Refused, Conflict, PermissionDenied or Http404.
    """
    access.check(user, Alarm, alarm.pk, "alarms.verify")
    words = reason.strip()[:300]
    if not words:
        raise Refused("请写明核实理由，例如“现场确认”“探头检修”。")
    wanted = Alarm.Verdict(verdict)
    _may_decide(alarm, user, wanted)
    done = 0
    for piece in _group(alarm) if with_group else [[alarm.pk]]:
        with _by(user), transaction.atomic():
            for row in _lock(piece):
                if row.pk == alarm.pk and row.verdict != alarm.verdict:
                    raise Conflict(f"这条告警已被核实为“{row.get_verdict_display()}”，请刷新后查看。")
                if row.pk == alarm.pk or row.verdict is None:
                    _decide(row, user, wanted, words)
                    done += 1
    alarm.refresh_from_db()
    return done


def may_dismiss(alarm: Alarm, user: User) -> bool:
    """Whether a user may call a severe alarm false or unclear: not if he can verify only as its own party."""
    scope = access.scope_of(user, "alarms.verify")
    return alarm.peak < SEVERE or scope.whole or scope.parties != {alarm.owner_id}


def _may_decide(alarm: Alarm, user: User, wanted: Alarm.Verdict) -> None:
    if wanted is not Alarm.Verdict.GENUINE and not may_dismiss(alarm, user):
        raise Refused("本单位的红色、橙色告警不能自行认定为误报或无法判断，请写明情况说明，由镇街或区应急局核实。")
    if alarm.verdict in {Alarm.Verdict.GENUINE, Alarm.Verdict.FALSE} and not access.can(user, "alarms.correct"):
        raise Conflict(f"这条告警已核实为“{alarm.get_verdict_display()}”，如需更正请联系区应急局值班带班人员。")


def _decide(row: Alarm, user: User, wanted: Alarm.Verdict, reason: str) -> None:
    before = row.get_verdict_display() if row.verdict else None
    row.verdict, row.verdict_reason = wanted, reason
    row.verified_by, row.verified_at = user, now()
    if row.acknowledged_at is None:
        row.acknowledged_at, row.acknowledged_by = row.verified_at, user
    row.settle()
    row.save()
    todo.close_for(row)
    record("alarms.verify", row, owner=row.owner_id, changes={"verdict": (before, wanted.label)}, reason=reason)


def _acknowledge(row: Alarm, user: User) -> int:
    if row.acknowledged_at is not None:
        return 0
    row.acknowledged_at, row.acknowledged_by = now(), user
    row.settle()
    row.save(update_fields=["acknowledged_at", "acknowledged_by", "is_open", "escalate_at"])
    todo.close_for(row)
    record("alarms.acknowledge", row, owner=row.owner_id, changes={"acknowledged_by": (None, user.name)})
    return 1


def _by(user: User) -> AbstractContextManager[Actor]:
    """Acts as `user`, from where the surroundings say."""
    return acting(user, current().origin, operation=current().operation)


def _group(alarm: Alarm, **only: object) -> list[list[int]]:
    """The alarm and what joined it, in pieces that keep transactions short."""
    members = list(alarm.members.filter(**only).order_by("pk").values_list("pk", flat=True))
    ids = [alarm.pk, *members]
    return [ids[start : start + _PIECE] for start in range(0, len(ids), _PIECE)]


def _lock(ids: list[int]) -> list[Alarm]:
    return list(Alarm.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
