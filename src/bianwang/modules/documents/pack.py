"""Kinds of documents: `districts/<district>/documents.yaml`, checked when it is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec
import yaml

import bianwang
from bianwang.platform import packs
from bianwang.platform.config import config
from bianwang.platform.workflow.errors import Refused

FieldType = Literal["text", "long", "date", "datetime", "money", "choice", "list"]
Signer = Literal["officers", "party", "unit", "approver", "members"]
STATES = {"issued": "已制发", "served": "已送达"}


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One blank of a document. A `list` is a row a line; `choice` one of `choices`.

    `carry` names the blanks (`kind.blank`) of earlier documents of the dossier that it starts from; the first
    one that is there counts.
    """

    code: str
    label: str
    type: FieldType
    required: bool = False
    help: str = ""
    choices: tuple[str, ...] = ()
    carry: tuple[str, ...] = ()


class Gate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the dossier must hold: at least one of these kinds in one of these states."""

    any: tuple[str, ...]
    states: tuple[str, ...] = ("issued", "served")


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of document.

    `officers`: how many certified officers it names; `serve_within` in working days, 0 for internal papers.
    """

    code: str
    name: str
    stage: Literal["inspection", "case", "both"]
    order: int
    source: str
    article: str
    certainty: str
    valid_from: date
    mark: str = ""
    serial: str = ""
    officers: int = 0
    approval: bool = False
    serve_within: int = 0
    signers: tuple[Signer, ...] = ()
    requires: tuple[Gate, ...] = ()
    fields: tuple[Field, ...] = ()
    body: tuple[str, ...] = ()
    valid_to: date | None = None

    @property
    def series(self) -> str:
        """The series of numbers it takes from; "" for a document without a number."""
        return (self.serial or self.mark) if self.mark else ""

    @property
    def is_signed(self) -> bool:
        """Whether the party signs it."""
        return "party" in self.signers


class Pack(msgspec.Struct, frozen=True):
    """The whole file. `prefixes` by an organisation's code: only these units issue numbered documents."""

    prefixes: dict[str, str]
    kinds: tuple[Kind, ...]


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The pack of this instance's district. Raises Refused that names what is wrong in the file."""
    file = Path(bianwang.__file__).parent / "districts" / config().district / "documents.yaml"
    try:
        found = msgspec.convert(packs.parse(file.read_text("utf-8")), Pack)
    except (msgspec.ValidationError, yaml.YAMLError) as error:
        raise Refused(f"{file.name} 有误：{error}，请改正后重新启动。") from error
    for words in _faults(found.kinds):
        raise Refused(f"{file.name} 有误：{words}，请改正后重新启动。")
    return found


def kinds(day: date) -> list[Kind]:
    """Kinds in use on a day, in the order of the case file."""
    valid = [row for row in pack().kinds if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)]
    return sorted(valid, key=lambda row: row.order)


def kind(code: str, day: date) -> Kind:
    """A kind as it was on a day. Raises Refused."""
    for row in kinds(day):
        if row.code == code:
            return row
    raise Refused(f"没有在 {day} 有效的文书种类“{code}”，请在地区包的 documents.yaml 中补充。")


def kind_names() -> dict[str, str]:
    """Codes and names for filters, each once."""
    return {row.code: row.name for row in pack().kinds}


def _faults(rows: Iterable[Kind]) -> Iterator[str]:
    rows = list(rows)
    known = {row.code for row in rows}
    marks: dict[str, str] = {}
    for row in rows:
        wanted = {code for gate in row.requires for code in gate.any} - known
        if wanted:
            yield f"“{row.name}”要求的文书种类 {'、'.join(sorted(wanted))} 不存在"
        if row.mark and marks.setdefault(row.mark, row.code) != row.code:
            yield f"“{row.name}”的代字 {row.mark} 与另一种文书相同"
        if any(other is not row and other.code == row.code and _overlap(row, other) for other in rows):
            yield f"“{row.name}”有两条在同一天有效"
        codes = [item.code for item in row.fields]
        if len(set(codes)) < len(codes):
            yield f"“{row.name}”有重复的栏目"
        blanks = {f"{other.code}.{item.code}" for other in rows for item in other.fields if other.code != row.code}
        for item in row.fields:
            if set(item.carry) - blanks:
                yield f"“{row.name}”的“{item.label}”沿用的栏目 {'、'.join(set(item.carry) - blanks)} 不存在"
        for line in row.body:
            if line.startswith("* ") and line[2:] not in codes:
                yield f"“{row.name}”正文列出的栏目 {line[2:]} 不存在"


def _overlap(one: Kind, other: Kind) -> bool:
    last = min(one.valid_to or date.max, other.valid_to or date.max)
    return max(one.valid_from, other.valid_from) <= last
