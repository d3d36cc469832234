"""An audit as JSON and as a page that needs nothing else."""

from __future__ import annotations

from html import escape
from typing import Any, Final

from bianwang.audit.document import Document
from bianwang.audit.marking import pieces
from bianwang.audit.model import Audit, Figure, Quote, Relation, Verdict

_STYLE: Final = """
body { font: 16px/1.7 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 0; color: #1d2733;
  background: #f6f8fb }
main { display: grid; grid-template-columns: minmax(0, 3fr) minmax(320px, 2fr); gap: 24px; max-width: 1400px;
  margin: 0 auto; padding: 24px }
header { grid-column: 1/-1 }
h1 { font-size: 22px; margin: 0 0 4px }
article, li { background: #fff; border: 1px solid #d9e0ea; border-radius: 6px }
article { padding: 20px; white-space: pre-wrap; overflow-wrap: anywhere }
ol { list-style: none; margin: 0; padding: 0 }
li { padding: 12px 16px; margin-bottom: 12px }
.f { border-bottom: 1px dotted #7a8aa0 }
mark { padding: 1px 2px; border-radius: 2px }
mark sup { font-size: 11px; font-weight: 700 }
.contradiction { background: #fbd9d7 }
.suspicious { background: #fdebc8 }
.unsupported { background: #dde8f8 }
li b { padding: 1px 6px; border-radius: 3px }
q { display: block; color: #45525f; margin: 6px 0; quotes: "“" "”" }
a { color: inherit }
@media (max-width: 900px) { main { grid-template-columns: 1fr } }
@media print { main { display: block } body { background: #fff } }
"""


def as_json(audit: Audit) -> dict[str, Any]:
    """Figures, relations and findings as plain values; numbers as strings, as exact as they are printed."""
    return {
        "figures": [_figure(figure) for figure in audit.figures],
        "relations": [_relation(relation) for relation in audit.relations],
        "findings": [_relation(relation) for relation in audit.findings],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    names = ("text", "start", "end", "unit", "kind", "label", "period", "scope", "section")
    return {
        **{name: getattr(figure, name) for name in names},
        "value": str(figure.value),
        "precision": figure.precision.value,
        "role": figure.role.value,
    }


def _relation(relation: Relation) -> dict[str, Any]:
    return {
        "verdict": relation.verdict.value,
        "kind": relation.kind,
        "quotes": [_quote(quote) for quote in relation.quotes],
        "arithmetic": relation.arithmetic,
        "effect": relation.effect,
    }


def _quote(quote: Quote) -> dict[str, Any]:
    return {"text": quote.text, "start": quote.start, "end": quote.end}


def summary(audit: Audit) -> str:
    """核对数字 120 个、关系 60 条：矛盾 2，存疑 1，缺少依据 3."""
    counts = "，".join(
        f"{verdict.label} {sum(finding.verdict is verdict for finding in audit.findings)}"
        for verdict in (Verdict.CONTRADICTION, Verdict.SUSPICIOUS, Verdict.UNSUPPORTED)
    )
    return f"读出数字 {len(audit.figures)} 个，核对关系 {len(audit.relations)} 条：{counts}"


def as_html(name: str, document: Document, audit: Audit) -> str:
    """One page: the text with its figures and findings marked, the findings beside it."""
    findings = "".join(_finding(number, finding) for number, finding in enumerate(audit.findings))
    return (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(name)} 核对结果</title><style>{_STYLE}</style><main><header><h1>{escape(name)}</h1>"
        f"<p>{summary(audit)}</p></header><article>{_text(document, audit)}</article>"
        f"<ol>{findings}</ol></main></html>\n"
    )


def _text(document: Document, audit: Audit) -> str:
    parts = []
    opened: set[int] = set()
    for piece in pieces(document.text, audit):
        words = escape(piece.text)
        if piece.is_figure:
            words = f'<span class="f">{words}</span>'
        if piece.findings:
            worst = min((audit.findings[number] for number in piece.findings), key=lambda each: _ORDER[each.verdict])
            fresh = [number for number in piece.findings if number not in opened]
            opened.update(fresh)
            marks = "".join(f'<sup id="t{number}"><a href="#f{number}">{number + 1}</a></sup>' for number in fresh)
            words = f'<mark class="{worst.verdict.value}">{marks}{words}</mark>'
        parts.append(words)
    return "".join(parts)


_ORDER: Final = {Verdict.CONTRADICTION: 0, Verdict.SUSPICIOUS: 1, Verdict.UNSUPPORTED: 2}


def _finding(number: int, finding: Relation) -> str:
    quotes = "".join(f"<q>{escape(quote.text)}</q>" for quote in finding.quotes)
    effect = f"<p>影响：{escape(finding.effect)}</p>" if finding.effect else ""
    return (
        f'<li id="f{number}"><b class="{finding.verdict.value}">{number + 1} {finding.verdict.label}</b> '
        f'<a href="#t{number}">看原文</a><p>{escape(finding.arithmetic)}</p>{quotes}{effect}</li>'
    )
