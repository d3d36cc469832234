"""Excel lists of lines, projects and payments."""

from __future__ import annotations

from typing import Any

from bianwang.modules.budget.models import Payment, Source
from bianwang.modules.budget.services import imports
from bianwang.platform.exchange.sheets import Sheet, SheetColumn

_UNIT = SheetColumn("unit", "单位", max_length=100, note="空着为本局；下属单位单独编预算的填单位名称")


def _year(value: Any) -> int:
    if value != int(value) or not 2000 <= value <= 2100:
        raise ValueError(f"“{value}”不是年份，请填四位数字，如 2026。")
    return int(value)


def _code(value: str) -> str:
    return value.removesuffix(".0")


_YEAR = SheetColumn("year", "年度", required=True, kind="number", clean=_year, example="2026")
_SUBJECT = SheetColumn(
    "subject", "科目", required=True, max_length=60, clean=_code, note="代码或名称，如 2240106 或 安全监管"
)


def _yuan(value: Any) -> Any:
    if value != round(value, 2):
        raise ValueError(f"“{value}”超过两位小数，请按元填写，精确到分。")
    return value


def _amount(name: str, title: str, *, required: bool = False, note: str = "") -> SheetColumn:
    return SheetColumn(name, f"{title}（元）", required=required, kind="number", clean=_yuan, note=note)


def _share(name: str, title: str) -> SheetColumn:
    return SheetColumn(name, f"{title}计划进度（%）", kind="number", note="累计数；空着按全年均匀")


LINES = Sheet(
    kind="budget.line",
    title="预算科目",
    permission="budget.edit",
    columns=(
        _YEAR,
        _UNIT,
        _SUBJECT,
        _amount("opening", "年初预算数", required=True),
        _amount("carried_in", "上年结转"),
    ),
    key=("year", "unit", "subject"),
    check=imports.check_lines,
    apply=imports.apply_lines,
)

PROJECTS = Sheet(
    kind="budget.project",
    title="预算项目",
    permission="budget.edit",
    columns=(
        _YEAR,
        _UNIT,
        _SUBJECT,
        SheetColumn("code", "项目代码", required=True, max_length=40, clean=_code, note="已有的项目据此更改"),
        SheetColumn("name", "项目", required=True, max_length=100),
        SheetColumn("source", "资金来源", required=True, kind="choice", choices=Source.choices),
        _amount("opening", "年初预算数", required=True, note="批复以后新增的填 0"),
        SheetColumn("office", "责任科室", required=True, max_length=100),
        SheetColumn("may_transfer", "可转移支付", kind="flag", note="救助、奖补等直接发给受益对象的填“是”"),
        _share("share_q1", "一季度末"),
        _share("share_q2", "二季度末"),
        _share("share_q3", "三季度末"),
    ),
    key=("year", "unit", "code"),
    check=imports.check_projects,
    apply=imports.apply_projects,
)

PAYMENTS = Sheet(
    kind="budget.payment",
    title="支付",
    permission="budget.edit",
    columns=(
        SheetColumn("voucher", "凭证号", required=True, max_length=40, note="已登记的凭证号重复导入时不变"),
        SheetColumn("day", "支付日期", required=True, kind="date"),
        _UNIT,
        _SUBJECT,
        SheetColumn("project", "项目代码", max_length=40, clean=_code, note="空着为不对应项目"),
        _amount("amount", "金额", required=True, note="退回的填负数"),
        SheetColumn("kind", "支付方式", kind="choice", choices=Payment.Kind.choices, note="空着为直接支出"),
        SheetColumn("payee", "收款人", required=True, max_length=100),
        SheetColumn("reason", "摘要", max_length=300, note="退回的必填"),
    ),
    key=("voucher", "day"),
    check=imports.check_payments,
    apply=imports.apply_payments,
)
