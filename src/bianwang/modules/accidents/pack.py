"""What the district pack says of accidents: `districts/<district>/accidents.yaml`, checked when it is read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache

import msgspec

from bianwang.modules.accidents import grading
from bianwang.platform import packs
from bianwang.platform.workflow.errors import UnknownLimit


class Kind(msgspec.Struct, frozen=True):
    """One kind of GB 6441; `short`: changes are to be reported within the short time limit."""

    code: str
    name: str
    short: bool = False


class Level(msgspec.Struct, frozen=True):
    """One level of the report chain; `grade` is the lightest grade that is reported so far."""

    sender: str
    receiver: str
    limit: str
    grade: str


class Pack(msgspec.Struct, frozen=True):
    """The whole file. The first level is the enterprise's report to the bureau."""

    grades: tuple[grading.Grade, ...]
    kinds: tuple[Kind, ...]
    levels: tuple[Level, ...]

    @property
    def bureau(self) -> str:
        """How the chain names the bureau."""
        return self.levels[0].receiver


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The pack of this instance's district."""
    return packs.load("accidents.yaml", Pack)


def grade_of(deaths: int, injuries: int, loss: Decimal, day: date) -> grading.Grade:
    """The grade by the limits in force on the day of the accident. Raises UnknownLimit."""
    rows = grading.valid_on(pack().grades, day)
    if not rows:
        raise UnknownLimit(f"事故等级在 {day} 没有有效的规定，请系统管理员在地区包的 accidents.yaml 中补充。")
    return grading.grade(deaths, injuries, loss, rows)


def kind_name(code: str) -> str:
    """The words of a kind."""
    return next((kind.name for kind in pack().kinds if kind.code == code), code)


def kind_choices() -> list[tuple[str, str]]:
    """Codes and words for forms and filters."""
    return [(kind.code, kind.name) for kind in pack().kinds]
