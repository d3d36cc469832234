"""督办: something that a unit must see through, watched until somebody else has verified it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.committee.models.tasks import Assignment
from bianwang.modules.committee.workflow import SUPERVISION
from bianwang.modules.hazards.models import Hazard
from bianwang.platform.clock import now
from bianwang.platform.workflow.models import WorkflowMixin


class Supervision(WorkflowMixin):
    """One listed matter at one unit."""

    class Level(models.TextChoices):
        DISTRICT = "district", "区级督办"
        CITY = "city", "市级督办"
        PROVINCE = "province", "省级以上督办"

    workflow = SUPERVISION

    number = models.CharField("编号", max_length=40, unique=True)
    level = models.CharField("督办级别", max_length=10, choices=Level.choices, default=Level.DISTRICT)
    unit = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="督办对象")
    title = models.CharField("督办事项", max_length=100)
    demand = models.TextField("督办要求")
    hazard = models.ForeignKey(
        Hazard, models.PROTECT, null=True, blank=True, related_name="supervisions", verbose_name="督办隐患"
    )
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, null=True, blank=True, related_name="supervisions", verbose_name="督办任务"
    )
    case_number = models.CharField("案件文号", max_length=60, blank=True)
    deadline = models.DateTimeField("督办时限", db_index=True)
    extensions = models.PositiveSmallIntegerField("延期次数", default=0)
    signed_at = models.DateTimeField("签收时间", null=True)
    result = models.CharField("办理结果", max_length=1000, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="报结人"
    )
    submitted_at = models.DateTimeField("报结时间", null=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="核验人"
    )
    opinion = models.CharField("核验意见", max_length=500, blank=True)
    closed_at = models.DateTimeField("摘牌时间", null=True)
    escalation = models.PositiveSmallIntegerField("逾期上报级别", default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="挂牌人")
    made_at = models.DateTimeField("挂牌时间", db_index=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "unit"

    class Meta:
        verbose_name = "督办"
        db_table = "committee_supervision"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("committee:supervision", args=[self.pk])

    @property
    def is_late(self) -> bool:
        """Whether it was not reported done within the time limit, now or then."""
        return self.state != "revoked" and (self.submitted_at or now()) > self.deadline


class SupervisionExtension(models.Model):
    """A wish for a later time limit, decided by another person."""

    supervision = models.ForeignKey(Supervision, models.PROTECT, related_name="wishes", verbose_name="督办")
    wanted = models.DateTimeField("申请延至")
    reason = models.CharField("延期理由", max_length=500)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")
    applied_at = models.DateTimeField("申请时间")
    approved = models.BooleanField("是否同意", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审批人"
    )
    decided_at = models.DateTimeField("审批时间", null=True)

    access_path = "supervision__unit"

    class Meta:
        verbose_name = "督办延期申请"
        db_table = "committee_extension"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.reason[:60]
