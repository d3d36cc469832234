"""Superior money that came, and money that was paid."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from bianwang.modules.budget.models.lines import Line, Project, Source, amount
from bianwang.modules.budget.models.years import BudgetYear


class Receipt(models.Model):
    """Money that a superior passed down under a document; without a project nobody has said yet what it is for."""

    year = models.ForeignKey(BudgetYear, models.PROTECT, related_name="receipts", verbose_name="年度预算")
    source = models.CharField(
        "资金来源", max_length=10, choices=[choice for choice in Source.choices if choice[0] != Source.DISTRICT]
    )
    document = models.CharField("文号", max_length=60)
    purpose = models.CharField("用途", max_length=100)
    amount = amount("金额（元）")
    received_on = models.DateField("收到日期", db_index=True)
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="receipts", verbose_name="落实到项目"
    )

    access_path = "year__owner"

    class Meta:
        verbose_name = "上级资金"
        db_table = "budget_receipt"
        ordering = ["-received_on", "-pk"]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="budget_receipt_positive")]

    def __str__(self) -> str:
        return f"{self.document} {self.purpose}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("budget:receipt", args=[self.pk])


class Payment(models.Model):
    """Money that left; a refund is negative. What names no project is the district's own money of the line."""

    class Kind(models.TextChoices):
        DIRECT = "direct", "直接支出"
        TRANSFER = "transfer", "转移到受益对象"

    line = models.ForeignKey(Line, models.PROTECT, related_name="payments", verbose_name="预算科目")
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="payments", verbose_name="项目"
    )
    day = models.DateField("支付日期", db_index=True)
    amount = amount("金额（元）")
    kind = models.CharField("支付方式", max_length=10, choices=Kind.choices, default=Kind.DIRECT)
    payee = models.CharField("收款人", max_length=100)
    voucher = models.CharField("凭证号", max_length=40, db_index=True)
    """Once in a year: several payments of one voucher are told apart by a number after it."""
    reason = models.CharField("摘要", max_length=300, blank=True)

    access_path = "line__year__owner"

    class Meta:
        verbose_name = "支付"
        db_table = "budget_payment"
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["line", "day"], name="budget_payment_line_day")]
        constraints = [models.CheckConstraint(condition=~models.Q(amount=0), name="budget_payment_moves")]

    def __str__(self) -> str:
        return f"{self.voucher} {self.payee}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("budget:payment", args=[self.pk])
