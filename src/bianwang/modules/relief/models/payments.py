"""Payments: a batch for the bank, one line for each household."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from bianwang.modules.relief.models.claims import Claim
from bianwang.modules.relief.models.funds import Fund
from bianwang.modules.relief.models.programmes import Programme
from bianwang.modules.relief.workflow import BATCH
from bianwang.platform.workflow.models import WorkflowMixin


class Batch(WorkflowMixin):
    """What is sent to the bank at once, from one fund for one programme."""

    workflow = BATCH

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="拨付单位")
    number = models.CharField("批次", max_length=40, unique=True)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="batches", verbose_name="救助项目")
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="batches", verbose_name="资金")
    request = models.CharField(max_length=40, unique=True)
    """The form's one-time number: the same form sent twice makes one batch."""
    households = models.PositiveIntegerField("户数")
    amount = models.DecimalField("金额（元）", max_digits=12, decimal_places=2)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="编制人")
    made_at = models.DateTimeField("编制时间", db_index=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "拨付批次"
        db_table = "relief_batch"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("relief:batch", args=[self.pk])


class Line(models.Model):
    """One household's payment. While one line of a claim waits or is paid, there can be no other."""

    class State(models.TextChoices):
        PENDING = "pending", "待回盘"
        PAID = "paid", "成功"
        RETURNED = "returned", "退回"
        VOID = "void", "作废"

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="lines", verbose_name="批次")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="lines", verbose_name="申请")
    number = models.CharField("付款编号", max_length=50, unique=True)
    """What the bank gives back with its result."""
    amount = models.DecimalField("金额（元）", max_digits=10, decimal_places=2)
    state = models.CharField("结果", max_length=10, choices=State.choices, default=State.PENDING, db_index=True)
    paid_on = models.DateField("入账日期", null=True, blank=True)
    reason = models.CharField("退回原因", max_length=200, blank=True)

    access_path = "batch__owner"

    class Meta:
        verbose_name = "付款"
        db_table = "relief_line"
        ordering = ["batch", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(state__in=("pending", "paid")), name="relief_paid_once"
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The household's page."""
        return self.claim.get_absolute_url()
