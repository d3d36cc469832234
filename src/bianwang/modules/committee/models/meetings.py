"""Meetings of the committee and who attended."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse


class Meeting(models.Model):
    """One meeting; its decisions become tasks."""

    class Kind(models.TextChoices):
        PLENARY = "plenary", "全体会议"
        SPECIAL = "special", "专题会议"
        DISPATCH = "dispatch", "调度会议"

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="召集单位")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    title = models.CharField("会议名称", max_length=100)
    held_at = models.DateTimeField("会议时间", db_index=True)
    place = models.CharField("地点", max_length=100)
    host = models.CharField("主持人", max_length=40, blank=True)
    agenda = models.TextField("议程", blank=True)
    decisions = models.TextField("议定事项", blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "安委会会议"
        db_table = "committee_meeting"
        ordering = ["-held_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("committee:meeting", args=[self.pk])


class Attendance(models.Model):
    """One unit that was asked to a meeting; empty until somebody enters whether it came."""

    class Presence(models.TextChoices):
        PRESENT = "present", "出席"
        SUBSTITUTE = "substitute", "代会"
        LEAVE = "leave", "请假"
        ABSENT = "absent", "缺席"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendance", verbose_name="会议")
    unit = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="单位")
    presence = models.CharField("到会情况", max_length=10, choices=Presence.choices, blank=True)
    person = models.CharField("参会人", max_length=40, blank=True)

    access_path = "meeting__owner"

    class Meta:
        verbose_name = "到会情况"
        db_table = "committee_attendance"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "unit"], name="committee_attends_once")]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_presence_display()}"
