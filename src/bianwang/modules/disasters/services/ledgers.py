"""The ledgers of persons and dwellings. The log learns what happened to which row, and nothing of who it is."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.disasters.identity import Person, check_person, digest, opened, put_away
from bianwang.modules.disasters.models import Casualty, Disaster, House
from bianwang.modules.disasters.units import struck
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.config import ConfigError
from bianwang.platform.files.services import attach
from bianwang.platform.ledger.models import Entry
from bianwang.platform.ledger.services import draft, record
from bianwang.platform.personal import masked_id, masked_name
from bianwang.platform.places.models import Party
from bianwang.platform.workflow.errors import Refused

Row = TypeVar("Row", House, Casualty)
HOUSE_COLUMNS = ("village", "people", "structure", "rooms", "collapsed", "severe", "general", "is_sole", "note")
CASUALTY_COLUMNS = ("outcome", "sex", "age", "place", "happened_on", "cause")
ELSEWHERE = "这个身份证号码在本场灾害中已由别的镇街登记，请先与区局核实。"
_NOT_CHECKED = ["disaster", "unit", "key", "sealed", "digest", "added_by"]


@transaction.atomic
def add_house(
    user: User, disaster: Disaster, unit: Party, values: Mapping[str, Any], person: Person, photos: Iterable[Any] = ()
) -> House:
    """Enter a household; `values` are columns. Raises PermissionDenied, Http404, ValidationError, Refused."""
    _may_enter(user, disaster, unit)
    if faults := house_faults(values):
        raise ValidationError(faults)
    row = _row(House, user, disaster, unit, person, values)
    _save_new(row, "disasters.house_add")
    add_photos(row, user, photos)
    return row


@transaction.atomic
def change_house(row: House, user: User, values: Mapping[str, Any], reason: str) -> None:
    """Put right what stands in the ledger; what was withdrawn counts again. Raises ValidationError, Refused."""
    if faults := house_faults(values):
        raise ValidationError(faults)
    _change(row, user, _standing(values, HOUSE_COLUMNS), "disasters.house_change", reason)


@transaction.atomic
def add_photos(row: House, user: User, photos: Iterable[Any]) -> None:
    """Add photos of the dwelling."""
    photos = list(photos)
    if not photos:
        return
    _may_enter(user, row.disaster, row.unit)
    known = House.objects.select_for_update().get(pk=row.pk)
    made = {attach(row, photo, user=user, label="house").pk for photo in photos}
    row.photos = known.photos + len(made)
    row.save(update_fields=["photos"])
    record("disasters.house_photos", row, owner=row.unit_id, changes={"photos": (known.photos, row.photos)})


@transaction.atomic
def add_casualty(user: User, disaster: Disaster, unit: Party, values: Mapping[str, Any], person: Person) -> Casualty:
    """Enter somebody killed or missing. Raises PermissionDenied, Http404, ValidationError, Refused."""
    _may_enter(user, disaster, unit)
    row = _row(Casualty, user, disaster, unit, person, values)
    _check_day(row.happened_on, disaster)
    _save_new(row, "disasters.casualty_add")
    return row


@transaction.atomic
def change_casualty(row: Casualty, user: User, values: Mapping[str, Any], reason: str) -> None:
    """Somebody missing was found dead, or an entry is put right; what was withdrawn counts again."""
    _check_day(values["happened_on"], row.disaster)
    _change(row, user, _standing(values, CASUALTY_COLUMNS), "disasters.casualty_change", reason)


@transaction.atomic
def withdraw(row: House | Casualty, user: User, reason: str) -> None:
    """It stays in the ledger and counts nowhere. Raises ValidationError, Refused."""
    if row.is_withdrawn:
        raise Refused(f"“{row}”已经撤销。")
    verb = "disasters.house_withdraw" if isinstance(row, House) else "disasters.casualty_withdraw"
    _change(row, user, {"is_withdrawn": True}, verb, reason)


@transaction.atomic
def read_person(user: User, row: House | Casualty, reason: str) -> Person:
    """Who it is, for a stated reason; the log's row stands before anything is opened.

    Raises PermissionDenied or Http404 (access door), ValidationError.
    """
    access.check(user, type(row), row.pk, "disasters.identity")
    if len(reason.strip()) < 4:
        raise ValidationError({"reason": "请写明查看身份信息的理由。"})
    record("disasters.identity_read", row, owner=row.unit_id, reason=reason.strip())
    try:
        return opened(row)
    except ConfigError as error:
        raise ValidationError(str(error)) from error


@transaction.atomic
def import_houses(user: User, rows: Sequence[Mapping[str, Any]]) -> None:
    """Enter or change many households at once; each row names `disaster`, `unit`, `person` and columns."""
    for disaster, unit in {(row["disaster"], row["unit"]) for row in rows}:
        _may_enter(user, disaster, unit)
    wanted = {(row["disaster"].pk, digest(row["person"].id_number)): row for row in rows}
    found = House.objects.filter(
        disaster__in={pk for pk, _ in wanted}, digest__in=[code for _, code in wanted]
    ).in_bulk()
    known = {(house.disaster_id, house.digest): house for house in found.values()}
    entries, made, changed = [], [], []
    for key, row in wanted.items():
        if faults := house_faults(row):
            raise ValidationError(faults)
        if key in known and known[key].unit_id != row["unit"].pk:
            raise ValidationError({"id_number": ELSEWHERE})
        if key not in known:
            made.append(_row(House, user, row["disaster"], row["unit"], row["person"], _chosen(row, HOUSE_COLUMNS)))
        elif told := _set(known[key], _standing(row, HOUSE_COLUMNS)):
            changed.append(known[key])
            entries.append(_drafted("disasters.house_change", known[key], told))
    House.objects.bulk_create(made)
    House.objects.bulk_update(changed, [*HOUSE_COLUMNS, "is_withdrawn", "changed_at"])
    entries += [_drafted("disasters.house_add", house, {"state": (None, "批量导入")}) for house in made]
    Entry.objects.bulk_create(entries)


def house_faults(values: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with a household's figures, by column."""
    faults: dict[str, str] = {}
    damaged = values["collapsed"] + values["severe"] + values["general"]
    if min(values["collapsed"], values["severe"], values["general"]) < 0:
        faults["collapsed"] = "倒塌、严重损坏和一般损坏间数不能是负数。"
    elif damaged == 0:
        faults["collapsed"] = "倒塌、严重损坏和一般损坏间数不能都是 0。"
    elif damaged > values["rooms"]:
        faults["rooms"] = f"倒损共 {damaged} 间，多于原有 {values['rooms']} 间，请核对。"
    if values["people"] < 1:
        faults["people"] = "家庭人口至少 1 人。"
    return faults


def _chosen(values: Mapping[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    return {name: values[name] for name in columns}


def _standing(values: Mapping[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    """The columns of a row that counts."""
    return {**_chosen(values, columns), "is_withdrawn": False}


def _may_enter(user: User, disaster: Disaster, unit: Party) -> None:
    access.check(user, Party, unit.pk, "disasters.ledger_edit")
    if not disaster.is_open:
        raise Refused(f"“{disaster}”{disaster.get_phase_display()}，台账不能再改；确需更正请区局先重新核报。")
    if not struck(disaster).filter(pk=unit.pk).exists():
        raise ValidationError({"unit": f"{unit}不在这场灾害的受灾镇街之内，请区局先增加受灾镇街。"})


def _row(
    model: type[Row], user: User, disaster: Disaster, unit: Party, person: Person, values: Mapping[str, Any]
) -> Row:
    """A new row with the person sealed; not saved."""
    who, moment = check_person(person), now()
    row = model(disaster=disaster, unit_id=unit.pk, key=str(uuid.uuid4()), added_by=user, added_at=moment, **values)
    row.changed_at, row.digest, row.sealed = moment, digest(who.id_number), put_away(row.key, who)
    row.masked_name, row.masked_number = masked_name(who.name), masked_id(who.id_number)
    row.clean_fields(exclude=_NOT_CHECKED)
    return row


def _save_new(row: House | Casualty, verb: str) -> None:
    if type(row)._default_manager.filter(disaster=row.disaster, digest=row.digest).exists():
        raise ValidationError(
            {"id_number": "这个身份证号码在本场灾害的台账里已有登记，请更正原来的那一行（已撤销的可以恢复）。"}
        )
    row.save(force_insert=True)
    record(verb, row, owner=row.unit_id)


def _change(row: Any, user: User, values: Mapping[str, Any], verb: str, reason: str) -> None:
    _may_enter(user, row.disaster, row.unit)
    if not reason.strip():
        raise ValidationError({"reason": "请写明理由。"})
    told = _set(row, values)
    if not told:
        raise ValidationError("没有改动，不必更正。")
    row.clean_fields(exclude=_NOT_CHECKED)
    row.save(update_fields=[*told, "changed_at"])
    record(verb, row, owner=row.unit_id, changes=told, reason=reason.strip())


def _set(row: Any, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Set columns; which changed, before and after."""
    told = {name: (getattr(row, name), value) for name, value in values.items() if getattr(row, name) != value}
    for name, (_, value) in told.items():
        setattr(row, name, value)
    row.changed_at = now()
    return told


def _drafted(verb: str, row: House, told: Mapping[str, tuple[Any, Any]]) -> Entry:
    return draft(verb, row, owner=row.unit_id, changes=told)


def _check_day(day: date, disaster: Disaster) -> None:
    if not disaster.day <= day <= today():
        raise ValidationError({"happened_on": f"日期不能早于灾害发生（{disaster.day}），也不能晚于今天。"})
