"""Payments and superior money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from bianwang.modules.budget.lists.filters import Below, RestingOn, counted, left_over, year_filter
from bianwang.modules.budget.lists.lines import line_choices, project_choices
from bianwang.modules.budget.models import Payment, Receipt, Source
from bianwang.modules.budget.queries import alerts, funds
from bianwang.modules.budget.queries.lines import NOTHING
from bianwang.platform.clock import today
from bianwang.platform.ui.cells import Column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, Search
from bianwang.platform.ui.lists import Button, ListPage


class PaymentList(ListPage):
    """What was paid and refunded."""

    model = Payment
    permission = "budget.view"
    title = "支付"
    columns = (
        Column("voucher", "凭证号", kind="link", sort="voucher"),
        Column("day", "支付日期", kind="date", sort="day"),
        Column("payee", "收款人", sort="payee"),
        Column("amount", "金额", kind="money", unit="元", sort="amount", total="amount"),
        Column("project", "项目", link=lambda row: row.project.get_absolute_url() if row.project else ""),
        Column("line", "科目", "line", link=lambda row: row.line.get_absolute_url(), sort="line__subject"),
        Column("source", "资金来源", lambda row: Source(row.source).label, sort="source"),
        Column("kind", "支付方式", sort="kind"),
        Column("reason", "摘要", default=False),
        Column("year", "年度", lambda row: f"{row.line.year.year}年", sort="line__year__year", default=False),
    )
    filters = (
        Search(title="凭证号、收款人或摘要", fields=("voucher", "payee", "reason")),
        year_filter("line__year__year"),
        Below(field="line__subject"),
        DateRange("day", "支付日期"),
        Choice("source", "资金来源", choices=tuple(Source.choices)),
        Choice("kind", "支付方式"),
        Choice("line", "科目", choices=lambda user: line_choices()),
        Choice("project", "项目", choices=lambda user: project_choices()),
        counted("line__year"),
    )
    related = ("line__year", "project")
    sort = "-day"
    empty = "还没有支付。在科目或项目页面点“登记支付”，或点“导入支付”。"
    buttons = (Button("导入支付", "budget:payment_import", "budget.edit", "upload"),)

    def rows(self) -> QuerySet[Any]:
        own = Value(Source.DISTRICT.value)
        rows: QuerySet[Any] = super().rows().annotate(source=Coalesce(F("project__source"), own))
        return rows


class ReceiptList(ListPage):
    """Superior money and what of it has not left."""

    model = Receipt
    permission = "budget.view"
    title = "上级资金"
    columns = (
        Column("document", "文号", kind="link", sort="document"),
        Column("received_on", "收到日期", kind="date", sort="received_on"),
        Column("purpose", "用途"),
        Column("source", "来源", sort="source"),
        Column("amount", "金额", kind="money", unit="元", sort="amount", total="amount"),
        Column(
            "project",
            "落实到项目",
            lambda row: str(row.project) if row.project else "未落实",
            link=lambda row: row.project.get_absolute_url() if row.project else "",
        ),
        Column("left", "未支付未转移", lambda row: row.left, kind="money", unit="元"),
        Column(
            "rested",
            "滞留",
            lambda row: f"{row.rested} 天" if row.left else "—",
            kind="badge",
            colour=lambda row: "red" if row.is_late else "secondary",
        ),
        Column("year", "年度", lambda row: f"{row.year.year}年", sort="year__year", default=False),
    )
    filters = (
        Search(title="文号或用途", fields=("document", "purpose")),
        year_filter("year__year"),
        Choice("source", "来源"),
        DateRange("received", "收到日期", field="received_on"),
        Choice("project", "项目", choices=lambda user: project_choices()),
        Flag("loose", "未落实到项目", field="project__isnull"),
        Flag("left", "仍在本级", where=left_over),
        Flag("pressing", "当前滞留超期", where=alerts.pressing),
        RestingOn(),
        counted("year"),
    )
    related = ("year", "project")
    sort = "-received_on"
    empty = "还没有上级资金。在年度页面点“登记上级资金”，写明文号、金额和收到日期。"
    buttons = (Button("按来源看", "budget:funds", "budget.view", "chart-bar"),)

    def equip(self, rows: Sequence[Any]) -> None:
        """Give each receipt what of it has not left today, and for how long."""
        found = {rest.receipt.pk: rest for rest in funds.rests(today())}
        late = {rest.receipt.pk for rest in funds.undisbursed(today())}
        for row in rows:
            rest = found.get(row.pk)
            row.left, row.rested = (rest.amount, rest.days) if rest else (NOTHING, 0)
            row.is_late = row.pk in late
