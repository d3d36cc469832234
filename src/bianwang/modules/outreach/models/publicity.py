"""Publicity: campaigns, what was held under their names, what went through which channel, and technology on trial."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.outreach.pack import name_of


class Campaign(models.Model):
    """主题活动 of the district: every unit sees it and enters its own events under its name."""

    name = models.CharField("名称", max_length=60, unique=True)
    theme = models.CharField("主题", max_length=20)
    """A code of `outreach.yaml`, like every kind below."""
    first_day = models.DateField("开始日期")
    last_day = models.DateField("结束日期")
    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="牵头单位")
    note = models.CharField("说明", max_length=500, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    class Meta:
        verbose_name = "主题活动"
        db_table = "outreach_campaign"
        ordering = ["-first_day", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("outreach:campaign", args=[self.pk])

    @property
    def theme_name(self) -> str:
        """The theme in words."""
        return name_of("themes", self.theme)


class Event(models.Model):
    """One event of one unit: a stall, a lecture (百人百讲), a drill; it belongs to the unit that held it."""

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="events", verbose_name="主题活动"
    )
    unit = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="主办单位")
    day = models.DateField("日期", db_index=True)
    kind = models.CharField("形式", max_length=20)
    setting = models.CharField("五进", max_length=20, blank=True)
    """Where people are reached, of 进企业, 进农村, 进社区, 进学校, 进家庭."""
    place = models.CharField("地点", max_length=100)
    topic = models.CharField("主题内容", max_length=200)
    speaker = models.CharField("主讲人", max_length=40, blank=True)
    audience = models.PositiveIntegerField("受众人数")
    note = models.CharField("活动情况", max_length=500, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "unit"

    class Meta:
        verbose_name = "宣传活动"
        db_table = "outreach_event"
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return f"{self.day} {self.topic}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("outreach:event", args=[self.pk])

    @property
    def kind_name(self) -> str:
        """The kind in words."""
        return name_of("event_kinds", self.kind)

    @property
    def setting_name(self) -> str:
        """Which of the five in words."""
        return name_of("settings", self.setting) if self.setting else ""


class ChannelCount(models.Model):
    """How much of one unit went through one channel in one month, with its evidence attached."""

    unit = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="报送单位")
    channel = models.CharField("渠道", max_length=20)
    month = models.DateField("月份", db_index=True)
    """Its first day."""
    count = models.PositiveIntegerField("数量")
    note = models.CharField("说明", max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "unit"

    class Meta:
        verbose_name = "渠道用量"
        db_table = "outreach_channel_count"
        ordering = ["-month", "-pk"]
        constraints = [models.UniqueConstraint(fields=["unit", "channel", "month"], name="outreach_channel_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y年%m月}{self.channel_name} {self.count}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("outreach:channel", args=[self.pk])

    @property
    def channel_name(self) -> str:
        """The channel in words, with its unit."""
        return name_of("channels", self.channel)


class Pilot(models.Model):
    """A technology on trial or in use; it counts from the day it began until the day it was given up."""

    class Stage(models.TextChoices):
        TRIAL = "trial", "试点"
        ADOPTED = "adopted", "推广应用"
        ENDED = "ended", "已停用"

    name = models.CharField("名称", max_length=80, unique=True)
    technology = models.CharField("技术", max_length=200)
    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="牵头单位")
    enterprise = models.ForeignKey(
        "places.Enterprise", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="试点企业"
    )
    stage = models.CharField("阶段", max_length=8, choices=Stage.choices, default=Stage.TRIAL)
    started_on = models.DateField("开始日期", db_index=True)
    ended_on = models.DateField("停用日期", null=True, blank=True)
    result = models.CharField("成效", max_length=500, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "技术应用试点"
        db_table = "outreach_pilot"
        ordering = ["-started_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage="ended", ended_on__isnull=False)
                | (~models.Q(stage="ended") & models.Q(ended_on__isnull=True)),
                name="outreach_pilot_ended",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("outreach:pilot", args=[self.pk])
