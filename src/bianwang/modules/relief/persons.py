"""Identity numbers (GB 11643-1999), telephones and accounts: checked, made comparable, and masked. No database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_SHAPE = re.compile(r"\d{17}[\dX]")
_PHONE = re.compile(r"1\d{10}")
_ACCOUNT = re.compile(r"\d{10,24}")


@dataclass(frozen=True)
class Person:
    """Somebody of a household; what he is called in a log is nobody's business."""

    name: str
    id_number: str

    def __repr__(self) -> str:
        return "Person(…)"


def check_digit(first17: str) -> str:
    """The last character.

    >>> check_digit("11010519491231002")
    'X'
    """
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True)) % 11]


def id_number(text: str) -> str:
    """The number in one form. Raises ValueError in words."""
    value = re.sub(r"\s", "", text).upper()
    if not _SHAPE.fullmatch(value):
        raise ValueError("身份证号码应为 18 位，末位可为 X。")
    try:
        date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        raise ValueError("身份证号码中的出生日期不存在，请核对。") from None
    if value[17] != check_digit(value[:17]):
        raise ValueError("身份证号码的校验位不符，请逐位核对。")
    return value


def phone(text: str) -> str:
    """A mobile number. Raises ValueError in words."""
    value = re.sub(r"[\s-]", "", text)
    if not _PHONE.fullmatch(value):
        raise ValueError("手机号码应为 11 位数字。")
    return value


def account(text: str) -> str:
    """A bank or 一卡通 account. Raises ValueError in words."""
    value = re.sub(r"\s", "", text)
    if not _ACCOUNT.fullmatch(value):
        raise ValueError("银行账号（一卡通）应为 10 至 24 位数字。")
    return value


def members(text: str) -> list[Person]:
    """Lines of “姓名 身份证号码”, separated by line breaks or semicolons. Raises ValueError that names the line."""
    found = []
    for number, line in enumerate(filter(None, (part.strip() for part in re.split(r"[\n;；]", text))), 1):
        name, _, rest = re.sub(r"[\s,，、]+", " ", line).partition(" ")
        if not rest:
            raise ValueError(f"其他家庭成员第 {number} 人应写成“姓名 身份证号码”，中间空一格。")
        try:
            found.append(Person(name[:40], id_number(rest)))
        except ValueError as error:
            raise ValueError(f"其他家庭成员第 {number} 人：{error}") from None
    return found


def masked_name(name: str) -> str:
    """The family name and the last character of a longer one.

    >>> masked_name("张三"), masked_name("欧阳小明")
    ('张*', '欧**明')
    """
    return name[:1] + "*" * (len(name) - 2) + name[-1] if len(name) > 2 else name[:1] + "*"


def masked_id(number: str) -> str:
    """Enough to tell neighbours of one name apart, and no birthday.

    >>> masked_id("11010519491231002X")
    '1101************2X'
    """
    return f"{number[:4]}{'*' * 12}{number[-2:]}"


def masked_phone(number: str) -> str:
    """First three and last four."""
    return f"{number[:3]}****{number[-4:]}"


def masked_account(number: str) -> str:
    """The last four."""
    return f"尾号{number[-4:]}" if number else ""
