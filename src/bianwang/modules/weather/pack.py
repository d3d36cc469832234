"""What the district pack says of warnings and rain: `districts/<district>/weather.yaml`, checked when it is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Protocol, TypeVar

import msgspec

from bianwang.modules.weather.rain import WINDOWS, Threshold
from bianwang.platform import packs
from bianwang.platform.workflow.errors import UnknownLimit

LEVELS = (1, 2, 3, 4)


class Issuer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A weather service whose warnings are taken, and how it names itself in CAP files."""

    code: str
    name: str
    senders: tuple[str, ...]


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of weather and the words that name it."""

    code: str
    name: str
    words: tuple[str, ...]


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A level of warnings, 1 the worst, and how CAP files write it."""

    level: int
    name: str
    colour: str
    severities: tuple[str, ...]


class CallRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Within how many minutes a passed-on warning is answered, and whether by telephone."""

    level: int
    minutes: int
    phone: bool
    urgency: str
    """Code of `duty.yaml`: how urgent the text is."""
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None


class ThresholdRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much rain in how many hours opens an internal hint."""

    level: int
    hours: int
    mm: Decimal
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None

    def pure(self) -> Threshold:
        """For the arithmetic."""
        return Threshold(self.level, self.hours, int(self.mm * 100))


class Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    issuers: tuple[Issuer, ...]
    kinds: tuple[Kind, ...]
    levels: tuple[Level, ...]
    calls: tuple[CallRule, ...]
    thresholds: tuple[ThresholdRow, ...]


class Ranked(packs.Dated, Protocol):
    """A dated rule of a level."""

    @property
    def level(self) -> int: ...


R = TypeVar("R", bound=Ranked)


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The pack of this instance's district. Raises ConfigError with one sentence for a file that is wrong."""
    return packs.load("weather.yaml", Pack, _check)


def read(raw: Any) -> Pack:
    """Check the file's content. Raises ConfigError."""
    return packs.read(raw, "weather.yaml", Pack, _check)


def in_force(rows: Sequence[R], day: date) -> dict[int, R]:
    """The row of each level that is in force on a day; the latest where two overlap."""
    return {row.level: row for row in packs.in_force(rows, day)}


def call_rule(level: int, day: date) -> CallRule:
    """How a warning of this level is answered. Raises UnknownLimit."""
    found = in_force(pack().calls, day).get(level)
    if found is None:
        raise UnknownLimit(f"{level} 级预警的叫应时限在 {day} 没有规定，请系统管理员在地区包的 weather.yaml 中补充。")
    return found


def thresholds(day: date) -> list[ThresholdRow]:
    """The thresholds of internal hints on a day, the worst first."""
    return [row for _, row in sorted(in_force(pack().thresholds, day).items())]


def issuer_of(*names: str) -> Issuer | None:
    """The weather service that goes by one of the names."""
    return next((row for row in pack().issuers if set(names) & {*row.senders, row.name}), None)


def kind_in(*texts: str) -> str:
    """Code of the kind that a text names; `other` for none."""
    found = (row.code for text in texts for row in pack().kinds if any(word in text for word in row.words))
    return next(found, "other")


def level_of(severity: str) -> Level | None:
    """The level that a CAP file writes so."""
    return next((row for row in pack().levels if severity in row.severities), None)


def level(number: int) -> Level:
    """A level's words and colour."""
    return pack().levels[number - 1]


def kind_name(code: str) -> str:
    """A kind in words."""
    return next((row.name for row in pack().kinds if row.code == code), code)


def kind_choices() -> list[tuple[str, str]]:
    """Kinds to choose from."""
    return [(row.code, row.name) for row in pack().kinds]


def level_choices() -> list[tuple[int, str]]:
    """Levels to choose from."""
    return [(row.level, row.name) for row in pack().levels]


def issuer_choices() -> list[tuple[str, str]]:
    """Weather services to choose from."""
    return [(row.name, row.name) for row in pack().issuers]


def _check(found: Pack) -> None:
    if tuple(row.level for row in found.levels) != LEVELS:
        raise ValueError("levels 应依次为 1、2、3、4")
    for number in (*(row.level for row in found.calls), *(row.level for row in found.thresholds)):
        if number not in LEVELS:
            raise ValueError(f"级别 {number} 不认识，可用 1、2、3、4")
    if any(row.minutes <= 0 for row in found.calls):
        raise ValueError("calls 的 minutes 应大于 0")
    if any(row.hours not in WINDOWS or row.mm <= 0 for row in found.thresholds):
        raise ValueError(f"thresholds 的 hours 应为 {'、'.join(map(str, WINDOWS))} 之一，mm 应大于 0")
