"""The Excel list of licences that exist."""

from __future__ import annotations

from typing import Any

from bianwang.modules.licensing.models import Licence
from bianwang.modules.licensing.pack import kind_choices
from bianwang.modules.licensing.services import import_licences
from bianwang.platform import access
from bianwang.platform.exchange.sheets import Errors, Row, Sheet, SheetColumn
from bianwang.platform.places.models import Enterprise


def check(user: Any, rows: list[Row]) -> Errors:
    """Holders must be known and in scope, dates in order, and a number not another holder's."""
    holders = _holders(user, rows)
    known = {
        (row.kind, row.number): row
        for row in Licence.objects.filter(number__in={row["number"] for row in rows}).select_related("owner")
    }
    errors: dict[int, dict[str, str]] = {}
    for index, row in enumerate(rows):
        found = dict(_faults(row, holders, known.get((row["kind"], row["number"]))))
        if found:
            errors[index] = found
    return errors


def apply(user: Any, rows: list[Row]) -> None:
    """Write one piece."""
    holders = _holders(user, rows)
    import_licences(user, [{**_without(row), "owner": holders[row["credit_code"]]} for row in rows])


def _without(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "credit_code"}


def _holders(user: Any, rows: list[Row]) -> dict[str, Enterprise]:
    codes = {row["credit_code"] for row in rows}
    found = access.visible(user, Enterprise, "licensing.register").filter(credit_code__in=codes)
    return {enterprise.credit_code: enterprise for enterprise in found}


def _faults(row: Row, holders: dict[str, Enterprise], known: Licence | None) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    holder = holders.get(row["credit_code"])
    if row["credit_code"] and holder is None:
        found.append(("credit_code", f"没有信用代码为“{row['credit_code']}”的企业，请先登记企业，或核对代码。"))
    first, last = row["valid_from"], row["valid_to"]
    if first and last and last < first:
        found.append(("valid_to", f"有效期止 {last} 早于有效期起 {first}，请核对。"))
    if known is not None and holder is not None and known.owner_id != holder.pk:
        found.append(("number", f"编号“{row['number']}”已登记在“{known.owner.name}”名下，请核对。"))
    if known is not None and known.state_row.final:
        found.append(("number", f"编号“{row['number']}”的证照{known.state_row.name}，请从表格中删去。"))
    return found


LICENCES = Sheet(
    kind="licensing.licence",
    title="证照",
    permission="licensing.register",
    columns=(
        SheetColumn("credit_code", "统一社会信用代码", required=True, max_length=18, note="持证单位的信用代码"),
        SheetColumn("kind", "许可事项", required=True, kind="choice", choices=kind_choices()),
        SheetColumn("number", "证书编号", required=True, max_length=60, note="同一事项的编号重复导入时据此更新"),
        SheetColumn("scope", "许可范围", required=True, max_length=500),
        SheetColumn("issued_by", "发证机关", required=True, max_length=60),
        SheetColumn("issued_on", "发证日期", required=True, kind="date"),
        SheetColumn("valid_from", "有效期起", required=True, kind="date"),
        SheetColumn("valid_to", "有效期止", kind="date", note="不设有效期的留空"),
    ),
    key=("kind", "number"),
    check=check,
    apply=apply,
)
