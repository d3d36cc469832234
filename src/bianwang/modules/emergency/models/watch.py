"""The watch after an event: one row a day, until somebody has looked."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.emergency.workflow.after import WATCH_DAY
from bianwang.platform.clock import now
from bianwang.platform.workflow.models import WorkflowMixin


class WatchDay(WorkflowMixin):
    """A day on which somebody has to look. What was seen stands in the event's record (`note`)."""

    class Outcome(models.TextChoices):
        CLEAR = "clear", "正常，无复燃复发"
        SETTLED = "settled", "有异常，已当场处置"
        BACK = "back", "复燃复发"

    event = models.ForeignKey("emergency.Event", models.PROTECT, related_name="watch_days", verbose_name="事件")
    ended_at = models.DateTimeField("盯守起点")
    """When the response ended: after it was taken up again and ended again, a new watch begins."""
    day = models.DateField("日期", db_index=True)
    outcome = models.CharField("检查结果", max_length=10, choices=Outcome.choices, blank=True)
    note = models.OneToOneField(
        "emergency.Note", models.PROTECT, null=True, blank=True, related_name="watch_day", verbose_name="检查记录"
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="检查登记人"
    )
    checked_at = models.DateTimeField("登记时间", null=True, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    workflow = WATCH_DAY
    access_path = "event__owner"

    class Meta:
        verbose_name = "盯守检查"
        db_table = "emergency_watch_day"
        ordering = ["-day", "-id"]
        constraints = [models.UniqueConstraint(fields=["event", "ended_at", "day"], name="emergency_watch_once")]

    def __str__(self) -> str:
        return f"{self.event.number} {self.day.month}月{self.day.day}日盯守检查"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("emergency:watch_day", args=[self.pk])

    @property
    def standing(self) -> tuple[str, str]:
        """How it stands, in words and colour."""
        if self.state == "checked":
            late = self.due_at is not None and self.checked_at is not None and self.checked_at > self.due_at
            return ("逾时登记", "orange") if late else ("按时", "green")
        if self.state == "owed":
            return ("逾期未检查", "red") if self.due_at and self.due_at < now() else ("待检查", "orange")
        return self.state_row.name, self.state_row.colour
