"""The report as a PDF, and its charts as pictures: Typst with fonts that are always there.

The same page as the Word file. 仿宋 is set in Noto Serif, 黑体 and 楷体 in Noto Sans: the machine has no others.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from bianwang.modules.documents.typesetting import compile_pdf, compile_png, quote
from bianwang.modules.reports.charts import WIDTH, height, svg
from bianwang.modules.reports.tree import Annex, Block, Cell, Chart, Document, Heading, Paragraph, Table, plain

_HEAD = """#let outer = context {
  let page = counter(page).get().first()
  align(if calc.odd(page) { right } else { left }, text(size: 14pt)[— #page —])
}
#set page(paper: "a4", margin: (top: 37mm, bottom: 35mm, left: 28mm, right: 26mm), footer: outer)
#set text(font: ("Noto Serif SC", "Noto Sans SC"), size: 16pt, lang: "zh", region: "cn")
#set par(leading: 13pt, spacing: 13pt, justify: true, first-line-indent: (amount: 2em, all: true))
#show table.cell: set par(first-line-indent: 0em, justify: false, leading: 5pt, spacing: 5pt)
#show heading: it => par(text(font: "Noto Sans SC", size: 16pt, weight: "regular", it.body))
"""
_ANNEX = "#set page(flipped: true, margin: (x: 20mm, top: 20mm, bottom: 22mm))\n"
_SANS = 'font: "Noto Sans SC"'


def render(document: Document) -> bytes:
    """A PDF file."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _draw(document.blocks, root)
        title = "".join(f"#align(center, text(size: 22pt, {quote(line)}))\n" for line in document.title)
        body = [_block(block, number) for number, block in enumerate(document.blocks)]
        named = f"#set document(title: {quote(''.join(document.title))})\n"
        annexes = [_ANNEX, *map(_annex, document.annexes)] if document.annexes else []
        return compile_pdf("\n".join([named, _HEAD, title, "#v(1em)", *body, *annexes]), root)


def pictures(blocks: Iterable[Block]) -> dict[str, bytes]:
    """Every chart as PNG, by key."""
    charts = [block for block in blocks if isinstance(block, Chart)]
    if not charts:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        pages = []
        for number, chart in enumerate(charts):
            (root / f"{number}.svg").write_text(svg(chart), "utf-8")
            size = f"width: {WIDTH}pt, height: {height(chart)}pt"
            pages.append(f'#page({size}, margin: 0pt, image("{number}.svg", width: 100%))')
        return dict(zip((chart.key for chart in charts), compile_png("\n".join(pages), root), strict=True))


def _draw(blocks: Iterable[Block], root: Path) -> None:
    for number, block in enumerate(blocks):
        if isinstance(block, Chart):
            (root / f"{number}.svg").write_text(svg(block), "utf-8")


def _block(block: Block, number: int) -> str:
    if isinstance(block, Heading):
        return f"#heading(level: {block.level}, {quote(plain(block.runs))})\n"
    if isinstance(block, Paragraph):
        return f"#par({quote(block.mark + plain(block.runs))})\n"
    if isinstance(block, Table):
        return _table(block)
    return f'{_caption(block.title)}#align(center, image("{number}.svg", width: 150mm))\n'


def _annex(annex: Annex) -> str:
    return f"#pagebreak(weak: true)\n{_table(annex.table)}"


def _caption(title: str, unit: str = "") -> str:
    told = f"#align(right, text(size: 10.5pt, {quote(unit)}))\n" if unit else ""
    return f"#block(sticky: true, width: 100%, align(center, text({_SANS}, size: 14pt, {quote(title)})))\n{told}"


def _table(table: Table) -> str:
    columns = ", ".join(f"{part}fr" for part in table.widths)
    cells = ", ".join(_cell(cell) for row in table.rows for cell in row)
    set_table = f"#table(columns: ({columns}), stroke: 0.5pt, inset: 4pt, {cells})"
    return f"{_caption(table.title, table.unit)}#text(size: 10.5pt)[{set_table}]\n"


def _cell(cell: Cell) -> str:
    span = f"colspan: {cell.columns}, rowspan: {cell.rows}, align: {cell.align} + horizon, breakable: false"
    font = f"{_SANS}, " if cell.is_head else ""
    return f"table.cell({span}, text({font}{quote(cell.text)}))"
