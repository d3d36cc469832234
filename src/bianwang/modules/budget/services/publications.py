"""What has to be published is expected, then published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.budget import pack
from bianwang.modules.budget.models import BudgetYear, Publication
from bianwang.modules.budget.services.writing import EDIT, not_ahead, refuse, save
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI
from bianwang.platform.todo import services as todo


def expect(year: BudgetYear, kind: str, started: date | None, document: str) -> None:
    """A reply was entered: its paper is due; one that was published already is left as it is."""
    if started is None:
        return
    clock = Publication.Clock.REPLY
    known = Publication.objects.filter(owner=year.owner_id, year=year.year, kind=kind, clock=clock).first()
    if known is not None and known.published_on:
        return
    row = known or Publication(owner_id=year.owner_id, year=year.year, is_demo=year.is_demo)
    _start(row, {"kind": kind, "clock": clock, "started_on": started, "document": document})


@transaction.atomic
def add_publication(user: User, values: Mapping[str, Any], *, is_demo: bool = False) -> Publication:
    """Enter by hand what is due of another unit or year ({owner, year, kind, clock, started_on, document}).

    Raises PermissionDenied, ValidationError.
    """
    access.require(user, EDIT)
    refuse(not_ahead(values["started_on"], "started_on"))
    same = {name: values[name] for name in ("owner", "year", "kind", "clock")}
    known = Publication.objects.filter(**same).first()
    if known is not None:
        raise ValidationError({"kind": f"“{known}”（{known.get_clock_display()}）已登记，请直接打开。"})
    row = Publication(is_demo=is_demo)
    _start(row, values)
    return row


@transaction.atomic
def publish(user: User, row: Publication, published_on: date, place: str) -> None:
    """It was published on a day at an address. Raises ValidationError and what the access door raises."""
    access.check(user, Publication, row.pk, EDIT)
    wrong = not_ahead(published_on, "published_on")
    if published_on < row.started_on:
        wrong["published_on"] = f"公开日期不能早于{row.get_clock_display()}日期 {row.started_on}。"
    if not place.strip():
        wrong["place"] = "请填写公开的网址或载体。"
    refuse(wrong)
    save(row, "budget.publish", {"published_on": published_on, "place": place.strip()})
    todo.close_for(row)


def _start(row: Publication, values: Mapping[str, Any]) -> None:
    due = pack.last_day(values["kind"], values["clock"], values["started_on"])
    verb = "budget.publication_change" if row.pk else "budget.publication"
    save(row, verb, {**values, "due_on": due})
    todo.close_for(row)
    todo.open_for(
        row,
        title=f"按期公开：{row}",
        url=row.get_absolute_url(),
        owner=row.owner_id,
        permission=EDIT,
        due_at=datetime.combine(due, time(23, 59, 59), SHANGHAI),
    )
