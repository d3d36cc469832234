"""What the district pack says of public opinion: `districts/<district>/opinion.yaml`, checked when read."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from bianwang.platform import packs


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place where people talk, or a way of answering."""

    code: str
    name: str


class Clock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Until when the public must have been told in one of the ways, for events of some grades."""

    form: str
    hours: int
    grades: tuple[str, ...]
    """Names with which a grade begins: 特别重大, 重大."""
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None


class Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    platforms: tuple[Named, ...]
    forms: tuple[Named, ...]
    clocks: tuple[Clock, ...]


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The pack of this instance's district. Raises ConfigError with one sentence for a file that is wrong."""
    return packs.load("opinion.yaml", Pack, _check)


def read(raw: Any) -> Pack:
    """Check the file's content. Raises ConfigError."""
    return packs.read(raw, "opinion.yaml", Pack, _check)


def platform_choices() -> list[tuple[str, str]]:
    """Codes and words of the places."""
    return [(row.code, row.name) for row in pack().platforms]


def platform_name(code: str) -> str:
    """The words of a place."""
    return dict(platform_choices()).get(code, code)


def form_choices() -> list[tuple[str, str]]:
    """Codes and words of the ways of answering."""
    return [(row.code, row.name) for row in pack().forms]


def form_name(code: str) -> str:
    """The words of a way of answering."""
    return dict(form_choices()).get(code, code)


def clocks(grade: str, day: date) -> list[Clock]:
    """The clocks that run for a grade on a day, the shortest first.

    A grade of another law may carry more words (重大事故), so its beginning decides.
    """
    rows = [row for row in packs.in_force(pack().clocks, day) if grade.startswith(row.grades)]
    return sorted(rows, key=lambda row: row.hours)


def _check(found: Pack) -> None:
    forms = {row.code for row in found.forms}
    if not found.platforms or not forms:
        raise ValueError("没有写来源平台或回应方式")
    for clock in found.clocks:
        if clock.form not in forms:
            raise ValueError(f"回应时限用到的回应方式“{clock.form}”没有定义")
        if clock.hours <= 0 or not clock.grades:
            raise ValueError(f"“{clock.form}”的回应时限应大于零，并写明适用等级")
    packs.refuse_twice((row.form, grade, row.valid_from) for row in found.clocks for grade in row.grades)
