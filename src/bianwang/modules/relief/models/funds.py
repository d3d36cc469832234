"""Relief money by source, and what people gave."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from bianwang.modules.relief.models.programmes import Programme


class Fund(models.Model):
    """Money of one source under one document; what is left is its receipts less what was paid."""

    class Source(models.TextChoices):
        CENTRAL = "central", "中央资金"
        CITY = "city", "市级资金"
        DISTRICT = "district", "区级资金"
        DONATION = "donation", "捐赠资金"

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="管理单位")
    name = models.CharField("资金名称", max_length=100, unique=True)
    source = models.CharField("来源", max_length=10, choices=Source.choices)
    document = models.CharField("文号", max_length=100, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "救助资金"
        db_table = "relief_fund"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("relief:fund", args=[self.pk])


class FundEntry(models.Model):
    """Money that came, or was set apart for a programme. What went out are the lines of payment batches."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", "到账"
        ALLOTMENT = "allotment", "分配到项目"

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="entries", verbose_name="资金")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    day = models.DateField("日期", db_index=True)
    amount = models.DecimalField("金额（元）", max_digits=12, decimal_places=2)
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="allotments", verbose_name="救助项目"
    )
    note = models.CharField("说明", max_length=200, blank=True)

    access_path = "fund__owner"

    class Meta:
        verbose_name = "资金收支"
        db_table = "relief_fund_entry"
        ordering = ["-day", "-pk"]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="relief_entry_positive")]

    def __str__(self) -> str:
        return f"{self.fund} {self.get_kind_display()} {self.amount}元"

    def get_absolute_url(self) -> str:
        """The fund's page."""
        return self.fund.get_absolute_url()


class Donation(models.Model):
    """Money or goods that somebody gave, with the number of the receipt."""

    class Kind(models.TextChoices):
        MONEY = "money", "捐款"
        GOODS = "goods", "捐物"

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="接收单位")
    number = models.CharField("编号", max_length=40, unique=True)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    donor = models.CharField("捐赠人", max_length=100)
    is_anonymous = models.BooleanField("公示时匿名", default=False)
    received_on = models.DateField("接收日期", db_index=True)
    receipt = models.CharField("捐赠票据号", max_length=60, unique=True)
    amount = models.DecimalField("金额或折价（元）", max_digits=12, decimal_places=2)
    goods = models.CharField("物资", max_length=100, blank=True)
    """Name, quantity and unit, as on the receipt."""
    wish = models.CharField("捐赠意愿", max_length=200, blank=True)
    entry = models.OneToOneField(
        FundEntry, models.PROTECT, null=True, blank=True, related_name="donation", verbose_name="到账"
    )
    is_published = models.BooleanField("已公示", default=False)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "救灾捐赠"
        db_table = "relief_donation"
        ordering = ["-received_on", "-pk"]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("relief:donation", args=[self.pk])

    @property
    def public_name(self) -> str:
        """The donor as published."""
        return "爱心人士（匿名）" if self.is_anonymous else self.donor
