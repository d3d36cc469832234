"""The case: one conduct of one respondent, from the clue to the closed file."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.penalties.pack import conduct, conduct_choices
from bianwang.modules.penalties.timing import CLOCK_NAMES
from bianwang.modules.penalties.workflow import CASE, OPEN
from bianwang.platform.clock import now
from bianwang.platform.workflow.models import WorkflowMixin


class Series(models.Model):
    """Gap-free numbering of cases in a year; incremented in the transaction that uses the number."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "penalties_series"

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Case(WorkflowMixin):
    """It lies with the authority that acts (`unit`); the respondent's own people never see it here."""

    class Respondent(models.TextChoices):
        UNIT = "unit", "单位"
        PERSON = "person", "个人"

    class Origin(models.TextChoices):
        VISIT = "visit", "行政检查"
        REPORT = "report", "12350举报"
        ALARM = "alarm", "监测告警"
        HAZARD = "hazard", "隐患逾期未改"
        ACCIDENT = "accident", "生产安全事故"
        ASSIGNED = "assigned", "上级交办或其他机关移送"
        OTHER = "other", "其他"

    class Procedure(models.TextChoices):
        GENERAL = "general", "普通程序"
        SUMMARY = "summary", "当场处罚"

    workflow = CASE

    number = models.CharField("案件编号", max_length=30, unique=True)
    title = models.CharField("案名", max_length=200)
    unit = models.ForeignKey("places.Organisation", models.PROTECT, related_name="+", verbose_name="办案机关")
    enterprise = models.ForeignKey(
        "places.Party", models.PROTECT, related_name="penalty_cases", verbose_name="涉案单位"
    )
    respondent_kind = models.CharField("当事人类别", max_length=8, choices=Respondent.choices, default=Respondent.UNIT)
    respondent = models.CharField("当事人姓名", max_length=40, blank=True)
    """Of a person; a unit is called as it is registered."""
    origin = models.CharField("案件来源", max_length=10, choices=Origin.choices)
    hazard = models.ForeignKey(
        "hazards.Hazard", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="来源隐患"
    )
    visit = models.ForeignKey(
        "enforcement.Visit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="来源检查"
    )
    dossier = models.OneToOneField(
        "documents.Dossier", models.PROTECT, null=True, related_name="penalty_case", verbose_name="案卷"
    )
    conduct = models.CharField("案由", max_length=30, choices=conduct_choices)
    conduct_from = models.DateField("违法行为开始日期")
    conduct_to = models.DateField("违法行为终了日期", null=True, blank=True)
    """None: it continues."""
    facts = models.TextField("案情", max_length=4000)
    life_harm = models.BooleanField("涉及生命健康安全且有危害后果", default=False)
    overdue = models.BooleanField("逾期未改正", default=False)
    degree = models.DecimalField("违法程度", max_digits=9, decimal_places=2, default=Decimal(0))
    circumstances = models.CharField("裁量情节", max_length=200, blank=True)
    """Codes of the district pack, with commas between."""
    procedure = models.CharField("程序", max_length=8, choices=Procedure.choices, default=Procedure.GENERAL)

    found_on = models.DateField("发现日期", db_index=True)
    filed_on = models.DateField("立案日期", null=True, db_index=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="立案审批人"
    )
    extended = models.BooleanField("已延长办案期限", default=False)
    told_on = models.DateField("告知日期", null=True)
    waived = models.BooleanField("当事人书面放弃陈述申辩和听证", default=False)
    proposed_version = models.CharField("拟适用规定", max_length=10, blank=True)
    proposed_kinds = models.CharField("拟处罚种类", max_length=80, blank=True)
    proposed_fine = models.DecimalField("拟罚款（元）", max_digits=12, decimal_places=2, null=True)

    version = models.CharField("适用规定", max_length=10, blank=True)
    band = models.CharField("裁量档次", max_length=20, blank=True)
    choice_reason = models.CharField("适用规定和裁量的理由", max_length=1000, blank=True)
    kinds = models.CharField("处罚种类", max_length=80, blank=True)
    """Empty in a decision: 不予处罚."""
    fine = models.DecimalField("罚款（元）", max_digits=12, decimal_places=2, null=True)
    confiscated = models.DecimalField("没收违法所得（元）", max_digits=12, decimal_places=2, default=Decimal(0))
    decided_on = models.DateField("决定日期", null=True, db_index=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="决定人"
    )
    served_on = models.DateField("送达日期", null=True)
    pay_by = models.DateField("缴款期限", null=True)
    urged_on = models.DateField("催告日期", null=True)
    registered_on = models.DateField("当场处罚备案日期", null=True)
    closed_on = models.DateField("结案日期", null=True)
    due_clock = models.CharField("最近时限", max_length=16, choices=list(CLOCK_NAMES.items()), blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "unit"

    class Meta:
        verbose_name = "处罚案件"
        db_table = "penalties_case"
        ordering = ["-found_on", "-id"]
        indexes = [
            models.Index(fields=["unit", "state"], name="penalty_unit_state"),
            models.Index(fields=["enterprise", "found_on"], name="penalty_enterprise"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """The case's page."""
        return reverse("penalties:detail", args=[self.pk])

    @property
    def respondent_name(self) -> str:
        """Whoever is to be punished."""
        return self.respondent or self.enterprise.name

    @property
    def conduct_name(self) -> str:
        """The conduct in words."""
        return conduct(self.conduct).name

    @property
    def is_late(self) -> bool:
        """Whether one of its limits has run out."""
        return self.state in OPEN and self.due_at is not None and self.due_at < now()

    @property
    def owed(self) -> Decimal:
        """What the decision takes in money, without late fees."""
        return (self.fine or Decimal(0)) + self.confiscated


class CaseOfficer(models.Model):
    """Who handles the case; one who has stepped aside (回避) no longer counts."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="officers", verbose_name="案件")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办案人员")
    certificate = models.CharField("执法证号", max_length=40)
    is_lead = models.BooleanField("主办", default=False)
    recused_on = models.DateField("回避日期", null=True)
    recusal = models.CharField("回避理由", max_length=300, blank=True)

    access_path = "case__unit"

    class Meta:
        verbose_name = "办案人员"
        db_table = "penalties_officer"
        ordering = ["-is_lead", "pk"]
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="penalty_officer_once")]

    def __str__(self) -> str:
        return f"{self.user.name} {self.certificate}".strip()


class Reminder(models.Model):
    """Heads, and then leaders, have been told that a limit of a case has run out."""

    class Level(models.IntegerChoices):
        HEAD = 1, "科室负责人"
        LEADER = 2, "局领导"

    case = models.ForeignKey(Case, models.CASCADE, related_name="reminders", verbose_name="案件")
    clock = models.CharField("时限", max_length=16, choices=list(CLOCK_NAMES.items()))
    due = models.DateTimeField("届满时间")
    level = models.PositiveSmallIntegerField("提醒到", choices=Level.choices)
    at = models.DateTimeField("提醒时间")
    closed_at = models.DateTimeField("解除时间", null=True)

    access_path = "case__unit"

    class Meta:
        verbose_name = "逾期提醒"
        db_table = "penalties_reminder"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["case", "clock", "due", "level"], name="penalty_reminder_once")]

    def __str__(self) -> str:
        return f"{self.case.number} {self.get_clock_display()}"
