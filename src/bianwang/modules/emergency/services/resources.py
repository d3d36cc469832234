"""Resources enter the books, are put right, verified and taken out of use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.emergency import goods
from bianwang.modules.emergency.models import Resource, ResourceItem
from bianwang.modules.emergency.pack.resources import kinds
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.ledger.services import record
from bianwang.platform.workflow import services as workflow

COLUMNS = (
    "kind", "name", "owner", "outside_unit", "territory", "place", "longitude", "latitude", "contact", "phone",
    "quantity", "capabilities", "relief_store", "remark", "verified_on",
)  # fmt: skip
"""What is entered, and put right afterwards."""
_PERSONAL = frozenset({"contact", "phone"})
"""What leaves only a digest in the ledger."""


@transaction.atomic
def add_resource(user: User, values: Mapping[str, Any], *, is_demo: bool = False) -> Resource:
    """Enter a resource; `values` are columns and `items` (text of goods). Raises PermissionDenied, ValidationError."""
    access.require(user, "emergency.resource_edit")
    row = Resource(is_demo=is_demo, **{name: value for name, value in values.items() if name != "items"})
    items = _check(user, row, str(values.get("items", "")))
    workflow.start(row, by=user, verb="emergency.resource_add", changes={"kind": (None, row.kind_name)})
    _keep_items(row, items)
    return row


@transaction.atomic
def change_resource(user: User, resource: Resource, values: Mapping[str, Any]) -> bool:
    """Change the given columns and goods; False where nothing differs. Raises Http404, ValidationError."""
    access.check(user, Resource, resource.pk, "emergency.resource_edit")
    row = Resource.objects.select_for_update().get(pk=resource.pk)
    before = goods.written(_items(row))
    changes = {name: (getattr(row, name), values[name]) for name in COLUMNS if _differs(row, name, values)}
    if "kind" in changes and row.callups.exists():
        raise ValidationError({"kind": "已有调用记录，种类不能再改，请停用本条，另登记一条。"})
    if "kind" in changes and (row.evacuees.exists() or row.batches.exists()):
        raise ValidationError({"kind": "转移名单上有人安置在这里，种类不能再改，请停用本条，另登记一条。"})
    for name, (_, value) in changes.items():
        setattr(row, name, value)
    items = _check(user, row, str(values.get("items", before)))
    told = {name: tuple(None if value is None else str(value) for value in pair) for name, pair in changes.items()}
    if goods.written(items) != before:
        _keep_items(row, items)
        told["items"] = (before, goods.written(items))
    if not told:
        return False
    row.save(update_fields=list(changes))
    if "name" in changes:
        # The lists say it in words too: they are searched, sorted and printed.
        row.evacuees.update(shelter=row.name)
        row.batches.update(place_to=row.name)
    record("emergency.resource_change", row, owner=row.owner_id, changes=told, secret=_PERSONAL)  # type: ignore[arg-type]
    return True


def verify_resource(resource: Resource, user: User, day: date, reason: str = "") -> None:
    """Somebody looked: it is there, and the entry is right. Raises PermissionDenied, Http404, Conflict."""
    if not resource.verified_on <= day <= today():
        raise ValidationError({"verified_on": f"核实日期不能早于上次（{resource.verified_on}），也不能晚于今天。"})
    workflow.advance(resource, "verify", user, reason=reason, fields={"verified_on": day})


def set_occupied(resource: Resource, user: User, people: int, reason: str = "") -> None:
    """How many people live in a shelter now, also beyond its capacity: it is as it is. Raises Refused, Conflict."""
    workflow.advance(resource, "occupy", user, reason=reason, fields={"occupied": people})


def set_standing(resource: Resource, user: User, step: str, reason: str) -> None:
    """Repair, out of use, in use again. Raises PermissionDenied, Http404, Refused, Conflict."""
    workflow.advance(resource, step, user, reason=reason, fields={"state_note": reason.strip()})


def _differs(row: Resource, name: str, values: Mapping[str, Any]) -> bool:
    """Related objects are compared by number: the form gives an Organisation where the row has a Party."""
    if name not in values:
        return False
    old, new = getattr(row, name), values[name]
    return bool(getattr(old, "pk", old) != getattr(new, "pk", new))


def _check(user: User, row: Resource, items: str) -> list[goods.Goods]:
    """The goods, where everything is right."""
    errors: dict[str, str] = {}
    found: list[goods.Goods] = []
    kind = next((kind for kind in kinds() if kind.code == row.kind), None)
    if kind is None:
        errors["kind"] = "请选择现行的资源种类。"
    if not access.scope_of(user, "emergency.resource_edit").includes(row.owner_id):
        errors["owner"] = "只能登记本单位和辖区内单位的资源，请重新选择管理单位。"
    if (row.longitude is None) != (row.latitude is None):
        errors["latitude"] = "经度和纬度要一起填写，或都不填。"
    if row.verified_on > today():
        errors["verified_on"] = "最近核实日期不能晚于今天。"
    if Resource.objects.filter(owner_id=row.owner_id, name=row.name).exclude(pk=row.pk).exists():
        errors["name"] = f"这个单位已有名为“{row.name}”的资源，请换个名称或改原来那条。"
    try:
        found = goods.parse(items)
    except ValueError as error:
        errors["items"] = str(error)
    if found and kind and kind.holds != "goods":
        errors["items"] = f"{kind.name}不登记存放物资，请清空。"
    if errors:
        raise ValidationError(errors)
    row.clean_fields(exclude={"state", "state_since"})
    return found


def _items(row: Resource) -> list[goods.Goods]:
    return [goods.Goods(item.name, item.quantity, item.unit) for item in row.items.all()]


def _keep_items(row: Resource, items: list[goods.Goods]) -> None:
    row.items.all().delete()
    ResourceItem.objects.bulk_create(ResourceItem(resource=row, **item._asdict()) for item in items)
