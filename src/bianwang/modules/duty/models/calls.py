"""Telephone calls that were noted (电话记录): never changed; what was wrong is noted anew."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse


class PhoneCall(models.Model):
    """One call in or out."""

    class Direction(models.TextChoices):
        IN = "in", "来电"
        OUT = "out", "去电"

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="记录单位")
    direction = models.CharField("方向", max_length=3, choices=Direction.choices)
    who = models.CharField("对方", max_length=60)
    number = models.CharField("电话", max_length=20, blank=True)
    happened_at = models.DateTimeField("通话时间", db_index=True)
    text = models.CharField("内容", max_length=500)
    result = models.CharField("结果", max_length=300, blank=True)
    source = models.CharField("关联事项", max_length=200, blank=True)
    """Address within the platform of what it was about."""
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录人")
    made_at = models.DateTimeField("记录时间")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "电话记录"
        db_table = "duty_call"
        ordering = ["-happened_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} {self.who}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("duty:call", args=[self.pk])
