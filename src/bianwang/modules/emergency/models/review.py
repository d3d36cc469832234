"""The review of an event (总结评估) and the measures that follow from it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.emergency.workflow.after import MEASURE, REVIEW
from bianwang.platform.clock import now
from bianwang.platform.workflow.models import WorkflowMixin

_USER = settings.AUTH_USER_MODEL


class Review(WorkflowMixin):
    """What happened, what went well and what did not; its figures are read from the event's rows."""

    event = models.OneToOneField("emergency.Event", models.PROTECT, related_name="review", verbose_name="事件")
    course = models.TextField("事件经过", blank=True)
    cause = models.TextField("原因分析", blank=True)
    strengths = models.TextField("经验做法", blank=True)
    weaknesses = models.TextField("存在不足", blank=True)
    version = models.PositiveIntegerField("版本", default=1)
    drafted_by = models.ForeignKey(
        _USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="起草人"
    )
    """Who last put hand to the text; None while nobody has."""
    checked_by = models.ForeignKey(
        _USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人"
    )
    issued_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="签发人")
    issued_at = models.DateTimeField("印发时间", null=True, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    workflow = REVIEW
    access_path = "event__owner"

    class Meta:
        verbose_name = "总结评估"
        db_table = "emergency_review"
        ordering = ["-state_since", "-id"]

    def __str__(self) -> str:
        return f"{self.event.number} {self.event.name}总结评估"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("emergency:review", args=[self.pk])

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Headings and texts in the order in which they are printed."""
        return [
            ("事件经过", self.course),
            ("原因分析", self.cause),
            ("经验做法", self.strengths),
            ("存在不足", self.weaknesses),
        ]

    @property
    def standing(self) -> tuple[str, str]:
        """Whether it was issued in time, in words and colour."""
        if self.due_at is None:
            return "不限时", "secondary"
        if self.issued_at is not None:
            return ("逾期印发", "orange") if self.issued_at > self.due_at else ("按时印发", "green")
        return ("逾期未印发", "red") if self.due_at < now() else ("未到期", "secondary")


class Measure(WorkflowMixin):
    """One thing to be done better. `owner` is the unit that does it, which need not read the event."""

    review = models.ForeignKey(Review, models.PROTECT, related_name="measures", verbose_name="总结评估")
    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="责任单位")
    text = models.CharField("改进措施", max_length=500)
    day = models.DateField("完成期限")
    result = models.TextField("落实情况", blank=True)
    done_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="报告人")
    done_at = models.DateTimeField("落实时间", null=True, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    workflow = MEASURE
    access_path = "owner"

    class Meta:
        verbose_name = "改进措施"
        db_table = "emergency_measure"
        ordering = ["day", "id"]

    def __str__(self) -> str:
        return self.text[:40]

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("emergency:measure", args=[self.pk])

    @property
    def standing(self) -> tuple[str, str]:
        """How it stands against its day, in words and colour."""
        if self.state == "open" and self.due_at and self.due_at < now():
            return "逾期未落实", "red"
        if self.state == "done" and self.due_at and self.done_at and self.done_at > self.due_at:
            return "逾期落实", "orange"
        return self.state_row.name, self.state_row.colour
