"""Goods come into stores, go to towns, and are confirmed there. Stock is never negative."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from bianwang.modules.disasters.models import Disaster
from bianwang.modules.relief.models import Donation, Issue, Item, Stock, StockEntry, Store
from bianwang.modules.relief.services.writing import create, end_of, last_day, take_numbers
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Organisation, Party
from bianwang.platform.places.queries import bureau
from bianwang.platform.workflow.services import advance, start


@transaction.atomic
def add_store(user: User, values: Mapping[str, Any], *, is_demo: bool = False) -> Store:
    """A new store ({name, address, keeper})."""
    access.require(user, "relief.supply")
    store = Store(owner=bureau(), is_demo=is_demo, **values)
    create(store, "relief.store", name=store.name)
    return store


@transaction.atomic
def take_in(
    user: User,
    store: Store,
    item: Mapping[str, str],
    quantity: int,
    origin: str,
    donation: Donation | None = None,
) -> StockEntry:
    """Goods come in; `item` is {name, category, unit}, entered the first time it is seen."""
    access.check(user, Store, store.pk, "relief.supply")
    if quantity <= 0:
        raise ValidationError({"quantity": "数量应大于零。"})
    kind = _item(item)
    Stock.objects.get_or_create(store=store, item=kind)
    Stock.objects.filter(store=store, item=kind).update(quantity=F("quantity") + quantity)
    entry = StockEntry(store=store, item=kind, quantity=quantity, day=today(), origin=origin, donation=donation)
    create(entry, "relief.stock_in", item=str(kind), quantity=quantity)
    return entry


@transaction.atomic
def send(
    user: User,
    stock: Stock,
    quantity: int,
    receiver: Party,
    disaster: Disaster | None = None,
    *,
    is_demo: bool = False,
) -> Issue:
    """Goods leave a store for a town."""
    access.check(user, Stock, stock.pk, "relief.supply")
    if quantity <= 0:
        raise ValidationError({"quantity": "数量应大于零。"})
    if not Organisation.objects.filter(pk=receiver.pk, level=Organisation.Level.TOWN).exists():
        raise ValidationError({"receiver": "请选择接收的镇街。"})
    if not Stock.objects.filter(pk=stock.pk, quantity__gte=quantity).update(quantity=F("quantity") - quantity):
        left = Stock.objects.values_list("quantity", flat=True).get(pk=stock.pk)
        raise ValidationError({"quantity": f"“{stock}”库存只有 {left}，不够发出 {quantity}。"})
    issue = Issue(
        number=take_numbers("issue")[0],
        store=stock.store,
        item=stock.item,
        quantity=quantity,
        receiver=receiver,
        disaster=disaster,
        sent_by=user,
        sent_at=now(),
        due_at=end_of(last_day("relief.receive", today())),
        is_demo=is_demo,
    )
    start(issue, by=user, verb="relief.issue", changes={"item": (None, str(stock.item)), "quantity": (None, quantity)})
    entry = StockEntry(
        store=stock.store, item=stock.item, quantity=-quantity, day=today(), origin=f"发往{receiver} {issue.number}"
    )
    create(entry, "relief.stock_out", item=str(stock.item), quantity=-quantity)
    return issue


def confirm_receipt(issue: Issue, user: User, received: int, reason: str = "") -> None:
    """The town says what it got; a difference needs its reason."""
    if received > issue.quantity:
        raise ValidationError({"received": f"实收数量不能多于发出的 {issue.quantity}。"})
    if received != issue.quantity and not reason.strip():
        raise ValidationError({"reason": f"实收与发出的 {issue.quantity} 不同，请写明原因。"})
    advance(issue, "receive", user, reason=reason, fields={"received": received, "received_by": user})


def _item(wanted: Mapping[str, str]) -> Item:
    name = wanted["name"].strip()
    known = Item.objects.filter(name=name).first()
    if known is None:
        known = Item(name=name, category=wanted["category"], unit=wanted["unit"].strip())
        known.full_clean()
        known.save(force_insert=True)
        record("relief.item", known, owner=None, changes={"unit": (None, known.unit)})
    elif known.unit != wanted["unit"].strip():
        raise ValidationError({"unit": f"“{name}”的单位是“{known.unit}”，请按此填写。"})
    return known
