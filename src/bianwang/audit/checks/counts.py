"""A stated number of things that the text then names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bianwang.audit import units
from bianwang.audit.arithmetic import is_exact, plain
from bianwang.audit.facts import Facts
from bianwang.audit.model import Figure, Relation, Verdict
from bianwang.audit.reading import Reading

_MEASURES: Final = {
    *(units.MONEY, units.RATIO, units.POINT, units.SCORE, ""),
    *("年", "月", "日", "周", "个月", "天", "夜", "小时", "分钟", "亩", "米", "公里", "平方米", "吨", "倍"),
}
_ORDINALS: Final = "一二三四五六七八九十"
_LONGEST: Final = 60
_POINT: Final = re.compile("一是|一要|首先|（1）|1[.、]|①")
_AND: Final = re.compile("(?<=.)(?:以及|和|及|与|暨)(?=.)")
_LONGEST_MEMBER: Final = 30
_LONGEST_LIST: Final = 600
_NOUN: Final = re.compile("[^，。；：、（）\n\\d“”]{0,14}")


def check(facts: Facts) -> Iterator[Relation]:
    """Lists behind a count, points 一是 … 三是 behind a count, names before a count."""
    reading = facts.reading
    for figure in reading.figures:
        if figure.kind in _MEASURES or not is_exact(figure) or figure.base > 60 or figure.base < 1:
            continue
        for look in (_list_behind, _points_behind, _lines_behind, _names_before, _names_behind):
            found = look(reading, figure)
            if found is not None:
                yield found
                break
    yield from _indicators(facts)


def _list_behind(reading: Reading, figure: Figure) -> Relation | None:
    """内设机构七个：A、B … ；5方资源（A、B …）."""
    text = reading.plain
    noun = _NOUN.match(text, figure.end)
    opening = noun.end() if noun else figure.end
    mark = text[opening : opening + 1]
    if mark not in ("：", "（"):
        return None
    end = _closing(text, opening) if mark == "（" else _sentence_end(text, opening + 1)
    if end < 0:
        return None
    whole = text[opening + 1 : end]
    members = _members(whole)
    if not members or _POINT.match(whole):
        return None
    sizes = {len(members), len(members) + len(_AND.findall(members[-1]))}
    is_agreed = figure.base in sizes
    if not is_agreed and (re.search(r"\d|，", whole) or _is_one_of_several(reading, figure)):
        # A list of amounts, of more than this, or with words of its own: only what agrees is believed.
        return None
    size = int(figure.base) if is_agreed else len(members)
    return _told(reading, figure, size, (figure.start, end), is_open=bool(re.search("等|包括|如", whole)))


def _is_one_of_several(reading: Reading, figure: Figure) -> bool:
    """7个科室、2个下属单位：what follows may be all of them."""
    before = reading.plain[max(0, figure.start - 20) : figure.start]
    return bool(re.search(r"[\d一二三四五六七八九十]个?[^，。；：]{1,12}[、和及]$", before))


def _members(text: str) -> list[str]:
    """The members of a list parted by 、; the words in brackets belong to a member. Empty for what is no list."""
    outside, depth = "", 0
    for char in text:
        depth += char == "（"
        outside += char if depth == 0 else ""
        depth -= char == "）"
    parts = [part for part in re.split("[、；]", outside) if part.strip()]
    if len(parts) < 2 or any(len(part) > _LONGEST_MEMBER for part in parts):
        return []
    return parts


def _closing(text: str, opening: int) -> int:
    depth = 0
    for offset in range(opening, min(len(text), opening + _LONGEST_LIST)):
        depth += (text[offset] == "（") - (text[offset] == "）")
        if depth == 0:
            return offset
        if text[offset] == "\n":
            break
    return -1


def _sentence_end(text: str, start: int) -> int:
    limit = min(len(text), start + _LONGEST_LIST)
    found = re.compile("[。；\n]").search(text, start, limit)
    return found.start() if found else len(text) if limit == len(text) else -1


def _points_behind(reading: Reading, figure: Figure) -> Relation | None:
    """抓好三项工作：一是…；二是…；三是…."""
    line_end = reading.line_of(figure.end)[1]
    rest = reading.plain[figure.end : line_end]
    opening = re.match("[^。；\n]{0,20}[：，。]?(?:(一[是要])|（(1)）)", rest)
    if opening is None:
        return None
    points = 0
    for place, char in enumerate(_ORDINALS):
        mark = f"(?<![{_ORDINALS}第]){char}[是要]" if opening[1] else f"（{place + 1}）"
        if not re.search(mark, rest):
            break
        points = place + 1
    if points < 2:
        return None
    return _told(reading, figure, points, (figure.start, line_end), unit="点")


def _lines_behind(reading: Reading, figure: Figure) -> Relation | None:
    """分为五类：and then as many numbered lines."""
    line_end = reading.line_of(figure.end)[1]
    if not re.fullmatch("[^，。；\\d]{0,14}[：]", reading.plain[figure.end : line_end].strip()):
        return None
    sections = reading.structure.sections
    first = next((place for place, section in enumerate(sections) if section.start >= line_end), None)
    if first is None or reading.plain[line_end : sections[first].start].strip():
        return None
    alike = [
        each
        for each in sections[first:]
        if each.parent == sections[first].parent and each.level == sections[first].level
    ]
    return (
        _told(reading, figure, len(alike), (figure.start, sections[first].body))
        if sections[first].number == 1
        else None
    )


def _names_before(reading: Reading, figure: Figure) -> Relation | None:
    """七塘“8·11”、大路“8·20”、北碚“8·23”三场 …; “5·9”“6·23”等2次."""
    text = reading.plain
    start = max(text.rfind(mark, 0, figure.start) for mark in "，。；：\n") + 1
    start = max([start, *(other.end for other in reading.between(start, figure.start))])
    before = text[start : figure.start]
    names = re.findall("“[^”]*”", before)
    if not names:
        return _plain_names_before(reading, figure, start, before)
    if len(names) < 2 or len(before) > 4 * _LONGEST or len(re.findall("、", before)) >= len(names):
        return None
    is_open = before.rstrip().endswith("等") and len(names) < figure.base
    return _told(reading, figure, len(names), (start, figure.end), is_open=is_open)


def _plain_names_before(reading: Reading, figure: Figure, start: int, before: str) -> Relation | None:
    """办公室、财务科、人事科等3个科室."""
    found = re.fullmatch("(.+?)(等|共|)", before.strip())
    names = found[1].split("、") if found else []
    if (
        found is None
        or len(names) < 2
        or any(len(name) > _LONGEST_MEMBER // 2 for name in names[1:])
        or re.search(r"[\d（）]", before)
    ):
        return None
    if not found[2] and len(names) < 3:
        return None
    count = len(names) + sum(bool(re.search("[和及与]", names[-1])) and names[-1][0] not in "和及与" for _ in (0,))
    if len(names) != figure.base and count != figure.base and figure.base > len(names) and found[2] == "等":
        return reading.relation("list_count", Verdict.UNKNOWN, [(start, figure.end)], "未列全，不能核对")
    shown = count if count == figure.base else len(names)
    told = _told(reading, figure, shown, (start, figure.end))
    is_loose = told.verdict is Verdict.CONTRADICTION and not found[2]
    return replace(told, verdict=Verdict.SUSPICIOUS) if is_loose else told


def _names_behind(reading: Reading, figure: Figure) -> Relation | None:
    """三场培训，分别于“3月16日”“6月8日”“10月19日”举办."""
    span = reading.structure.sentences[figure.sentence]
    rest = reading.plain[figure.end : span.end]
    found = re.match(
        "[^，。；：\n\\d“”]{0,14}[，：（]?(?:分别(?:于|是|为|在)?|时间(?:分别)?为|日期为)((?:“[^”]*”[、和及]?){2,})",
        rest,
    )
    if not found:
        return None
    names = re.findall("“[^”]*”", found[1])
    return _told(reading, figure, len(names), (figure.start, figure.end + found.end()))


def _indicators(facts: Facts) -> Iterator[Relation]:
    """绩效指标共10项."""
    count = len(facts.indicators)
    for figure in facts.reading.figures:
        if count > 2 and figure.kind in ("项", "个") and _counts_indicators(facts.reading, figure):
            yield _told(facts.reading, figure, count, (facts.reading.quote_of(figure).start, figure.end))


def _counts_indicators(reading: Reading, figure: Figure) -> bool:
    if not is_exact(figure):
        return False
    return (
        bool(re.search("指标(?:共|共计|设置)?$", figure.label)) or reading.plain[figure.end : figure.end + 2] == "指标"
    )


def _told(
    reading: Reading, figure: Figure, found: int, place: tuple[int, int], *, is_open: bool = False, unit: str = "项"
) -> Relation:
    working = f"文中说 {plain(figure.base)}，列出 {found} {unit}"
    if found == figure.base:
        return reading.relation("list_count", Verdict.HOLDS, [place], working)
    if is_open and found < figure.base:
        return reading.relation("list_count", Verdict.UNKNOWN, [place], f"{working}，未列全")
    return reading.relation("list_count", Verdict.CONTRADICTION, [place], working)
