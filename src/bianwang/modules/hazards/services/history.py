"""Hazards of a past year, registered elsewhere until now: taken over in pieces, with one ledger row for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from bianwang.modules.hazards.models import Hazard, Order, Recheck, hours_between
from bianwang.modules.hazards.services.numbers import take
from bianwang.platform import bulk
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Enterprise, Party

Row = Mapping[str, Any]


@transaction.atomic
def load_history(user: User, unit: Party, rows: Sequence[Row], second: User | None = None) -> None:
    """Write a piece (≤ 1,000 rows) of a unit's hazards of one year.

    `rows` are columns of Hazard by attribute name, `found_at` among them; the state follows from `rectified_at` and
    `closed_at`. Where officers ordered the rectification (track 执法责令整改), `user` did, and `second` rechecked with
    him; the order and the recheck are written too. What is still open has no to-do: it is the unit's affair.
    """
    if not rows:
        return
    owners = {row["owner_id"] for row in rows}
    direct = set(Enterprise.objects.filter(pk__in=owners, is_direct=True).values_list("pk", flat=True))
    numbers = take(rows[0]["found_at"].astimezone(SHANGHAI).year, len(rows))
    common = {"reporting_unit_id": unit.pk, "found_by_id": user.pk}
    made = [
        {**row, **common, **_state(row, user), "number": number, "is_direct": row["owner_id"] in direct}
        for row, number in zip(rows, numbers, strict=True)
    ]
    bulk.insert(Hazard, made)
    _enforced([row for row in made if row["track"] == Hazard.Track.ENFORCEMENT], user, second)
    told = {"隐患": (None, len(made)), "编号": (None, f"{numbers[0]} 至 {numbers[-1]}")}
    record("hazards.history", unit, owner=unit.pk, changes=told)


def _state(row: Row, user: User) -> Row:
    """What follows from how far a hazard has come."""
    rectified, closed = row.get("rectified_at"), row.get("closed_at")
    state = "closed" if closed else "passed" if rectified else "rectifying"
    return {
        "state": state,
        "state_since": closed or rectified or row["found_at"],
        "due_at": None if rectified else row["rectify_by"],
        "hours_taken": hours_between(row["found_at"], rectified) if rectified else None,
        "closed_by_id": user.pk if closed else None,
    }


def _enforced(rows: Sequence[Row], user: User, second: User | None) -> None:
    """Orders, and rechecks of what was found rectified."""
    if not rows:
        return
    ids = dict(Hazard.objects.filter(number__in=[row["number"] for row in rows]).values_list("number", "pk"))
    Order.objects.bulk_create(
        Order(
            hazard_id=ids[row["number"]],
            officer=user,
            certificate=user.certificate,
            issued_at=row["found_at"],
            rectify_by=row["rectify_by"],
            demand=f"限期整改：{row['title']}",
        )
        for row in rows
    )
    Recheck.objects.bulk_create(
        Recheck(
            hazard_id=ids[row["number"]],
            passed=True,
            opinion="现场复查，已整改到位。",
            by=user,
            second=second,
            at=row["rectified_at"],
        )
        for row in rows
        if row.get("rectified_at")
    )
