"""双随机: a draw of enterprises and pairs of officers that anybody can repeat (国办发〔2015〕58号 art. 2).

Pure and without a random generator of any language or version: whoever has SHA-256 can recompute it by hand.

Method `sha256-rank-1`
    rank(role, key) = SHA-256 of the UTF-8 text "seed|role|key", in hexadecimal.
    In each stratum the enterprises stand in the order of rank("enterprise", code); the first n are drawn.
    The drawn are ordered by that rank over all strata. Each in turn gets the two officers with the fewest
    enterprises so far; among equals the lower rank("officer", enterprise code + "/" + officer code) comes first.

Method `sha256-rank-2`
    The same, but an officer who is excluded from an enterprise (回避) is passed over for it. The inputs list the
    exclusions as [enterprise code, officer code]; inputs without any are written and drawn by `sha256-rank-1`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

METHOD, METHOD_WITH_RECUSALS = "sha256-rank-1", "sha256-rank-2"
EVERYTHING = ""
"""The one stratum of a draw that is not stratified."""
PAIR = 2


class ImpossibleDraw(ValueError):
    """The draw cannot be made from these inputs; the message is for people."""


@dataclass(frozen=True)
class Candidate:
    """An enterprise that may be drawn: `code` is its unified social credit code."""

    code: str
    name: str
    stratum: str = EVERYTHING


@dataclass(frozen=True)
class Officer:
    """An officer that may be drawn: `code` is the number of his certificate."""

    code: str
    name: str


@dataclass(frozen=True)
class Inputs:
    """Everything that a result follows from, besides the seed."""

    candidates: Sequence[Candidate]
    officers: Sequence[Officer]
    quotas: Mapping[str, int]
    """How many are drawn from each stratum."""
    exclusions: Collection[tuple[str, str]] = ()
    """Enterprise and officer who may not be drawn together."""

    @property
    def method(self) -> str:
        """By which method it is drawn."""
        return METHOD_WITH_RECUSALS if self.exclusions else METHOD

    def officers_for(self, enterprise: str) -> list[Officer]:
        """Those who may be drawn for an enterprise."""
        return [row for row in self.officers if (enterprise, row.code) not in self.exclusions]

    def canonical(self) -> str:
        """The one way to write the inputs: sorted, without spaces, UTF-8."""
        listed = {"exclusions": sorted(list(pair) for pair in self.exclusions)} if self.exclusions else {}
        return _canonical(
            {
                **listed,
                "candidates": sorted([row.code, row.name, row.stratum] for row in self.candidates),
                "officers": sorted([row.code, row.name] for row in self.officers),
                "quotas": dict(self.quotas),
            }
        )

    def hash(self) -> str:
        """SHA-256 of the canonical inputs, published with the record."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()


def parse_inputs(text: str) -> Inputs:
    """The inputs of a published record."""
    found: dict[str, Any] = json.loads(text)
    return Inputs(
        tuple(Candidate(*row) for row in found["candidates"]),
        tuple(Officer(*row) for row in found["officers"]),
        found["quotas"],
        frozenset((enterprise, officer) for enterprise, officer in found.get("exclusions", ())),
    )


def draw(seed: str, inputs: Inputs) -> str:
    """The result as canonical JSON: [[enterprise code, [officer code, officer code]], …] in the order drawn.

    Raises ImpossibleDraw when a stratum is too small, a code stands twice, or there are not two officers.
    """
    _check(seed, inputs)
    drawn: list[Candidate] = []
    for stratum, wanted in sorted(inputs.quotas.items()):
        pool = [row for row in inputs.candidates if stratum in {EVERYTHING, row.stratum}]
        drawn += sorted(pool, key=lambda row: rank(seed, "enterprise", row.code))[:wanted]
    drawn.sort(key=lambda row: rank(seed, "enterprise", row.code))
    load = {row.code: 0 for row in inputs.officers}
    return _canonical([[row.code, _pair(seed, row.code, load, inputs)] for row in drawn])


def parse_result(text: str) -> list[tuple[str, tuple[str, str]]]:
    """A result as enterprise codes with their two officers."""
    return [(code, (first, second)) for code, (first, second) in json.loads(text)]


def rank(seed: str, role: str, key: str) -> str:
    """The place of a key in a draw, as a hexadecimal number of fixed length."""
    return hashlib.sha256(f"{seed}|{role}|{key}".encode()).hexdigest()


def _pair(seed: str, enterprise: str, load: dict[str, int], inputs: Inputs) -> list[str]:
    able = [row.code for row in inputs.officers_for(enterprise)]
    ordered = sorted(able, key=lambda code: (load[code], rank(seed, "officer", f"{enterprise}/{code}")))
    for code in ordered[:PAIR]:
        load[code] += 1
    return ordered[:PAIR]


def _check(seed: str, inputs: Inputs) -> None:
    if not seed:
        raise ImpossibleDraw("抽取须有种子，请填写或由系统生成。")
    for words, rows in (("企业", inputs.candidates), ("执法人员", inputs.officers)):
        codes = [row.code for row in rows]
        if len(codes) != len(set(codes)):
            raise ImpossibleDraw(f"抽取范围内有{words}重复，请核对名录。")
    if len(inputs.officers) < PAIR:
        raise ImpossibleDraw(f"参加抽取的持证执法人员只有 {len(inputs.officers)} 名，每家企业须派两名。")
    for row in inputs.candidates:
        able = len(inputs.officers_for(row.code))
        if able < PAIR:
            raise ImpossibleDraw(f"除回避的以外，可派往“{row.name}”的执法人员只有 {able} 名，请先增加计划的执法人员。")
    if EVERYTHING in inputs.quotas and len(inputs.quotas) > 1:
        raise ImpossibleDraw("总数和分层数只能填一种。")
    if not any(inputs.quotas.values()) or min(inputs.quotas.values()) < 0:
        raise ImpossibleDraw("请填写要抽取的企业数，至少一家。")
    for stratum, wanted in inputs.quotas.items():
        pool = sum(stratum in {EVERYTHING, row.stratum} for row in inputs.candidates)
        if wanted > pool:
            raise ImpossibleDraw(f"要抽取 {wanted} 家，但可抽的企业只有 {pool} 家，请减少抽取数。")


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
