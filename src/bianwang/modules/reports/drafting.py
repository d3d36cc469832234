"""From the template, the material and what people wrote, to the document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from bianwang.modules.reports import language, pack
from bianwang.modules.reports.annexes import annexes
from bianwang.modules.reports.language import REFERENCE
from bianwang.modules.reports.material import Line, Material
from bianwang.modules.reports.shortfalls import found
from bianwang.modules.reports.tree import Bar, Block, Cell, Chart, Document, Heading, Paragraph, Run, Runs, Table

_ORDINALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Source:
    """The text of one paragraph as the template proposes it; `numbering` is 1 (1. 2.) or 一 (一是 二是)."""

    key: str
    text: str
    numbering: str = ""
    group: str = ""
    """What counts its numbers together."""


@dataclass(frozen=True)
class Written:
    """What somebody made of a paragraph: other words, or that it is left out."""

    text: str
    is_dropped: bool = False


Item = Source | Heading | Table | Chart


def sources(template: pack.Template, material: Material) -> list[Source]:
    """Every paragraph that can be edited, in order."""
    return [item for item in _items(template, material) if isinstance(item, Source)]


def document(template: pack.Template, material: Material, written: Mapping[str, Written]) -> Document:
    """The report. Raises language.Unknown for a text that refers to nothing."""
    blocks: list[Block] = []
    kept = (item for item in _items(template, material) if not _is_dropped(item, written))
    for (is_text, group), items in groupby(kept, key=_group):
        if not is_text:
            blocks += [item for item in items if not isinstance(item, Source)]
            continue
        for number, item in enumerate(items, 1):
            assert isinstance(item, Source)  # noqa: S101
            blocks += _paragraphs(item, number if group else 0, material, written)
    title = tuple("".join(run.text for run in _fill(line, material)) for line in template.title)
    return Document(title, tuple(blocks), annexes(template, material, blocks))


def _is_dropped(item: Item, written: Mapping[str, Written]) -> bool:
    return isinstance(item, Source) and item.key in written and written[item.key].is_dropped


def _group(item: Item) -> tuple[bool, str]:
    return (True, item.group) if isinstance(item, Source) else (False, "")


def _paragraphs(source: Source, number: int, material: Material, written: Mapping[str, Written]) -> Iterator[Paragraph]:
    """One paragraph a line of the text."""
    text = written[source.key].text if source.key in written else source.text
    for place, line in enumerate(filter(None, (line.strip() for line in text.splitlines()))):
        mark = "" if place or not source.numbering else _mark(source.numbering, number)
        yield Paragraph(source.key, _fill(line, material), mark)


def _mark(numbering: str, number: int) -> str:
    return f"{number}. " if numbering == "1" else f"{_ordinal(number)}是"


def _ordinal(number: int) -> str:
    """一 to 九十九."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _ORDINALS[tens - 1]) + "十" if tens else ""
    return head + (_ORDINALS[ones - 1] if ones else "")


def _items(template: pack.Template, material: Material) -> Iterator[Item]:
    for part in (part for part in template.parts if _stands(part, material)):
        if part.heading:
            yield Heading(part.key or part.heading, part.level, _fill(part.heading, material))
        if part.text:
            yield Source(part.key, part.text)
        for number, text in enumerate(part.items, 1):
            yield Source(f"{part.key}.{number}", text, "1", part.key)
        if part.table:
            yield _table(part.table, template.tables[part.table], material)
        if part.chart:
            yield _chart(part.chart, template.charts[part.chart], material)
        if part.each == "indicators":
            yield from _indicators(template, material.lines)
        elif part.each:
            yield from _shortfalls(template, material, part.each)


def _stands(part: pack.Part, material: Material) -> bool:
    if not part.when:
        return True
    language.check(f"{{{{{part.when}}}}}", material.quantities, {})
    return bool(material.quantities[part.when].value)


def _indicators(template: pack.Template, lines: Iterable[Line]) -> Iterator[Source]:
    for line in lines:
        text = template.unscored if line.score is None else template.indicator if line.is_full else template.unmet
        text = text.replace("{{story.*}}", template.stories.get(line.code, ""))
        yield Source(f"indicator.{line.code}", about(text, line.code), "1", "indicators")


def _shortfalls(template: pack.Template, material: Material, kind: str) -> Iterator[Source]:
    rows = [(row.code, row.problem if kind == "problems" else row.advice) for row in found(template, material)]
    told = [(code, text) for code, text in rows if text]
    for code, text in told:
        yield Source(f"{kind}.{code}", text, "一", kind)
    if not told and kind in template.nothing:
        yield Source(f"{kind}.none", template.nothing[kind])


def about(text: str, code: str) -> str:
    """A text for every indicator, made one for this: {{score.*}} → {{score.budget}}."""
    return REFERENCE.sub(lambda found: found[0].replace("*", code), text)


def _table(key: str, table: pack.Table, material: Material) -> Table:
    head = tuple(Cell((Run(text),), is_head=True) for text in table.head)
    rows = [head, *(tuple(_cell(text, place, material) for place, text in enumerate(row)) for row in table.rows)]
    return Table(key, table.title, tuple(rows), table.widths, table.unit)


def _cell(text: str, place: int, material: Material) -> Cell:
    runs = language.fill_cell(text, material.quantities, material.words)
    return Cell(runs, align="right" if place else "left")


def _chart(key: str, chart: pack.Chart, material: Material) -> Chart:
    bars: Sequence[Bar]
    if chart.scores:
        bars = [_score_bar(line, material) for line in material.lines]
    else:
        bars = [_bar(label, figure, chart.unit, material) for label, figure in chart.bars]
    return Chart(key, chart.title, tuple(bars), chart.full)


def _bar(label: str, figure: str, unit: str, material: Material) -> Bar:
    language.check(f"{{{{{figure}}}}}", material.quantities, {})
    quantity = material.quantities[figure]
    text = "无数据" if quantity.value is None else f"{quantity.text}{unit}"
    return Bar(label, quantity.value, text, figure)


def _score_bar(line: Line, material: Material) -> Bar:
    quantity = material.quantities[f"score.{line.code}"]
    if line.score is None:
        return Bar(line.name, None, "未得分", quantity.id)
    share = line.score * 100 / line.weight if line.weight else Decimal(0)
    return Bar(line.name, share, f"{quantity.text} 分", quantity.id)


def _fill(text: str, material: Material) -> Runs:
    return language.fill(text, material.quantities, material.words)
