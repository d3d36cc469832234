"""Hand-overs (交接班), what goes on from shift to shift, and the duty log."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.duty.models.people import DutyPost
from bianwang.modules.duty.models.roster import Shift
from bianwang.modules.duty.pack import kind_name
from bianwang.modules.duty.workflow import HANDOVER
from bianwang.platform.workflow.models import WorkflowMixin

_USER = settings.AUTH_USER_MODEL


class Matter(models.Model):
    """Something that goes on. It stands in every hand-over of its post until somebody ticks it off."""

    post = models.ForeignKey(DutyPost, models.PROTECT, related_name="matters", verbose_name="岗位")
    text = models.CharField("待续事项", max_length=300)
    opened_by = models.ForeignKey(_USER, models.PROTECT, related_name="+", verbose_name="提出人")
    opened_at = models.DateTimeField("提出时间", db_index=True)
    closed_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办结人")
    closed_at = models.DateTimeField("办结时间", null=True, blank=True, db_index=True)
    outcome = models.CharField("办理结果", max_length=300, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "post__owner"

    class Meta:
        verbose_name = "待续事项"
        db_table = "duty_matter"
        ordering = ["closed_at", "opened_at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("duty:matter", args=[self.pk])


class Handover(WorkflowMixin):
    """The hand-over at the end of one shift."""

    workflow = HANDOVER

    shift = models.OneToOneField(Shift, models.PROTECT, related_name="handover", verbose_name="交班班次")
    summary = models.TextField("本班情况", max_length=3000, blank=True)
    matters: models.ManyToManyField[Matter, models.Model] = models.ManyToManyField(
        Matter, related_name="handovers", verbose_name="移交的待续事项", db_table="duty_handed_matter"
    )
    written_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="交班人")
    written_at = models.DateTimeField("交班时间", null=True)
    signed_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+", verbose_name="接班人")
    signed_at = models.DateTimeField("接班时间", null=True)
    is_escalated = models.BooleanField("已提醒带班领导", default=False)

    access_path = "shift__post__owner"

    class Meta:
        verbose_name = "交接班"
        db_table = "duty_handover"
        ordering = ["-shift__ends_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.shift}交接班"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("duty:handover", args=[self.pk])


class LogEntry(models.Model):
    """One line of the duty log. It is never overwritten: a correction is a line of its own."""

    post = models.ForeignKey(DutyPost, models.PROTECT, related_name="log", verbose_name="岗位")
    kind = models.CharField("类别", max_length=20)
    """A code of `duty.yaml`."""
    happened_at = models.DateTimeField("发生时间", db_index=True)
    text = models.CharField("内容", max_length=1000)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name="更正哪一条"
    )
    made_by = models.ForeignKey(_USER, models.PROTECT, related_name="+", verbose_name="记录人")
    made_at = models.DateTimeField("记录时间")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "post__owner"

    class Meta:
        verbose_name = "值班日志"
        db_table = "duty_log"
        ordering = ["-happened_at", "-pk"]

    def __str__(self) -> str:
        return self.text[:40]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("duty:entry", args=[self.pk])

    @property
    def kind_name(self) -> str:
        """The kind in words."""
        return kind_name(self.kind)
