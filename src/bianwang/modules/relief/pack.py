"""What the district pack says of relief: `districts/<district>/relief.yaml`, checked when it is read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec

from bianwang.modules.relief.amounts import Rate
from bianwang.platform import packs
from bianwang.platform.workflow.errors import UnknownLimit


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of relief. Kinds with the same `loss` are help for the same loss: one household gets one of them."""

    code: str
    name: str
    loss: str
    yearly: bool = False
    """Given for a year, not for one disaster."""
    about: str = ""


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much there is of a kind, as long as it is in force."""

    kind: str
    per: str
    amount: Decimal
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None
    ceiling: Decimal | None = None
    most_days: int = 0

    @property
    def rate(self) -> Rate:
        """For the arithmetic; ValueError in words for one that has no meaning."""
        return Rate(self.per, self.amount, self.ceiling, self.most_days)


class Word(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code and its words."""

    code: str
    name: str


class Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    kinds: tuple[Kind, ...]
    policies: tuple[Policy, ...]
    supplies: tuple[Word, ...]


def kind(code: str) -> Kind:
    """A kind by its code. Raises UnknownLimit."""
    found = next((row for row in pack().kinds if row.code == code), None)
    if found is None:
        raise UnknownLimit(f"地区包 relief.yaml 没有救助种类“{code}”，请系统管理员补充。")
    return found


def kind_choices() -> list[tuple[str, str]]:
    """Codes and words of the kinds."""
    return [(row.code, row.name) for row in pack().kinds]


def supply_choices() -> list[tuple[str, str]]:
    """Codes and words of the categories of supplies."""
    return [(row.code, row.name) for row in pack().supplies]


def policy(code: str, day: date) -> Policy:
    """The policy of a kind in force on a day; the latest where two overlap. Raises UnknownLimit."""
    found = packs.latest((row for row in pack().policies if row.kind == code), day)
    if found is None:
        raise UnknownLimit(f"“{kind(code).name}”在 {day} 没有有效的标准，请系统管理员在地区包的 relief.yaml 中补充。")
    return found


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The pack of this instance's district. Raises ConfigError with one sentence for a file that is wrong."""
    return packs.load("relief.yaml", Pack, _check)


def read(raw: Any) -> Pack:
    """Check the file's content. Raises ConfigError."""
    return packs.read(raw, "relief.yaml", Pack, _check)


def _check(found: Pack) -> None:
    known = {row.code for row in found.kinds}
    for row in found.policies:
        if row.kind not in known:
            raise ValueError(f"标准写的救助种类“{row.kind}”不在 kinds 中")
        row.rate  # noqa: B018
