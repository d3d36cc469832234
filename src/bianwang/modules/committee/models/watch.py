"""Video check-ins (视频调度) and key periods (重要节点) with a daily report of every unit."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.platform.clock import now


class CheckIn(models.Model):
    """One round of calls over video."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="调度单位")
    title = models.CharField("调度主题", max_length=100)
    called_at = models.DateTimeField("调度时间", db_index=True)
    late_after = models.PositiveSmallIntegerField("应答超过几分钟为迟到")
    """The limit in force on that day."""
    note = models.TextField("调度要求", blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "视频调度"
        db_table = "committee_check_in"
        ordering = ["-called_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("committee:check_in", args=[self.pk])


class Call(models.Model):
    """One unit that is called; empty until somebody enters whether it answered."""

    class Result(models.TextChoices):
        ONLINE = "online", "在线"
        LATE = "late", "迟到"
        ABSENT = "absent", "未应答"

    check_in = models.ForeignKey(CheckIn, models.PROTECT, related_name="calls", verbose_name="调度")
    unit = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="单位")
    result = models.CharField("应答情况", max_length=8, choices=Result.choices, blank=True)
    minutes = models.PositiveSmallIntegerField("应答分钟", null=True, blank=True)
    issue = models.CharField("发现问题", max_length=300, blank=True)

    access_path = "unit"

    class Meta:
        verbose_name = "调度应答"
        db_table = "committee_call"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["check_in", "unit"], name="committee_called_once")]

    def __str__(self) -> str:
        return f"{self.check_in}（{self.unit}）"


class KeyPeriod(models.Model):
    """Days on which every unit reports, also that there is nothing to report."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="部署单位")
    name = models.CharField("名称", max_length=60)
    first_day = models.DateField("开始日期")
    last_day = models.DateField("结束日期")
    due_time = models.TimeField("每日报送截止")
    measures = models.TextField("工作要求")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "重要节点"
        db_table = "committee_period"
        ordering = ["-first_day", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("committee:period", args=[self.pk])


class ZeroReport(models.Model):
    """What one unit owes on one day of a key period."""

    class Outcome(models.TextChoices):
        CALM = "calm", "平安无事"
        EVENT = "event", "有情况"

    period = models.ForeignKey(KeyPeriod, models.PROTECT, related_name="reports", verbose_name="重要节点")
    unit = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="单位")
    day = models.DateField("日期", db_index=True)
    due_at = models.DateTimeField("报送截止", db_index=True)
    asked_at = models.DateTimeField("列入待办时间", null=True)
    outcome = models.CharField("当日情况", max_length=8, choices=Outcome.choices, blank=True)
    text = models.CharField("情况说明", max_length=500, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="报送人"
    )
    reported_at = models.DateTimeField("报送时间", null=True)

    access_path = "unit"

    class Meta:
        verbose_name = "每日零报告"
        db_table = "committee_zero_report"
        ordering = ["-day", "pk"]
        constraints = [models.UniqueConstraint(fields=["period", "unit", "day"], name="committee_one_report")]

    def __str__(self) -> str:
        return f"{self.period} {self.day}（{self.unit}）"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("committee:zero_report", args=[self.pk])

    @property
    def standing(self) -> tuple[str, str]:
        """How it stands, in words and colour. On time is up to the very moment that it is due."""
        if self.reported_at is not None:
            return ("迟报", "orange") if self.reported_at > self.due_at else ("已报", "green")
        return ("漏报", "red") if self.due_at < now() else ("待报", "secondary")
