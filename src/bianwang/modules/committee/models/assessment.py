"""The yearly assessment: scores that people give, and versions that were frozen."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse


class ManualScore(models.Model):
    """What a person gives a unit for an item that no record decides; evidence is attached."""

    year = models.PositiveSmallIntegerField("年度")
    unit = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="单位")
    code = models.CharField("考核项目", max_length=30)
    """A code of the scheme."""
    score = models.DecimalField("得分", max_digits=6, decimal_places=2)
    reason = models.CharField("评分理由", max_length=500)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="评分人")
    given_at = models.DateTimeField("评分时间")

    access_path = "unit"

    class Meta:
        verbose_name = "人工评分"
        db_table = "committee_manual_score"
        constraints = [models.UniqueConstraint(fields=["year", "unit", "code"], name="committee_manual_once")]

    def __str__(self) -> str:
        return f"{self.year}年 {self.unit} {self.code}"


class Assessment(models.Model):
    """A frozen version of a year's sheet; it is never changed, what moved since is shown beside it."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="考核单位")
    year = models.PositiveSmallIntegerField("年度", db_index=True)
    number = models.PositiveSmallIntegerField("版次")
    scheme = models.CharField("考核办法", max_length=100)
    as_of = models.DateField("数据截至")
    reason = models.CharField("说明", max_length=300, blank=True)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="冻结人")
    frozen_at = models.DateTimeField("冻结时间")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "考核结果"
        db_table = "committee_assessment"
        ordering = ["-year", "-number"]
        constraints = [models.UniqueConstraint(fields=["year", "number"], name="committee_version_once")]

    def __str__(self) -> str:
        return f"{self.year}年度巡查考核第{self.number}版"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("committee:version", args=[self.pk])


class Score(models.Model):
    """One item of one unit in a frozen version, with the arithmetic as it was."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="scores", verbose_name="考核结果")
    unit = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="单位")
    code = models.CharField("考核项目", max_length=30)
    name = models.CharField("项目名称", max_length=60)
    way = models.CharField("计分方式", max_length=12)
    full = models.DecimalField("满分", max_digits=6, decimal_places=2)
    score = models.DecimalField("得分", max_digits=6, decimal_places=2, null=True)
    working = models.CharField("算式", max_length=600)

    access_path = "unit"

    class Meta:
        verbose_name = "考核得分"
        db_table = "committee_score"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["assessment", "unit", "code"], name="committee_score_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.score}"
