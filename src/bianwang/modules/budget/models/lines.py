"""Lines by function, what was adjusted in them, and projects inside them. Amounts are 元."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.urls import reverse

from bianwang.modules.budget.models.years import BudgetYear

_FULL = Decimal(100)


def amount(label: str, **more: Any) -> Any:
    """A column of money in 元."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, **more)


def _share(label: str, default: int) -> Any:
    return models.DecimalField(label, max_digits=5, decimal_places=2, default=Decimal(default))


class Source(models.TextChoices):
    """Where money comes from."""

    CENTRAL = "central", "中央资金"
    CITY = "city", "市级资金"
    DISTRICT = "district", "区级资金"


SUPERIOR = (Source.CENTRAL, Source.CITY)


class Line(models.Model):
    """One functional subject (功能分类科目) of a year."""

    year = models.ForeignKey(BudgetYear, models.PROTECT, related_name="lines", verbose_name="年度预算")
    subject = models.CharField("科目代码", max_length=7, db_index=True)
    name = models.CharField("科目", max_length=60)
    opening = amount("年初预算数（元）", default=Decimal(0))
    carried_in = amount("上年结转（元）", default=Decimal(0))
    low_reason = models.CharField("执行偏低原因", max_length=500, blank=True)

    access_path = "year__owner"

    class Meta:
        verbose_name = "预算科目"
        db_table = "budget_line"
        ordering = ["-year__year", "subject"]
        constraints = [
            models.UniqueConstraint(fields=["year", "subject"], name="budget_line_once"),
            models.CheckConstraint(
                condition=models.Q(opening__gte=0, carried_in__gte=0), name="budget_line_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("budget:line", args=[self.pk])


class Project(models.Model):
    """Money of a line for one purpose from one source. The same code in another year is the same project."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="projects", verbose_name="预算科目")
    code = models.CharField("项目代码", max_length=40, db_index=True)
    name = models.CharField("项目", max_length=100)
    source = models.CharField("资金来源", max_length=10, choices=Source.choices, db_index=True)
    opening = amount("年初预算数（元）", default=Decimal(0))
    office = models.ForeignKey("places.Organisation", models.PROTECT, related_name="+", verbose_name="责任科室")
    may_transfer = models.BooleanField("可以转移支付到受益对象", default=False)
    share_q1 = _share("一季度末计划进度（%）", 25)
    share_q2 = _share("二季度末计划进度（%）", 50)
    share_q3 = _share("三季度末计划进度（%）", 75)
    low_reason = models.CharField("执行偏低原因", max_length=500, blank=True)

    access_path = "line__year__owner"

    class Meta:
        verbose_name = "预算项目"
        db_table = "budget_project"
        ordering = ["-line__year__year", "code"]
        constraints = [
            models.CheckConstraint(condition=models.Q(opening__gte=0), name="budget_project_not_negative"),
            models.CheckConstraint(
                condition=models.Q(
                    share_q1__gte=0,
                    share_q2__gte=models.F("share_q1"),
                    share_q3__gte=models.F("share_q2"),
                    share_q3__lte=_FULL,
                ),
                name="budget_project_plan_rises",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("budget:project", args=[self.pk])

    @property
    def plan(self) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        """What should be spent by the end of each quarter, in per cent."""
        return self.share_q1, self.share_q2, self.share_q3, _FULL


class Adjustment(models.Model):
    """Money added to a line or taken from it during the year; of a project where it names one."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="adjustments", verbose_name="预算科目")
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="adjustments", verbose_name="项目"
    )
    day = models.DateField("调整日期", db_index=True)
    amount = amount("调整金额（元）")
    reason = models.CharField("调整原因", max_length=300)
    document = models.CharField("文号", max_length=60)

    access_path = "line__year__owner"

    class Meta:
        verbose_name = "预算调整"
        db_table = "budget_adjustment"
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount=0), name="budget_adjustment_moves"),
            models.CheckConstraint(
                condition=~models.Q(reason="") & ~models.Q(document=""), name="budget_adjustment_founded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} 调整{self.amount:+,.2f}元"

    def get_absolute_url(self) -> str:
        """The line's page."""
        return self.line.get_absolute_url()
