"""The real report of 2022 against its audit by hand.

Both lie outside the repository (`shared/reference`); set `BIAN_REPORTS` to the folder to run these elsewhere.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import bianwang
from bianwang.audit.auditor import audit
from bianwang.audit.model import Audit, Relation, Verdict
from bianwang.audit.readers.text import document

FOLDER = Path(os.environ.get("BIAN_REPORTS") or Path(bianwang.__file__).parents[3] / "shared" / "reference")
pytestmark = pytest.mark.skipif(
    not (FOLDER / "report-2022.txt").is_file(),
    reason=f"没有 2022 年的报告：请放到 {FOLDER}，或用 BIAN_REPORTS 指明文件夹。",
)
RAISED = {"FAIL": Verdict.CONTRADICTION, "SUSPECT": Verdict.SUSPICIOUS, "UNSUPPORTED": Verdict.UNSUPPORTED}


@pytest.fixture(scope="module")
def found() -> Audit:
    return audit(document((FOLDER / "report-2022.txt").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def by_hand() -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = json.loads((FOLDER / "report-2022-audit.json").read_text(encoding="utf-8"))
    return items


def meets(relation: Relation, item: dict[str, Any]) -> bool:
    """Whether both are about the same kind of thing at the same place."""
    spans = [(at, at + len(text)) for text, at in zip(item["quotes"], item["offsets"], strict=True)]
    overlap = any(quote.start < end and start < quote.end for quote in relation.quotes for start, end in spans)
    return overlap and relation.kind == item["kind"]


def raised(found: Audit, items: list[dict[str, Any]], verdict: str) -> Iterator[tuple[str, bool]]:
    """For each item of a verdict, whether a finding says the same."""
    for item in items:
        if item["verdict"] == verdict:
            hits = [finding for finding in found.findings if meets(finding, item)]
            yield item["id"], any(hit.verdict is RAISED[verdict] for hit in hits)


@pytest.mark.parametrize("verdict", list(RAISED))
def test_what_the_hand_audit_raises_is_raised(found: Audit, by_hand: list[dict[str, Any]], verdict: str) -> None:
    assert [name for name, is_raised in raised(found, by_hand, verdict) if not is_raised] == []


def test_nothing_else_is_raised(found: Audit, by_hand: list[dict[str, Any]]) -> None:
    wrong = [item for item in by_hand if item["verdict"] in RAISED]
    assert [each for each in found.findings if not any(meets(each, item) for item in wrong)] == []


def test_what_is_right_is_no_contradiction(found: Audit, by_hand: list[dict[str, Any]]) -> None:
    right = [item for item in by_hand if item["verdict"] in ("HOLDS", "HOLDS_ROUNDED", "CONTROL")]
    contradictions = [finding for finding in found.findings if finding.verdict is Verdict.CONTRADICTION]
    assert [(item["id"], each.kind) for item in right for each in contradictions if meets(each, item)] == []


def test_the_carry_over_sides_with_the_lines(found: Audit) -> None:
    (difference,) = (f for f in found.findings if f.kind == "difference")
    assert "788.91" in difference.arithmetic
    assert "两个总数与各项不符" in difference.arithmetic
    assert difference.effect == "按各项合计，执行率为 80.81%，文中为 81%，得分不变"


def test_quotes_are_exact(found: Audit) -> None:
    text = (FOLDER / "report-2022.txt").read_text(encoding="utf-8")
    for relation in found.relations:
        assert all(text[quote.start : quote.end] == quote.text for quote in relation.quotes)
    assert all(text[figure.start : figure.end].strip() for figure in found.figures)
