"""What fell short in the year, by the rules of the template: sentences that a writer edits, keeps or leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bianwang.modules.reports import pack
from bianwang.modules.reports.language import REFERENCE
from bianwang.modules.reports.material import Line, Material


@dataclass(frozen=True)
class Shortfall:
    """One problem, and what is proposed against it."""

    code: str
    problem: str
    advice: str


def found(template: pack.Template, material: Material) -> Iterator[Shortfall]:
    """Shortfalls in order of the rules; an indicator of which a rule of its own speaks is not told twice."""
    told: set[str] = set()
    for rule in template.shortfalls:
        if rule.each:
            rest = [line for line in material.lines if line.code not in told]
            for line in filter(_unmet if rule.each == "unmet" else _unproved, rest):
                yield _of(rule, line, f"{rule.code}.{line.code}")
        elif _applies(rule, material):
            own = material.line(rule.indicator)
            told |= {own.code} if own else set()
            yield Shortfall(rule.code, rule.problem, rule.advice)


def _applies(rule: pack.Shortfall, material: Material) -> bool:
    line = material.line(rule.indicator) if rule.indicator else None
    if line is not None and _unmet(line):
        return True
    return any(
        condition.holds(material.quantities[condition.figure].value)
        for condition in rule.any
        if condition.figure in material.quantities
    )


def _unmet(line: Line) -> bool:
    return line.score is not None and not line.is_full


def _unproved(line: Line) -> bool:
    return line.score is None or not (line.figure or line.evidence)


def _of(rule: pack.Shortfall, line: Line, code: str) -> Shortfall:
    texts = (REFERENCE.sub(lambda hit: hit[0].replace("*", line.code), text) for text in (rule.problem, rule.advice))
    problem, advice = texts
    return Shortfall(code, problem, advice)
