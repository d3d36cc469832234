"""Reports of a disaster: numbered, each a version that stays; the towns' sheets, and their figures."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.disasters.checking import IndicatorSet
from bianwang.modules.disasters.models.disaster import Disaster
from bianwang.modules.disasters.pack import set_of
from bianwang.modules.disasters.workflow import REPORT, SHEET
from bianwang.platform.workflow.models import WorkflowMixin


class Report(WorkflowMixin):
    """One report to the upper level. Once filed nothing of it changes; what is known later is the next report."""

    class Kind(models.TextChoices):
        INITIAL = "initial", "初报"
        FOLLOWING = "following", "续报"
        FINAL = "final", "核报"

    workflow = REPORT

    disaster = models.ForeignKey(Disaster, models.PROTECT, related_name="reports", verbose_name="灾害")
    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="报送单位")
    """The bureau."""
    kind = models.CharField("报告类别", max_length=10, choices=Kind.choices)
    number = models.PositiveSmallIntegerField("报次")
    narrative = models.TextField("灾情综述", blank=True)
    note = models.CharField("说明", max_length=500, blank=True)
    """Why what looks wrong is right."""
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上报人"
    )
    filed_at = models.DateTimeField("上报时间", null=True)
    limit_at = models.DateTimeField("上报时限")
    """Kept beside `due_at`, which a filed report no longer has."""
    is_current = models.BooleanField("最新一报", default=False)
    """The latest filed report of its disaster: what statistics count."""
    escalation = models.PositiveSmallIntegerField("逾期上报", default=0)

    access_path = "owner"

    class Meta:
        verbose_name = "灾情报告"
        db_table = "disasters_report"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["disaster", "number"], name="disaster_report_number")]
        indexes = [models.Index(fields=["state", "due_at"], name="disaster_report_due")]

    def __str__(self) -> str:
        return f"{self.disaster}第{self.number}报（{self.get_kind_display()}）"

    def get_absolute_url(self) -> str:
        """The report's page."""
        return reverse("disasters:report", args=[self.pk])

    @property
    def code(self) -> str:
        """How an Excel sheet names it: 璧灾〔2026〕1-2."""
        return f"{self.disaster.number}-{self.number}"

    @property
    def rules(self) -> IndicatorSet:
        """The indicators and checks of the day the disaster began."""
        return set_of(self.disaster.day)

    @property
    def standing(self) -> tuple[str, str]:
        """Whether it was filed in time, in words and colour."""
        if self.filed_at is None:
            return ("", "")
        return ("按时", "green") if self.filed_at <= self.limit_at else ("迟报", "orange")


class Sheet(WorkflowMixin):
    """What one town tells for one report."""

    workflow = SHEET

    report = models.ForeignKey(Report, models.PROTECT, related_name="sheets", verbose_name="灾情报告")
    unit = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="填报单位")
    is_zero = models.BooleanField("零报告", default=False)
    note = models.CharField("说明", max_length=500, blank=True)
    filled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="填报人"
    )
    filled_at = models.DateTimeField("填报时间", null=True)
    escalation = models.PositiveSmallIntegerField("逾期提醒", default=0)

    access_path = "unit"

    class Meta:
        verbose_name = "镇街灾情表"
        db_table = "disasters_sheet"
        ordering = ["report_id", "id"]
        constraints = [models.UniqueConstraint(fields=["report", "unit"], name="disaster_sheet_once")]
        indexes = [models.Index(fields=["state", "due_at"], name="disaster_sheet_due")]

    def __str__(self) -> str:
        return f"{self.report} {self.unit}"

    def get_absolute_url(self) -> str:
        """The sheet's page."""
        return reverse("disasters:sheet", args=[self.pk])


class Figure(models.Model):
    """One figure of a town's sheet; where there is none, nobody has told."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="figures", verbose_name="镇街灾情表")
    code = models.CharField("指标", max_length=20)
    value = models.DecimalField("数值", max_digits=14, decimal_places=2)

    access_path = "sheet__unit"

    class Meta:
        verbose_name = "镇街灾情数"
        db_table = "disasters_figure"
        constraints = [models.UniqueConstraint(fields=["sheet", "code"], name="disaster_figure_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.value}"


class Total(models.Model):
    """One figure of the district as it was filed: the sum of the towns."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="totals", verbose_name="灾情报告")
    code = models.CharField("指标", max_length=20)
    value = models.DecimalField("数值", max_digits=14, decimal_places=2)

    access_path = "report__owner"

    class Meta:
        verbose_name = "全区灾情数"
        db_table = "disasters_total"
        constraints = [models.UniqueConstraint(fields=["report", "code"], name="disaster_total_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.value}"
