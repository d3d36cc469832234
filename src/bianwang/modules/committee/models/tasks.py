"""Tasks of the committee, with one assignment for every unit that has to act."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from bianwang.modules.committee.models.meetings import Meeting
from bianwang.modules.committee.models.watch import CheckIn
from bianwang.modules.committee.workflow import ASSIGNMENT
from bianwang.platform.clock import now
from bianwang.platform.workflow.models import WorkflowMixin


class Task(models.Model):
    """What is to be done until when, and where it comes from."""

    class Source(models.TextChoices):
        MEETING = "meeting", "会议议定"
        DOCUMENT = "document", "文件要求"
        SUPERIOR = "superior", "上级交办"
        CHECK_IN = "check_in", "视频调度"
        OTHER = "other", "其他"

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="交办单位")
    number = models.CharField("编号", max_length=40, unique=True)
    source = models.CharField("来源", max_length=10, choices=Source.choices)
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="来源会议"
    )
    check_in = models.ForeignKey(
        CheckIn, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="来源调度"
    )
    document = models.CharField("来源文件", max_length=100, blank=True)
    title = models.CharField("任务", max_length=100)
    content = models.TextField("任务要求")
    deadline = models.DateTimeField("完成时限", db_index=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="交办人")
    made_at = models.DateTimeField("交办时间")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "安委会任务"
        db_table = "committee_task"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("committee:task", args=[self.pk])


class Assignment(WorkflowMixin):
    """A task as one unit has it: signed for, worked on, reviewed, struck off."""

    workflow = ASSIGNMENT

    task = models.ForeignKey(Task, models.PROTECT, related_name="assignments", verbose_name="任务")
    unit = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="承办单位")
    is_lead = models.BooleanField("牵头", default=False)
    deadline = models.DateTimeField("完成时限", db_index=True)
    progress = models.CharField("最近进展", max_length=500, blank=True)
    signed_at = models.DateTimeField("签收时间", null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="报结人"
    )
    submitted_at = models.DateTimeField("报结时间", null=True)
    result = models.CharField("完成情况", max_length=1000, blank=True)
    returns = models.PositiveSmallIntegerField("退回次数", default=0)
    closed_at = models.DateTimeField("销号时间", null=True)
    escalation = models.PositiveSmallIntegerField("逾期上报级别", default=0)

    access_path = "unit"

    class Meta:
        verbose_name = "任务承办"
        db_table = "committee_assignment"
        ordering = ["-task", "-is_lead", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["task", "unit"], name="committee_assigned_once"),
            models.UniqueConstraint(fields=["task"], condition=Q(is_lead=True), name="committee_one_lead"),
        ]
        indexes = [models.Index(fields=["unit", "state"], name="committee_unit_state")]

    def __str__(self) -> str:
        return f"{self.task.number} {self.task.title}（{self.unit}）"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("committee:assignment", args=[self.pk])

    @property
    def is_late(self) -> bool:
        """Whether it was not reported done within the time limit, now or then."""
        if self.state == "cancelled":
            return False
        return (self.submitted_at or now()) > self.deadline
