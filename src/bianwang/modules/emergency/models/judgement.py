"""A judgement of how a forest fire may spread, and who lies in its way: an aid, never an order."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse

NOTICE = "辅助决策，不代替现场指挥"


class Judgement(models.Model):
    """One run of both laws over one set of inputs. Its inputs are never changed: ask again instead."""

    class State(models.TextChoices):
        WAITING = "waiting", "排队"
        RUNNING = "running", "推演中"
        DONE = "done", "已完成"
        FAILED = "failed", "未完成"

    event = models.ForeignKey("emergency.Event", models.PROTECT, related_name="judgements", verbose_name="事件")
    number = models.PositiveSmallIntegerField("次序")
    starts_at = models.DateTimeField("起算时间")
    hours = models.PositiveSmallIntegerField("时长（小时）")
    cell = models.PositiveSmallIntegerField("格网边长（米）")
    side = models.PositiveSmallIntegerField("每边格数")
    longitude = models.FloatField("中心经度")
    latitude = models.FloatField("中心纬度")
    fuel = models.PositiveSmallIntegerField("可燃物类别", default=0)
    """A code of `fire_spread.yaml`; 0 with a raster."""
    fuel_ground = models.ForeignKey(
        "emergency.Ground", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="可燃物栅格"
    )
    elevation = models.ForeignKey(
        "emergency.Ground", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="高程栅格"
    )
    inputs = models.TextField()
    """JSON: weather by the hour, points, perimeter, moisture; with the columns all that the result follows from."""
    inputs_digest = models.CharField("输入 SM3", max_length=64)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人")
    asked_at = models.DateTimeField("提出时间", db_index=True)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.WAITING, db_index=True)
    progress = models.PositiveSmallIntegerField("已算公式数", default=0)
    tries = models.PositiveSmallIntegerField("开始次数", default=0)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    failure = models.CharField("未完成的原因", max_length=300, blank=True)
    result = models.TextField(blank=True)
    """JSON: the fires of `fire.plan.Answer` without arrivals, which are rows."""
    result_digest = models.CharField("结果 SM3", max_length=64, blank=True)
    versions = models.CharField("计算版本", max_length=120, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "event__owner"

    class Meta:
        verbose_name = "火势研判"
        db_table = "emergency_judgement"
        ordering = ["-asked_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["event", "number"], name="emergency_one_judgement")]

    def __str__(self) -> str:
        return f"{self.event} 第 {self.number} 次研判"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("emergency:judgement", args=[self.pk])

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes."""
        return self.state in {self.State.DONE, self.State.FAILED}

    def moment(self, minutes: int | None) -> datetime | None:
        """A minute of the fire as a moment."""
        return None if minutes is None else self.starts_at + timedelta(minutes=minutes)


class Arrival(models.Model):
    """A place that the fire may reach within the hours computed, as it was known then; minutes after `starts_at`.

    Whoever may see the event sees all of its arrivals, also across the border of a town: people have to be warned.
    """

    class Kind(models.TextChoices):
        SETTLEMENT = "settlement", "居民点"
        ENTERPRISE = "enterprise", "企业"

    judgement = models.ForeignKey(Judgement, models.CASCADE, related_name="arrivals", verbose_name="研判")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    name = models.CharField("名称", max_length=100)
    party = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="所属镇街或企业")
    households = models.PositiveIntegerField("户数", default=0)
    people = models.PositiveIntegerField("人数", default=0)
    frail = models.PositiveIntegerField("需协助转移的人数", default=0)
    remark = models.CharField("说明", max_length=200, blank=True)
    longitude = models.FloatField("经度")
    latitude = models.FloatField("纬度")
    first = models.PositiveIntegerField("最早可能到达（分钟）")
    """The least of both laws."""
    wang_early = models.PositiveIntegerField("王正非最早", null=True)
    wang_likely = models.PositiveIntegerField("王正非可能", null=True)
    wang_late = models.PositiveIntegerField("王正非最晚", null=True)
    rothermel_early = models.PositiveIntegerField("Rothermel 最早", null=True)
    rothermel_likely = models.PositiveIntegerField("Rothermel 可能", null=True)
    rothermel_late = models.PositiveIntegerField("Rothermel 最晚", null=True)

    access_path = "judgement__event__owner"

    class Meta:
        verbose_name = "火线到达"
        db_table = "emergency_arrival"
        ordering = ["first", "wang_likely", "pk"]
        indexes = [models.Index(fields=["judgement", "first"], name="emergency_arrival_first")]

    def __str__(self) -> str:
        return self.name
