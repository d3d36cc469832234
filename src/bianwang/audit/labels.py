"""What a figure is of: the words before it, its period, its scope and its role."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from bianwang.audit import units
from bianwang.audit.model import Figure, Role
from bianwang.audit.structure import Structure

BOUNDARY: Final = "，。；：、（）()\n\t！？"
_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d\d) ?年(度|末|初|底)?")
_BEFORE: Final = re.compile(
    r"^(?:[ \d.、]*)(?:其中|包括|含|即|分别为|分别是|我单位|我局|本单位|本部门|截至.{0,12}?[末底日]|全年|当年|"
    r"本年度?|目前|现|共计|共|总计|累计|已|实际(?!支出|执行)|"
    r"一是|二是|三是|四是|五是|以及|和|及|并|另有|有|是|为|成功|的)+(?=.)"
)
_AFTER: Final = re.compile(
    r"(?:为|是|共|共计|达到|达|约|有|共有|累计|实现|完成|已|支出为|分别|近|超过|：|=|的| |增至|增加到|提高到|\d+)+$"
)
_ASIDE: Final = re.compile(r"（[^）\d]{1,4}）")
_LOOK_BACK: Final = 200
_PERIOD_WORDS: Final = re.compile(r"上年末|上年|上年度|去年|往年|本年|当年|今年|年末|年初")
_SCOPES: Final = (
    "全区",
    "全县",
    "全市",
    "全省",
    "全国",
    "直管",
    "全局",
    "全系统",
    "局机关",
    "下属",
    "本级",
    "全镇",
    "全乡",
)


def describe(figures: Sequence[Figure], text: str, structure: Structure) -> Iterator[Figure]:
    """Give each figure its label, period, scope, section, role, sentence and clause."""
    last_end = 0
    clause, clause_of = 0, -1
    for figure in figures:
        sentence = structure.sentence_at(figure.start)
        if sentence != clause_of:
            clause, clause_of = 0, sentence
        span = structure.sentences[sentence]
        section = structure.section_at(figure.start)
        head = structure.sections[section].body if section >= 0 else 0
        between = text[max(span.start, last_end, head) : figure.start]
        clause += len(re.findall("[，；、。：]", between))
        words = re.split(f"[{BOUNDARY}]", _ASIDE.sub("", between))[-1]
        label = clean(words)
        before = text[max(span.start, figure.start - _LOOK_BACK) : figure.start]
        yield replace(
            figure,
            label=label,
            period=_period(before),
            scope=next((scope for scope in _SCOPES if scope in before[-40:]), ""),
            section=structure.title(section),
            role=_role(figure, label, text),
            sentence=sentence,
            clause=clause,
        )
        last_end = figure.end


def clean(words: str) -> str:
    """The noun of a label: without the verbs behind it and the words that lead to it."""
    words = _YEAR.sub("", words.strip())
    words = _BEFORE.sub("", _AFTER.sub("", words))
    return words.strip(" 的.")


def alias(label: str) -> str:
    """A label's name for comparison: 住房保障支出 and 住房保障, 决算数 and 决算 are one."""
    name = re.sub(r"（[^）]*）|[（）“”《》 ]", "", label)
    name = re.sub(r"(?:金额|总额|数额|资金|经费|支出|收入|数|费用|款)$", "", name) or name
    return re.sub(r"(?:支出|收入)$", "", name) or name


def _period(before: str) -> str:
    found = list(_YEAR.finditer(before))
    if found:
        mark = found[-1].group(2) or ""
        return found[-1].group(1) + (mark if mark in ("末", "初", "底") else "")
    word = _PERIOD_WORDS.search(before)
    return word.group() if word else ""


_ROLES: Final = (
    (re.compile("年初预算|批复预算|预算批复"), Role.BUDGET),
    (re.compile("调整预算|调整后预算|全年预算|预算调整"), Role.ADJUSTED),
    (re.compile("决算|执行数|支出数|实际支出|预算执行"), Role.EXECUTED),
    (re.compile("结转|结余"), Role.CARRY_OVER),
    (re.compile("指标(?:设定)?值|目标值|目标$|计划数$"), Role.TARGET),
)
_CHANGE: Final = re.compile(r"(?:增加|减少|增长|下降|上升|降低|提高|提升|减|增|降|多|少)(?:了)?$")


def _role(figure: Figure, label: str, text: str) -> Role:
    if figure.role is Role.TARGET:
        return Role.TARGET
    if figure.kind == units.SCORE:
        is_weight = text[figure.start - 1 : figure.start] == "（" and text[figure.end : figure.end + 1] == "）"
        return Role.WEIGHT if is_weight else Role.SCORE
    if _CHANGE.search(label):
        return Role.CHANGE
    if figure.kind == units.RATIO and re.search("占", label):
        return Role.SHARE
    return next((role for pattern, role in _ROLES if pattern.search(label)), Role.COUNT)
