"""Relief goods: stores, what lies in them, what went where."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from bianwang.modules.disasters.models import Disaster
from bianwang.modules.relief.models.funds import Donation
from bianwang.modules.relief.pack import supply_choices
from bianwang.modules.relief.workflow import ISSUE
from bianwang.platform.workflow.models import WorkflowMixin


class Store(models.Model):
    """A warehouse of the bureau or a town."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="管理单位")
    name = models.CharField("仓库", max_length=60, unique=True)
    address = models.CharField("地址", max_length=120, blank=True)
    keeper = models.CharField("保管人", max_length=40, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "物资仓库"
        db_table = "relief_store"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """A kind of goods."""

    name = models.CharField("物资", max_length=60, unique=True)
    category = models.CharField("类别", max_length=20)
    """A code of `relief.yaml`."""
    unit = models.CharField("单位", max_length=10)

    class Meta:
        verbose_name = "物资品种"
        db_table = "relief_item"
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name}（{self.unit}）"

    @property
    def category_name(self) -> str:
        """The category in words."""
        return dict(supply_choices()).get(self.category, self.category)


class Stock(models.Model):
    """How much of an item lies in a store now. Never below zero."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="stock", verbose_name="仓库")
    item = models.ForeignKey(Item, models.PROTECT, related_name="stock", verbose_name="物资")
    quantity = models.PositiveIntegerField("库存", default=0)

    access_path = "store__owner"

    class Meta:
        verbose_name = "库存"
        db_table = "relief_stock"
        ordering = ["store", "item"]
        constraints = [
            models.UniqueConstraint(fields=["store", "item"], name="relief_stock_unique"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="relief_stock_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.item}"


class StockEntry(models.Model):
    """Goods that came into a store, or went out of it (negative)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="entries", verbose_name="仓库")
    item = models.ForeignKey(Item, models.PROTECT, related_name="entries", verbose_name="物资")
    quantity = models.IntegerField("数量")
    day = models.DateField("日期")
    origin = models.CharField("来源或去向", max_length=100)
    donation = models.ForeignKey(
        Donation, models.PROTECT, null=True, blank=True, related_name="stock_entries", verbose_name="捐赠"
    )

    access_path = "store__owner"

    class Meta:
        verbose_name = "出入库"
        db_table = "relief_stock_entry"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.store} {self.item} {self.quantity}"


class Issue(WorkflowMixin):
    """Goods on their way to a town, until the town says what it got."""

    workflow = ISSUE

    number = models.CharField("编号", max_length=40, unique=True)
    store = models.ForeignKey(Store, models.PROTECT, related_name="issues", verbose_name="仓库")
    item = models.ForeignKey(Item, models.PROTECT, related_name="issues", verbose_name="物资")
    quantity = models.PositiveIntegerField("发出数量")
    receiver = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="接收单位")
    disaster = models.ForeignKey(Disaster, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="灾害")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发出人")
    sent_at = models.DateTimeField("发出时间")
    received = models.PositiveIntegerField("实收数量", null=True, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签收人"
    )
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "receiver"

    class Meta:
        verbose_name = "物资发放"
        db_table = "relief_issue"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.item.name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("relief:issue", args=[self.pk])
