"""Correct reports of five layouts, as they are and with one figure changed at a time, and a report that the platform
writes itself (`tests/modules/reports/year.py`).

`reports/*.txt` are self-written. Beside each stands what a careful reader can check in it: every figure whose change
breaks something that the text says. Every third figure of each report is changed here; with BIAN_EXAMPLES every one.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from bianwang.audit.arithmetic import plain
from bianwang.audit.auditor import audit
from bianwang.audit.model import Audit, Relation, Verdict
from bianwang.audit.readers.text import document
from tests.modules.reports import year

REPORTS = sorted((Path(__file__).parent / "reports").glob("*.txt"))
EVERY = 1 if "BIAN_EXAMPLES" in os.environ else 3
HOLDING = (Verdict.HOLDS, Verdict.ROUNDED)
ARITHMETIC = {
    "sum", "difference", "rate", "share", "year_on_year", "score_total", "weights", "list_count", "unit_price",
    "balance", "cross_section_equal",
}  # fmt: skip
"""Relations that one wrong figure breaks."""


class Place(NamedTuple):
    """A numeral of a text."""

    start: int
    end: int


def contradictions(found: Audit) -> list[Relation]:
    return [finding for finding in found.findings if finding.verdict is Verdict.CONTRADICTION]


def doubts(found: Audit) -> set[tuple[str, ...]]:
    """Contradictions and suspicions, so that two audits can be compared."""
    loud = (Verdict.CONTRADICTION, Verdict.SUSPICIOUS)
    return {(f.kind, f.verdict, *(q.text for q in f.quotes)) for f in found.findings if f.verdict in loud}


def changed(numeral: str, rng: random.Random) -> str:
    """The numeral with another digit; not the last of a decimal, which rounding may hide."""
    digits = [place for place, char in enumerate(numeral) if char.isdigit()]
    if not digits:
        return rng.choice([char for char in "三四五六七八九" if char != numeral])
    places = digits[:-1] if "." in numeral and len(digits) > 2 else digits
    while True:
        place = rng.choice(places)
        new = numeral[:place] + rng.choice([d for d in "0123456789" if d != numeral[place]]) + numeral[place + 1 :]
        if re.match(r"0\.|[1-9]", new):
            return new


def is_noticed(text: str, place: Place, new: str, before: set[tuple[str, ...]]) -> bool:
    after = audit(document(text[: place.start] + new + text[place.end :]))
    return bool(doubts(after) - before)


@pytest.mark.parametrize("file", REPORTS, ids=lambda file: file.stem)
def test_a_correct_report_has_no_contradiction(file: Path) -> None:
    found = audit(document(file.read_text(encoding="utf-8")))
    assert contradictions(found) == []
    assert len(doubts(found)) <= 1
    assert sum(relation.verdict in HOLDING for relation in found.relations) >= 10


def held_figures(text: str) -> Iterator[Place]:
    """The numerals of every figure that takes part in the working of an arithmetical relation which holds."""
    found = audit(document(text))
    starts = {figure.start: figure for figure in found.figures}
    for relation in found.relations:
        if relation.kind not in ARITHMETIC or relation.verdict not in HOLDING:
            continue
        for quote in relation.quotes:
            for start in range(quote.start, quote.end):
                figure = starts.get(start)
                numeral = re.search(r"\d[\d.]*", text[figure.start : figure.end]) if figure else None
                if figure and numeral and plain(figure.value) in re.findall(r"[\d.]+", relation.arithmetic):
                    yield Place(figure.start + numeral.start(), figure.start + numeral.end())


def test_changes_that_break_a_relation_are_noticed() -> None:
    rng, tried, noticed, missed = random.Random(2022), 0, 0, []
    for file in REPORTS:
        text = file.read_text(encoding="utf-8")
        before = doubts(audit(document(text)))
        for place in sorted(set(held_figures(text)))[::EVERY]:
            new = changed(text[place.start : place.end], rng)
            tried += 1
            if is_noticed(text, place, new, before):
                noticed += 1
            else:
                missed.append(f"{file.stem}: {text[place.start - 12 : place.end + 4]!r} → {new}")
    assert tried > 500 // EVERY
    assert noticed >= 0.95 * tried, "\n".join([f"{noticed}/{tried}", *missed])


def test_most_of_what_a_reader_can_check_is_checked() -> None:
    rng, tried, noticed = random.Random(1), 0, 0
    for file in REPORTS:
        text = file.read_text(encoding="utf-8")
        before = doubts(audit(document(text)))
        for item in json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))[::EVERY]:
            start = text.index(item["quote"]) + item["quote"].index(item["figure"])
            place = Place(start, start + len(item["figure"]))
            tried += 1
            noticed += is_noticed(text, place, changed(item["figure"], rng), before)
    assert noticed >= 0.85 * tried, f"{noticed}/{tried}"


def test_a_report_of_the_platform_is_correct_and_its_changes_are_noticed() -> None:
    text = year.text()
    found = audit(document(text))
    assert contradictions(found) == []
    rng, tried, noticed, missed = random.Random(2022), 0, 0, []
    before = doubts(found)
    for place in sorted(set(held_figures(text))):
        new = changed(text[place.start : place.end], rng)
        tried += 1
        if is_noticed(text, place, new, before):
            noticed += 1
        else:
            missed.append(f"{text[place.start - 12 : place.end + 4]!r} → {new}")
    assert tried > 30
    assert noticed >= 0.9 * tried, "\n".join([f"{noticed}/{tried}", *missed])
