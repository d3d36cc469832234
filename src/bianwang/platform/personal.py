"""Numbers and names of people: read, checked, and masked for those who need not know them. No Django, no database.

Readers raise ValueError with one Chinese sentence, which forms and sheets show at their field.
"""

from __future__ import annotations

import re
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
_MOBILE = re.compile(r"1[0-9]{10}")
_TELEPHONE = re.compile(r"[0-9+\- ]{5,20}")
_ACCOUNT = re.compile(r"[0-9]{8,30}")


def check_character(first17: str) -> str:
    """The last character of an identity number (GB 11643-1999, ISO 7064 MOD 11-2).

    >>> check_character("11010519491231002")
    'X'
    """
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True)) % 11]


def id_number(text: str) -> str:
    """An identity number in one form. Raises ValueError.

    >>> id_number(" 11010519491231002x")
    '11010519491231002X'
    """
    value = "".join(text.split()).upper()
    if not _ID_NUMBER.fullmatch(value):
        raise ValueError("身份证号码应为 18 位，末位可为 X。")
    try:
        date(int(value[6:10]), int(value[10:12]), int(value[12:14]))
    except ValueError:
        raise ValueError("身份证号码中的出生日期不存在，请核对。") from None
    if value[17] != check_character(value[:17]):
        raise ValueError("身份证号码的校验位不符，请逐位核对有没有抄错。")
    return value


def mobile(text: str) -> str:
    """A mobile number, to which codes can be sent. Raises ValueError.

    >>> mobile("139 1234-5678")
    '13912345678'
    """
    value = re.sub(r"[\s-]", "", text)
    if not _MOBILE.fullmatch(value):
        raise ValueError("手机号码应为 11 位数字。")
    return value


def telephone(text: str) -> str:
    """Any telephone, as it was written. Raises ValueError.

    >>> telephone(" 023-41410000 ")
    '023-41410000'
    """
    value = text.strip()
    if not _TELEPHONE.fullmatch(value):
        raise ValueError("电话只能是数字、空格和短横，5 至 20 位。")
    return value


def account(text: str) -> str:
    """An account of a bank or a 一卡通. Raises ValueError.

    >>> account("6217 0000 1234 5678 901")
    '6217000012345678901'
    """
    value = "".join(text.split())
    if not _ACCOUNT.fullmatch(value):
        raise ValueError("银行账号（一卡通）应为 8 至 30 位数字。")
    return value


def masked_name(name: str, mark: str = "*") -> str:
    """The family name; public notices of penalties write 某.

    >>> masked_name("王大山"), masked_name("王"), masked_name("张三丰", "某")
    ('王**', '王*', '张某某')
    """
    return name[:1] + mark * max(1, len(name) - 1)


def noticed_name(name: str) -> str:
    """As neighbours read it in a village's notice, who must be able to object: the last character stays too.

    >>> noticed_name("张三"), noticed_name("欧阳小明")
    ('张*', '欧**明')
    """
    return name[:1] + "*" * (len(name) - 2) + name[-1] if len(name) > 2 else masked_name(name)


def masked_id(number: str) -> str:
    """Enough to tell neighbours of one name apart, and no birthday.

    >>> masked_id("11010519491231002X"), masked_id("123")
    ('1101************2X', '***')
    """
    return number[:4] + "*" * (len(number) - 6) + number[-2:] if len(number) > 10 else "*" * len(number)


def masked_phone(number: str) -> str:
    """First three and last four; a short number keeps its last two.

    >>> masked_phone("13812345678"), masked_phone("12350")
    ('138****5678', '***50')
    """
    if len(number) > 7:
        return number[:3] + "*" * (len(number) - 7) + number[-4:]
    kept = 2 if len(number) > 4 else 0
    return "*" * (len(number) - kept) + number[len(number) - kept :]


def masked_account(number: str) -> str:
    """The last four, of a number that has more.

    >>> masked_account("6217000012345678901"), masked_account("")
    ('尾号8901', '')
    """
    return f"尾号{number[-4:]}" if len(number) > 4 else "*" * len(number)
