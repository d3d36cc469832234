"""Points: weights, scores, the total and the grade, and whether they rest on anything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from bianwang.audit import units
from bianwang.audit.arithmetic import Interval, agreement, is_exact, percent, plain, rounded
from bianwang.audit.facts import Facts
from bianwang.audit.indicators import Indicator
from bianwang.audit.model import Figure, Precision, Relation, Role, Verdict
from bianwang.audit.reading import Reading
from bianwang.audit.vocabulary import GRADES

_FULL: Final = Decimal(100)
_FEWEST: Final = 3
_PLAUSIBLE: Final = 20
_TOTAL: Final = re.compile(
    "(?:总得?分|得分合计|自评(?:总)?(?:得)?分|综合(?:得|评)分|合计得分|评价得分|最终得分|自评结果|自评为|评分)(?:数)?$"
)
_BY_STANDARD: Final = re.compile("(?:根据|按照|对照)(?:评价|评分)(?:标准|细则|办法)[^，。；]{0,6}得分?")
_STANDARD: Final = re.compile("(?:评价|评分)标准(?:为|是|：)|扣\\d|每(?:低|少|超|降)[^。]{0,12}扣|得满分|按比例")
_REASON: Final = re.compile("原因|由于|因为|因|主要是|受.{1,12}影响|改进措施|未达")
_NONE_HAPPENED: Final = re.compile("未发生|没有发生|无.{0,10}(?:发生|事故)|零")


def check(facts: Facts) -> Iterator[Relation]:
    """Everything about points."""
    reading, found = facts.reading, facts.indicators
    if len(found) >= _FEWEST:
        yield from _weights(reading, found)
        yield from _total(reading, found)
    for indicator in found:
        yield from _score(reading, indicator)
        yield from _basis(reading, indicator)
    yield from _standard(reading)


def _sum(figures: Sequence[Figure]) -> Decimal:
    return sum((figure.base for figure in figures), Decimal(0))


def _weights(reading: Reading, found: Sequence[Indicator]) -> Iterator[Relation]:
    weights = [indicator.weight for indicator in found]
    whole = _sum(weights)
    working = f"{len(weights)} 项指标的分值合计 {plain(whole)}"
    places = [(found[0].section.start, weights[0].end), (found[-1].section.start, weights[-1].end)]
    if whole == _FULL:
        yield reading.relation("weights", Verdict.HOLDS, places, working)
    elif re.search("100 ?分|满分", reading.plain):
        yield reading.relation("weights", Verdict.CONTRADICTION, places, f"{working}，不是 100", "影响总分")
    elif abs(whole - _FULL) <= _PLAUSIBLE:
        yield reading.relation("weights", Verdict.SUSPICIOUS, places, f"{working}，不是 100", "影响总分")


def _total(reading: Reading, found: Sequence[Indicator]) -> Iterator[Relation]:
    """The sum of the scores against the total that is stated, and the grade that follows."""
    scores = [indicator.score for indicator in found if indicator.score is not None]
    if len(scores) < len(found):
        return
    whole = _sum(scores)
    inside = {score.start for score in scores}
    stated = [f for f in reading.figures if f.kind == units.SCORE and _TOTAL.search(f.label) and f.start not in inside]
    stated = [figure for figure in stated if figure.role is not Role.WEIGHT and not _is_full_mark(reading, figure)]
    working = f"各项得分之和 {plain(whole)}"
    last = max(scores, key=lambda score: score.start)
    if not stated:
        grade = next(name for low, name in GRADES if whole >= low)
        place = _conclusion(reading, found)
        text = f"{working}（按通行标准为“{grade}”），文中没有写出总分和等级"
        yield reading.relation("missing_total", Verdict.UNSUPPORTED, [place, last], text, "总分和等级没有写出")
    for figure in stated:
        if figure.base == whole:
            yield reading.relation("score_total", Verdict.HOLDS, [figure], working)
        else:
            text = f"{working}，文中为 {plain(figure.value)}"
            yield reading.relation(
                "score_total", Verdict.CONTRADICTION, [figure], text, _grade_effect(whole, figure.base)
            )


def _is_full_mark(reading: Reading, figure: Figure) -> bool:
    """总分100分: what can be reached, not what was."""
    return figure.base == _FULL and "满分" in reading.plain[max(0, figure.start - 10) : figure.end + 6]


def _conclusion(reading: Reading, found: Sequence[Indicator]) -> tuple[int, int]:
    """The heading under which a total is expected."""
    parent = found[0].section.parent
    section = reading.structure.sections[parent] if parent >= 0 else found[0].section
    return section.start, reading.line_of(section.start)[1]


def _grade_effect(computed: Decimal, stated: Decimal) -> str:
    one, other = (next(name for low, name in GRADES if number >= low) for number in (computed, stated))
    return f"总分改变，等级由“{other}”变为“{one}”" if one != other else f"总分改变，等级仍为“{one}”"


def _score(reading: Reading, indicator: Indicator) -> Iterator[Relation]:
    """A score that the usual rules can give: full, by rate, by rate of the target, or nothing."""
    score, weight = indicator.score, indicator.weight
    if score is None:
        return
    places = [indicator.actual or weight, score]
    if score.base > weight.base:
        text = f"得分 {plain(score.value)} 高于分值 {plain(weight.value)}"
        yield reading.relation("bound", Verdict.CONTRADICTION, [weight, score], text, "影响总分")
        return
    if indicator.actual is not None and indicator.target is None:
        yield from _by_rate(reading, indicator.actual, weight, score)
    if indicator.actual is None or indicator.target is None:
        return
    if score.base == weight.base:
        if indicator.is_met is False:
            text = f"目标 {indicator.target.text}，实际 {indicator.actual.text}，未达到，得满分 {plain(score.value)}"
            yield reading.relation(
                "target", Verdict.SUSPICIOUS, [indicator.target, indicator.actual, score], text, "影响得分"
            )
        elif indicator.is_met:
            text = f"目标 {indicator.target.text}，实际 {indicator.actual.text}，达到，得满分"
            yield reading.relation("target", Verdict.HOLDS, [indicator.target, indicator.actual], text)
        return
    yield from _completion(reading, indicator, indicator.actual, indicator.target)
    fitting = _rule(indicator, indicator.actual, indicator.target, score)
    if fitting:
        yield reading.relation("score", Verdict.ROUNDED, places, fitting)
    elif not _has_reason(reading, indicator):
        aim = f"分值 {plain(weight.value)}，目标 {indicator.target.text}，实际 {indicator.actual.text}"
        text = f"{aim}，得分 {plain(score.value)} 与通行算法都不符"
        yield reading.relation("score", Verdict.SUSPICIOUS, places, text, "影响得分")


def _by_rate(reading: Reading, rate: Figure, weight: Figure, score: Figure) -> Iterator[Relation]:
    """Points by a rate, where no target is stated."""
    text = f"{plain(weight.value)} × {rate.text} = {rounded(weight.base * rate.base)}"
    if Interval.of(rate).times(weight.base).meets(Interval.of(score)):
        yield reading.relation("score", Verdict.ROUNDED, [rate, score], text)
    elif score.base != weight.base:
        yield reading.relation(
            "score", Verdict.SUSPICIOUS, [rate, score], f"{text}，文中得分 {plain(score.value)}", "影响得分"
        )


def _completion(reading: Reading, indicator: Indicator, actual: Figure, target: Figure) -> Iterator[Relation]:
    """目标40处，实际38处，完成率95%."""
    rate = next(
        (f for f in indicator.figures if f.kind == units.RATIO and re.search("完成率|达成率|^完成$|^$", f.label)), None
    )
    ratio = Interval.of(actual).over(Interval.of(target)) if target.base and target.kind != units.RATIO else None
    if rate is None or ratio is None or not is_exact(rate):
        return
    text = f"{plain(actual.value)}/{plain(target.value)} = {percent(actual.base / target.base)}"
    verdict = agreement(actual.base / target.base, ratio, rate)
    if verdict is not None:
        yield reading.relation("rate", verdict, [target, actual, rate], text)
    else:
        yield reading.relation(
            "rate", Verdict.CONTRADICTION, [target, actual, rate], f"{text}，文中为 {rate.text}", "影响得分"
        )


def _has_reason(reading: Reading, indicator: Indicator) -> bool:
    """Whether the text gives a reason, at the indicator or in a sentence elsewhere that speaks of it."""
    if _REASON.search(_words(reading, indicator)):
        return True
    pieces = {indicator.name[place : place + 4] for place in range(len(indicator.name) - 3)}
    outside = reading.plain[: indicator.section.start] + reading.plain[indicator.section.end :]
    return any(
        _REASON.search(sentence) and any(piece in sentence for piece in pieces)
        for sentence in re.findall("[^。\n；]+", outside)
    )


def _rule(indicator: Indicator, actual: Figure, target: Figure, score: Figure) -> str:
    weight, printed = indicator.weight.base, Interval.of(score)
    reached = Interval.of(actual)
    if actual.kind == units.RATIO and reached.times(weight).meets(printed):
        return f"{plain(weight)} × {actual.text} = {rounded(weight * actual.base)}"
    aimed = Interval.of(target)
    part = reached.over(Interval(aimed.low + target.half, aimed.high - target.half))
    if part is not None and part.times(weight).meets(printed):
        return f"{plain(weight)} × {actual.text} ÷ {target.text} = {rounded(weight * actual.base / target.base)}"
    return "未达到不得分" if score.base == 0 and indicator.is_met is False else ""


def _words(reading: Reading, indicator: Indicator) -> str:
    return reading.plain[indicator.section.start : indicator.section.end]


def _basis(reading: Reading, indicator: Indicator) -> Iterator[Relation]:
    """Full marks without the figure, a target missed without a reason."""
    score, target = indicator.score, indicator.target
    if score is None or target is None:
        return
    places: list[Figure | tuple[int, int]] = [target, score]
    if indicator.is_met is False and score.base < indicator.weight.base and not _has_reason(reading, indicator):
        text = (
            f"目标 {target.text}，实际 {indicator.actual.text if indicator.actual else ''}，没有说明偏差原因和改进措施"
        )
        yield reading.relation("deviation_reason", Verdict.UNSUPPORTED, [target, indicator.actual or score], text)
    if indicator.actual is not None or score.base < indicator.weight.base:
        return
    if target.base == 0 and _NONE_HAPPENED.search(_words(reading, indicator)):
        return
    if target.kind == units.RATIO and target.precision in (Precision.AT_LEAST, Precision.AT_MOST, Precision.EXACT):
        text = f"目标 {target.text}，没有写出实际数值，得满分 {plain(score.value)}"
        yield reading.relation("actual_missing", Verdict.UNSUPPORTED, places, text, f"{plain(score.value)} 分没有依据")
    elif target.kind not in (units.RATIO, units.MONEY, units.SCORE):
        text = f"目标 {target.text}，没有写出实际完成的数量，得满分 {plain(score.value)}"
        yield reading.relation("actual_missing", Verdict.SUSPICIOUS, places, text, f"{plain(score.value)} 分没有依据")


def _standard(reading: Reading) -> Iterator[Relation]:
    """Scores by a standard that the text never gives."""
    claims = list(_BY_STANDARD.finditer(reading.plain))
    if len(claims) >= _FEWEST and not _STANDARD.search(reading.plain):
        text = f"“{claims[0].group()}”出现 {len(claims)} 次，文中没有给出标准"
        yield reading.relation("standard_missing", Verdict.UNSUPPORTED, [claims[0].span()], text, "得分无法复核")
