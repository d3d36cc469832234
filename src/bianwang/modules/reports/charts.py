"""A chart as SVG, drawn once: the web page shows it, Typst sets it in the PDF and makes the picture of the Word file.

Only attributes, no style: the page's content policy allows none.
"""

from __future__ import annotations

from decimal import Decimal
from html import escape
from typing import Final

from bianwang.modules.reports.tree import Bar, Chart

WIDTH: Final = 640
"""Width of every chart, in its own units."""
_NAMES, _BAR, _LINE, _SIZE = 236, 330, 30, 14
_FONT = "Noto Sans SC, Microsoft YaHei, sans-serif"
_INK, _FILL, _GROUND = "#1d2733", "#1f6feb", "#e8edf4"


def height(chart: Chart) -> int:
    """Height of a chart in the same units."""
    return _LINE * len(chart.bars) + 6


def svg(chart: Chart) -> str:
    """The drawing, with its title and figures for who cannot see it."""
    bars = "".join(_bar(bar, chart.full, 3 + _LINE * place) for place, bar in enumerate(chart.bars))
    told = "；".join(f"{bar.label} {bar.text}" for bar in chart.bars)
    size = f"{WIDTH} {height(chart)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{WIDTH}" height="{height(chart)}" '
        f'role="img" aria-label="{escape(chart.title)}：{escape(told)}" font-family="{_FONT}" font-size="{_SIZE}">'
        f"{bars}</svg>"
    )


def _bar(bar: Bar, full: Decimal, top: int) -> str:
    share = min(max(bar.value or Decimal(0), Decimal(0)) / full, Decimal(1)) if full else Decimal(0)
    length = round(float(share) * _BAR, 1)
    middle = top + _LINE / 2
    line = middle + _SIZE * 0.36
    return (
        f'<text x="{_NAMES - 10}" y="{line:.1f}" text-anchor="end" fill="{_INK}">{escape(_short(bar.label))}</text>'
        f'<rect x="{_NAMES}" y="{top + 6}" width="{_BAR}" height="{_LINE - 12}" rx="2" fill="{_GROUND}"/>'
        f'<rect x="{_NAMES}" y="{top + 6}" width="{length}" height="{_LINE - 12}" rx="2" fill="{_FILL}"/>'
        f'<text x="{_NAMES + _BAR + 8}" y="{line:.1f}" fill="{_INK}">{escape(bar.text)}</text>'
    )


def _short(label: str) -> str:
    return label if len(label) <= 16 else f"{label[:15]}…"
