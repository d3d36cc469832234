"""Slips of the pen, of numbering and of the year; lists of classes that leave something out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bianwang.audit import units
from bianwang.audit.arithmetic import in_unit, is_exact, plain
from bianwang.audit.facts import Facts
from bianwang.audit.model import Relation, Verdict
from bianwang.audit.reading import Reading
from bianwang.audit.vocabulary import DOUBLED, PARTITIONED

_REPORT_YEAR: Final = re.compile(
    r"((?:19|20)\d\d) ?年(?:度|部门|整体|项目)?[^。；\n]{0,30}?(?:自评|决算|绩效|评价|总结|报告)"
)
_POINT_IN_TIME: Final = re.compile(
    r"((?:19|20)\d\d) ?年(?:末|底|年末|年底|12月31日)(?:[^，。；\n]{0,8})(?:实有|在职|在编|人数|人员|资产|车辆|总数)"
)
_SURVEY: Final = re.compile("问卷|调查|测评|抽样")
_SAMPLE: Final = frozenset({"份", "人", "户", "家"})


def check(facts: Facts) -> Iterator[Relation]:
    """Everything that needs no arithmetic."""
    reading = facts.reading
    yield from _doubled(reading)
    yield from _period(reading)
    yield from _numbering(reading)
    yield from _surveys(facts)
    yield from _partition(reading)
    yield from _category(reading)


def _doubled(reading: Reading) -> Iterator[Relation]:
    for pattern, why in DOUBLED:
        for found in pattern.finditer(reading.plain):
            start = max(reading.plain.rfind(mark, 0, found.start()) for mark in "，。；：、（\n") + 1
            end = found.end() + len(re.match("[^，。；：、）\n]{0,6}", reading.plain[found.end() :])[0])  # type: ignore[index]
            yield reading.relation("typo", Verdict.SUSPICIOUS, [(start, end)], f"“{found.group()}”{why}")


def _period(reading: Reading) -> Iterator[Relation]:
    """The year of the report against the year of what was counted at the end of it."""
    head = _REPORT_YEAR.search(reading.plain[:600])
    if head is None:
        return
    for found in _POINT_IN_TIME.finditer(reading.plain):
        if found[1] != head[1] and not re.search(
            "较|比|上年", reading.plain[max(0, found.start() - 6) : found.start()]
        ):
            end = found.end() + len(re.match("[^，。；（\n]{0,10}", reading.plain[found.end() :])[0])  # type: ignore[index]
            text = f"报告年度为 {head[1]} 年，这里是 {found[1]} 年末的数字"
            yield reading.relation("period", Verdict.SUSPICIOUS, [head.span(), (found.start(), end)], text)


def _numbering(reading: Reading) -> Iterator[Relation]:
    """Numbers at one level under one heading follow each other."""
    groups: dict[tuple[int, int], list[int]] = {}
    sections = reading.structure.sections
    for place, section in enumerate(sections):
        groups.setdefault((section.parent, section.level), []).append(place)
    for places in groups.values():
        run: list[int] = []
        for place in places:
            number = sections[place].number
            if number == 1:
                yield from _run_told(reading, run)
                run = []
            elif run and number != sections[run[-1]].number + 1:
                yield _out_of_order(reading, run[-1], place)
                run = []
            run.append(place)
        yield from _run_told(reading, run)


def _run_told(reading: Reading, run: Sequence[int]) -> Iterator[Relation]:
    if len(run) > 2 and reading.structure.sections[run[0]].number == 1:
        first, last = (reading.structure.sections[place] for place in (run[0], run[-1]))
        places = [(each.start, each.body + len(each.title)) for each in (first, last)]
        yield reading.relation("numbering", Verdict.HOLDS, places, f"编号 {first.number} 至 {last.number} 连续")


def _out_of_order(reading: Reading, before: int, after: int) -> Relation:
    one, two = (reading.structure.sections[place] for place in (before, after))
    places = [(each.start, each.body + len(each.title)) for each in (one, two)]
    return reading.relation("numbering", Verdict.SUSPICIOUS, places, f"编号由 {one.number} 跳到 {two.number}")


def _surveys(facts: Facts) -> Iterator[Relation]:
    """A rate from a survey without how many were asked."""
    reading = facts.reading
    for figure in reading.figures:
        if figure.kind != units.RATIO or not re.search("满意|知晓", figure.label):
            continue
        span = reading.structure.sentences[figure.sentence]
        if not _SURVEY.search(reading.plain, span.start, figure.start):
            continue
        nearby = [
            f for number in range(figure.sentence - 2, figure.sentence + 3) for f in reading.by_sentence.get(number, [])
        ]
        if not any(other.kind in _SAMPLE and other.base >= 10 for other in nearby):
            place = (max(span.start, figure.start - 25), figure.end)
            start = max(reading.plain.rfind(mark, 0, figure.start - len(figure.label) - 1) for mark in "，。；\n") + 1
            yield reading.relation(
                "evidence", Verdict.UNSUPPORTED, [(min(start, figure.start), figure.end) if start else place],
                f"{figure.text} 来自调查，没有写出调查的人数（份数）、时间和方式",
            )  # fmt: skip


def _partition(reading: Reading) -> Iterator[Relation]:
    """Calls and the kinds of calls, where the kinds leave some out."""
    for whole, classes in PARTITIONED:
        for figures in reading.by_sentence.values():
            total = next((figure for figure in figures if whole.search(figure.label) and is_exact(figure)), None)
            if total is None:
                continue
            parts = [f for f in figures if f.start > total.start and f.kind == total.kind and classes.search(f.label)]
            rest = total.base - sum(part.base for part in parts)
            if len(parts) >= 2 and rest > 0:
                numbers = "+".join(plain(part.value) for part in parts)
                text = f"{numbers} = {plain(total.base - rest)}，比 {plain(total.value)} 少 {in_unit(rest, total)}"
                text = f"{text}，其余没有说明"
                yield reading.relation(
                    "partition", Verdict.SUSPICIOUS, [(reading.quote_of(total).start, parts[-1].end)], text
                )


def _category(reading: Reading) -> Iterator[Relation]:
    """倒塌…、损坏…支出: a total for two kinds of cases whose list has cases of one only."""
    pattern = re.compile(
        r"([一-龥]{2})([一-龥]{2})(?:[一-龥]{0,4})[、和及]([一-龥]{2})\2[一-龥]{0,4}?(?:支出|资金|补助)[\d.]+(?:万|亿)?元[。，；]?其中：?([^。\n]+)"
    )
    for found in pattern.finditer(reading.plain):
        one, _, other, rest = found.groups()
        missing = one if one not in rest and other in rest else other if other not in rest and one in rest else ""
        if missing:
            end = found.start(4)
            text = f"总额包括“{one}”和“{other}”，明细里没有“{missing}”"
            yield reading.relation("category_without_case", Verdict.SUSPICIOUS, [(found.start(), end)], text)
