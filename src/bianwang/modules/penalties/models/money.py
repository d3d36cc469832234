"""What follows from a decision: payments, instalments, and its publication."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.penalties.models.case import Case
from bianwang.modules.penalties.workflow import PUBLICATION
from bianwang.platform.workflow.models import WorkflowMixin


class Instalment(models.Model):
    """A part of the fine with its last day (批准延期、分期缴纳)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="instalments", verbose_name="案件")
    day = models.DateField("应缴日期")
    amount = models.DecimalField("金额（元）", max_digits=12, decimal_places=2)

    access_path = "case__unit"

    class Meta:
        verbose_name = "分期"
        db_table = "penalties_instalment"
        ordering = ["day", "pk"]

    def __str__(self) -> str:
        return f"{self.day} {self.amount}元"


class Payment(models.Model):
    """Money that came in; collected on the spot it must reach the office and the bank in time."""

    class Kind(models.TextChoices):
        FINE = "fine", "罚款"
        LATE = "late", "加处罚款"
        CONFISCATED = "confiscated", "没收违法所得"

    class Way(models.TextChoices):
        BANK = "bank", "银行代收"
        SPOT = "spot", "当场收缴"

    case = models.ForeignKey(Case, models.PROTECT, related_name="payments", verbose_name="案件")
    kind = models.CharField("款项", max_length=12, choices=Kind.choices, default=Kind.FINE)
    way = models.CharField("方式", max_length=8, choices=Way.choices, default=Way.BANK)
    amount = models.DecimalField("金额（元）", max_digits=12, decimal_places=2)
    day = models.DateField("缴款日期", db_index=True)
    receipt = models.CharField("票据号", max_length=60)
    handed_in_on = models.DateField("交至机关日期", null=True)
    banked_on = models.DateField("缴付银行日期", null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")

    access_path = "case__unit"

    class Meta:
        verbose_name = "缴款"
        db_table = "penalties_payment"
        ordering = ["day", "pk"]
        constraints = [models.UniqueConstraint(fields=["receipt"], name="penalty_receipt_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}{self.amount}元"


class Publication(WorkflowMixin):
    """行政执法公示: what the public reads of a decision. Persons are masked when it is made."""

    workflow = PUBLICATION

    case = models.OneToOneField(Case, models.PROTECT, related_name="publication", verbose_name="案件")
    respondent = models.CharField("行政相对人", max_length=100)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    document = models.CharField("处罚决定书文号", max_length=60)
    facts = models.CharField("违法事实", max_length=1000)
    basis = models.CharField("处罚依据", max_length=200)
    decision = models.CharField("处罚内容", max_length=300)
    decided_on = models.DateField("处罚决定日期", db_index=True)
    published_on = models.DateField("公示日期")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="公示人")
    ended_on = models.DateField("停止公示日期", null=True)

    access_path = "case__unit"

    class Meta:
        verbose_name = "处罚公示"
        db_table = "penalties_publication"
        ordering = ["-published_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.document} {self.respondent}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("penalties:publication", args=[self.pk])
