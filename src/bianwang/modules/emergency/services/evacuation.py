"""People are told to leave a place, and it is written of each of them where he is until all are safe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.http import Http404

from bianwang.modules.emergency.evacuating import CALLED, ROLL, STATES
from bianwang.modules.emergency.models import Batch, Evacuee, Event, Resource
from bianwang.modules.emergency.queries.evacuees import ROLL_CALL, roll_of
from bianwang.modules.emergency.queries.shelters import labels, meant
from bianwang.modules.emergency.workflow.events import LIVE
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.models import Entry
from bianwang.platform.ledger.services import draft, record
from bianwang.platform.workflow.errors import Refused

PERSON_COLUMNS = ("name", "phone", "household", "place_from", "shelter", "help")
"""Words; beside them stand `home`, a territory, and `site`, the shelter that `shelter` names."""
_ORDER = ("number", "reason", "place_from", "home", "place_to", "site")
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
    batch.site = meant(batch.place_to, labels(), "place_to")
    batch.place_to = batch.site.name if batch.site else batch.place_to
    batch.clean_fields()
    batch.save(force_insert=True)
    told = {name: (None, _plain(getattr(batch, name))) for name in _ORDER}
    record("emergency.evacuation_order", batch, owner=row.owner_id, changes=told)
    return batch


@transaction.atomic
def list_people(
    user: User, batch: Batch, people: Iterable[Mapping[str, Any]], *, is_demo: bool = False
) -> list[Evacuee]:
    """Put people on the list of a batch; who stands there already is changed. Places follow the order where empty.

    `people` have `PERSON_COLUMNS` and `home`; `shelter` may be the name of one of our shelters, then it is linked.
    Raises PermissionDenied, Http404, ValidationError, Refused.
    """
    event = _open(user, batch.event_id)
    listed = batch.people.select_for_update(of=("self",)).select_related("home", "site")
    known = {(row.household, row.name): row for row in listed}
    new, entries, sites = [], [], labels()
    for values in people:
        columns = _columns(values, sites, batch)
        columns["home"] = columns["home"] or batch.home
        if found := known.get((columns["household"], columns["name"])):
            _change(found, columns, event.owner_id, "")
            continue
        row = Evacuee(batch=batch, state_at=now(), state_by=user, is_demo=is_demo, **columns)
        row.clean_fields(exclude=["batch", "state_by"])
        row.save(force_insert=True)
        known[row.household, row.name] = row
        new.append(row)
        told = {name: (None, _plain(value)) for name, value in columns.items()}
        entries.append(draft("emergency.evacuee_add", row, owner=event.owner_id, changes=told, secret=_SECRET))
    Entry.objects.bulk_create(entries)
    return new


@transaction.atomic
def change_person(person: Evacuee, user: User, values: Mapping[str, Any], reason: str) -> None:
    """Put right what is written of a person. Raises PermissionDenied, Http404, ValidationError, Refused."""
    event = _open(user, person.batch.event_id)
    row = Evacuee.objects.select_for_update(of=("self",)).select_related("batch__site").get(pk=person.pk)
    _change(row, _columns(values, labels(), row.batch), event.owner_id, reason)


@transaction.atomic
def set_people(user: User, people: Iterable[Evacuee], state: str, *, shelter: str = "", note: str = "") -> int:
    """Write where people are now; returns of how many that is news. `shelter` as in `list_people`.

    Raises PermissionDenied, Http404, ValidationError, Refused.
    """
    if state not in STATES:
        raise Refused("请选择人员的状态。")
    if state == "void" and not note.strip():
        raise Refused("误登的人员须写明说明。")
    keys = [person.pk for person in people]
    concerned = Batch.objects.filter(people__in=keys).order_by("event_id").values_list("event_id", flat=True).distinct()
    for key in concerned:
        _open(user, key, closed=state == "returned")
    values: dict[str, Any] = {"state": state}
    if text := shelter.strip():
        site = meant(text, labels())
        values |= {"shelter": site.name if site else text, "site": site}
    return _set(user, keys, values, note)


@transaction.atomic
def call_roll(user: User, person: Evacuee, state: str, note: str = "") -> int:
    """Somebody's village or town says whether he is there; returns 1 where that is news.

    Raises PermissionDenied, Http404, Refused.
    """
    access.require(user, ROLL_CALL)
    if state not in ROLL:
        raise Refused("点名只登记“已安置”或“未找到”。")
    # Asked again once nobody else can write: the event may have been closed, the person sent elsewhere.
    _lock(person.batch.event_id)
    row = roll_of(user).filter(pk=person.pk).first()
    if row is None:
        raise Http404("这个人不在您点名的名单上，或事件已经办结。")
    if row.state not in CALLED:
        raise Refused(f"{row.name}现为“{STATES[row.state][0]}”，不再点名；有出入请告知值班员或镇街。")
    return _set(user, [row.pk], {"state": state}, note)


def _set(user: User, keys: list[int], values: Mapping[str, Any], note: str) -> int:
    """Write the same of many people whose events are locked; their ledger rows in one query."""
    rows = Evacuee.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    moment, changed, entries = now(), [], []
    for row in rows.select_related("batch__event", "site").order_by("pk"):
        wanted = {**values, "note": note.strip() or row.note}
        told = _differences(row, wanted)
        if not told:
            continue
        for name, value in wanted.items():
            setattr(row, name, value)
        row.state_at, row.state_by = moment, user
        changed.append(row)
        owner = row.batch.event.owner_id
        entries.append(draft("emergency.evacuee_state", row, owner=owner, changes=told))
    Evacuee.objects.bulk_update(changed, ["state", "shelter", "site", "note", "state_at", "state_by"])
    Entry.objects.bulk_create(entries)
    return len(changed)


def _open(user: User, key: int, *, closed: bool = False) -> Event:
    """The event, where the user moves people. Raises PermissionDenied, Http404, and as `_lock`."""
    access.check(user, Event, key, _PERMISSION)
    return _lock(key, closed=closed)


def _lock(key: int, *, closed: bool = False) -> Event:
    """The event, locked so that nobody closes it meanwhile; of a merged one its main event must be worked on.

    `closed`: people still go home after an event was closed. Raises Refused.
    """
    event = Event.objects.select_for_update().get(pk=key)
    main = Event.objects.select_for_update().get(pk=event.merged_into_id) if event.merged_into_id else event
    if main.state not in LIVE and not (closed and main.state == "closed"):
        raise Refused(f"“{main}”{main.state_row.name}，不能再改动转移名单。")
    return event


def _columns(values: Mapping[str, Any], sites: Mapping[str, Resource], batch: Batch) -> dict[str, Any]:
    """Columns of a person from what was entered, places as in the order where empty.

    Raises ValidationError for a name that several shelters have.
    """
    columns: dict[str, Any] = {name: str(values.get(name) or "").strip() for name in PERSON_COLUMNS}
    columns["place_from"] = columns["place_from"] or batch.place_from
    columns["home"] = values.get("home")
    if not columns["shelter"]:
        return columns | {"shelter": batch.place_to, "site": batch.site}
    site = meant(columns["shelter"], sites)
    return columns | {"site": site, "shelter": site.name if site else columns["shelter"]}


def _change(row: Evacuee, values: Mapping[str, Any], owner: int, reason: str) -> None:
    told = _differences(row, values)
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


def _differences(row: Evacuee, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What of a row would change, before and after, in words."""
    changed = {name: (getattr(row, name), value) for name, value in values.items() if getattr(row, name) != value}
    return {name: (_plain(before), _plain(after)) for name, (before, after) in changed.items()}


def _plain(value: Any) -> Any:
    """As the ledger keeps it: nothing as None, things by their name."""
    return value if isinstance(value, int) else str(value or "") or None
