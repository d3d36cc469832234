"""A task that a unit is given for an event, signed for and answered."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.emergency.workflow.tasks import TASK
from bianwang.platform.workflow.models import WorkflowMixin


class Task(WorkflowMixin):
    """One task of one unit. `owner` is the unit, which reads the task although it may not read the event."""

    event = models.ForeignKey("emergency.Event", models.PROTECT, related_name="tasks", verbose_name="事件")
    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="承担单位")
    content = models.TextField("任务内容")
    place = models.CharField("集结或到达地点", max_length=100, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="下达人")
    sent_at = models.DateTimeField("下达时间", db_index=True)
    sign_by = models.DateTimeField("签收时限")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="签收人"
    )
    signed_at = models.DateTimeField("签收时间", null=True)
    feedback = models.TextField("最近反馈", blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    workflow = TASK
    access_path = "owner"

    class Meta:
        verbose_name = "处置任务"
        db_table = "emergency_task"
        ordering = ["-sent_at", "-id"]

    def __str__(self) -> str:
        return f"{self.event.number} {self.content[:30]}"

    def get_absolute_url(self) -> str:
        """The task's page."""
        return reverse("emergency:task", args=[self.pk])

    @property
    def is_in_time(self) -> bool:
        """Whether it was signed for within the limit of its class."""
        return self.signed_at is not None and self.signed_at <= self.sign_by
