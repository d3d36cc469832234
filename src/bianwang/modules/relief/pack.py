"""What the district pack says of relief: `districts/<district>/relief.yaml`, checked when it is read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

import bianwang
from bianwang.modules.relief.amounts import Rate
from bianwang.platform.config import ConfigError, config
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
    valid = [row for row in pack().policies if row.kind == code and _in_force(row, day)]
    if not valid:
        raise UnknownLimit(f"“{kind(code).name}”在 {day} 没有有效的标准，请系统管理员在地区包的 relief.yaml 中补充。")
    return max(valid, key=lambda row: row.valid_from)


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The pack of this instance's district. Raises ConfigError with one sentence for a file that is wrong."""
    file = Path(bianwang.__file__).parent / "districts" / config().district / "relief.yaml"
    return read(yaml.safe_load(file.read_text("utf-8")))


def read(raw: Any) -> Pack:
    """Check the file's content. Raises ConfigError."""
    try:
        found = msgspec.convert(raw, Pack)
        known = {row.code for row in found.kinds}
        for row in found.policies:
            if row.kind not in known:
                raise ValueError(f"标准写的救助种类“{row.kind}”不在 kinds 中")
            row.rate  # noqa: B018
        return found
    except (msgspec.ValidationError, ValueError) as error:
        raise ConfigError(f"地区包 relief.yaml 有误：{error}，请改正后重新启动。") from error


def _in_force(row: Policy, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)
