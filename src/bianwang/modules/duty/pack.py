"""What the district pack says of being on duty: `districts/<district>/duty.yaml`, checked when it is read."""

from __future__ import annotations

from datetime import date, time
from functools import lru_cache
from typing import Any, Protocol, TypeVar

import msgspec

from bianwang.modules.duty.turns import Times, check_times
from bianwang.platform import packs
from bianwang.platform.workflow.errors import UnknownLimit

LONGEST_TEXT = 500
"""Characters of a group message."""


class Coded(packs.Dated, Protocol):
    """A dated row with a code."""

    @property
    def code(self) -> str: ...


C = TypeVar("C", bound=Coded)


class ShiftRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One shift of a scheme as it is written."""

    code: str
    name: str
    start: str
    hours: int


class Scheme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a day is cut into shifts."""

    code: str
    name: str
    shifts: tuple[ShiftRow, ...]
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None

    def times(self) -> tuple[Times, ...]:
        """The shifts; ValueError for a time that is none."""
        return tuple(Times(row.code, row.name, time.fromisoformat(row.start), row.hours) for row in self.shifts)


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of entry of the duty log."""

    code: str
    name: str
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None


class Urgency(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How urgent a group message is, and within how many minutes a receipt is wanted."""

    code: str
    name: str
    colour: str
    minutes: int
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group message to begin with."""

    code: str
    name: str
    urgency: str
    text: str
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None


class Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    schemes: tuple[Scheme, ...]
    log_kinds: tuple[Kind, ...]
    urgencies: tuple[Urgency, ...]
    templates: tuple[Template, ...]


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The pack of this instance's district. Raises ConfigError with one sentence for a file that is wrong."""
    return packs.load("duty.yaml", Pack, _check)


def read(raw: Any) -> Pack:
    """Check the file's content. Raises ConfigError."""
    return packs.read(raw, "duty.yaml", Pack, _check)


def scheme(code: str, day: date) -> Scheme:
    """How the day is cut into shifts. Raises UnknownLimit."""
    found = _valid(pack().schemes, day).get(code)
    if found is None:
        raise UnknownLimit(f"班次方案“{code}”在 {day} 没有有效的规定，请系统管理员在地区包的 duty.yaml 中补充。")
    return found


def scheme_choices(day: date) -> list[tuple[str, str]]:
    """Schemes in force on a day, for forms."""
    return [(row.code, row.name) for row in _valid(pack().schemes, day).values()]


def scheme_name(code: str) -> str:
    """A scheme in words; the code itself when the pack no longer knows it."""
    return next((row.name for row in reversed(pack().schemes) if row.code == code), code)


def kind_choices(day: date | None = None) -> list[tuple[str, str]]:
    """Kinds of log entries: those in force on a day, or all there ever were, for filters."""
    rows = _valid(pack().log_kinds, day).values() if day else pack().log_kinds
    return list({row.code: row.name for row in rows}.items())


def kind_name(code: str) -> str:
    """A kind in words; the code itself when the pack no longer knows it."""
    return dict(kind_choices()).get(code, code)


def urgency(code: str, day: date) -> Urgency:
    """An urgency as it is in force on a day. Raises UnknownLimit."""
    found = _valid(pack().urgencies, day).get(code)
    if found is None:
        raise UnknownLimit(f"紧急程度“{code}”在 {day} 没有有效的规定，请系统管理员在地区包的 duty.yaml 中补充。")
    return found


def urgencies(day: date) -> list[Urgency]:
    """Urgencies in force on a day, the most urgent first."""
    return sorted(_valid(pack().urgencies, day).values(), key=lambda row: row.minutes)


def urgency_names() -> dict[str, str]:
    """Every urgency there ever was, in words."""
    return {row.code: row.name for row in pack().urgencies}


def urgency_name(code: str) -> str:
    """An urgency in words; the code itself when the pack no longer knows it."""
    return urgency_names().get(code, code)


def urgency_colour(code: str) -> str:
    """The colour of an urgency's badge."""
    return next((row.colour for row in reversed(pack().urgencies) if row.code == code), "secondary")


def templates(day: date) -> list[Template]:
    """Templates in force on a day, in the order of the file."""
    return list(_valid(pack().templates, day).values())


def _valid(rows: tuple[C, ...], day: date) -> dict[str, C]:
    """The rows in force on a day by code; of two the later."""
    return {row.code: row for row in packs.in_force(rows, day)}


def _check(found: Pack) -> None:
    for scheme in found.schemes:
        try:
            check_times(scheme.times())
        except ValueError as error:
            raise ValueError(f"班次方案“{scheme.code}”{error}") from error
    known = {row.code for row in found.urgencies}
    for urgency in found.urgencies:
        if urgency.minutes <= 0:
            raise ValueError(f"紧急程度“{urgency.code}”的 minutes 应大于 0")
    for template in found.templates:
        if template.urgency not in known:
            raise ValueError(f"消息模板“{template.code}”的 urgency“{template.urgency}”没有登记")
        if len(template.text) > LONGEST_TEXT:
            raise ValueError(f"消息模板“{template.code}”超过 {LONGEST_TEXT} 字")
    for rows in (found.schemes, found.log_kinds, found.urgencies, found.templates):
        packs.refuse_twice((row.code, row.valid_from) for row in rows)
