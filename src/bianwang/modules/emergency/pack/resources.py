"""What the district pack says of resources: `districts/<district>/resources.yaml`, checked when read."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, Literal

import msgspec

from bianwang.modules.emergency.pack.events import class_choices
from bianwang.platform import packs
from bianwang.platform.clock import today

_FILE = "resources.yaml"


class ResourceKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of resources."""

    code: str
    name: str
    unit: str
    """What its quantity counts: 人, 架, 辆."""
    speed: int
    """km/h on the way to an event, for a first estimate; 0: it stays where it is."""
    verify_days: int
    """After so many days somebody has to look again whether it is still there."""
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None
    holds: Literal["", "goods", "people"] = ""
    """What lies or lives in it."""
    shared: bool = False
    """Whether it serves several events at once."""


class Needs(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"kind": "class"}):
    """Which kinds of resources a class of events asks for first."""

    kind: str
    kinds: tuple[str, ...]
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None


class ResourcePack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    kinds: tuple[ResourceKind, ...]
    needs: tuple[Needs, ...]


@lru_cache(maxsize=1)
def pack() -> ResourcePack:
    """The pack of this instance's district. Raises ConfigError with one sentence for a file that is wrong."""
    return packs.load(_FILE, ResourcePack, _check)


def read(raw: Any) -> ResourcePack:
    """Check the file's content. Raises ConfigError."""
    return packs.read(raw, _FILE, ResourcePack, _check)


def kind_of(code: str, day: date | None = None) -> ResourceKind:
    """The entry of a kind in force on a day (today), else its newest: old rows keep their words. Raises KeyError."""
    rows = [row for row in pack().kinds if row.code == code]
    found = packs.latest(rows, day or today()) or max(rows, key=lambda row: row.valid_from, default=None)
    if found is None:
        raise KeyError(code)
    return found


def kinds(day: date | None = None) -> list[ResourceKind]:
    """The kinds in force on a day (today), in the order of the file."""
    moment = day or today()
    return [row for row in pack().kinds if packs.is_in_force(row, moment)]


def kind_choices() -> list[tuple[str, str]]:
    """Every kind that there was, for filters."""
    return list({row.code: row.name for row in pack().kinds}.items())


def needed_kinds(event_kind: str, day: date) -> tuple[str, ...]:
    """The kinds that a class of events asks for; empty where the table says nothing."""
    found = packs.latest([row for row in pack().needs if row.kind == event_kind], day)
    return found.kinds if found else ()


def _check(found: ResourcePack) -> None:
    known, classes = {row.code for row in found.kinds}, dict(class_choices())
    for kind in found.kinds:
        if kind.speed < 0 or kind.verify_days < 1:
            raise ValueError(f"资源种类“{kind.name}”的速度不能小于 0，核实间隔不能少于 1 日")
    packs.refuse_twice((row.code, row.valid_from) for row in found.kinds)
    for need in found.needs:
        if need.kind not in classes:
            raise ValueError(f"所需资源用到的事件类别“{need.kind}”没有定义")
        missing = [code for code in need.kinds if code not in known]
        if missing:
            raise ValueError(f"“{classes[need.kind]}”所需的资源种类“{missing[0]}”没有定义")
    packs.refuse_twice((row.kind, row.valid_from) for row in found.needs)
