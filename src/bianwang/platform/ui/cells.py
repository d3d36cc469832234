"""Columns of tables and facts of objects: how a value becomes text, on screen and in an export."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from bianwang.platform.personal import masked_phone
from bianwang.platform.ui.templatetags.bian import moment, money

Kind = Literal["text", "badge", "datetime", "date", "number", "money", "link", "phone", "flag", "due"]

# 风险四色 and the words of other choices that have a colour; everything else is neutral.
RISK_COLOURS = {"red": "red", "orange": "orange", "yellow": "yellow", "blue": "blue"}


@dataclass(frozen=True)
class Column:
    """One column. `accessor` is a dotted path (`owner.name`) or a function of the row; empty: `name`.

    `sort` names the ORM field (empty: not sortable). `link` gives the row's URL; without it a `link`
    column uses `get_absolute_url`. `colour` gives a badge's colour. `total` names the ORM field to sum.
    """

    name: str
    title: str
    accessor: str | Callable[[Any], Any] = ""
    kind: Kind = "text"
    sort: str = ""
    default: bool = True
    link: Callable[[Any], str] | None = None
    colour: Callable[[Any], str] | None = None
    unit: str = ""
    total: str = ""

    def value(self, row: Any) -> Any:
        """The raw value: a choice field gives its words."""
        if callable(self.accessor):
            return self.accessor(row)
        *path, last = (self.accessor or self.name).split(".")
        for part in path:
            row = getattr(row, part, None)
        words = getattr(row, f"get_{last}_display", None)
        found = words() if words else getattr(row, last, None)
        return found() if callable(found) else found

    def cell(self, row: Any) -> Cell:
        """The value as shown."""
        value = self.value(row)
        href = self.link(row) if self.link else row.get_absolute_url() if self.kind == "link" else ""
        colour = self.colour(row) if self.colour else ""
        return Cell(self.title, show(value, self.kind), self.kind, href, colour, self.unit, value)

    @property
    def numeric(self) -> bool:
        """Whether the column is right aligned."""
        return self.kind in {"number", "money"}


@dataclass(frozen=True)
class Cell:
    """One shown value."""

    title: str
    text: str
    kind: Kind = "text"
    href: str = ""
    colour: str = ""
    unit: str = ""
    value: Any = None


def fact(title: str, value: Any, kind: Kind = "text", *, href: str = "", colour: str = "", unit: str = "") -> Cell:
    """One label and value of an object page."""
    return Cell(title, show(value, kind), kind, href, colour, unit, value)


def show(value: Any, kind: Kind = "text") -> str:
    """A value as people read it; nothing is a dash."""
    if kind == "flag":
        return "是" if value else "否"
    if value is None or value == "":
        return "—"
    if kind in {"datetime", "due"} or isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if kind == "money":
        return money(value)
    if kind == "phone":
        return masked_phone(str(value))
    if kind == "number":
        return _number(value)
    return str(value)


def table(columns: Sequence[Column], rows: Iterable[Any]) -> list[list[Cell]]:
    """Rows of cells."""
    return [[column.cell(row) for column in columns] for row in rows]


def state_column(name: str = "state", title: str = "状态") -> Column:
    """The coloured word of a workflow object's state."""
    return Column(
        name,
        title,
        lambda row: row.state_row.name,
        kind="badge",
        colour=lambda row: row.state_row.colour,
        sort="state",
    )


def due_column(name: str = "due_at", title: str = "时限") -> Column:
    """A deadline with the time that is left."""
    return Column(name, title, kind="due", sort="due_at")


def _number(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.4f}".rstrip("0").rstrip(".")
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
