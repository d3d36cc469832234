"""Donations, stock and issues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from bianwang.modules.relief.models import Donation, Issue, Item, Stock, StockEntry, Store
from bianwang.modules.relief.pack import supply_choices
from bianwang.modules.relief.services import funds
from bianwang.modules.relief.workflow import ISSUE
from bianwang.platform.ui.cells import Cell, Column, due_column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, Search
from bianwang.platform.ui.lists import BatchAction, Button, ListPage, list_url


def _publish(user: Any, rows: list[Any]) -> str:
    return f"已列入公示 {funds.publish(user, rows)} 笔，可打印捐赠公示。"


class DonationList(ListPage):
    """What people gave."""

    model = Donation
    permission = "relief.overview"
    title = "救灾捐赠"
    columns = (
        Column("number", "编号", kind="link", sort="pk"),
        Column("donor", "捐赠人", sort="donor"),
        Column("kind", "类别", sort="kind"),
        Column("amount", "金额或折价", kind="money", unit="元", sort="amount", total="amount"),
        Column("goods", "物资"),
        Column("receipt", "票据号", sort="receipt"),
        Column("received_on", "接收日期", kind="date", sort="received_on"),
        Column("is_published", "已公示", kind="flag", sort="is_published"),
        Column("is_anonymous", "匿名", kind="flag", default=False),
        Column("wish", "捐赠意愿", default=False),
    )
    filters = (
        Search(title="编号、捐赠人或票据号", fields=("number", "donor", "receipt")),
        Choice("kind", "类别"),
        DateRange("received_on", "接收日期"),
        Flag("is_published", "已公示"),
    )
    empty = "还没有捐赠。收到捐款捐物、开具票据后点“登记捐赠”；捐款须先登记一项“捐赠资金”。"
    buttons = (
        Button("登记捐赠", "relief:donation_new", "relief.donate"),
        Button("捐赠公示", "relief:published", "relief.overview", "printer"),
    )
    actions = (BatchAction("publish", "列入公示", "relief.donate", _publish),)


class StockList(ListPage):
    """What lies in the stores now."""

    model = Stock
    permission = "relief.overview"
    title = "物资库存"
    columns = (
        Column("item", "物资", "item.name", sort="item__name"),
        Column("category", "类别", "item.category_name", sort="item__category"),
        Column("store", "仓库", "store.name", sort="store__name"),
        Column(
            "quantity",
            "库存",
            kind="number",
            sort="quantity",
            link=lambda row: list_url("relief:moves", store=row.store_id, item=row.item_id),
        ),
        Column("unit", "单位", "item.unit"),
    )
    filters = (
        Search(title="物资或仓库", fields=("item__name", "store__name")),
        Choice("category", "类别", field="item__category", choices=lambda user: supply_choices()),
    )
    related = ("item", "store")
    sort = "item__name"
    empty = "还没有库存。先“登记仓库”，再“物资入库”。"
    buttons = (
        Button("发放物资", "relief:issue_new", "relief.supply", "truck-delivery"),
        Button("物资入库", "relief:take_in", "relief.supply"),
        Button("登记仓库", "relief:store_new", "relief.supply", "building-warehouse"),
    )


class IssueList(ListPage):
    """Goods on their way to towns and there."""

    model = Issue
    permission = "relief.goods"
    title = "物资发放"
    columns = (
        Column("number", "编号", kind="link", sort="pk"),
        Column("item", "物资", "item.name", sort="item__name"),
        Column("quantity", "发出", kind="number", sort="quantity"),
        Column("received", "实收", kind="number", sort="received"),
        Column("unit", "单位", "item.unit"),
        Column("store", "仓库", "store.name"),
        Column("receiver", "接收镇街", "receiver.name", sort="receiver__pinyin"),
        state_column(),
        due_column(),
        Column("sent_at", "发出时间", kind="datetime", sort="sent_at"),
    )
    filters = (
        Search(title="编号、物资或镇街", fields=("number", "item__name", "receiver__name")),
        Choice("state", "状态", choices=tuple(ISSUE.choices())),
        DateRange("sent", "发出日期", field="sent_at"),
    )
    related = ("item", "store", "receiver")
    empty = "还没有发放物资。区局从“物资库存”发放，镇街在这里确认收到。"


def _stores(user: Any) -> list[tuple[int, str]]:
    return list(Store.objects.values_list("pk", "name"))


def _items(user: Any) -> list[tuple[int, str]]:
    return list(Item.objects.values_list("pk", "name"))


class MoveList(ListPage):
    """What came into the stores and went out."""

    model = StockEntry
    permission = "relief.overview"
    title = "出入库记录"
    columns = (
        Column("day", "日期", kind="date", sort="day"),
        Column("item", "物资", "item.name", sort="item__name"),
        Column("quantity", "数量", kind="number", sort="quantity", total="quantity"),
        Column("unit", "单位", "item.unit"),
        Column("store", "仓库", "store.name", sort="store__name"),
        Column("origin", "来源或去向"),
    )
    filters = (
        Choice("store", "仓库", choices=_stores),
        Choice("item", "物资", choices=_items),
        DateRange("day", "日期"),
    )
    related = ("item", "store")
    empty = "没有出入库记录。在“物资库存”登记入库或发放后，这里逐笔列出。"

    def _totals(self, rows: QuerySet[Any], columns: Sequence[Column]) -> list[Cell]:
        """Tents and quilts are not added up."""
        return super()._totals(rows, columns) if self.request.GET.get("item") else []
