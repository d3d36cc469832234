"""Agencies, experts and contracts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.standardisation import pack
from bianwang.modules.standardisation.models import Agency, Contract, Expert
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Organisation, Party

M = TypeVar("M", Agency, Expert, Contract)

PERSONAL = frozenset({"contact", "contact_phone"})
"""Columns that leave only a digest in the ledger."""


def save_agency(user: User, agency: Agency, values: Mapping[str, Any]) -> Agency:
    """Register an agency or change it. Raises PermissionDenied, ValidationError."""
    return _save(user, agency, values)


def save_expert(user: User, expert: Expert, values: Mapping[str, Any]) -> Expert:
    """Register an expert or change what is known of him. Raises PermissionDenied, ValidationError."""
    return _save(user, expert, values)


def sign_contract(user: User, values: Mapping[str, Any], *, is_demo: bool = False) -> Contract:
    """Enter a contract; it is not changed afterwards. Without a ceiling, payments may reach its amount.

    Raises PermissionDenied, ValidationError.
    """
    given = {**values, "ceiling": values["amount"] if values.get("ceiling") is None else values["ceiling"]}
    wrong: dict[str, str] = {}
    if min(given["amount"], given["price"], given["ceiling"]) <= 0:
        wrong["amount"] = "合同金额、付款上限和每家次费用都要大于 0。"
    if given["ceiling"] > given["amount"]:
        wrong["ceiling"] = "付款上限不能超过合同金额。"
    if given["last_day"] < given["first_day"]:
        wrong["last_day"] = "结束日期不能早于开始日期。"
    if given["agency"].qualified_until < given["first_day"]:
        wrong["agency"] = f"{given['agency'].name}的资质到 {given['agency'].qualified_until} 为止，合同开始时已过期。"
    if given["budget_line"] not in dict(pack.line_choices()):
        wrong["budget_line"] = "请选择预算项目。"
    if wrong:
        raise ValidationError(wrong)
    return _save(user, Contract(is_demo=is_demo), given)


@transaction.atomic
def _save(user: User, obj: M, values: Mapping[str, Any]) -> M:
    access.require(user, "standardisation.contract")
    is_new = obj.pk is None
    if is_new:
        obj.owner = Party.objects.get(organisation__level=Organisation.Level.BUREAU)
    before = {} if is_new else {name: getattr(obj, name) for name in values}
    for name, value in values.items():
        setattr(obj, name, value)
    obj.full_clean()
    changes = {
        name: (_plain(before.get(name)), _plain(value)) for name, value in values.items() if before.get(name) != value
    }
    if changes:
        obj.save()
        code = obj._meta.model_name
        verb = f"standardisation.{code}_{'create' if is_new else 'change'}"
        record(verb, obj, owner=obj.owner_id, changes=changes, secret=PERSONAL)
    return obj


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool) else str(value)
