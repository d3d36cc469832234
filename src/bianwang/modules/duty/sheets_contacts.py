"""The Excel list of contacts; a file with one wrong row leaves nothing behind."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError

from bianwang.modules.duty.forms_calling import NUMBER, WRONG_NUMBER
from bianwang.modules.duty.models import Contact, ContactGroup
from bianwang.modules.duty.services.contacts import LONGEST_TREE, change_contact, create_contact
from bianwang.platform import access
from bianwang.platform.accounts.models import Post, User
from bianwang.platform.exchange.sheets import Errors, Row, Sheet, SheetColumn
from bianwang.platform.personal import masked_phone
from bianwang.platform.places.models import Party

_NUMBERS = ("phone", "phone2", "phone3")
_Key = tuple[str, str]


def check(user: Any, rows: list[Row]) -> Errors:
    """Units, groups, accounts and substitutes must be known; a substitute may also stand further up in the file."""
    units, groups, people, accounts = _units(user, rows), _groups(user), _people(user, rows), _accounts(rows)
    places, tree = _places(rows), _tree(rows)
    errors: dict[int, dict[str, str]] = {}
    above: set[_Key] = set()
    for index, row in enumerate(rows):
        found = {}
        if row["unit"] not in units:
            found["unit"] = "您的管辖范围内没有这个单位，请填平台上登记的全称。"
        unknown = [name for name in _names(row.get("groups")) if name not in groups]
        if unknown:
            found["groups"] = f"没有分组“{unknown[0]}”，请先在“通讯分组”登记。"
        following = _substitute(row)
        if following and following not in people and following not in above:
            found["substitute"] = f"没有联系人“{row['substitute']}”，请先登记他，或把他写在本表靠前的行。"
        elif following and not _ends(tree, (row["unit"], row["name"])):
            found["substitute"] = "替补的替补又回到他自己，呼叫树不能成环，请改为别人。"
        if row.get("account") and row["account"] not in accounts:
            found["account"] = f"没有在用的账号“{row['account']}”，请核对，或留空。"
        elif row.get("account") and row["unit"] in units and units[row["unit"]].pk not in places[row["account"]]:
            found["account"] = f"账号“{row['account']}”不是{row['unit']}的人员，请核对。"
        if found:
            errors[index] = found
        above.add((row["unit"], row["name"]))
    return errors


def apply(user: Any, rows: list[Row]) -> None:
    """Write one piece."""
    units, groups, accounts = _units(user, rows), _groups(user), _accounts(rows)
    people = _people(user, rows)
    for row in rows:
        key = (row["unit"], row["name"])
        try:
            people[key] = _write(user, row, people.get(key), units[row["unit"]], groups, accounts, people)
        except (ValidationError, KeyError) as error:
            words = error.messages[0] if isinstance(error, ValidationError) else "有关的单位、分组或联系人刚被改动。"
            raise ValidationError(f"{row['unit']}{row['name']}：{words}") from error


def _write(
    user: Any,
    row: Row,
    known: Contact | None,
    unit: Party,
    groups: dict[str, ContactGroup],
    accounts: dict[str, User],
    people: dict[_Key, Contact],
) -> Contact:
    """Create or change; what a cell leaves empty stays as it is."""
    values: dict[str, Any] = {"name": row["name"]}
    for name in ("title", "is_active"):
        if row.get(name) is not None:
            values[name] = row[name]
    if row.get("position") is not None:
        values["position"] = int(row["position"])
    if row.get("account"):
        values["user"] = accounts[row["account"]]
    if following := _substitute(row):
        values["substitute"] = people[following]
    numbers = [row[name] for name in _NUMBERS if row.get(name)]
    chosen = [groups[name] for name in _names(row.get("groups"))]
    if known is None:
        return create_contact(user, unit, values, numbers, chosen)
    chosen = chosen or [group for group in known.groups.all() if group.name in groups]
    change_contact(known, user, values, numbers, chosen)
    return known


def _units(user: Any, rows: list[Row]) -> dict[str, Party]:
    named = {row["unit"] for row in rows}
    found = access.visible(user, Party, "duty.contacts").filter(name__in=named, is_active=True)
    return {party.name: party for party in found}


def _groups(user: Any) -> dict[str, ContactGroup]:
    return {group.name: group for group in access.visible(user, ContactGroup, "duty.contacts")}


def _people(user: Any, rows: list[Row]) -> dict[_Key, Contact]:
    """Contacts that rows name, themselves or as substitutes, in a few queries."""
    named = {row["name"] for row in rows} | {key[1] for row in rows if (key := _substitute(row))}
    found = access.visible(user, Contact, "duty.contacts").filter(name__in=named)
    related = found.select_related("owner", "user", "substitute").prefetch_related("groups", "numbers")
    return {(contact.owner.name, contact.name): contact for contact in related}


def _accounts(rows: list[Row]) -> dict[str, User]:
    named = {row["account"] for row in rows if row.get("account")}
    return {user.username: user for user in User.objects.admitted().filter(username__in=named)}


def _places(rows: list[Row]) -> dict[str, set[int]]:
    """The parties of which each named account is somebody: where it holds a post, and what is above that office."""
    named = {row["account"] for row in rows if row.get("account")}
    posts = Post.objects.filter(user__username__in=named).order_by()
    found: dict[str, set[int]] = {name: set() for name in named}
    for name, *parties in posts.values_list("user__username", "party", "party__organisation__parent"):
        found[name].update(party for party in parties if party is not None)
    return found


def _tree(rows: list[Row]) -> dict[_Key, _Key]:
    """Who follows whom when the file is written."""
    known = Contact.objects.filter(substitute__isnull=False).order_by()
    names = known.values_list("owner__name", "name", "substitute__owner__name", "substitute__name")
    tree = {(unit, name): (other, following) for unit, name, other, following in names}
    return tree | {(row["unit"], row["name"]): key for row in rows if (key := _substitute(row))}


def _ends(tree: dict[_Key, _Key], start: _Key) -> bool:
    """Whether the call tree from somebody comes to an end."""
    seen, key = {start}, tree.get(start)
    while key is not None and key not in seen and len(seen) < LONGEST_TREE:
        seen.add(key)
        key = tree.get(key)
    return key is None


def _substitute(row: Row) -> _Key | None:
    text = row.get("substitute")
    if not text:
        return None
    owner, _, name = text.rpartition("/")
    return (owner.strip() or row["unit"], name.strip())


def _names(text: str | None) -> list[str]:
    return [name for name in re.split(r"[、，,;；\s]+", text or "") if name]


def _number(text: str) -> str:
    if not NUMBER.match(text):
        raise ValidationError(WRONG_NUMBER.format(text))
    return text


def _place(number: Any) -> Any:
    if number != int(number) or not 1 <= number <= 999:
        raise ValidationError("应为 1 至 999 的整数。")
    return number


CONTACTS = Sheet(
    kind="duty.contact",
    title="通讯录",
    permission="duty.contacts",
    columns=(
        SheetColumn("unit", "单位", required=True, note="与平台上的单位或企业名称一致", max_length=100),
        SheetColumn("name", "姓名", required=True, max_length=40, mask=str),
        SheetColumn("title", "职务", max_length=60),
        SheetColumn("groups", "分组", note="几个分组用顿号隔开，须先登记", example="镇街值班、成员单位"),
        SheetColumn("phone", "电话", required=True, clean=_number, note="短信发到第一个手机号", mask=masked_phone),
        SheetColumn("phone2", "电话2", clean=_number, mask=masked_phone),
        SheetColumn("phone3", "电话3", clean=_number, mask=masked_phone),
        SheetColumn("position", "次序", kind="number", clean=_place, note="在本单位里先找谁，1 最先"),
        SheetColumn(
            "substitute",
            "替补",
            note="逾时没有回执时接着通知谁：同单位写姓名，其他单位写“单位/姓名”；须已登记，或写在本表靠前的行",
            max_length=140,
            mask=str,
        ),
        SheetColumn("account", "平台账号", max_length=40),
        SheetColumn("is_active", "在用", kind="flag"),
    ),
    key=("unit", "name"),
    check=check,
    apply=apply,
)
