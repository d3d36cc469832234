"""What the text says in words: against other words, and against the figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from bianwang.audit.arithmetic import percent
from bianwang.audit.budget import lines_named
from bianwang.audit.facts import Facts
from bianwang.audit.model import Relation, Verdict
from bianwang.audit.reading import Reading
from bianwang.audit.vocabulary import OPPOSED, TOPICS

_SENTENCE_PART: Final = "[^。；\n]"
_NEARLY_ALL: Final = Decimal("0.95")
_LOW: Final = re.compile(
    "(?:预算)?执行率(?:较|偏|很)?低|执行进度(?:较为?|偏)?(?:缓慢|慢)|结余(?:数|资金|金额)?较?(?:大|多)|资金(?:长期)?(?:沉淀|闲置)"
)


def check(facts: Facts) -> Iterator[Relation]:
    """Statements against statements, then against lines of the budget."""
    yield from _opposed(facts.reading)
    yield from _against_lines(facts)


def _opposed(reading: Reading) -> Iterator[Relation]:
    for subject, good, bad in OPPOSED:
        praised = next(_all(reading, subject, good), None)
        if praised is None:
            continue
        blamed = [span for span in _all(reading, subject, bad) if span[1] <= praised[0] or praised[1] <= span[0]]
        if blamed:
            is_same = any(_levels(reading, praised) & _levels(reading, span) for span in blamed)
            yield reading.relation(
                "narrative_vs_narrative",
                Verdict.CONTRADICTION if is_same else Verdict.SUSPICIOUS,
                [praised, *blamed[:2]],
                "对同样的事，一处说及时足额，另一处说缓慢、沉淀或不及时",
                "相关指标的得分没有依据",
            )


def _levels(reading: Reading, span: tuple[int, int]) -> set[str]:
    """Whose money, or money for what, a statement names."""
    return set(re.findall("中央|市级|省级|上级|救灾|救助|专项", reading.plain[slice(*span)]))


def _all(reading: Reading, subject: str, claim: str) -> Iterator[tuple[int, int]]:
    """Parts of sentences in which a claim stands beside its subject, in either order."""
    near = f"(?:{_SENTENCE_PART}{{0,16}})"
    pattern = re.compile(f"(?:{claim}){near}(?:{subject})|(?:{subject}){near}(?:{claim})")
    return (found.span() for found in pattern.finditer(reading.plain))


def _against_lines(facts: Facts) -> Iterator[Relation]:
    """Low execution is deplored of something whose line was spent almost in full."""
    reading = facts.reading
    told: set[int] = set()
    for found in _LOW.finditer(reading.plain):
        start = max(reading.plain.rfind(mark, 0, found.start()) for mark in "。；\n") + 1
        claim = reading.plain[start : found.end()]
        words = next((named for topic, named in TOPICS if re.search(topic, claim)), ())
        line = next(lines_named(facts.budget, words), None) if words and start not in told else None
        if line is None or not line[0].base or line[1].base / line[0].base < _NEARLY_ALL:
            continue
        told.add(start)
        given, spent = line
        begin = _clause_start(reading, start, found.start())
        text = f"“{given.label}”执行 {percent(spent.base / given.base)}，与所说的执行低、结余大不符"
        yield reading.relation("narrative_vs_data", Verdict.SUSPICIOUS, [(begin, found.end()), given, spent], text)


def _clause_start(reading: Reading, start: int, end: int) -> int:
    """The beginning of the clause with the claim; a list of names in quotes belongs to it."""
    place = max(reading.plain.rfind(mark, start, end) for mark in "，：；")
    clause = reading.plain[place + 1 : end] if place >= 0 else ""
    return place + 1 if len(clause) > 3 and "“" not in reading.plain[start:end] else start
