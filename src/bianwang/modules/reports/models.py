"""Reports, what people wrote in their paragraphs, and frozen versions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse


class Report(models.Model):
    """The self-evaluation of a year: one a unit and year. Its text is made from template, figures and edits."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度")
    latest: models.ForeignKey[Any, Any] = models.ForeignKey(
        "Version", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="最新版本"
    )
    is_changed = models.BooleanField("冻结后有修改", default=False)
    """Whether somebody wrote since the latest version was frozen."""
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="起草人")
    created_at = models.DateTimeField("起草时间")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "自评报告"
        db_table = "reports_report"
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["owner", "year"], name="reports_one_a_year")]

    def __str__(self) -> str:
        return f"{self.year}年度整体支出绩效自评报告"

    def get_absolute_url(self) -> str:
        """Its draft."""
        return reverse("reports:report", args=[self.pk])

    @property
    def state(self) -> tuple[str, str]:
        """Where it stands, in words and colour."""
        if self.latest is None:
            return "起草中", "orange"
        if self.is_changed:
            return f"第{self.latest.number}版后有修改", "orange"
        return f"已冻结第{self.latest.number}版", "green"


class Edit(models.Model):
    """What somebody made of one paragraph. The row stays when the template's text is taken again: its revision
    tells a second writer that somebody was first."""

    class State(models.TextChoices):
        WRITTEN = "written", "已修改"
        DROPPED = "dropped", "已删去"
        ORIGINAL = "original", "恢复原文"

    report = models.ForeignKey(Report, models.PROTECT, related_name="edits", verbose_name="自评报告")
    key = models.CharField("段落", max_length=80)
    state = models.CharField("处理", max_length=10, choices=State.choices)
    text = models.TextField("文字", blank=True)
    revision = models.PositiveIntegerField("修改次数")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="修改人")
    at = models.DateTimeField("修改时间")

    access_path = "report__owner"

    class Meta:
        verbose_name = "段落修改"
        db_table = "reports_edit"
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="reports_edit_once")]

    def __str__(self) -> str:
        return f"{self.report} {self.key}"


class Version(models.Model):
    """A frozen report: document, figures and evaluation as they were. Never changed."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="versions", verbose_name="自评报告")
    number = models.PositiveSmallIntegerField("版次")
    on = models.DateField("数据截至")
    content = models.TextField("内容")
    """Canonical JSON of `content.Content`."""
    digest = models.CharField("SM3", max_length=64)
    """Of the bytes of `content`."""
    total = models.DecimalField("自评总分", max_digits=6, decimal_places=2, null=True)
    grade = models.CharField("等级", max_length=20, blank=True)
    reason = models.CharField("说明", max_length=300, blank=True)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="冻结人")
    frozen_at = models.DateTimeField("冻结时间")

    access_path = "report__owner"

    class Meta:
        verbose_name = "报告版本"
        db_table = "reports_version"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="reports_version_once")]

    def __str__(self) -> str:
        return f"{self.report}第{self.number}版"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("reports:version", args=[self.pk])
