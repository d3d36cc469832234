"""An event: what happened where, who told, and how far the response has come."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.emergency.pack.events import kind_name
from bianwang.modules.emergency.workflow.events import EVENT
from bianwang.platform.clock import SHANGHAI
from bianwang.platform.workflow.models import WorkflowMixin


class Series(models.Model):
    """Gap-free numbering: the last number given in a year. Incremented in the transaction that uses the number."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "emergency_series"

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Event(WorkflowMixin):
    """One emergency. Exercises and what was merged or revoked never enter a figure."""

    class Source(models.TextChoices):
        PHONE = "phone", "电话报告"
        TOWN = "town", "镇街报告"
        ALARM = "alarm", "监测告警"
        VIDEO = "video", "视频发现"
        HOTLINE = "hotline", "12350"
        UPPER = "upper", "上级交办"

    class Level(models.IntegerChoices):
        NONE = 0, "未启动"
        FIRST = 1, "Ⅰ级"
        SECOND = 2, "Ⅱ级"
        THIRD = 3, "Ⅲ级"
        FOURTH = 4, "Ⅳ级"

    number = models.CharField("编号", max_length=40, unique=True)
    name = models.CharField("事件名称", max_length=120)
    """As staff write it: 8·23 森林火灾."""
    kind = models.CharField("类别", max_length=20, db_index=True)
    subtype = models.CharField("子类", max_length=20, blank=True, db_index=True)
    """Codes of `emergency.yaml`."""
    source = models.CharField("信息来源", max_length=10, choices=Source.choices)
    informant = models.CharField("报告人和联系方式", max_length=100, blank=True)
    alarm = models.ForeignKey(
        "alarms.Alarm", models.PROTECT, null=True, blank=True, related_name="events", verbose_name="来源告警"
    )
    warning = models.ForeignKey(
        "weather.WeatherWarning", models.PROTECT, null=True, blank=True, related_name="events", verbose_name="来源预警"
    )
    duty_entry = models.ForeignKey(
        "duty.LogEntry", models.PROTECT, null=True, blank=True, related_name="events", verbose_name="来源值班日志"
    )
    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="events", verbose_name="属地单位")
    """The town where it happened, or the bureau for the whole district."""
    territory = models.ForeignKey("places.Territory", models.PROTECT, related_name="+", verbose_name="发生地")
    place = models.CharField("具体地点", max_length=200)
    longitude = models.FloatField("经度", null=True, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)
    happened_at = models.DateTimeField("发生时间")
    received_at = models.DateTimeField("接报时间", db_index=True)
    description = models.TextField("基本情况", blank=True)
    is_outside = models.BooleanField("起于区外", default=False)
    mother = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="daughters", verbose_name="母事件"
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name="并入的主事件"
    )
    level = models.PositiveSmallIntegerField("响应级别", choices=Level.choices, default=Level.NONE)
    phone_due = models.DateTimeField("电话报告时限")
    written_due = models.DateTimeField("书面初报时限")
    ended_at = models.DateTimeField("处置结束时间", null=True, blank=True)
    """When the response ended and the watch began; NULL until then."""
    version = models.PositiveIntegerField("版本", default=1)
    """Grows with every correction, so that two people who correct at once learn of each other."""
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    registered_at = models.DateTimeField("登记时间")
    is_exercise = models.BooleanField("演练", default=False)
    is_demo = models.BooleanField("演示数据", default=False)

    workflow = EVENT
    access_path = "owner"

    class Meta:
        verbose_name = "突发事件"
        db_table = "emergency_event"
        ordering = ["-received_at", "-id"]

    def __str__(self) -> str:
        return f"{'【演练】' if self.is_exercise else ''}{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        """The event's page."""
        return reverse("emergency:detail", args=[self.pk])

    @property
    def kind_name(self) -> str:
        """Class and subtype in words."""
        return kind_name(self.kind, self.subtype)

    @property
    def day(self) -> date:
        """The day it was told of in Shanghai: limits and tables of that day apply."""
        return self.received_at.astimezone(SHANGHAI).date()

    @property
    def is_open(self) -> bool:
        """Whether anything may still be written to it."""
        return not self.state_row.final
