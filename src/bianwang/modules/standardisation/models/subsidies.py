"""The subsidy of a grade: its amount follows from the policy of the day of grading."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.standardisation.models.grades import LEVELS, Grade
from bianwang.modules.standardisation.pack import line_name, policy_name
from bianwang.modules.standardisation.workflow import SUBSIDY
from bianwang.platform.workflow.models import WorkflowMixin


def _person(label: str) -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=label)


class Subsidy(WorkflowMixin):
    """One for each grade of an enterprise, once and for all."""

    workflow = SUBSIDY

    owner = models.ForeignKey("places.Enterprise", models.PROTECT, related_name="subsidies", verbose_name="企业")
    grade = models.ForeignKey(Grade, models.PROTECT, related_name="subsidies", verbose_name="定级")
    level = models.CharField("等级", max_length=1, choices=LEVELS)
    policy = models.CharField("奖补政策", max_length=30)
    """A code of `standardisation.yaml`."""
    document = models.CharField("文号", max_length=60)
    budget_line = models.CharField("预算项目", max_length=30)
    amount = models.DecimalField("金额（元）", max_digits=12, decimal_places=2)
    applied_by = _person("申请人")
    applied_on = models.DateField("申请日期")
    checked_by = _person("审核人")
    decided_by = _person("审批人")
    paid_by = _person("发放人")
    paid_on = models.DateField("发放日期", null=True, blank=True)
    voucher = models.CharField("付款凭证号", max_length=60, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "标准化奖补"
        db_table = "standardisation_subsidy"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "level"], condition=~models.Q(state="refused"), name="standard_subsidy_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.owner.name} {self.get_level_display()}奖补 {self.amount} 元"

    def get_absolute_url(self) -> str:
        """The subsidy's page."""
        return reverse("standardisation:subsidy", args=[self.pk])

    @property
    def policy_name(self) -> str:
        """The policy in words."""
        return policy_name(self.policy)

    @property
    def budget_line_name(self) -> str:
        """The budget line in words."""
        return line_name(self.budget_line)
