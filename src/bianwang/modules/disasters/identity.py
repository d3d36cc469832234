"""Who somebody of a ledger is, sealed so that only a few read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from django.core.exceptions import ValidationError

from bianwang.platform import personal
from bianwang.platform.crypto import blind_index, seal, unseal

if TYPE_CHECKING:
    from bianwang.modules.disasters.models.ledgers import Sealed


class Person(msgspec.Struct, frozen=True):
    """Somebody of a ledger."""

    name: str
    id_number: str
    phone: str = ""

    def __repr__(self) -> str:
        """Nothing, so that no log or page of an error tells."""
        return "Person(…)"


class _Bound(msgspec.Struct, frozen=True):
    """A person with the key of the row, so that sealed texts cannot be exchanged between rows."""

    key: str
    person: Person


def check_person(person: Person) -> Person:
    """A person whose number and phone have the right form. Raises ValidationError at the fields."""
    if not person.name.strip():
        raise ValidationError({"name": "请填写姓名。"})
    found = {"name": person.name.strip()}
    for name, read in (("id_number", personal.id_number), ("phone", personal.telephone)):
        try:
            found[name] = read(text) if (text := getattr(person, name)) or name == "id_number" else ""
        except ValueError as error:
            raise ValidationError({name: str(error)}) from None
    return Person(**found)


def digest(number: str) -> str:
    """By what we know a number again without reading it."""
    return blind_index("disasters", number)


def put_away(key: str, person: Person) -> bytes:
    """Sealed for the row with this key."""
    return seal(msgspec.json.encode(_Bound(key, person)))


def opened(row: Sealed) -> Person:
    """Who it is; the caller has told the ledger that somebody looks. Raises ValidationError, ConfigError."""
    found = msgspec.json.decode(unseal(bytes(row.sealed)), type=_Bound)
    if found.key != row.key:
        raise ValidationError("身份信息与这一行不符，数据可能被改动过，请联系系统管理员。")
    return found.person
