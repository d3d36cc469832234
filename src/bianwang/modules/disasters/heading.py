"""The rows above and below the table of a form: words of the district pack with the facts of a report. No database.

>>> said(["填报单位：{unit}　报出时间：{filed_at}"], {"unit": "区应急管理局"})
['填报单位：区应急管理局　报出时间：　　　　']
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from string import Formatter

FACTS = ("disaster", "kind", "report", "began_at", "ended_at", "unit", "filed_by", "filed_at")
"""What a row may name."""

_BLANK = "　　　　"
"""Room to write by hand what is not known."""


def said(rows: Iterable[str], facts: Mapping[str, str]) -> list[str]:
    """The rows in words; a fact that is not known leaves room to write it."""
    known = {name: facts.get(name) or _BLANK for name in FACTS}
    return [row.format_map(known) for row in rows]


def refuse_unknown(rows: Iterable[str]) -> None:
    """ValueError in words for a row that names what no report has."""
    for row in rows:
        try:
            parts = list(Formatter().parse(row))
        except ValueError as error:
            raise ValueError(f"表头表尾“{row}”的花括号不成对") from error
        for _, name, form, conversion in parts:
            if name is not None and (name not in FACTS or form or conversion):
                raise ValueError(f"表头表尾不认识“{{{name}}}”，可用：{'、'.join(FACTS)}")
