"""Plans of patrol: which cameras, how often, by whom."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from bianwang.modules.patrol import schedule
from bianwang.platform import roles

WALKERS = (roles.DUTY, roles.ENFORCEMENT, roles.TOWN, roles.DEPARTMENT)
"""Roles that go on patrol."""
ROLES = [(code, roles.NAMES[code]) for code in WALKERS]


class Plan(models.Model):
    """A standing order; the loop makes its rounds. It names cameras by what they belong to, so new ones are in it."""

    class Every(models.TextChoices):
        DAY = "day", "每日"
        WEEK = "week", "每周"

    name = models.CharField("名称", max_length=60)
    unit = models.ForeignKey("places.Party", models.PROTECT, related_name="patrol_plans", verbose_name="承办单位")
    enterprises = models.ManyToManyField("places.Party", blank=True, related_name="+", verbose_name="企业")
    zones = models.ManyToManyField("places.Zone", blank=True, related_name="+", verbose_name="区域")
    town = models.ForeignKey(
        "places.Territory", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="镇街全部"
    )
    share = models.PositiveSmallIntegerField(
        "抽查比例（%）", default=100, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    every = models.CharField("频次", max_length=4, choices=Every.choices, default=Every.DAY)
    weekdays = models.CharField("星期", max_length=7, default="1234567")
    """Of a daily plan: "1" Monday to "7" Sunday."""
    windows = models.CharField("时段", max_length=160, default="08:00-18:00")
    """Of a daily plan, one a line."""
    role = models.CharField("承办角色", max_length=24, choices=ROLES)
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name="指定人员（轮流）"
    )
    valid_from = models.DateField("起始日期")
    valid_to = models.DateField("截止日期", null=True, blank=True)
    is_active = models.BooleanField("启用", default=True)
    since = models.DateTimeField("启用时间")
    """Rounds that were over before are none of it."""
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="编制人")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "unit"

    class Meta:
        verbose_name = "巡检计划"
        db_table = "patrol_plan"
        ordering = ["-is_active", "name", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("patrol:plan", args=[self.pk])

    @property
    def rhythm(self) -> str:
        """How often, in words."""
        if self.every == self.Every.WEEK:
            return "每周一次"
        chosen = "、".join("一二三四五六日"[int(day) - 1] for day in self.weekdays)
        days = "每日" if len(self.weekdays) == 7 else f"每周{chosen}"
        return f"{days} " + "、".join(str(window) for window in schedule.parse(self.windows))
