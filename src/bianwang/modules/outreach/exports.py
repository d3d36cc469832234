"""Layouts of systems into which staff enter the same a second time: their columns are data, their values are ours.

`districts/<district>/exports.yaml` names for each column of the target one of the values below. No value names whoever
reported: what is sealed is not among them, and a layout cannot ask for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

import bianwang
from bianwang.platform import packs
from bianwang.platform.config import ConfigError, config
from bianwang.platform.ui.cells import Column

Value = Callable[[Any], Any]


def _name(field: str) -> Value:
    return lambda row: getattr(getattr(row, field), "name", "")


def _words(field: str) -> Value:
    return lambda row: getattr(row, f"get_{field}_display")()


def _plain(field: str) -> Value:
    return lambda row: getattr(row, field)


def _code(field: str) -> Value:
    return lambda row: getattr(getattr(row, field), "credit_code", "")


def _officers(row: Any) -> str:
    return "；".join(str(officer) for officer in row.officers.all())


DATASETS: Mapping[str, Mapping[str, Value]] = {
    "calls": {
        **{name: _plain(name) for name in (
            "number", "received_at", "summary", "place", "result", "is_filed", "case_number", "reply", "replied_at",
            "closed_at",
        )},
        **{name: _words(name) for name in ("channel", "category", "outcome")},
        **{name: _name(name) for name in ("unit", "town", "handler")},
        "state": lambda row: row.state_row.name,
    },
    "visits": {
        **{name: _plain(name) for name in (
            "date", "is_statutory", "is_filed", "documents_complete", "recheck_by", "rechecked_on", "result",
        )},
        **{name: _words(name) for name in ("kind", "scope", "state")},
        **{name: _name(name) for name in ("unit", "enterprise", "campaign")},
        "credit_code": _code("enterprise"),
        "officers": _officers,
    },
    "cases": {
        **{name: _plain(name) for name in (
            "number", "conduct_name", "facts", "found_on", "filed_on", "told_on", "decided_on", "kinds", "fine",
            "confiscated", "served_on", "pay_by", "closed_on",
        )},
        **{name: _words(name) for name in ("origin", "procedure", "respondent_kind")},
        **{name: _name(name) for name in ("unit", "enterprise")},
        "credit_code": lambda row: getattr(getattr(row.enterprise, "enterprise", None), "credit_code", ""),
        "officers": _officers,
        "state": lambda row: row.state_row.name,
    },
}  # fmt: skip
"""What can be exported, and every value that a layout may name."""


class LayoutColumn(msgspec.Struct, frozen=True):
    """One column of the target: its title, and which value stands in it ("" is left for the staff)."""

    title: str
    value: str = ""


class Layout(msgspec.Struct, frozen=True):
    """One target."""

    code: str
    name: str
    dataset: str
    source: str
    certainty: str
    valid_from: date
    columns: tuple[LayoutColumn, ...]
    note: str = ""

    def cells(self) -> list[Column]:
        """The columns for the workbook."""
        values = DATASETS[self.dataset]
        return [Column(column.title, column.title, values.get(column.value, lambda row: "")) for column in self.columns]


def read(text: str) -> tuple[Layout, ...]:
    """Layouts from the file's text. Raises ConfigError that names the layout and the column."""
    try:
        found = msgspec.convert(packs.parse(text), tuple[Layout, ...])
    except (msgspec.ValidationError, yaml.YAMLError) as error:
        raise ConfigError(f"地区包的 exports.yaml 有误：{error}，请改正后重新启动。") from error
    for layout in found:
        if layout.dataset not in DATASETS:
            raise ConfigError(f"地区包的 exports.yaml 中“{layout.code}”的 dataset 只能是 {'、'.join(DATASETS)}。")
        wrong = next((c for c in layout.columns if c.value and c.value not in DATASETS[layout.dataset]), None)
        if wrong:
            raise ConfigError(f"地区包的 exports.yaml 中“{layout.code}”的列“{wrong.title}”不能取“{wrong.value}”。")
    return found


@lru_cache(maxsize=1)
def layouts() -> Mapping[str, Layout]:
    """The layouts of this instance's district by code."""
    file = Path(bianwang.__file__).parent / "districts" / config().district / "exports.yaml"
    return {layout.code: layout for layout in read(file.read_text("utf-8"))}
