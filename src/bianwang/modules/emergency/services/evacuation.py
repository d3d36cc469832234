"""People are told to leave a place, and it is written of each of them where he is until all are safe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from bianwang.modules.emergency.evacuating import STATES
from bianwang.modules.emergency.models import Batch, Evacuee, Event
from bianwang.modules.emergency.workflow.events import LIVE
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.models import Entry
from bianwang.platform.ledger.services import draft, record
from bianwang.platform.workflow.errors import Refused

PERSON_COLUMNS = ("name", "phone", "household", "place_from", "shelter", "help")
_SECRET = frozenset({"name", "phone"})
_PERMISSION = "emergency.evacuate"


@transaction.atomic
def order_evacuation(user: User, event: Event, values: Mapping[str, Any], *, is_demo: bool = False) -> Batch:
    """The order of a batch, before its people are listed. Raises PermissionDenied, ValidationError, Refused, …"""
    row = _open(user, event.pk)
    last = row.batches.aggregate(last=Max("number"))["last"] or 0
    batch = Batch(event=row, number=last + 1, ordered_by=user, is_demo=is_demo, **{"ordered_at": now(), **values})
    if batch.ordered_at > now():
        raise ValidationError({"ordered_at": "下达时间不能晚于现在。"})
    batch.clean_fields()
    batch.save(force_insert=True)
    told = {name: (None, getattr(batch, name)) for name in ("number", "reason", "place_from", "place_to")}
    record("emergency.evacuation_order", batch, owner=row.owner_id, changes=told)
    return batch


@transaction.atomic
def list_people(
    user: User, batch: Batch, people: Iterable[Mapping[str, Any]], *, is_demo: bool = False
) -> list[Evacuee]:
    """Put people on the list of a batch; who stands there already is changed. Places follow the order where empty.

    Raises PermissionDenied, Http404, ValidationError, Refused.
    """
    event = _open(user, batch.event_id)
    known = {(row.household, row.name): row for row in batch.people.select_for_update()}
    new, entries = [], []
    for values in people:
        columns = {name: str(values.get(name) or "").strip() for name in PERSON_COLUMNS}
        columns["place_from"] = columns["place_from"] or batch.place_from
        columns["shelter"] = columns["shelter"] or batch.place_to
        if found := known.get((columns["household"], columns["name"])):
            _change(found, columns, event.owner_id, "")
            continue
        row = Evacuee(batch=batch, state_at=now(), state_by=user, is_demo=is_demo, **columns)
        row.clean_fields()
        row.save(force_insert=True)
        known[row.household, row.name] = row
        new.append(row)
        told = {name: (None, value or None) for name, value in columns.items()}
        entries.append(draft("emergency.evacuee_add", row, owner=event.owner_id, changes=told, secret=_SECRET))
    Entry.objects.bulk_create(entries)
    return new


@transaction.atomic
def change_person(person: Evacuee, user: User, values: Mapping[str, Any], reason: str) -> None:
    """Put right what is written of a person. Raises PermissionDenied, Http404, ValidationError, Refused."""
    event = _open(user, person.batch.event_id)
    row = Evacuee.objects.select_for_update().get(pk=person.pk)
    _change(row, {name: str(values[name]).strip() for name in PERSON_COLUMNS}, event.owner_id, reason)


@transaction.atomic
def set_people(user: User, people: Iterable[Evacuee], state: str, *, shelter: str = "", note: str = "") -> int:
    """Write where people are now; returns of how many that is news. Raises PermissionDenied, Http404, Refused."""
    if state not in STATES:
        raise Refused("请选择人员的状态。")
    if state == "void" and not note.strip():
        raise Refused("误登的人员须写明说明。")
    keys = [person.pk for person in people]
    concerned = Batch.objects.filter(people__in=keys).order_by("event_id").values_list("event_id", flat=True).distinct()
    events = {key: _open(user, key, closed=state == "returned") for key in concerned}
    rows = Evacuee.objects.select_for_update(of=("self",)).filter(pk__in=keys).select_related("batch").order_by("pk")
    moment, changed, entries = now(), [], []
    for row in rows:
        event = events[row.batch.event_id]
        values = {"state": state, "shelter": shelter.strip() or row.shelter, "note": note.strip() or row.note}
        told = {name: (getattr(row, name), value) for name, value in values.items() if getattr(row, name) != value}
        if not told:
            continue
        for name, value in values.items():
            setattr(row, name, value)
        row.state_at, row.state_by = moment, user
        changed.append(row)
        entries.append(draft("emergency.evacuee_state", row, owner=event.owner_id, changes=told))
    Evacuee.objects.bulk_update(changed, ["state", "shelter", "note", "state_at", "state_by"])
    Entry.objects.bulk_create(entries)
    return len(changed)


def _open(user: User, key: int, *, closed: bool = False) -> Event:
    """The event, locked so that nobody closes it meanwhile; of a merged one its main event must be worked on.

    `closed`: people still go home after an event was closed.
    """
    access.get(user, Event, key, _PERMISSION)
    event = Event.objects.select_for_update().get(pk=key)
    main = Event.objects.select_for_update().get(pk=event.merged_into_id) if event.merged_into_id else event
    if main.state not in LIVE and not (closed and main.state == "closed"):
        raise Refused(f"“{main}”{main.state_row.name}，不能再改动转移名单。")
    return event


def _change(row: Evacuee, values: Mapping[str, str], owner: int, reason: str) -> None:
    told = {name: (getattr(row, name) or None, value or None) for name, value in values.items()}
    told = {name: pair for name, pair in told.items() if pair[0] != pair[1]}
    if not told:
        return
    if {"name", "household"} & set(told) and row.batch.people.exclude(pk=row.pk).filter(
        name=values["name"], household=values["household"]
    ):
        raise ValidationError({"name": "本批名单上已有同一户的同名人员。"})
    for name, value in values.items():
        setattr(row, name, value)
    row.clean_fields()
    row.save(update_fields=list(told))
    record("emergency.evacuee_change", row, owner=owner, changes=told, reason=reason.strip(), secret=_SECRET)
