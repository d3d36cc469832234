"""The report as one web page that needs nothing else: no script, no request, and behind each figure its arithmetic."""

from __future__ import annotations

from html import escape
from typing import Final

from bianwang.modules.reports import arithmetic
from bianwang.modules.reports.charts import svg
from bianwang.modules.reports.material import Material, Quantity
from bianwang.modules.reports.tree import Block, Cell, Document, Heading, Paragraph, Run, Runs, Table, used

_STYLE: Final = """
body { font: 16px/1.8 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 0; color: #1d2733;
  background: #f6f8fb }
main { max-width: 960px; margin: 0 auto; padding: 24px; background: #fff }
h1 { font-size: 26px; text-align: center; font-weight: 600; line-height: 1.5 }
h2 { font-size: 20px } h3 { font-size: 17px }
article p { text-indent: 2em; margin: 0 0 .4em; overflow-wrap: anywhere }
a { color: inherit; text-decoration: underline dotted #1f6feb; text-underline-offset: 3px }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; margin: 0 0 24px; font-size: 14px }
caption { font-weight: 600; padding: 8px }
td, th { border: 1px solid #b8c2cf; padding: 5px 8px; text-align: left; font-weight: 400 }
th { background: #eef2f7 }
.center { text-align: center } .right { text-align: right }
.arithmetic tr:target { background: #fff4d6 }
svg { max-width: 100%; height: auto }
footer { color: #5b6b7e; font-size: 14px; margin-top: 24px; overflow-wrap: anywhere }
@media print { body, main { background: #fff } a { text-decoration: none } }
"""
_TAGS: Final = {1: "h2", 2: "h3", 3: "h4"}


def render(document: Document, material: Material, foot: str) -> str:
    """The page; `foot` says what it is as of, and which version."""
    title = escape("".join(document.title))
    head = "<br>".join(map(escape, document.title))
    body = "".join(map(_block, document.blocks))
    annexes = "".join(_table(annex.table) for annex in document.annexes)
    rows = "".join(_row(material.quantities[name]) for name in used(document) if name in material.quantities)
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><main><article><h1>{head}</h1>{body}</article>{annexes}"
        f'<div class="wide"><table class="arithmetic"><caption>数字的来源和算式</caption><thead><tr><th>数字</th>'
        f"<th>数值</th><th>算式</th><th>记录</th><th>来源和范围</th></tr></thead><tbody>{rows}</tbody></table></div>"
        f"<footer>{escape(foot)}</footer></main></body></html>\n"
    )


def anchor(figure: str) -> str:
    """The id of a figure's row."""
    return f"f-{figure}"


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        tag = _TAGS[block.level]
        return f"<{tag}>{_runs(block.runs)}</{tag}>"
    if isinstance(block, Paragraph):
        return f"<p>{escape(block.mark)}{_runs(block.runs)}</p>"
    if isinstance(block, Table):
        return _table(block)
    return f"<figure><figcaption><b>{escape(block.title)}</b></figcaption>{svg(block)}</figure>"


def _runs(runs: Runs) -> str:
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    return f'<a href="#{anchor(run.figure)}">{escape(run.text)}</a>' if run.figure else escape(run.text)


def _table(table: Table) -> str:
    rows = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in table.rows)
    unit = f"（{escape(table.unit)}）" if table.unit else ""
    return f'<div class="wide"><table><caption>{escape(table.title)}{unit}</caption><tbody>{rows}</tbody></table></div>'


def _cell(cell: Cell) -> str:
    tag = "th" if cell.is_head else "td"
    spans = (f' colspan="{cell.columns}"' if cell.columns > 1 else "") + (
        f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    )
    return f'<{tag} class="{cell.align}"{spans}>{_runs(cell.runs)}</{tag}>'


def _row(quantity: Quantity) -> str:
    rows = "；".join(f"{row.name} {row.count} 条" for row in quantity.rows) or "—"
    told = "，".join(filter(None, (quantity.source, quantity.scope, quantity.note, quantity.missing)))
    cells = (quantity.label, arithmetic.value(quantity), arithmetic.working(quantity), rows, told)
    return f'<tr id="{anchor(quantity.id)}">{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'
