"""Permits for special work, and what belongs to one: measures, gas tests, their values."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from bianwang.modules.permits import standard
from bianwang.modules.permits.gas import HEIGHTS
from bianwang.modules.permits.levels import day_of
from bianwang.modules.permits.standard import WorkType
from bianwang.modules.permits.workflow import IN_FORCE, WORKFLOW
from bianwang.platform.workflow.models import WorkflowMixin


def _person(words: str) -> models.ForeignKey[None, None]:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=words)


class Series(models.Model):
    """Gap-free numbering by enterprise, type and year."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "permits_series"
        constraints = [models.UniqueConstraint(fields=["owner", "kind", "year"], name="permit_series_unique")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


class Permit(WorkflowMixin):
    """One permit for one job in one zone, from the analysis of its hazards to its closure."""

    workflow = WORKFLOW

    number = models.CharField("编号", max_length=40)
    kind = models.CharField("作业类型", max_length=20)
    """A type of `permits.yaml`."""
    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="permits", verbose_name="作业单位")
    zone = models.ForeignKey("places.Zone", models.PROTECT, related_name="permits", verbose_name="区域")
    place = models.CharField("具体地点", max_length=100, blank=True)
    longitude = models.FloatField(
        "经度", null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    latitude = models.FloatField(
        "纬度", null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    content = models.CharField("作业内容", max_length=300)
    contractor = models.CharField("承包商", max_length=100, blank=True)
    workers = models.TextField("作业人及证件")
    """One a line: name, then the certificate."""
    guard = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="guarded_permits", verbose_name="监护人"
    )
    base_level = models.CharField("申报等级", max_length=10)
    level = models.CharField("作业等级", max_length=10)
    """The level that counts: one higher where the work may fall into a night or a rest day."""
    measure = models.FloatField("作业高度（米）或吊装质量（吨）", null=True, blank=True)
    day_only = models.BooleanField("只在工作日白天作业", default=False)
    is_large_space = models.BooleanField("较大空间（须上、中、下检测）", default=False)
    is_oxygen_rich = models.BooleanField("富氧环境", default=False)
    is_explosive_area = models.BooleanField("爆炸危险区域", default=False)
    isolations = models.TextField("隔离点或盲板", blank=True)
    """One a line: position, medium, size of the plate."""
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followers", verbose_name="随同的作业票"
    )
    planned_start = models.DateTimeField("计划开始")
    planned_end = models.DateTimeField("计划结束")
    valid_from = models.DateTimeField("有效期起", null=True)
    valid_to = models.DateTimeField("有效期止", null=True, db_index=True)
    in_force = models.BooleanField("已生效", default=False)
    """Whether `valid_from` has come; set by the clock."""
    # what the steps bring
    analysis = models.TextField("主要危害与后果", blank=True)
    extra_measures = models.TextField("补充措施", blank=True)
    inapplicable = models.CharField("不适用措施的说明", max_length=300, blank=True)
    briefing = models.CharField("交底内容", max_length=500, blank=True)
    created_by = _person("登记人")
    applied_by = _person("申请人")
    applied_at = models.DateTimeField("申请时间", null=True)
    briefed_by = _person("交底人")
    briefed_at = models.DateTimeField("交底时间", null=True)
    isolated_by = _person("隔离确认人")
    isolated_at = models.DateTimeField("隔离确认时间", null=True)
    locked_at = models.DateTimeField("上锁挂牌时间", null=True)
    unlocked_at = models.DateTimeField("解锁摘牌时间", null=True)
    approved_by = _person("审批人")
    approved_as = models.CharField("审批人职务", max_length=40, blank=True)
    approved_at = models.DateTimeField("审批时间", null=True)
    guarded_at = models.DateTimeField("监护签到时间", null=True)
    started_at = models.DateTimeField("开工时间", null=True)
    interrupted_at = models.DateTimeField("最近一次中断时间", null=True)
    stopped_at = models.DateTimeField("结束时间", null=True)
    accepted_by = _person("验收人")
    accepted_at = models.DateTimeField("验收时间", null=True)
    outcome = models.CharField("验收意见", max_length=300, blank=True)

    access_path = "owner"

    class Meta:
        verbose_name = "作业票"
        db_table = "permits_permit"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "number"], name="permit_number_unique"),
            models.CheckConstraint(condition=models.Q(planned_end__gt=models.F("planned_start")), name="permit_window"),
        ]
        indexes = [
            models.Index(fields=["owner", "state"], name="permit_owner_state"),
            models.Index(fields=["zone", "kind", "state"], name="permit_zone_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.content[:40]}"

    def get_absolute_url(self) -> str:
        """The permit's page."""
        return reverse("permits:detail", args=[self.pk])

    @property
    def kind_row(self) -> WorkType:
        """What the standard says of its type, as of the planned day."""
        return standard.work_type(self.kind, day_of(self.planned_start))

    @property
    def level_name(self) -> str:
        """The level that counts, in words."""
        return self.kind_row.level(self.level).name

    @property
    def title(self) -> str:
        """Type and level: 特级动火."""
        kind = self.kind_row
        return kind.name if kind.level_by == "single" else f"{kind.name}·{self.level_name}"

    @property
    def worker_names(self) -> set[str]:
        """Names of the workers, without their certificates."""
        return {line.split()[0].rstrip("，,；;") for line in self.workers.splitlines() if line.strip()}

    @property
    def window(self) -> tuple[datetime, datetime]:
        """[start, end): the validity, or what was planned until it is approved."""
        if self.valid_from and self.valid_to:
            return self.valid_from, self.valid_to
        return self.planned_start, self.planned_end

    @property
    def in_explosive_area(self) -> bool:
        """Whether ordinary phones are not allowed there: by the applicant's word or the zone's kind."""
        return self.is_explosive_area or self.zone.kind in standard.standard().explosive_zones

    @property
    def is_isolated(self) -> bool:
        """Whether nothing is left to isolate."""
        return self.isolated_at is not None or not (self.isolations or self.kind_row.plates)

    @property
    def is_locked(self) -> bool:
        """Whether it is locked and tagged now."""
        return self.locked_at is not None and self.unlocked_at is None

    def is_valid_at(self, moment: datetime) -> bool:
        """Whether it is good for work at a moment."""
        began = self.in_force and self.valid_from is not None and self.valid_from <= moment
        return began and self.state in IN_FORCE and self.valid_to is not None and moment < self.valid_to


class Measure(models.Model):
    """One measure of the type's list, and whether it was taken."""

    permit = models.ForeignKey(Permit, models.CASCADE, related_name="measures", verbose_name="作业票")
    number = models.PositiveSmallIntegerField("序号")
    text = models.CharField("措施", max_length=200)
    is_taken = models.BooleanField("已落实")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="确认人")

    access_path = "permit__owner"

    class Meta:
        verbose_name = "安全措施"
        db_table = "permits_measure"
        ordering = ["number"]

    def __str__(self) -> str:
        return self.text


class GasTest(models.Model):
    """One test of the air, with what it found."""

    permit = models.ForeignKey(Permit, models.PROTECT, related_name="tests", verbose_name="作业票")
    at = models.DateTimeField("检测时间")
    place = models.CharField("取样位置", max_length=100, blank=True)
    instrument = models.CharField("检测仪器及编号", max_length=60)
    tester = models.CharField("检测人", max_length=30)
    passed = models.BooleanField("是否合格")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="记录人")

    access_path = "permit__owner"

    class Meta:
        verbose_name = "气体检测"
        db_table = "permits_gas_test"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return "合格" if self.passed else "不合格"


class GasReading(models.Model):
    """One value of a test, with the range that it was held against."""

    test = models.ForeignKey(GasTest, models.CASCADE, related_name="readings", verbose_name="气体检测")
    height = models.CharField("高度", max_length=6, choices=list(HEIGHTS.items()))
    species = models.CharField("气体", max_length=20)
    value = models.FloatField("浓度")
    unit = models.CharField("单位", max_length=8)
    passed = models.BooleanField("是否合格")
    limit = models.CharField("合格范围", max_length=40)

    access_path = "test__permit__owner"

    class Meta:
        verbose_name = "检测值"
        db_table = "permits_gas_reading"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_height_display()}{self.gas_name} {self.value:g} {self.unit}"

    @property
    def gas_name(self) -> str:
        """The gas in words."""
        return standard.gas(self.species).name
