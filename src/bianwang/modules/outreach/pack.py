"""What the district pack says of outreach: `districts/<district>/outreach.yaml`, checked when it is read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec

from bianwang.modules.outreach.questionnaire import parse
from bianwang.modules.outreach.rewards import Band, valid_on
from bianwang.platform import packs
from bianwang.platform.workflow.errors import UnknownLimit

_FILE = "outreach.yaml"

GRADES = (("4", "一般事故"), ("3", "较大事故"), ("2", "重大事故"), ("1", "特别重大事故"))


class Kind(msgspec.Struct, frozen=True):
    """One entry of a list of kinds; `unit` is what a channel is counted in."""

    code: str
    name: str
    source: str
    certainty: str
    valid_from: date
    valid_to: date | None = None
    article: str = ""
    unit: str = ""


class Template(msgspec.Struct, frozen=True):
    """A questionnaire to begin with, and by which measure its answers are judged."""

    code: str
    name: str
    text: str
    target: str
    margin: Decimal
    pass_share: Decimal
    level: Decimal
    source: str
    certainty: str
    valid_from: date
    valid_to: date | None = None


class Pack(msgspec.Struct, frozen=True):
    """The whole file."""

    rewards: tuple[Band, ...]
    themes: tuple[Kind, ...]
    event_kinds: tuple[Kind, ...]
    settings: tuple[Kind, ...]
    channels: tuple[Kind, ...]
    questionnaires: tuple[Template, ...]
    petition_categories: tuple[Kind, ...]


def read(raw: Any) -> Pack:
    """Check the file's content. Raises ConfigError that names the entry."""
    return packs.read(raw, _FILE, Pack, _check)


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The pack of this instance's district."""
    return packs.load(_FILE, Pack, _check)


def band(code: str, day: date) -> Band:
    """The band in force on the day of the report. Raises UnknownLimit."""
    for row in valid_on(pack().rewards, day):
        if row.code == code:
            return row
    raise UnknownLimit(f"举报奖励“{code}”在 {day} 没有有效的规定，请系统管理员在地区包的 outreach.yaml 中补充。")


def band_name(code: str) -> str:
    """The words of a band."""
    return name_of("rewards", code)


def band_choices() -> list[tuple[str, str]]:
    """Codes and words for forms and filters, each once."""
    return choices("rewards")


def choices(field: str, day: date | None = None) -> list[tuple[str, str]]:
    """Codes and words of a list of the pack, each once: those in force on a day, or all there ever were, for filters.

    A channel's words name its unit.
    """
    rows = getattr(pack(), field)
    return list({row.code: _words(row) for row in (valid_on(rows, day) if day else rows)}.items())


def holds(field: str, code: str, day: date) -> bool:
    """Whether a code of a list is in force on a day."""
    return code in dict(choices(field, day))


def name_of(field: str, code: str) -> str:
    """The words of a code; the code itself when the pack no longer knows it."""
    return dict(choices(field)).get(code, code)


def questionnaire(code: str) -> Template:
    """A template by its code, or the first."""
    rows = pack().questionnaires
    return next((row for row in rows if row.code == code), rows[0])


def _words(row: Kind | Band | Template) -> str:
    unit = getattr(row, "unit", "")
    return f"{row.name}（{unit}）" if unit else row.name


def _check(found: Pack) -> None:
    for field in Pack.__struct_fields__:
        packs.refuse_twice((field, row.code, row.valid_from) for row in getattr(found, field))
    for template in found.questionnaires:
        try:
            parse(template.text)
        except ValueError as error:
            raise ValueError(f"问卷“{template.code}”{error}") from error
