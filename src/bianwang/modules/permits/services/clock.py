"""What time itself does to permits, told at its exact moment even when it is written later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Q, QuerySet

from bianwang.modules.permits import standard
from bianwang.modules.permits.models import Permit
from bianwang.modules.permits.services import signals
from bianwang.modules.permits.workflow import IN_FORCE, LIVE
from bianwang.platform.clock import now
from bianwang.platform.jobs.services import each
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Party
from bianwang.platform.workflow.services import advance


@contextmanager
def turn(permit: Permit) -> Iterator[datetime]:
    """A step of one permit in a transaction, at the moment it gives: what time has done to the unit's permits comes
    first, what the step did to the signals last. One step at a time a unit."""
    with transaction.atomic():
        Party.objects.select_for_update().get(pk=permit.owner_id)
        moment = now()
        settle(permit.owner_id, moment)
        permit.refresh_from_db(fields=["in_force"])
        yield moment
        signals.refresh(permit, moment)


def run() -> None:
    """Let every permit begin and expire whose time has come."""
    _each_owner(Permit.objects.filter(_due(now()), state__in=LIVE))


def watch_levels() -> None:
    """Tell where a permit's level no longer suffices because night or a rest day has begun, or suffices again."""
    kinds = {row.code for row in standard.standard().types if row.upgrades}
    _each_owner(Permit.objects.filter(kind__in=kinds, in_force=True, state__in=IN_FORCE))


def settle(owner: int, until: datetime) -> None:
    """Carry out all that time did to a unit's permits up to a moment, in order. In the caller's transaction."""
    rows = Permit.objects.filter(_due(until), owner=owner, state__in=LIVE).select_related("zone")
    events = sorted((event for row in rows for event in _events(row, until)), key=lambda event: event[:2])
    for at, group in groupby(events, key=lambda event: event[0]):
        happened = list(group)
        # Not the act of whoever happens to take a step now.
        with acting(None, "后台任务"):
            for _, step, _, permit in happened:
                advance(permit, step, None, fields={"in_force": step == "begin"})
        for permit in {(permit.zone_id, permit.kind): permit for *_, permit in happened}.values():
            signals.refresh(permit, at)
    for permit in _watched(owner):
        signals.refresh_level(permit, until)


def _due(until: datetime) -> Q:
    return Q(in_force=False, valid_from__lte=until) | Q(valid_to__lte=until)


def _events(permit: Permit, until: datetime) -> Iterator[tuple[datetime, str, int, Permit]]:
    """Beginnings before endings, where both fall on one moment."""
    start, end = permit.window
    if not permit.in_force and start <= until:
        yield start, "begin", permit.pk, permit
    if end <= until:
        yield end, "expire", permit.pk, permit


def _watched(owner: int) -> list[Permit]:
    rows = Permit.objects.filter(owner=owner, in_force=True, state__in=IN_FORCE).select_related("zone")
    return list({(row.zone_id, row.kind): row for row in rows if row.kind_row.upgrades}.values())


def _each_owner(rows: QuerySet[Permit]) -> None:
    owners = Party.objects.filter(pk__in=rows.order_by().values("owner"))
    each(list(owners), _settle_now)


def _settle_now(owner: Party) -> None:
    Party.objects.select_for_update().get(pk=owner.pk)
    settle(owner.pk, now())
