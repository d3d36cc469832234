"""A disaster: what happened when and where, and whom it concerns."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.disasters.pack import kind_name
from bianwang.platform.clock import SHANGHAI


class Series(models.Model):
    """Gap-free numbering: the last number given in a year. Incremented in the transaction that uses the number."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "disasters_series"

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Disaster(models.Model):
    """One natural disaster in the district. Its figures lie in its reports."""

    class Phase(models.TextChoices):
        REPORTING = "reporting", "上报中"
        STABLE = "stable", "已稳定待核报"
        VERIFIED = "verified", "已核定"
        REVOKED = "revoked", "已撤销"

    number = models.CharField("编号", max_length=40, unique=True)
    name = models.CharField("灾害名称", max_length=120)
    kind = models.CharField("灾害种类", max_length=20)
    """A code of `disasters.yaml` (亚灾种)."""
    territory = models.ForeignKey("places.Territory", models.PROTECT, related_name="+", verbose_name="发生地")
    """The district, or the one town where it happened."""
    concerned = models.ManyToManyField(
        "places.Party", related_name="disasters", verbose_name="涉及单位", db_table="disasters_concerned"
    )
    """The bureau, the towns that report, and their villages: who may read of it."""
    event = models.ForeignKey(
        "emergency.Event", models.PROTECT, null=True, blank=True, related_name="disasters", verbose_name="突发事件"
    )
    """The emergency that was fought, where it was one."""
    began_at = models.DateTimeField("发生时间", db_index=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    known_at = models.DateTimeField("区局得知时间")
    phase = models.CharField("阶段", max_length=10, choices=Phase.choices, default=Phase.REPORTING, db_index=True)
    description = models.TextField("灾害过程", blank=True)
    has_response = models.BooleanField("已启动救灾应急响应", default=False)
    """Then every damaged dwelling needs its photos."""
    stable_at = models.DateTimeField("灾情稳定时间", null=True, blank=True)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    registered_at = models.DateTimeField("登记时间")
    is_exercise = models.BooleanField("演练", default=False)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "concerned"

    class Meta:
        verbose_name = "灾害"
        db_table = "disasters_disaster"
        ordering = ["-began_at", "-id"]

    def __str__(self) -> str:
        return f"{'【演练】' if self.is_exercise else ''}{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        """The disaster's page."""
        return reverse("disasters:detail", args=[self.pk])

    @property
    def kind_name(self) -> str:
        """The kind in words."""
        return kind_name(self.kind)

    @property
    def day(self) -> date:
        """The day it began in Shanghai: the indicators and limits of that day apply."""
        return self.began_at.astimezone(SHANGHAI).date()

    @property
    def is_open(self) -> bool:
        """Whether reports are still owed."""
        return self.phase in {self.Phase.REPORTING, self.Phase.STABLE}
