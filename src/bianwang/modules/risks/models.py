"""Risk points in four colours; major hazard sources with their gradings, keepers and duties."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.risks.pack import duties, pack
from bianwang.platform.clock import today
from bianwang.platform.places.models import Enterprise


class RiskPoint(models.Model):
    """One place or activity with its risk, what holds it down, and who answers for it."""

    class Method(models.TextChoices):
        LEC = "lec", "LEC（D = L×E×C）"
        LS = "ls", "LS（R = L×S）"

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="risk_points", verbose_name="企业")
    name = models.CharField("风险点", max_length=80)
    zone = models.ForeignKey(
        "places.Zone", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="区域"
    )
    hazard = models.CharField("主要危险因素", max_length=300)
    accidents = models.CharField("可能导致的事故", max_length=120)
    method = models.CharField("评价方法", max_length=4, choices=Method.choices)
    likelihood = models.DecimalField("可能性 L", max_digits=5, decimal_places=2)
    exposure = models.DecimalField("暴露频次 E", max_digits=5, decimal_places=2, null=True, blank=True)
    consequence = models.DecimalField("后果 C/S", max_digits=5, decimal_places=2)
    score = models.DecimalField("风险值", max_digits=9, decimal_places=3)
    level = models.CharField("风险等级", max_length=8, choices=Enterprise.Risk.choices, db_index=True)
    controls = models.TextField("管控措施", max_length=1000)
    emergency = models.TextField("应急处置", max_length=1000, blank=True)
    keeper = models.CharField("责任人", max_length=30)
    phone = models.CharField("责任人电话", max_length=20, blank=True)
    assessed_on = models.DateField("评价日期")
    review_by = models.DateField("复评期限", db_index=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "风险点"
        db_table = "risks_point"
        ordering = ["owner_id", "name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="risks_point_unique")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The point's page."""
        return reverse("risks:detail", args=[self.pk])

    @property
    def arithmetic(self) -> str:
        """The working in one line."""
        letter = "D" if self.method == self.Method.LEC else "R"
        factors = (self.likelihood, self.exposure, self.consequence)
        product = "×".join(_plain(factor) for factor in factors if factor is not None)
        return f"{letter} = {product} = {_plain(self.score)}"


class Source(models.Model):
    """A major hazard source (重大危险源): one production or storage unit, with its newest grading."""

    class Unit(models.TextChoices):
        PRODUCTION = "production", "生产单元"
        STORAGE = "storage", "储存单元"

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="hazard_sources", verbose_name="企业")
    name = models.CharField("单元名称", max_length=80)
    unit = models.CharField("单元类型", max_length=10, choices=Unit.choices)
    zone = models.ForeignKey(
        "places.Zone", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="区域"
    )
    people = models.PositiveIntegerField("500 m 内常住人口", default=0)
    items = models.TextField("危险化学品")
    """One a line: name, class where needed, design maximum in t."""
    s = models.DecimalField("S", max_digits=14, decimal_places=4)
    r = models.DecimalField("R", max_digits=14, decimal_places=4)
    grade = models.CharField("等级", max_length=4, blank=True)
    """Empty: no major hazard source."""
    filing_number = models.CharField("备案编号", max_length=60, blank=True)
    filed_on = models.DateField("备案日期", null=True, blank=True)
    evaluated_on = models.DateField("安全评估日期", null=True, blank=True)
    evaluate_by = models.DateField("下次评估期限", null=True, blank=True, db_index=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "重大危险源"
        db_table = "risks_source"
        ordering = ["owner_id", "name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="risks_source_unique")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The source's page."""
        return reverse("risks:source", args=[self.pk])

    @property
    def faults(self) -> list[str]:
        """What is missing or late, in words; a unit that is no major hazard source has none."""
        if not self.grade:
            return []
        day = today()
        found = [] if self.filing_number else ["未备案"]
        if self.evaluate_by is None:
            found.append("未做安全评估")
        elif self.evaluate_by < day:
            found.append(f"安全评估逾期（{self.evaluate_by}）")
        keepers = {keeper.level: keeper for keeper in self.keepers.all() if keeper.until is None}
        for duty in duties(day):
            keeper = keepers.get(duty.code)
            if keeper is None:
                found.append(f"缺{duty.name}")
            elif keeper.next_duty(duty.days) < day:
                found.append(f"{duty.name}履职逾期")
        return found


class Grading(models.Model):
    """One result of identification and grading; every change of a source keeps its own."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="gradings", verbose_name="重大危险源")
    graded_at = models.DateTimeField("计算时间")
    graded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="计算人"
    )
    people = models.PositiveIntegerField("500 m 内常住人口")
    items = models.TextField("危险化学品")
    s = models.DecimalField("S", max_digits=14, decimal_places=4)
    r = models.DecimalField("R", max_digits=14, decimal_places=4)
    grade = models.CharField("等级", max_length=4, blank=True)
    arithmetic = models.TextField("算式")

    access_path = "source__owner"

    class Meta:
        verbose_name = "分级结果"
        db_table = "risks_grading"
        ordering = ["-graded_at", "-id"]

    def __str__(self) -> str:
        return f"{self.source} {self.grade or '不构成重大危险源'}"


class Keeper(models.Model):
    """Somebody who answers for a source at one of the three levels, for a time."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="keepers", verbose_name="重大危险源")
    level = models.CharField("层级", max_length=12)
    """A code of `risk_levels.yaml`."""
    name = models.CharField("姓名", max_length=30)
    post = models.CharField("职务", max_length=30, blank=True)
    phone = models.CharField("电话", max_length=20)
    since = models.DateField("起")
    until = models.DateField("止", null=True, blank=True)
    acted_on = models.DateField("最近履职", null=True, blank=True)

    access_path = "source__owner"

    class Meta:
        verbose_name = "包保责任人"
        db_table = "risks_keeper"
        ordering = ["until", "level", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "level"], condition=models.Q(until__isnull=True), name="risks_one_keeper"
            )
        ]

    def __str__(self) -> str:
        return f"{self.level_name} {self.name}"

    @property
    def level_name(self) -> str:
        """The level in words."""
        return next((row.name for row in pack().duties if row.code == self.level), self.level)

    def next_duty(self, days: int) -> date:
        """The last day for the next act of duty."""
        return (self.acted_on or self.since) + timedelta(days=days)


class DutyRecord(models.Model):
    """What a keeper did (履职记录)."""

    keeper = models.ForeignKey(Keeper, models.CASCADE, related_name="records", verbose_name="包保责任人")
    done_on = models.DateField("履职日期")
    content = models.CharField("履职内容", max_length=500)

    access_path = "keeper__source__owner"

    class Meta:
        verbose_name = "履职记录"
        db_table = "risks_duty_record"
        ordering = ["-done_on", "-id"]

    def __str__(self) -> str:
        return f"{self.keeper} {self.done_on}"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
