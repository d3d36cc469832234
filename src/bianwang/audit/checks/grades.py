"""The grade that a total gets: by the table that the report states, else by the usual one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from bianwang.audit import units
from bianwang.audit.arithmetic import is_exact, plain
from bianwang.audit.facts import Facts
from bianwang.audit.model import Figure, Relation, Verdict
from bianwang.audit.reading import Reading
from bianwang.audit.vocabulary import GRADES

_TOTAL: Final = re.compile("总得?分|自评(?:得|总)?分|自评得分|综合(?:得|评)分|合计得分|得分合计|最终得分|评价得分")
_GRADE: Final = re.compile(
    "(?:等级|等次|级别|结论|结果|评定|评价|评为|定为|属于|为)[^，。；\n“”]{0,8}?[“”]?(优|良|中|差)(?:秀|好|等|级)?[”。，；）\n]"
)
_STATED: Final = re.compile(
    r"(\d{2,3})(?:分)?(?:（含）)?(?:及以上|以上|-100|至100|（含)[^，。；\n]{0,6}?为?[“]?(优|良|中)"
)
_HIGHEST: Final = Decimal(100)


def check(facts: Facts) -> Iterator[Relation]:
    """Each stated total with the grade behind it in the same line."""
    reading = facts.reading
    table, is_stated = _table(reading)
    for figure in reading.figures:
        if figure.kind != units.SCORE or not is_exact(figure) or not _TOTAL.search(figure.label):
            continue
        found = _GRADE.search(reading.plain, figure.end, _end(reading, figure))
        if found is not None and figure.base <= _HIGHEST and not _STATED.match(reading.plain, found.start() - 8):
            yield _told(reading, figure, found, table, is_stated=is_stated)


def _table(reading: Reading) -> tuple[Sequence[tuple[Decimal, str]], bool]:
    """From which total on each grade is given."""
    stated = {found[2]: Decimal(found[1]) for found in _STATED.finditer(reading.plain)}
    if "优" not in stated:
        return GRADES, False
    usual = {name: low for low, name in GRADES}
    return [(stated.get(name, usual[name]), name) for _, name in GRADES], True


def _end(reading: Reading, figure: Figure) -> int:
    """The grade stands in the total's sentence or the next, within its line."""
    following = min(figure.sentence + 1, len(reading.structure.sentences) - 1)
    return min(reading.structure.sentences[following].end, reading.line_of(figure.start)[1] + 1)


def _told(
    reading: Reading, total: Figure, found: re.Match[str], table: Sequence[tuple[Decimal, str]], *, is_stated: bool
) -> Relation:
    expected = next(name for low, name in table if total.base >= low)
    source = "文中所列标准" if is_stated else "通行标准（90 分优、80 分良、60 分中）"
    text = f"{plain(total.value)} 分，按{source}为“{expected}”，文中为“{found[1]}”"
    places: list[Figure | tuple[int, int]] = [total, (found.start(), found.end(1))]
    if expected == found[1]:
        return reading.relation("grade", Verdict.HOLDS, places, text)
    verdict = Verdict.CONTRADICTION if is_stated else Verdict.SUSPICIOUS
    return reading.relation("grade", verdict, places, text, "等级改变")
