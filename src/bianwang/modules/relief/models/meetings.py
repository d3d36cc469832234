"""The village's assessment meeting, the public notice that follows, and objections."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.relief.models.programmes import Programme
from bianwang.platform.clock import today


class Meeting(models.Model):
    """A meeting that voted on households of a programme; those that passed are on public notice afterwards."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="村社")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="meetings", verbose_name="救助项目")
    number = models.CharField("编号", max_length=40, unique=True)
    held_on = models.DateField("评议日期")
    place = models.CharField("地点", max_length=100)
    host = models.CharField("主持人", max_length=40)
    attendees = models.CharField("到会人员", max_length=500)
    voters = models.PositiveSmallIntegerField("到会人数")
    notice_from = models.DateField("公示起始")
    notice_to = models.DateField("公示截止")
    """The last day of the notice; the village reports upwards from the day after."""
    notice_place = models.CharField("公示地点", max_length=100)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "评议公示"
        db_table = "relief_meeting"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.owner}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("relief:meeting", args=[self.pk])

    @property
    def is_over(self) -> bool:
        """Whether the notice has ended."""
        return today() > self.notice_to


class Objection(models.Model):
    """What somebody said against a household on the notice, and what came of it."""

    claim = models.ForeignKey("relief.Claim", models.PROTECT, related_name="objections", verbose_name="申请")
    text = models.CharField("异议内容", max_length=500)
    noted_at = models.DateTimeField("登记时间")
    finding = models.CharField("处理结果", max_length=500, blank=True)
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)

    access_path = "claim__owner"

    class Meta:
        verbose_name = "公示异议"
        db_table = "relief_objection"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.claim.number} 异议"
