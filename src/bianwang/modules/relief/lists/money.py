"""Programmes, funds, batches and payment lines."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest

from bianwang.modules.relief.models import Batch, Fund, FundEntry, Line, Programme
from bianwang.modules.relief.pack import kind_choices
from bianwang.modules.relief.queries import claims as queries
from bianwang.modules.relief.workflow import BATCH, GRANTED
from bianwang.platform.clock import today
from bianwang.platform.ui.cells import Column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, Search
from bianwang.platform.ui.lists import Button, ListPage, list_url
from bianwang.platform.workflow.queries import limit

_ZERO = Value(Decimal(0), output_field=DecimalField(max_digits=14, decimal_places=2))
_LINE_COLOURS = {"paid": "green", "returned": "red", "void": "secondary", "pending": "blue"}


class ProgrammeList(ListPage):
    """What help there is."""

    model = Programme
    permission = "relief.overview"
    title = "救助项目"
    columns = (
        Column("name", "救助项目", kind="link", sort="pk"),
        Column("kind", "救助种类", "kind_name", sort="kind"),
        Column("year", "年度", sort="year"),
        Column("disaster", "灾害", lambda row: row.disaster.name if row.disaster else "按年度救助"),
        Column("policy_date", "政策日期", kind="date", sort="policy_date"),
        Column("total", "申请", kind="number", link=lambda row: list_url("relief:list", programme=row.pk)),
        Column(
            "granted",
            "已批准",
            kind="number",
            link=lambda row: list_url("relief:list", programme=row.pk, granted=1),
        ),
        Column("is_open", "受理中", kind="flag", sort="is_open"),
    )
    filters = (
        Search(title="项目名称", fields=("name",)),
        Choice("kind", "救助种类", choices=lambda user: kind_choices()),
        Choice("year", "年度", choices=queries.year_choices),
        Flag("is_open", "受理中"),
    )
    related = ("disaster",)
    empty = "还没有救助项目。点“设立救助项目”，选择救助种类和灾害（或年度）、政策日期，村（社）才能登记申请。"
    buttons = (Button("设立救助项目", "relief:programme_new", "relief.programme"),)

    def rows(self) -> QuerySet[Any]:
        granted = Count("claims", filter=Q(claims__state__in=GRANTED))
        rows: QuerySet[Any] = super().rows().annotate(total=Count("claims"), granted=granted)
        return rows


def _summed(rows: Any) -> Any:
    """A subquery's sum of amounts by fund."""
    total = rows.order_by().values("found").annotate(total=Sum("amount")).values("total")
    return Coalesce(Subquery(total), _ZERO)


class FundList(ListPage):
    """Money by source, and what has rested too long."""

    model = Fund
    permission = "relief.overview"
    title = "救助资金"
    columns = (
        Column("name", "资金", kind="link", sort="name"),
        Column("source", "来源", sort="source"),
        Column("document", "文号"),
        Column("received", "到账", kind="money", unit="元", link=lambda row: row.get_absolute_url(), sort="received"),
        Column("allotted", "已分配", kind="money", unit="元", link=lambda row: row.get_absolute_url()),
        Column(
            "paid",
            "已拨付",
            kind="money",
            unit="元",
            link=lambda row: list_url("relief:lines", fund=row.pk, state="paid"),
        ),
        Column("balance", "结余", kind="money", unit="元", sort="balance"),
        Column(
            "rested",
            "滞留超期",
            kind="badge",
            accessor=lambda row: f"{row.rested:,.2f} 元" if row.rested else "无",
            colour=lambda row: "red" if row.rested else "secondary",
        ),
    )
    filters = (
        Search(title="资金名称或文号", fields=("name", "document")),
        Choice("source", "来源"),
        Flag("resting", "有滞留", where=Q(rested__gt=0)),
    )
    empty = "还没有资金。点“登记资金”，再在资金页面登记到账、分配到项目。"
    buttons = (Button("登记资金", "relief:fund_new", "relief.pay"),)

    def rows(self) -> QuerySet[Any]:
        entries = FundEntry.objects.filter(fund=OuterRef("pk")).annotate(found=F("fund"))
        receipts = entries.filter(kind=FundEntry.Kind.RECEIPT)
        first = today() - timedelta(days=int(limit("relief.rest").value))
        lines = Line.objects.filter(batch__fund=OuterRef("pk"), state=Line.State.PAID).annotate(found=F("batch__fund"))
        rows: QuerySet[Any] = (
            super()
            .rows()
            .annotate(
                received=_summed(receipts),
                allotted=_summed(entries.filter(kind=FundEntry.Kind.ALLOTMENT)),
                paid=_summed(lines),
                old=_summed(receipts.filter(day__lt=first)),
            )
        )
        # The oldest money is spent first, so what has rested is the old receipts less all payments.
        left = {"balance": F("received") - F("paid"), "rested": Greatest(F("old") - F("paid"), _ZERO)}
        found: QuerySet[Any] = rows.annotate(**left)
        return found


class BatchList(ListPage):
    """What went to the bank."""

    model = Batch
    permission = "relief.overview"
    title = "拨付批次"
    columns = (
        Column("number", "批次", kind="link", sort="pk"),
        Column("programme", "救助项目", "programme.name", sort="programme"),
        Column("fund", "资金", "fund.name", sort="fund"),
        Column(
            "households",
            "户数",
            kind="number",
            sort="households",
            total="households",
            link=lambda row: list_url("relief:lines", batch=row.pk),
        ),
        Column("amount", "金额", kind="money", unit="元", sort="amount", total="amount"),
        state_column(),
        Column("made_at", "编制时间", kind="datetime", sort="made_at"),
        Column("made_by", "编制人", "made_by.name", default=False),
    )
    filters = (
        Search(title="批次", fields=("number",)),
        Choice("state", "状态", choices=tuple(BATCH.choices())),
        Choice("programme", "救助项目", choices=queries.programme_choices),
        DateRange("made", "编制日期", field="made_at"),
    )
    related = ("programme", "fund", "made_by")
    empty = "还没有拨付批次。区局批准、资金分配到项目后，点“编制拨付批次”。"
    buttons = (
        Button("编制拨付批次", "relief:batch_new", "relief.pay"),
        Button("导入银行回盘", "relief:results", "relief.pay", "upload"),
    )


def _batches(user: Any) -> list[tuple[int, str]]:
    return list(Batch.objects.order_by("-pk").values_list("pk", "number")[:200])


def _funds(user: Any) -> list[tuple[int, str]]:
    return list(Fund.objects.order_by("-pk").values_list("pk", "name")[:200])


class LineList(ListPage):
    """Payments of households, with the account masked; the whole account is in the bank file alone."""

    model = Line
    permission = "relief.overview"
    title = "付款明细"
    crumbs = (("拨付批次", "/relief/batches/"),)
    columns = (
        Column("number", "付款编号", sort="pk"),
        Column("claim", "救助申请", "claim.number", link=lambda row: row.claim.get_absolute_url()),
        Column("head", "户主", "claim.head"),
        Column("account", "收款账号", "claim.account_mask"),
        Column("amount", "金额", kind="money", unit="元", sort="amount", total="amount"),
        Column("state", "结果", kind="badge", colour=lambda row: _LINE_COLOURS[row.state], sort="state"),
        Column("paid_on", "入账日期", kind="date", sort="paid_on"),
        Column("reason", "退回原因"),
    )
    filters = (
        Search(title="付款编号或户主", fields=("number", "claim__number", "claim__head")),
        Choice("state", "结果"),
        Choice("batch", "批次", choices=_batches),
        Choice("fund", "资金", field="batch__fund", choices=_funds),
        DateRange("paid_on", "入账日期"),
    )
    related = ("claim",)
    empty = "没有付款。编制拨付批次后，每户一笔列在这里。"
