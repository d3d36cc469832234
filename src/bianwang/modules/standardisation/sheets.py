"""The Excel list of certificates that exist."""

from __future__ import annotations

from typing import Any

from bianwang.modules.standardisation.models.grades import LEVELS
from bianwang.modules.standardisation.services.grades import existing_faults, import_rows
from bianwang.platform import access
from bianwang.platform.exchange.sheets import Errors, Row, Sheet, SheetColumn
from bianwang.platform.places.models import Enterprise

_NEEDED = ("credit_code", "level", "certificate", "graded_on")


def check(user: Any, rows: list[Row]) -> Errors:
    """Enterprises must be known and in the user's scope, and each certificate right in itself and beside the others."""
    known = _enterprises(user, rows)
    errors: dict[int, dict[str, str]] = {}
    seen: dict[tuple[str, Any], int] = {}
    for index, row in enumerate(rows):
        code = row.get("credit_code")
        if code and code not in known:
            errors[index] = {"credit_code": f"没有信用代码为“{code}”的企业，或不在您的管辖范围内，请先登记企业。"}
        elif all(row.get(name) for name in _NEEDED):
            found = existing_faults(known[row["credit_code"]], row)
            if seen.setdefault((row["credit_code"], row["graded_on"]), index) != index:
                found["graded_on"] = "同一家企业同一天有两行定级，请删去一行。"
            if found:
                errors[index] = found
    return errors


def apply(user: Any, rows: list[Row]) -> None:
    """Write one piece."""
    known = _enterprises(user, rows)
    import_rows(user, [(known[row["credit_code"]], row) for row in rows])


def _enterprises(user: Any, rows: list[Row]) -> dict[str, Enterprise]:
    codes = {row["credit_code"] for row in rows if row.get("credit_code")}
    found = access.visible(user, Enterprise, "standardisation.import").filter(credit_code__in=codes)
    return {row.credit_code: row for row in found}


GRADES = Sheet(
    kind="standardisation.grade",
    title="标准化证书",
    permission="standardisation.import",
    columns=(
        SheetColumn("credit_code", "统一社会信用代码", required=True, max_length=18),
        SheetColumn("certificate", "证书编号", required=True, max_length=60, note="已登记的证书重复导入时不变"),
        SheetColumn("level", "等级", required=True, kind="choice", choices=LEVELS),
        SheetColumn("graded_on", "定级日期", required=True, kind="date", note="证书上的发证或公告日期"),
        SheetColumn("valid_until", "有效期至", kind="date", note="空着按规定年数推算"),
        SheetColumn("authority", "定级部门", max_length=60, note="空着按等级推定"),
    ),
    key=("certificate",),
    check=check,
    apply=apply,
)
