"""Delivery of sealed entries to the modules that react: each once, in order, none held up by another.

A subscription has a cursor. An entry is handled in one transaction with the move of the cursor, so it is
done exactly once, whatever is killed when. An entry that fails is parked and tried again later and later;
entries of the same object wait behind it: a reaction never sees an object's history out of order.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from django.db import transaction

from bianwang.platform.clock import now
from bianwang.platform.ledger.models import Cursor, Entry, Parked, SealLease
from bianwang.platform.registry import Subscription, manifests, resolve

log = logging.getLogger(__name__)

BATCH = 200
# How long one subscription may keep the others waiting in one call.
_LONGEST_TURN = 1.0
_LONGEST_PAUSE = timedelta(hours=1)


class _Overtaken(Exception):
    """Another worker has moved the cursor or taken the parked entry."""


def deliver() -> int:
    """Hand new entries to every subscription; returns how many were handled or parked."""
    head = SealLease.objects.filter(pk=1).values_list("seq", flat=True).first() or 0
    behind = {item.code: item for module in manifests() for item in module.subscriptions}
    for code in Cursor.objects.filter(seq__gte=head).values_list("code", flat=True):
        behind.pop(code, None)
    return sum(_follow(item, head) for item in behind.values())


def retry() -> int:
    """Try parked entries whose time has come again, the oldest of each object first; returns how many went through."""
    subscriptions = {item.code: item for module in manifests() for item in module.subscriptions}
    due = (
        Parked.objects.filter(code__in=subscriptions, next_at__lte=now()).select_related("entry").order_by("entry__seq")
    )
    handled = 0
    for parked in due[:BATCH]:
        earlier = Parked.objects.filter(
            code=parked.code,
            object_type=parked.object_type,
            object_id=parked.object_id,
            entry__seq__lt=parked.entry.seq,
        )
        if not earlier.exists():
            handled += _try_again(subscriptions[parked.code], parked)
    return handled


def _follow(subscription: Subscription, head: int) -> int:
    """Bring one subscription up to `head`, or as far as its turn lasts."""
    seq = Cursor.objects.get_or_create(code=subscription.code)[0].seq
    handled, until = 0, time.monotonic() + _LONGEST_TURN
    while seq < head and time.monotonic() < until:
        batch = list(Entry.objects.filter(seq__gt=seq, seq__lte=head).order_by("seq")[:BATCH])
        if not batch:
            break
        try:
            for entry in batch:
                if entry.verb.startswith(subscription.verbs):
                    _move(subscription, seq, entry)
                    seq, handled = int(entry.seq or 0), handled + 1
        except _Overtaken:
            break
        last = int(batch[-1].seq or 0)
        if seq < last and not Cursor.objects.filter(code=subscription.code, seq=seq).update(seq=last):
            break
        seq = last
    return handled


def _move(subscription: Subscription, seq: int, entry: Entry) -> None:
    """Handle one entry and move the cursor past it, both or neither; park it when its handler fails."""
    try:
        with transaction.atomic():
            _claim(subscription, seq, entry)
            if _waits_behind(subscription.code, entry):
                _park(subscription.code, entry, "同一对象的前一条记录尚未处理成功")
            else:
                resolve(subscription.handle)(entry)
    except _Overtaken:
        raise
    except Exception as error:
        log.exception("台账订阅 %s 处理第 %s 号记录失败", subscription.code, entry.seq)
        with transaction.atomic():
            _claim(subscription, seq, entry)
            _park(subscription.code, entry, str(error))


def _claim(subscription: Subscription, seq: int, entry: Entry) -> None:
    if not Cursor.objects.filter(code=subscription.code, seq=seq).update(seq=entry.seq):
        raise _Overtaken(f"cursor is no longer at {seq}")


def _waits_behind(code: str, entry: Entry) -> bool:
    return Parked.objects.filter(code=code, object_type=entry.object_type, object_id=entry.object_id).exists()


def _park(code: str, entry: Entry, message: str) -> None:
    Parked.objects.create(
        code=code,
        entry=entry,
        object_type=entry.object_type,
        object_id=entry.object_id,
        attempts=1,
        next_at=now() + _pause(1),
        message=message[:300],
    )


def _try_again(subscription: Subscription, parked: Parked) -> bool:
    try:
        with transaction.atomic():
            if not Parked.objects.filter(pk=parked.pk, attempts=parked.attempts).delete()[0]:
                return False
            resolve(subscription.handle)(parked.entry)
    except Exception as error:
        log.exception("台账订阅 %s 第 %d 次重试第 %s 号记录失败", parked.code, parked.attempts, parked.entry.seq)
        attempts = parked.attempts + 1
        Parked.objects.filter(pk=parked.pk, attempts=parked.attempts).update(
            attempts=attempts, next_at=now() + _pause(attempts), message=str(error)[:300]
        )
        return False
    return True


def _pause(attempts: int) -> timedelta:
    """5 s, 10 s, 20 s … at most an hour."""
    return min(timedelta(seconds=5 * 2 ** min(attempts - 1, 12)), _LONGEST_PAUSE)
