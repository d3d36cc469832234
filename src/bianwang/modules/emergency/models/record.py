"""What happened while an event lasted: notes that are only ever added."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse


class Note(models.Model):
    """One entry of an event's record. Never changed: a correction is a new note that names the old one."""

    class Kind(models.TextChoices):
        SITUATION = "situation", "现场情况"
        COMMAND = "command", "指挥调度"
        RESCUE = "rescue", "救援处置"
        EVACUATION = "evacuation", "转移安置"
        REPORT = "report", "信息报送"
        OPINION = "opinion", "舆情"
        HANDOVER = "handover", "交接班"
        CHECK = "check", "盯守检查"
        OTHER = "other", "其他"

    event = models.ForeignKey("emergency.Event", models.PROTECT, related_name="notes", verbose_name="事件")
    kind = models.CharField("类别", max_length=12, choices=Kind.choices)
    happened_at = models.DateTimeField("发生时间", db_index=True)
    place = models.CharField("地点", max_length=100, blank=True)
    text = models.TextField("内容")
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name="更正的记录"
    )
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录人")
    entered_at = models.DateTimeField("记录时间")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "event__owner"

    class Meta:
        verbose_name = "处置记录"
        db_table = "emergency_note"
        ordering = ["-happened_at", "-id"]

    def __str__(self) -> str:
        return f"{self.event.number} {self.get_kind_display()}：{self.text[:40]}"

    def get_absolute_url(self) -> str:
        """Its place in the event's record."""
        return f"{reverse('emergency:record', args=[self.event_id])}#note-{self.pk}"
