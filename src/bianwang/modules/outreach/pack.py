"""What the district pack says of rewards: `districts/<district>/outreach.yaml`, checked when it is read."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

import msgspec
import yaml

import bianwang
from bianwang.modules.outreach.rewards import Band, valid_on
from bianwang.platform.config import config
from bianwang.platform.workflow.errors import UnknownLimit

GRADES = (("4", "一般事故"), ("3", "较大事故"), ("2", "重大事故"), ("1", "特别重大事故"))


class Pack(msgspec.Struct, frozen=True):
    """The whole file."""

    rewards: tuple[Band, ...]


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The pack of this instance's district."""
    file = Path(bianwang.__file__).parent / "districts" / config().district / "outreach.yaml"
    return msgspec.convert(yaml.safe_load(file.read_text("utf-8")), Pack)


def band(code: str, day: date) -> Band:
    """The band in force on the day of the report. Raises UnknownLimit."""
    for row in valid_on(pack().rewards, day):
        if row.code == code:
            return row
    raise UnknownLimit(f"举报奖励“{code}”在 {day} 没有有效的规定，请系统管理员在地区包的 outreach.yaml 中补充。")


def band_name(code: str) -> str:
    """The words of a band."""
    return next((row.name for row in pack().rewards if row.code == code), code)


def band_choices() -> list[tuple[str, str]]:
    """Codes and words for forms and filters, each once."""
    return list({row.code: row.name for row in pack().rewards}.items())
