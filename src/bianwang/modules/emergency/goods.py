"""What lies in a store, as people write it: “水带 20 盘；铁锹 50 把”."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

_LINE = re.compile(
    r"(?P<name>.{0,49}?[^\d\s](?:\d{1,9}(?=[\s:：]))?)\s*[:：]?\s*(?P<quantity>\d{1,7})\s*(?P<unit>[^\d\s]{1,10})"
)
"""A name may begin with digits, and end with them where a space or colon follows: 65水带, 水泵80."""


class Goods(NamedTuple):
    """So many of one thing."""

    name: str
    quantity: int
    unit: str


def parse(text: str) -> list[Goods]:
    """The things in a text, one a line or between semicolons. Raises ValueError with a Chinese sentence.

    >>> parse("65水带 20盘；水泵80：2 台")
    [Goods(name='65水带', quantity=20, unit='盘'), Goods(name='水泵80', quantity=2, unit='台')]
    """
    found = []
    for part in filter(None, (piece.strip() for piece in re.split(r"[;；\n]", text))):
        match = _LINE.fullmatch(part)
        if match is None:
            raise ValueError(f"“{part[:30]}”看不懂，请写成“名称 数量 单位”，如“水带 20 盘”，多项用分号或换行隔开。")
        found.append(Goods(match["name"].rstrip(":： "), int(match["quantity"]), match["unit"]))
    twice = next((name for name, count in Counter(item.name for item in found).items() if count > 1), None)
    if twice is not None:
        raise ValueError(f"“{twice}”写了两次，请合成一项。")
    return found


def written(items: Iterable[Goods]) -> str:
    """The same as text.

    >>> written([Goods("水带", 20, "盘"), Goods("铁锹", 50, "把")])
    '水带 20 盘；铁锹 50 把'
    """
    return "；".join(f"{item.name} {item.quantity} {item.unit}" for item in items)
