"""Day windows of a rule, as people write them and as `RuleVersion.schedule` keeps them.

Asia/Shanghai; the beginning is included, the end is not; a window whose end is not after its beginning runs
past midnight and belongs to the day on which it begins. No windows: always.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

import msgspec

DAYS = {"all": "每天", "working": "工作日", "rest": "休息日"}
_CODES = {name: code for code, name in DAYS.items()}
_Clock = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
_LINE = re.compile(r"(\S+)\s+(\d{1,2})[:：](\d{2})\s*[-—至]\s*(\d{1,2})[:：](\d{2})")


class Window(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"start": "from", "end": "to"}):
    """One window of one kind of day, HH:MM."""

    start: _Clock
    end: _Clock
    days: Literal["all", "working", "rest"] = "all"

    def __str__(self) -> str:
        return f"{DAYS[self.days]} {self.start}-{self.end}"


def read(text: str) -> list[Window]:
    """Windows from the stored JSON. Raises msgspec.MsgspecError for anything that `write` did not write."""
    return msgspec.json.decode(text or "[]", type=list[Window])


def write(windows: list[Window]) -> str:
    """The JSON that is stored."""
    return msgspec.json.encode([msgspec.to_builtins(window) | {"days": window.days} for window in windows]).decode()


def parse(text: str) -> list[Window]:
    """Windows as people write them, one a line: `工作日 08:00-18:00`. Raises ValueError naming the line."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    return [_window(number, line) for number, line in lines]


def lines(windows: list[Window]) -> str:
    """What `parse` takes."""
    return "\n".join(map(str, windows))


def describe(windows: list[Window]) -> str:
    """工作日 08:00-18:00、休息日 09:00-12:00; 全天 where there are none."""
    return "、".join(map(str, windows)) or "全天"


def _window(number: int, line: str) -> Window:
    found = _LINE.fullmatch(line)
    if found is None or found[1] not in _CODES:
        raise ValueError(
            f"判定时段第 {number} 行“{line}”看不懂，请写成“工作日 08:00-18:00”，每行一段，可用：每天、工作日、休息日。"
        )
    start, end = f"{int(found[2]):02}:{found[3]}", f"{int(found[4]):02}:{found[5]}"
    try:
        return msgspec.convert({"days": _CODES[found[1]], "from": start, "to": end}, Window)
    except msgspec.ValidationError as error:
        raise ValueError(f"判定时段第 {number} 行“{line}”的时刻须在 00:00 至 23:59 之间。") from error
