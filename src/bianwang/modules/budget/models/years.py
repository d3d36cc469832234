"""A unit's budget of a year, and totals that a paper prints for it."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.urls import reverse

from bianwang.modules.budget.printed import half_unit, yuan
from bianwang.modules.budget.workflow import YEAR
from bianwang.platform.workflow.models import WorkflowMixin


class BudgetYear(WorkflowMixin):
    """The budget of one unit for one year; its figures are those of its lines."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度")
    approved_on = models.DateField("预算批准日期", null=True, blank=True)
    """When the people's congress approved the district's budget (批准)."""
    replied_on = models.DateField("预算批复日期", null=True, blank=True)
    """When the finance bureau told the unit its budget (批复)."""
    document = models.CharField("预算批复文号", max_length=60, blank=True)
    final_approved_on = models.DateField("决算批准日期", null=True, blank=True)
    final_replied_on = models.DateField("决算批复日期", null=True, blank=True)
    final_document = models.CharField("决算批复文号", max_length=60, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    workflow = YEAR
    access_path = "owner"

    class Meta:
        verbose_name = "年度预算"
        db_table = "budget_year"
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["owner", "year"], name="budget_year_once")]

    def __str__(self) -> str:
        return f"{self.year}年预算"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("budget:year", args=[self.pk])


class Statement(models.Model):
    """A total that a paper prints for a year. Where it is not that of the lines, it says why (差异说明)."""

    class Kind(models.TextChoices):
        OPENING = "opening", "年初预算数"
        ADJUSTED = "adjusted", "调整预算数"
        FINAL = "final", "决算数"
        CARRY_OVER = "carry_over", "年末结转结余"

    class Unit(models.TextChoices):
        YUAN = "yuan", "元"
        WAN = "wan", "万元"

    year = models.ForeignKey(BudgetYear, models.PROTECT, related_name="statements", verbose_name="年度预算")
    kind = models.CharField("合计", max_length=10, choices=Kind.choices)
    printed = models.CharField("印出的数", max_length=20)
    """As it is printed: its places say how far it was rounded."""
    unit = models.CharField("单位", max_length=4, choices=Unit.choices, default=Unit.WAN)
    paper = models.CharField("出处", max_length=100)
    explanation = models.CharField("差异说明", max_length=500, blank=True)

    access_path = "year__owner"

    class Meta:
        verbose_name = "文件上的合计数"
        db_table = "budget_statement"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["year", "kind"], name="budget_statement_once")]

    def __str__(self) -> str:
        return f"{self.year.year}年{self.get_kind_display()}{self.printed}{self.get_unit_display()}"

    def get_absolute_url(self) -> str:
        """The year's page."""
        return self.year.get_absolute_url()

    @property
    def amount(self) -> Decimal:
        """What is printed, in 元."""
        return yuan(self.printed, self.unit)

    def tolerance(self, lines: int) -> Decimal:
        """How far the total of so many printed lines may be off by rounding alone, in 元."""
        return (lines + 1) * half_unit(self.printed, self.unit)
