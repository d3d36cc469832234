"""Money that is given by the piece: prices times counts, and amounts whose unit cannot be right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product
from typing import Final

from bianwang.audit import units
from bianwang.audit.arithmetic import in_unit, is_exact, plain
from bianwang.audit.facts import Facts
from bianwang.audit.model import Figure, Relation, Verdict
from bianwang.audit.reading import Reading

_OPENING: Final = re.compile("其中：?|包括：?")
_LOOK_BACK: Final = 300
_TEN_THOUSAND: Final = Decimal(10_000)


def check(facts: Facts) -> Iterator[Relation]:
    """Grants with parts, then prices times counts in one sentence."""
    reading = facts.reading
    for found in _OPENING.finditer(reading.plain):
        yield from _parts(reading, found)
    for figures in reading.by_sentence.values():
        for segment in _by_semicolon(reading, figures):
            yield from _price(reading, segment)


def _parts(reading: Reading, opening: re.Match[str]) -> Iterator[Relation]:
    """支出0.75万元。其中：严重2户4间，补助0.6万元；一般2户3间，每间0.15万元."""
    total = _total(reading, opening.start())
    if total is None:
        return
    end = reading.plain.find("。", opening.end())
    line_end = reading.line_of(opening.start())[1]
    end = line_end if end < 0 else min(end, line_end)
    segments = _segments(reading, opening.end(), end)
    if len(segments) < 2 or not all(_money(segment) for segment in segments):
        return
    amounts = [figure for segment in segments for figure in _money(segment)]
    place = (reading.quote_of(total).start, end)
    larger = [figure for figure in amounts if figure.base > total.base]
    whole = total.base
    if larger and total.unit == "元" and all(figure.value < total.value for figure in larger):
        part = f"{larger[0].text}（{in_unit(larger[0].base, total)}）"
        text = f"{total.text} 少于其中的 {part}，应为 {plain(total.value)}万元"
        yield reading.relation("unit", Verdict.CONTRADICTION, [total, *amounts], text, "金额单位错误")
        whole = total.base * _TEN_THOUSAND
    if any(_is_price(figure) for figure in amounts):
        yield from _priced_sum(reading, whole, segments, place)


def _total(reading: Reading, before: int) -> Figure | None:
    sentence = reading.structure.sentence_at(before)
    is_first = not reading.plain[reading.structure.sentences[sentence].start : before].strip()
    start = max(reading.structure.sentences[max(sentence - is_first, 0)].start, before - _LOOK_BACK)
    earlier = [figure for figure in reading.between(start, before) if figure.kind == units.MONEY]
    return earlier[-1] if earlier and is_exact(earlier[-1]) else None


def _segments(reading: Reading, start: int, end: int) -> list[list[Figure]]:
    found: list[list[Figure]] = []
    for part in re.finditer("[^；]+", reading.plain[start:end]):
        figures = reading.between(start + part.start(), start + part.end())
        if figures:
            found.append(figures)
    return found


def _money(figures: Sequence[Figure]) -> list[Figure]:
    return [figure for figure in figures if figure.kind == units.MONEY and is_exact(figure)]


def _is_price(figure: Figure) -> bool:
    return bool(re.search("每|均|标准", figure.label))


def _priced_sum(
    reading: Reading, whole: Decimal, segments: Sequence[Sequence[Figure]], place: tuple[int, int]
) -> Iterator[Relation]:
    """Each segment is an amount, or a price by one of its counts: does any reading give the total?"""
    choices = [_readings(segment) for segment in segments]
    if not all(choices):
        return
    sums = [
        (sum((amount for amount, _ in chosen), Decimal(0)), [text for _, text in chosen])
        for chosen in product(*choices)
    ]
    fitting = next((pair for pair in sums if pair[0] == whole), None)
    working = "；".join(f"{'+'.join(texts)} = {plain(value / _TEN_THOUSAND)}万元" for value, texts in sums)
    if fitting is not None:
        yield reading.relation("sum", Verdict.HOLDS, [place], working)
    else:
        text = f"{working}，都不是 {plain(whole / _TEN_THOUSAND)}万元"
        yield reading.relation("sum", Verdict.CONTRADICTION, [place], text)


def _readings(segment: Sequence[Figure]) -> list[tuple[Decimal, str]]:
    amounts = _money(segment)
    direct = [figure for figure in amounts if not _is_price(figure)]
    if direct:
        return [(direct[0].base, plain(direct[0].base / _TEN_THOUSAND))]
    counts = [figure for figure in segment if figure.kind not in (units.MONEY, units.RATIO) and is_exact(figure)]
    price = amounts[0]
    return [
        (price.base * n.base, f"{plain(n.value)}{n.unit}×{plain(price.base / _TEN_THOUSAND)}") for n in reversed(counts)
    ]


def _by_semicolon(reading: Reading, figures: Sequence[Figure]) -> list[list[Figure]]:
    found: list[list[Figure]] = [[]]
    for figure in figures:
        if found[-1] and "；" in reading.plain[found[-1][-1].end : figure.start]:
            found.append([])
        found[-1].append(figure)
    return found


def _price(reading: Reading, figures: Sequence[Figure]) -> Iterator[Relation]:
    """对60人每人补助500元，共3万元: one price, one count that it is for, one amount."""
    prices = [figure for figure in figures if figure.kind == units.MONEY and _price_of(reading, figure)]
    others = [figure for figure in figures if figure.kind == units.MONEY and figure not in prices and is_exact(figure)]
    if len(prices) != 1 or len(others) != 1 or not is_exact(prices[0]):
        return
    price, amount = prices[0], others[0]
    per = _price_of(reading, price)
    counts = [figure for figure in figures if per[0] in (figure.unit[-len(per) :], figure.kind) or figure.kind == per]
    counts = [figure for figure in counts if is_exact(figure) and figure.base]
    if len(counts) != 1 or re.search("年|月|天|季度", reading.plain[price.end : price.end + 4]):
        return
    count = counts[0]
    computed = price.base * count.base
    # A price without decimals is meant as it is.
    tolerance = amount.half + (price.half * count.base if price.value % 1 else 0)
    text = f"{plain(count.value)}{count.unit} × {price.text} = {in_unit(computed, amount)}"
    places = [count, price, amount]
    if computed == amount.base:
        yield reading.relation("unit_price", Verdict.HOLDS, places, text)
    elif abs(computed - amount.base) <= tolerance:
        yield reading.relation("unit_price", Verdict.ROUNDED, places, text)
    else:
        yield reading.relation("unit_price", Verdict.CONTRADICTION, places, f"{text}，文中为 {amount.text}")


def _price_of(reading: Reading, figure: Figure) -> str:
    """What a price is for: 人 of 每人500元 and of 500元/人, "" for what is no price."""
    behind = re.match("/([人户间亩次个台套件家名]+)", reading.plain[figure.end : figure.end + 4])
    if behind:
        return behind[1]
    before = re.search("(?:每|按)(?:一)?([人户间亩次个台套件家名])|([人户车])均", figure.label)
    return (before[1] or before[2]) if before else ""
