"""What can be imported from Excel: a module declares a sheet; template, checks and preview come with it.

    HAZARDS = Sheet(
        kind="hazards.hazard",
        title="隐患",
        permission="hazards.import",
        columns=(
            SheetColumn("number", "编号", required=True, note="报送单位自己的编号，重复导入时据此更新"),
            SheetColumn("level", "级别", kind="choice", choices=Hazard.Level.choices, required=True),
            SheetColumn("found_on", "发现日期", kind="date"),
        ),
        key=("number",),
        check=services.check_rows,
        apply=services.import_rows,
    )

and names it in its manifest: `sheets=("bianwang.modules.hazards.sheets.HAZARDS",)`. The page is
`exchange:upload` with the sheet's kind.

`check(user, rows)` looks a whole file's rows up in the database with a few queries and returns the errors
as {row index: {column name: sentence}}. `apply(user, rows)` writes one bounded piece (at most `LARGEST_PIECE` rows)
through the module's services; it runs in a transaction under the import's ledger operation, acts as
the importing user, and must give the same result when a row is applied twice (create or change by key).
A row is a dict by column name: str, Decimal, date, bool, or None for an empty cell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Literal

from django.core.exceptions import ValidationError

from bianwang.platform.registry import manifests, resolve

Row = dict[str, Any]
Errors = Mapping[int, Mapping[str, str]]

FIRST_PIECE, LARGEST_PIECE = 10, 200
"""Rows written in one transaction, at first and at most; how many in between follows from how long they take."""
_EXACT_FLOAT = 1e15
_YES, _NO = {"是", "1", "true", "y"}, {"否", "0", "false", "n"}


@dataclass(frozen=True)
class SheetColumn:
    """One column. `clean` turns the value into what `apply` gets; its ValueError or ValidationError is the cell's."""

    name: str
    title: str
    required: bool = False
    kind: Literal["text", "number", "date", "flag", "choice"] = "text"
    choices: Sequence[tuple[str, str]] = ()
    note: str = ""
    example: str = ""
    max_length: int = 200
    clean: Callable[[Any], Any] | None = None
    mask: Callable[[str], str] | None = None
    """For a cell that names or numbers a person: how the preview shows it (`str`: in full).

    It is sealed while the row waits."""

    def read(self, raw: Any) -> Any:
        """A cell's value in our type. Raises ValidationError that says what to do."""
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            if self.required:
                raise ValidationError("不能为空，请填写。")
            return None
        value = _READERS[self.kind](self, raw)
        try:
            return self.clean(value) if self.clean else value
        except ValueError as error:
            raise ValidationError(str(error)) from None


@dataclass(frozen=True)
class Sheet:
    """One kind of import. See the module's docstring."""

    kind: str
    title: str
    permission: str
    columns: Sequence[SheetColumn]
    key: tuple[str, ...]
    apply: Callable[[Any, list[Row]], None]
    check: Callable[[Any, list[Row]], Errors] | None = None
    max_rows: int = 20_000

    def key_of(self, row: Row) -> tuple[Any, ...]:
        """The row's business key."""
        return tuple(row.get(name) for name in self.key)

    def column(self, name: str) -> SheetColumn:
        """A column by name. Raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@lru_cache(maxsize=1)
def sheets() -> Mapping[str, Sheet]:
    """Every sheet of the running manifests by kind."""
    found: list[Any] = [resolve(dotted) for module in manifests() for dotted in module.sheets]
    return {sheet.kind: sheet for sheet in found}


def _text(column: SheetColumn, raw: Any) -> str:
    if isinstance(raw, float):
        if abs(raw) >= _EXACT_FLOAT:
            raise ValidationError("是超过 15 位的数字，表格软件已改变了末尾几位，请把此列设为文本后重填。")
        raw = int(raw) if raw == int(raw) else raw
    text = raw.strftime("%Y-%m-%d") if isinstance(raw, date) else str(raw).strip()
    if len(text) > column.max_length:
        raise ValidationError(f"共 {len(text)} 字，超过 {column.max_length} 字，请缩短。")
    if any(ord(character) < 32 and character not in "\n\t" for character in text):
        raise ValidationError("含有看不见的控制字符，请重新输入。")
    return text


def _number(column: SheetColumn, raw: Any) -> Decimal:
    try:
        value = Decimal(str(raw).strip().replace(",", ""))
    except InvalidOperation:
        raise ValidationError(f"“{raw}”不是数字，请只填数字，不带单位。") from None
    if not value.is_finite() or abs(value) >= Decimal(10) ** 15:
        raise ValidationError(f"“{raw}”超出可用范围，请核对。")
    return value


def _date(column: SheetColumn, raw: Any) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = str(raw).strip()
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"):
        try:
            return datetime.strptime(text.removesuffix(".0"), form).date()
        except ValueError:
            continue
    raise ValidationError(f"“{text}”不是日期，请按 2026-11-23 的样子填写。")


def _flag(column: SheetColumn, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    text = str(raw).strip().removesuffix(".0").lower()
    if text not in _YES | _NO:
        raise ValidationError(f"“{text}”不可用，请填“是”或“否”。")
    return text in _YES


def _choice(column: SheetColumn, raw: Any) -> str:
    text = _text(column, raw)
    for code, words in column.choices:
        if text in {str(code), str(words)}:
            return str(code)
    raise ValidationError(f"“{text}”不在可选范围内，可填：{'、'.join(str(words) for _, words in column.choices)}。")


_READERS: Mapping[str, Callable[[SheetColumn, Any], Any]] = {
    "text": _text,
    "number": _number,
    "date": _date,
    "flag": _flag,
    "choice": _choice,
}
