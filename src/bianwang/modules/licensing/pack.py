"""What the district pack says of licences: `districts/<district>/licences.yaml`, checked when it is read."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, Literal

import msgspec

from bianwang.platform import packs
from bianwang.platform.workflow.errors import UnknownLimit

ACTIONS = (
    ("new", "首次申请"),
    ("renew", "延期"),
    ("change", "变更"),
    ("replace", "补发"),
    ("cancel", "注销"),
    ("withdraw", "撤销"),
)
"""What an application may be about; all but the first are about a licence that exists."""

STOPS = (
    ("correction", "补充材料"),
    ("rectification", "整改"),
    ("hearing", "听证"),
    ("testing", "检验检测鉴定"),
    ("review", "专家评审"),
)
"""Why the clock may stand still."""

_FILE = "licences.yaml"


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One matter of approval, as valid from a day on."""

    code: str
    name: str
    paper: str
    """What is given: 危险化学品经营许可证, 备案登记表."""
    days: int
    unit: Literal["working", "calendar"]
    validity_years: int
    """0: it does not run out."""
    remind_months: tuple[int, ...]
    decided_by: str
    forwarded: bool
    """Whether the bureau only examines and hands up."""
    visit: bool
    """Whether somebody has to look on site before the decision."""
    actions: tuple[str, ...]
    stops: tuple[str, ...]
    materials: tuple[str, ...]
    documents: tuple[str, ...]
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None

    @property
    def limit_words(self) -> str:
        """The statutory time in words."""
        return f"{self.days} 个工作日" if self.unit == "working" else f"{self.days} 日"

    @property
    def validity_words(self) -> str:
        """How long it is valid, in words."""
        return f"{self.validity_years} 年" if self.validity_years else "不设有效期"

    def is_valid(self, day: date) -> bool:
        """Whether these rules are in force on a day."""
        return packs.is_in_force(self, day)


class Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    kinds: tuple[Kind, ...]


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The pack of this instance's district. Raises ConfigError that names the file and what is wrong."""
    return packs.load(_FILE, Pack, _check)


def read(raw: Any) -> Pack:
    """Check the file's content. Raises ConfigError."""
    return packs.read(raw, _FILE, Pack, _check)


def kind(code: str, day: date) -> Kind:
    """The rules of a kind in force on a day. Raises UnknownLimit."""
    for row in pack().kinds:
        if row.code == code and row.is_valid(day):
            return row
    raise UnknownLimit(f"许可事项“{kind_name(code)}”在 {day} 没有有效的规定，请系统管理员在地区包的 {_FILE} 中补充。")


def kinds_on(day: date) -> list[Kind]:
    """All kinds in force on a day, in the order of the file."""
    return [row for row in pack().kinds if row.is_valid(day)]


def kind_name(code: str) -> str:
    """The words of a kind."""
    return next((row.name for row in pack().kinds if row.code == code), code)


def kind_choices() -> list[tuple[str, str]]:
    """Codes and words for forms and filters, each once."""
    return list({row.code: row.name for row in pack().kinds}.items())


def _check(found: Pack) -> None:
    for kind in found.kinds:
        _check_kind(kind, found.kinds)


def _check_kind(row: Kind, rows: tuple[Kind, ...]) -> None:
    """Raises ValueError that says what is wrong with an entry."""
    where = f"许可事项“{row.name}”"
    if row.days < 1:
        raise ValueError(f"{where}的办理时限 days 须至少 1 日")
    if row.valid_to and row.valid_to < row.valid_from:
        raise ValueError(f"{where}的 valid_to 早于 valid_from")
    if row.validity_years and not row.remind_months:
        raise ValueError(f"{where}有有效期，须写到期前几个月提醒 remind_months")
    unknown = {*row.actions} - {code for code, _ in ACTIONS} | {*row.stops} - {code for code, _ in STOPS}
    if unknown:
        raise ValueError(f"{where}有不认识的 actions 或 stops：{'、'.join(sorted(unknown))}")
    for other in rows:
        if other is not row and other.code == row.code and (row.is_valid(other.valid_from)):
            raise ValueError(f"{where}有两条规定的有效期重叠")
