"""What the notes to a final account always say: the balance, the functions, the three public expenses, the averages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from bianwang.audit import units
from bianwang.audit.arithmetic import Interval, agreement, in_unit, is_exact, percent, plain, sum_agreement
from bianwang.audit.facts import Facts
from bianwang.audit.model import Figure, Relation, Role, Verdict
from bianwang.audit.reading import Reading
from bianwang.audit.structure import Section

_BALANCE: Final = (
    (re.compile("^(?:收入总计|总收入)$"), (re.compile("^(?:本年)?收入合计$"), re.compile("^年初结转和?结余$"))),
    (re.compile("^(?:支出总计|总支出)$"), (re.compile("^(?:本年)?支出合计$"), re.compile("^年末结转和?结余$"))),
)
_OTHER_SOURCES: Final = re.compile("结余分配|使用非财政拨款|用事业基金|用结余弥补")
_PUBLIC_PARTS: Final = (
    re.compile("因公出国"),
    re.compile("公务(?:用)?车购置费?$|公务(?:用)?车购置(?:支出|费用)?$"),
    re.compile("公务(?:用)?车运行(?:维护)?"),
    re.compile("公务接待"),
)
_VEHICLES: Final = re.compile("公务(?:用)?车购置(?:及|和)运行")
_AVERAGES: Final = (
    (
        re.compile("人均(?:接待|费用|$)"),
        re.compile("公务接待"),
        re.compile("人(?:次)?$"),
        re.compile("接待|批次|来访|^$"),
    ),
    (
        re.compile("(?:车均|单车|每辆)[^，。]{0,6}维护"),
        re.compile("^公务(?:用)?车运行(?:维护)?"),
        re.compile("辆$"),
        re.compile("保有量"),
    ),
)
_RESTATED: Final = re.compile("^(?:即|合|折合|约合)")
_INTRODUCED: Final = re.compile("(?:以下|如下|下列)[^。\n]{0,12}[：。]\\s*$|[：]\\s*$")


def check(facts: Facts) -> Iterator[Relation]:
    """Everything the national wording prescribes."""
    reading = facts.reading
    yield from _balance(reading)
    yield from _public(reading)
    yield from _averages(reading)
    yield from _numbered(reading)
    yield from _named_shares(reading)


def _labelled(reading: Reading, pattern: re.Pattern[str]) -> Figure | None:
    """The first amount called so."""
    return next(
        (
            f
            for f in reading.figures
            if f.kind == units.MONEY and is_exact(f) and _is_own(f) and pattern.search(f.label)
        ),
        None,
    )


def _is_own(figure: Figure) -> bool:
    return figure.role is not Role.CHANGE and not re.search("[较比]|人均|车均|每", figure.label)


def _balance(reading: Reading) -> Iterator[Relation]:
    """Total income = income of the year + carried in; total outlay = outlay of the year + carried out."""
    whole = [_labelled(reading, pattern) for pattern, _ in _BALANCE]
    if whole[0] is not None and whole[1] is not None:
        same = whole[0].base == whole[1].base
        text = f"收入总计 {plain(whole[0].value)}，支出总计 {plain(whole[1].value)}"
        verdict = Verdict.HOLDS if same else Verdict.CONTRADICTION
        yield reading.relation("balance", verdict, [whole[0], whole[1]], text if same else f"{text}，收支总计应当相等")
    if _OTHER_SOURCES.search(reading.plain):
        return
    for total, (_, parts) in zip(whole, _BALANCE, strict=True):
        found = [_labelled(reading, part) for part in parts]
        figures = [figure for figure in found if figure is not None]
        if total is None or len(figures) < len(parts):
            continue
        yield _sum(reading, total, figures, Verdict.SUSPICIOUS)


def _sum(reading: Reading, total: Figure, parts: Sequence[Figure], otherwise: Verdict) -> Relation:
    verdict = sum_agreement(total, parts)
    computed = sum((part.base for part in parts), Decimal(0))
    numbers = "+".join(plain(part.value) for part in parts)
    text = f"{numbers} = {in_unit(computed, total)}，文中为 {plain(total.value)}{total.unit}"
    if verdict is None:
        text = f"{text}，差 {in_unit(abs(computed - total.base), total)}"
    return reading.relation("sum", verdict or otherwise, [total, *parts], text)


def _public(reading: Reading) -> Iterator[Relation]:
    """The three public expenses, whose parts stand in paragraphs of their own."""
    total = _labelled(reading, re.compile("三公”?经费(?:财政拨款)?(?:支出)?(?:决算)?(?:总额|数)?(?:共计)?$"))
    if total is None:
        return
    after = [
        f for f in reading.figures if f.start > total.start and f.kind == units.MONEY and is_exact(f) and _is_own(f)
    ]
    found = [next((figure for figure in after if pattern.search(figure.label)), None) for pattern in _PUBLIC_PARTS]
    vehicles = next((figure for figure in after if _VEHICLES.search(figure.label)), None)
    if found[1] is None and vehicles is not None:
        found[1], found[2] = vehicles, None
    parts = [figure for figure in found if figure is not None]
    if len(parts) >= 3 and found[3] is not None and (found[2] is not None or vehicles is not None):
        yield _sum(reading, total, parts, Verdict.CONTRADICTION)


def _averages(reading: Reading) -> Iterator[Relation]:
    """人均接待费 = 公务接待费 / 人次; 车均维护费 = 运行维护费 / 保有量."""
    for name, amount, unit, count in _AVERAGES:
        average = next((f for f in reading.figures if _is_average(reading, f, name)), None)
        whole = _labelled(reading, amount)
        if average is None or whole is None:
            continue
        start = reading.structure.sentences[average.sentence].start
        near = [f for f in reading.between(max(0, start - 400), average.start) if unit.search(f.unit) and is_exact(f)]
        near = [figure for figure in reversed(near) if figure.base and count.search(figure.label)]
        quotients = [(whole.base / figure.base, figure) for figure in near]
        fitting = next(
            ((q, f) for q, f in quotients if abs(q - average.base) <= average.half + whole.half / f.base), None
        )
        if fitting is not None:
            text = f"{whole.text}/{fitting[1].text} = {in_unit(fitting[0], average)}"
            yield reading.relation("unit_price", Verdict.ROUNDED, [whole, fitting[1], average], text)
        elif quotients:
            quotient, figure = quotients[0]
            text = f"{whole.text}/{figure.text} = {in_unit(quotient, average)}，文中为 {average.text}"
            yield reading.relation("unit_price", Verdict.CONTRADICTION, [whole, figure, average], text)


def _is_average(reading: Reading, figure: Figure, name: re.Pattern[str]) -> bool:
    if figure.kind != units.MONEY or not is_exact(figure) or not name.search(figure.label):
        return False
    span = reading.structure.sentences[figure.sentence]
    return figure.label != "人均" or "接待" in re.split("[；]", reading.plain[span.start : figure.start])[-1]


def _numbered(reading: Reading) -> Iterator[Relation]:
    """（1）教育支出…，占…%；（2）…: numbered parts of the total before them, and their shares."""
    sections = reading.structure.sections
    groups: dict[tuple[int, int], list[Section]] = {}
    for section in sections:
        groups.setdefault((section.parent, section.level), []).append(section)
    for members in groups.values():
        if len(members) < 2 or not _INTRODUCED.search(reading.plain[max(0, members[0].start - 60) : members[0].start]):
            continue
        parts = [_first_amount(reading, section) for section in members]
        amounts = [part for part in parts if part is not None]
        if len(amounts) < len(members):
            continue
        shares = [_share_of(reading, part, member) for part, member in zip(amounts, members, strict=True)]
        total = _total_before(reading, members[0].start, amounts, shares)
        if total is not None:
            yield from _parts_of(reading, total, amounts, shares)


def _first_amount(reading: Reading, section: Section) -> Figure | None:
    line_end = reading.line_of(section.start)[1]
    figures = reading.between(section.body, min(section.end, line_end))
    first = next((figure for figure in figures if figure.kind == units.MONEY), None)
    return first if first is not None and is_exact(first) and _is_own(first) else None


def _total_before(
    reading: Reading, offset: int, parts: Sequence[Figure], shares: Sequence[Figure | None]
) -> Figure | None:
    """The total of a numbered list: of the amounts before it the one that its parts make, or whose shares they are."""
    earlier = reversed(reading.between(max(0, offset - 600), offset))
    amounts = [
        f for f in earlier if f.kind == units.MONEY and is_exact(f) and _is_own(f) and not _RESTATED.search(f.label)
    ]
    fitting = next((figure for figure in amounts if sum_agreement(figure, parts)), None)
    if fitting is not None:
        return fitting
    pairs = [(share, part) for share, part in zip(shares, parts, strict=True) if share is not None]
    return next((f for f in amounts if sum(_is_share(s, p, f) for s, p in pairs) * 2 > len(parts)), None)


def _parts_of(
    reading: Reading, total: Figure, parts: Sequence[Figure], shares: Sequence[Figure | None]
) -> Iterator[Relation]:
    yield _sum(reading, total, parts, Verdict.CONTRADICTION)
    for share, part in zip(shares, parts, strict=True):
        if share is not None and total.base:
            text = f"{plain(part.value)}/{plain(total.value)} = {percent(part.base / total.base)}"
            if _is_share(share, part, total):
                yield reading.relation("share", Verdict.ROUNDED, [part, share], text)
            else:
                yield reading.relation(
                    "share", Verdict.CONTRADICTION, [total, part, share], f"{text}，文中为 {share.text}"
                )


def _share_of(reading: Reading, part: Figure, member: Section) -> Figure | None:
    figures = reading.between(part.end, min(member.end, reading.line_of(part.start)[1]))
    return next((f for f in figures[:2] if f.kind == units.RATIO and is_exact(f) and "占" in f.label), None)


def _is_share(share: Figure, part: Figure, total: Figure) -> bool:
    within = Interval.of(part).over(Interval.of(total)) if total.base else None
    return within is not None and agreement(part.base / total.base, within, share) is not None


def _named_shares(reading: Reading) -> Iterator[Relation]:
    """授予中小企业合同金额900万元，占政府采购支出总额的75%: the whole is named."""
    for figure in reading.figures:
        if figure.kind != units.RATIO or not is_exact(figure) or not figure.label.startswith("占"):
            continue
        name = re.sub("^占(?:本年度?|全部|总)?|的(?:比例|比重)?$|比例$|比重$", "", figure.label)
        if len(name) < 4:
            continue
        earlier = [f for f in reading.between(max(0, figure.start - 500), figure.start) if is_exact(f) and _is_own(f)]
        whole = next((f for f in reversed(earlier) if name in f.label and f.kind != units.RATIO), None)
        part = next(
            (f for f in reversed(earlier) if whole is not None and f.kind == whole.kind and f.start != whole.start),
            None,
        )
        if (
            whole is None
            or part is None
            or part.start < whole.start
            or not whole.base
            or part.sentence != figure.sentence
        ):
            continue
        text = f"{plain(part.value)}/{plain(whole.value)} = {percent(part.base / whole.base)}"
        if _is_share(figure, part, whole):
            yield reading.relation("share", Verdict.ROUNDED, [part, whole, figure], text)
        else:
            yield reading.relation(
                "share", Verdict.CONTRADICTION, [part, whole, figure], f"{text}，文中为 {figure.text}"
            )
