"""Identity card numbers (GB 11643), and who somebody is, sealed so that only a few read it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import msgspec
from django.core.exceptions import ValidationError

from bianwang.platform.crypto import hmac_sm3, ledger_key, seal, unseal

if TYPE_CHECKING:
    from bianwang.modules.disasters.models.ledgers import Sealed

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHARACTERS = "10X98765432"


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


def clean_number(text: str) -> str:
    """A number of the right form with its check character. Raises ValidationError.

    >>> clean_number("11010519491231002x")
    '11010519491231002X'
    """
    number = text.strip().upper()
    if not re.fullmatch(r"\d{17}[\dX]", number):
        raise ValidationError("身份证号码应为 18 位。")
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise ValidationError("身份证号码中的出生日期不对，请核对。") from None
    if number[17] != check_character(number[:17]):
        raise ValidationError("身份证号码的校验位不对，请核对有没有抄错。")
    return number


def check_character(first: str) -> str:
    """The 18th character (ISO 7064 MOD 11-2).

    >>> check_character("11010519491231002")
    'X'
    """
    return _CHARACTERS[sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True)) % 11]


def check_person(person: Person) -> Person:
    """A person whose number and phone have the right form. Raises ValidationError at the fields."""
    if not person.name.strip():
        raise ValidationError({"name": "请填写姓名。"})
    if person.phone and not re.fullmatch(r"[\d+\- ]{5,20}", person.phone):
        raise ValidationError({"phone": "电话只能是数字、空格和短横。"})
    try:
        number = clean_number(person.id_number)
    except ValidationError as error:
        raise ValidationError({"id_number": error.messages}) from None
    return Person(person.name.strip(), number, person.phone.strip())


def digest(number: str) -> str:
    """By what we know a number again without reading it."""
    return hmac_sm3(ledger_key(), f"disasters:{number}".encode()).hex()


def masked(name: str) -> str:
    """The family name only: 王**."""
    return name[:1] + "*" * max(1, len(name) - 1)


def put_away(key: str, person: Person) -> bytes:
    """Sealed for the row with this key."""
    return seal(msgspec.json.encode(_Bound(key, person)))


def opened(row: Sealed) -> Person:
    """Who it is; the caller has told the ledger that somebody looks. Raises ValidationError, ConfigError."""
    found = msgspec.json.decode(unseal(bytes(row.sealed)), type=_Bound)
    if found.key != row.key:
        raise ValidationError("身份信息与这一行不符，数据可能被改动过，请联系系统管理员。")
    return found.person
