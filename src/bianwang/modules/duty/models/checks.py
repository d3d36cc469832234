"""Spot checks (查岗) and how each unit answered."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.duty.models.people import Person
from bianwang.platform.clock import now


class Check(models.Model):
    """One round of spot checks."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="查岗单位")
    asked_at = models.DateTimeField("查岗时间", db_index=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="查岗人")
    minutes = models.PositiveSmallIntegerField("应答时限（分钟）")
    """The limit in force on that day."""
    is_drawn = models.BooleanField("随机抽取", default=False)
    note = models.CharField("要求", max_length=200, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "查岗"
        db_table = "duty_check"
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"查岗 {self.pk}"


class Answer(models.Model):
    """One unit that is checked, and when it answered."""

    check_round = models.ForeignKey(Check, models.PROTECT, related_name="answers", verbose_name="查岗")
    unit = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="单位")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="在班人员")
    """None: nobody was on duty."""
    due_at = models.DateTimeField("应答时限", db_index=True)
    answered_at = models.DateTimeField("应答时间", null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="应答人"
    )

    access_path = "unit"

    class Meta:
        verbose_name = "查岗应答"
        db_table = "duty_answer"
        ordering = ["-check_round", "pk"]
        constraints = [models.UniqueConstraint(fields=["check_round", "unit"], name="duty_checked_once")]

    def __str__(self) -> str:
        return f"{self.unit} 查岗应答"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("duty:answer", args=[self.pk])

    @property
    def standing(self) -> tuple[str, str]:
        """How it stands, in words and colour. In time is up to the very moment that it is due."""
        if self.answered_at is not None:
            return ("迟答", "orange") if self.answered_at > self.due_at else ("按时应答", "green")
        return ("未应答", "red") if self.due_at < now() else ("待应答", "secondary")

    @property
    def seconds(self) -> int | None:
        """After how many seconds it answered."""
        if self.answered_at is None:
            return None
        return round((self.answered_at - self.check_round.asked_at).total_seconds())
