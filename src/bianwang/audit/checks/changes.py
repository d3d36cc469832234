"""By how much something changed: the amount, the rate, and what it was before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from bianwang.audit import units
from bianwang.audit.arithmetic import Interval, agreement, in_unit, is_exact, percent, plain
from bianwang.audit.facts import Facts
from bianwang.audit.model import Figure, Relation, Role, Verdict
from bianwang.audit.reading import Reading
from bianwang.audit.vocabulary import CHANGE_DOWN, CHANGE_UP

_UP: Final = re.compile(f"(?:{CHANGE_UP})了?$")
_DOWN: Final = re.compile(f"(?:{CHANGE_DOWN})了?$")
_COMPARED: Final = re.compile("[较比]|同比|环比")
_GENERAL: Final = re.compile(
    "(?:主要|原因|由于|因|同比|环比|与|费用支出|费用|收支|收、支|各|总额|该项|合计|其|也|均|相)"
)
_AT_MOST_BETWEEN: Final = 2


class Change(NamedTuple):
    """An amount of change, its direction (1 up, -1 down), and the rate printed behind it."""

    amount: Figure
    sign: int
    rate: Figure | None
    rate_sign: int


def check(facts: Facts) -> Iterator[Relation]:
    """Changes of each sentence."""
    reading = facts.reading
    for sentence, figures in reading.by_sentence.items():
        if not _COMPARED.search(reading.plain, *_span(reading, sentence)):
            continue
        yield from _by_classifier(reading, figures)
        for place in range(len(figures)):
            change = _change(figures, place)
            subject = _subject(reading, figures, place) if change else None
            past = _stated_past(reading, figures, place) if change else None
            if change is not None and past is not None and change.rate is not None:
                yield _of_past(reading, past, change, change.rate)
            elif change is not None and subject is not None:
                yield from _told(reading, subject, change)
        yield from _rate_alone(reading, figures)
        yield from _per_gdp(reading, figures)
    yield from _past_after(reading)


def _past_after(reading: Reading) -> Iterator[Relation]:
    """增加230万元，增长5.82%。上年为3950万元: what there was before, said afterwards."""
    for figure in reading.figures:
        if not re.match("(?:上年|去年)", figure.label) or not is_exact(figure) or _sign(figure):
            continue
        line = reading.line_of(figure.start)[0]
        earlier = [f for f in reading.between(line, figure.start) if f.kind == figure.kind and is_exact(f)]
        change = next((f for f in reversed(earlier) if _sign(f)), None)
        subject = next(
            (f for f in reversed(earlier) if change and f.start < change.start and not _is_before(reading, f)), None
        )
        if change is None or subject is None or subject.role is Role.CHANGE or figure.sentence - change.sentence > 2:
            continue
        if figure.sentence == change.sentence:
            continue
        computed = subject.base - _sign(change) * change.base
        within = (
            Interval.of(subject).minus(Interval.of(change))
            if _sign(change) > 0
            else Interval.of(subject).plus(Interval.of(change))
        )
        verdict = agreement(computed, within, figure)
        sign = "-" if _sign(change) > 0 else "+"
        text = f"{plain(subject.value)}{sign}{plain(change.value)} = {in_unit(computed, figure)}"
        if verdict is None:
            text = f"{text}，文中为 {figure.text}"
        yield reading.relation("difference", verdict or Verdict.CONTRADICTION, [subject, change, figure], text)


def _span(reading: Reading, sentence: int) -> tuple[int, int]:
    span = reading.structure.sentences[sentence]
    return span.start, span.end


def _sign(figure: Figure) -> int:
    return 1 if _UP.search(figure.label) else -1 if _DOWN.search(figure.label) else 0


def _change(figures: Sequence[Figure], place: int) -> Change | None:
    """增加12.3万元，增长4.5%: the rate follows at once."""
    amount = figures[place]
    sign = _sign(amount)
    if sign == 0 or amount.kind in (units.RATIO, units.POINT, units.SCORE) or not is_exact(amount):
        return None
    following = figures[place + 1] if place + 1 < len(figures) else None
    if following is None or following.kind != units.RATIO or not is_exact(following):
        return Change(amount, sign, None, sign)
    rate_sign = _sign(following)
    is_rate = rate_sign != 0 or following.label in ("", "幅度", "增幅", "降幅", "变动")
    return Change(amount, sign, following if is_rate else None, rate_sign or sign)


def _subject(reading: Reading, figures: Sequence[Figure], place: int) -> Figure | None:
    """What changed: the figure of its kind before it; else the last of the sentence before, if that is all it says."""
    amount = figures[place]
    for figure in reversed(figures[:place]):
        if figure.kind == amount.kind and figure.role is not Role.CHANGE and not _is_before(reading, figure):
            return figure if is_exact(figure) and _is_about(reading, figure, amount) else None
    earlier = reading.by_sentence.get(amount.sentence - 1, [])
    same_line = reading.line_of(amount.start)[0]
    totals = [f for f in earlier if f.kind == amount.kind and f.role is not Role.CHANGE and f.start >= same_line]
    if not totals or len({figure.base for figure in totals}) > 1 or not is_exact(totals[-1]):
        return None
    return totals[-1] if _is_about(reading, totals[-1], amount) else None


def _is_about(reading: Reading, subject: Figure, amount: Figure) -> bool:
    """Whether the text between them names nothing else that is compared: 接待费比上年… after the total."""
    between = reading.plain[subject.end : amount.start]
    for clause in re.split("[，；。]|其中：?", between)[1:]:
        words = re.sub(r"（[^）]*）", "", clause).strip()
        compared = re.search("[比较]|无增减|持平|无变化", words)
        if compared is None or compared.start() < 2 or _GENERAL.match(words):
            continue
        if words[: compared.start()] not in subject.label:
            return False
    return True


def _stated_past(reading: Reading, figures: Sequence[Figure], place: int) -> Figure | None:
    """What there was before, where the sentence says it at once before the change."""
    past = figures[place - 1] if place else None
    if past is None or past.kind != figures[place].kind or not is_exact(past) or past.role is Role.CHANGE:
        return None
    return (
        past
        if past.base
        and re.search("上年|去年|上年末|(?:19|20)\\d\\d年", _near(reading, past))
        and _is_before(reading, past)
        else None
    )


def _near(reading: Reading, figure: Figure) -> str:
    return reading.plain[max(0, figure.start - 14) : figure.start]


def _of_past(reading: Reading, past: Figure, change: Change, rate: Figure) -> Relation:
    """The rate of a change over what the text says there was before."""
    places = [past, change.amount, rate]
    text = f"{plain(change.amount.value)}/{plain(past.value)} = {percent(change.amount.base / past.base)}"
    within = Interval.of(change.amount).over(Interval.of(past))
    verdict = agreement(change.amount.base / past.base, within, rate) if within else Verdict.UNKNOWN
    if verdict is None or change.rate_sign != change.sign:
        return reading.relation("year_on_year", Verdict.CONTRADICTION, places, f"{text}，文中为 {rate.text}")
    return reading.relation("year_on_year", verdict, places, text)


def _is_before(reading: Reading, figure: Figure) -> bool:
    return bool(_COMPARED.search(figure.label) or re.search("上年|去年|与.{0,6}年", figure.label)) or _is_past(
        reading, figure
    )


def _told(reading: Reading, subject: Figure, change: Change) -> Iterator[Relation]:
    """The rate must be the change over what there was before."""
    rate = change.rate
    if rate is None or subject.base == 0:
        return
    places = [subject, change.amount, rate]
    if change.rate_sign != change.sign:
        text = f"“{change.amount.label}”与“{rate.label}”方向相反"
        yield reading.relation("year_on_year", Verdict.CONTRADICTION, places, text)
        return
    before = subject.base - change.sign * change.amount.base
    if change.sign > 0 and change.amount.base > subject.base:
        text = f"增加 {plain(change.amount.value)}{change.amount.unit}，超过本期的 {plain(subject.value)}{subject.unit}"
        yield reading.relation("year_on_year", Verdict.SUSPICIOUS, places, text)
        return
    if before <= 0:
        return
    whole = Interval.of(subject)
    step = Interval.of(change.amount)
    prior = whole.minus(step) if change.sign > 0 else whole.plus(step)
    within = step.over(prior) if step.low >= 0 else None
    verdict = agreement(change.amount.base / before, within, rate) if within else Verdict.ROUNDED
    sign = "-" if change.sign > 0 else "+"
    text = (
        f"上期 {plain(subject.value)}{sign}{plain(change.amount.value)} = {in_unit(before, subject)}，"
        f"{plain(change.amount.value)}/{in_unit(before, subject)} = {percent(change.amount.base / before)}"
    )
    if verdict is None:
        yield reading.relation("year_on_year", Verdict.CONTRADICTION, places, f"{text}，文中为 {rate.text}")
    else:
        yield reading.relation("year_on_year", verdict, places, text)


def _by_classifier(reading: Reading, figures: Sequence[Figure]) -> Iterator[Relation]:
    """事故11起，死亡12人，较2021年15起，死亡15人下降4起3人: present, past and difference by classifier."""
    for place, figure in enumerate(figures):
        sign = _sign(figure)
        if sign == 0 or figure.kind in (units.RATIO, units.POINT) or not is_exact(figure):
            continue
        run = [figure]
        for following in figures[place + 1 :]:
            if following.start != run[-1].end or not is_exact(following):
                break
            run.append(following)
        for change in run:
            yield from _difference(reading, figures[:place], change, sign)


def _difference(reading: Reading, earlier: Sequence[Figure], change: Figure, sign: int) -> Iterator[Relation]:
    same = [figure for figure in earlier if figure.kind == change.kind and _sign(figure) == 0 and is_exact(figure)]
    past = next((f for f in reversed(same) if _is_before(reading, f)), None)
    if past is None:
        return
    present = next((figure for figure in reversed(same) if figure.start < past.start), None)
    if present is None or _is_before(reading, present):
        return
    computed = sign * (present.base - past.base)
    within = Interval.of(present).minus(Interval.of(past))
    within = within if sign > 0 else Interval(-within.high, -within.low)
    larger, smaller = (present, past) if sign > 0 else (past, present)
    text = f"{plain(larger.value)}-{plain(smaller.value)} = {in_unit(computed, change)}"
    verdict = agreement(computed, within, change)
    if verdict is None:
        text = f"{text}，文中为 {change.text}"
        yield reading.relation("difference", Verdict.CONTRADICTION, [present, past, change], text)
    else:
        yield reading.relation("difference", verdict, [present, past, change], text)


def _is_past(reading: Reading, figure: Figure) -> bool:
    """Whether a figure is what was before: behind 较…年, 上年 or 去年 in its stretch of the sentence."""
    start = reading.structure.sentences[figure.sentence].start
    before = reading.plain[max(start, figure.start - 40) : figure.start]
    mark = max(
        (
            found.end()
            for found in re.finditer("[较比](?:19|20)\\d\\d ?年|[较比]?(?:上|去)年(?:度|同期|决算数?)?", before)
        ),
        default=-1,
    )
    return mark >= 0 and not re.search(f"[。；]|{CHANGE_UP}|{CHANGE_DOWN}", before[mark:])


def _rate_alone(reading: Reading, figures: Sequence[Figure]) -> Iterator[Relation]:
    """2022年100万元，比上年80万元增长25%: both numbers, and the rate only."""
    for place, rate in enumerate(figures):
        sign = _sign(rate)
        if rate.kind != units.RATIO or sign == 0 or not is_exact(rate) or place < 2:
            continue
        past, present = figures[place - 1], figures[place - 2]
        if past.kind != present.kind or not _is_past(reading, past) or _sign(past) or _sign(present):
            continue
        if past.base <= 0 or not (is_exact(past) and is_exact(present)) or rate.clause - past.clause > _AT_MOST_BETWEEN:
            continue
        if "GDP" in reading.plain[past.end : rate.start].upper():
            continue
        computed = sign * (present.base - past.base) / past.base
        change = Interval.of(present).minus(Interval.of(past))
        change = change if sign > 0 else Interval(-change.high, -change.low)
        low = Interval.of(past)
        bounds = [edge / side for edge in change for side in low]
        verdict = agreement(computed, Interval(min(bounds), max(bounds)), rate)
        text = f"({plain(present.value)}-{plain(past.value)})/{plain(past.value)} = {percent(sign * computed)}"
        kind = Verdict.CONTRADICTION if verdict is None else verdict
        yield reading.relation(
            "year_on_year", kind, [present, past, rate], text if verdict else f"{text}，文中为 {rate.text}"
        )


def _per_gdp(reading: Reading, figures: Sequence[Figure]) -> Iterator[Relation]:
    """亿元GDP死亡率下降24%: without the GDP only the growth that this implies can be said."""
    rate = next((f for f in figures if f.kind == units.RATIO and "GDP" in f.label and _DOWN.search(f.label)), None)
    people = [figure for figure in figures if figure.kind == "人" and not _sign(figure) and is_exact(figure)]
    past = next((figure for figure in people if _is_before(reading, figure)), None)
    present = next((figure for figure in people if past and figure.start < past.start), None)
    if rate is None or past is None or present is None or not past.base or rate.base >= 1:
        return
    growth = present.base / past.base / (1 - rate.base) - 1
    deaths = f"死亡由 {plain(past.value)} 人到 {plain(present.value)} 人"
    text = f"{deaths}，{rate.text} 须 GDP 增长 {percent(growth)}，文中没有 GDP"
    yield reading.relation("rate_other_base", Verdict.UNKNOWN, [present, past, rate], text)
