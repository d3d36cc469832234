"""The people of a household. No database."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bianwang.platform.personal import id_number


@dataclass(frozen=True)
class Person:
    """Somebody of a household; what he is called in a log is nobody's business."""

    name: str
    id_number: str

    def __repr__(self) -> str:
        return "Person(…)"


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
