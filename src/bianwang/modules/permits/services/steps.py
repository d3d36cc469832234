"""The steps of a permit's life. Who may take which is in the workflow table; what they bring along is here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from bianwang.modules.permits.checks import lacks, window_at
from bianwang.modules.permits.levels import level_for
from bianwang.modules.permits.models import Measure, Permit
from bianwang.modules.permits.services.clock import turn
from bianwang.platform.accounts.models import User
from bianwang.platform.files.services import attach
from bianwang.platform.todo import services as todo
from bianwang.platform.workflow.errors import Refused
from bianwang.platform.workflow.services import advance


def analyse(permit: Permit, user: User, values: Mapping[str, Any], taken: Iterable[int]) -> None:
    """Keep the analysis of hazards and which measures of the type's list were taken (their places, from 0).

    `values`: analysis, extra_measures, inapplicable. Raises ValidationError, Refused, Conflict.
    """
    chosen = set(taken)
    texts = permit.kind_row.measures
    if len(chosen) < len(texts) and not values.get("inapplicable", "").strip():
        raise ValidationError({"inapplicable": "有措施没有勾选，请落实后勾选，或说明为什么不适用。"})
    with turn(permit):
        advance(permit, "analyse", user, fields=_different(permit, values))
        permit.measures.all().delete()
        Measure.objects.bulk_create(
            Measure(permit=permit, number=number + 1, text=text, is_taken=number in chosen, by=user)
            for number, text in enumerate(texts)
        )


def apply(permit: Permit, user: User) -> None:
    """Apply; the level counts from here on. What was prepared for an earlier application must be done anew."""
    with turn(permit) as moment:
        level = level_for(permit.kind_row, permit.base_level, *permit.window, day_only=permit.day_only)
        fields = {"applied_by": user, "applied_at": moment, "level": level}
        fields |= {"briefed_by": None, "briefed_at": None}
        _check(permit, "apply", moment)
        advance(permit, "apply", user, fields=_different(permit, fields))


def brief(permit: Permit, user: User, briefing: str) -> None:
    """Tell the workers what is dangerous and what to do."""
    with turn(permit) as moment:
        fields = {"briefing": briefing, "briefed_by": user, "briefed_at": moment}
        advance(permit, "brief", user, fields=_different(permit, fields))


def isolate(permit: Permit, user: User) -> None:
    """All isolation points or blind plates are in place."""
    with turn(permit) as moment:
        advance(permit, "isolate", user, fields={"isolated_by": user, "isolated_at": moment})


def lock(permit: Permit, user: User) -> None:
    """Switched off, locked and tagged."""
    with turn(permit) as moment:
        advance(permit, "lock", user, fields=_different(permit, {"locked_at": moment, "unlocked_at": None}))


def unlock(permit: Permit, user: User) -> None:
    """Lock and tag are taken off."""
    with turn(permit) as moment:
        advance(permit, "unlock", user, fields={"unlocked_at": moment})


def approve(permit: Permit, user: User, position: str) -> None:
    """Approve in a position; the permit is valid as planned, from now at the earliest. Raises Refused with all that
    is lacking, a conflict with another permit among it."""
    with turn(permit) as moment:
        _check(permit, "approve", moment)
        start, end = window_at(permit, moment)
        fields = {
            "approved_by": user,
            "approved_as": position,
            "approved_at": moment,
            "valid_from": start,
            "valid_to": end,
            "in_force": start <= moment,
        }
        advance(permit, "approve", user, fields=fields, due_at=end)
        _call_guard(permit)


def reject(permit: Permit, user: User, reason: str) -> None:
    """Back to the applicant."""
    with turn(permit):
        advance(permit, "reject", user, reason=reason)


def sign_in(permit: Permit, user: User) -> None:
    """The guard is on the spot."""
    with turn(permit) as moment:
        advance(permit, "sign_in", user, fields={"guarded_at": moment})


def start(permit: Permit, user: User) -> None:
    """Work begins. Raises Refused with all that is lacking."""
    with turn(permit) as moment:
        _check(permit, "start", moment)
        advance(permit, "start", user, fields={} if permit.started_at else {"started_at": moment})


def interrupt(permit: Permit, user: User, reason: str) -> None:
    """Work pauses."""
    with turn(permit) as moment:
        advance(permit, "interrupt", user, reason=reason, fields={"interrupted_at": moment})


def resume(permit: Permit, user: User) -> None:
    """Work goes on. Raises Refused, also where the break was so long that gas must be tested anew."""
    with turn(permit) as moment:
        _check(permit, "resume", moment)
        advance(permit, "resume", user)


def stop(permit: Permit, user: User) -> None:
    """Work is over."""
    with turn(permit) as moment:
        advance(permit, "stop", user, fields={"stopped_at": moment})


def accept(permit: Permit, user: User, outcome: str) -> None:
    """The place was looked at after the work."""
    with turn(permit) as moment:
        advance(permit, "accept", user, fields={"accepted_by": user, "accepted_at": moment, "outcome": outcome})


def close(permit: Permit, user: User) -> None:
    """File the permit. Raises Refused while it is locked and tagged."""
    with turn(permit) as moment:
        _check(permit, "close", moment)
        advance(permit, "close", user)


def cancel(permit: Permit, user: User, reason: str) -> None:
    """The job will not be done."""
    with turn(permit):
        advance(permit, "cancel", user, reason=reason)


def suspend(permit: Permit, user: User, reason: str) -> None:
    """The authority orders the work to pause. To the permit that is also an interruption."""
    with turn(permit) as moment:
        fields = {"interrupted_at": moment} if permit.state == "active" else {}
        advance(permit, "suspend", user, reason=reason, fields=fields)


def release(permit: Permit, user: User, reason: str) -> None:
    """The authority lets the work go on; the guard signs in again or the break is checked first."""
    with turn(permit):
        advance(permit, "release_started" if permit.started_at else "release", user, reason=reason)
        if permit.state == "approved":
            _call_guard(permit)


def keep_photos(permit: Permit, user: User, photos: Iterable[Any], step: str) -> None:
    """Attach photos taken at a step."""
    for photo in photos:
        attach(permit, photo, user=user, label=step)


def _check(permit: Permit, step: str, moment: datetime) -> None:
    found = lacks(permit, step, moment)
    if found:
        raise Refused("".join(found))


def _call_guard(permit: Permit) -> None:
    todo.open_for(
        permit,
        title=f"监护人签到：{permit}",
        url=permit.get_absolute_url(),
        owner=permit.owner_id,
        permission="permits.handle",
        due_at=permit.valid_from,
        assignee=permit.guard,
    )


def _different(permit: Permit, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Only the columns that change, so that the ledger tells no more than happened."""
    return {name: value for name, value in fields.items() if getattr(permit, name) != value}
