"""Accidents: registered, reported up the chain, investigated, followed up, closed."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse

from bianwang.modules.accidents.pack import kind_name
from bianwang.modules.accidents.workflow import FOUR, WORKFLOW
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.personal import masked_name
from bianwang.platform.workflow.models import WorkflowMixin


class Series(models.Model):
    """Gap-free numbering: the last number given in a year. Incremented in the transaction that uses the number."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "accidents_series"

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Accident(WorkflowMixin):
    """One accident at one unit."""

    class Grade(models.TextChoices):
        EXTREME = "1", "特别重大"
        MAJOR = "2", "重大"
        LARGE = "3", "较大"
        GENERAL = "4", "一般"

    class Source(models.TextChoices):
        ENTERPRISE = "enterprise", "事故单位报告"
        TOWN = "town", "镇街报告"
        DEPARTMENT = "department", "部门通报"
        POLICE = "police", "110、119、120通报"
        HOTLINE = "hotline", "12350举报"
        MEDIA = "media", "媒体与网络"
        OTHER = "other", "其他"

    workflow = WORKFLOW

    number = models.CharField("编号", max_length=40, unique=True)
    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="accidents", verbose_name="事故单位")
    title = models.CharField("事故名称", max_length=120)
    town = models.ForeignKey(
        "places.Territory", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="发生地"
    )
    place = models.CharField("具体地点", max_length=100, blank=True)
    occurred_at = models.DateTimeField("发生时间", db_index=True)
    known_at = models.DateTimeField("单位负责人接报时间", null=True, blank=True)
    received_at = models.DateTimeField("区局接报时间")
    kind = models.CharField("事故类别", max_length=2)
    """A code of `accidents.yaml` (GB 6441)."""
    is_traffic = models.BooleanField("道路交通事故", default=False)
    deaths = models.PositiveIntegerField("死亡（人）", default=0)
    injuries = models.PositiveIntegerField("重伤（人）", default=0)
    """Serious injuries, acute industrial poisoning included."""
    loss = models.DecimalField(
        "直接经济损失（万元）", max_digits=12, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    grade = models.CharField("事故等级", max_length=1, choices=Grade.choices)
    """By the limits in force on the day of the accident, kept so that a new law does not move old figures."""
    is_work_safety = models.BooleanField("生产安全事故", default=True)
    source = models.CharField("信息来源", max_length=12, choices=Source.choices)
    description = models.TextField("简要经过", blank=True)
    supplement_by = models.DateTimeField("补报截止")
    investigate_by = models.DateTimeField("调查期限")
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    closed_at = models.DateTimeField("结案时间", null=True)
    is_exercise = models.BooleanField("演练", default=False)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "事故"
        db_table = "accidents_accident"
        ordering = ["-occurred_at", "-id"]
        indexes = [models.Index(fields=["owner", "state"], name="accident_owner_state")]

    def __str__(self) -> str:
        return f"{'【演练】' if self.is_exercise else ''}{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """The accident's page."""
        return reverse("accidents:detail", args=[self.pk])

    @property
    def kind_name(self) -> str:
        """The kind in words."""
        return kind_name(self.kind)

    @property
    def day(self) -> date:
        """The day of the accident in Shanghai: the law of that day applies."""
        return self.occurred_at.astimezone(SHANGHAI).date()


class Casualty(models.Model):
    """One person who was killed or hurt; outside the bureau nobody reads the name."""

    class Outcome(models.TextChoices):
        DEAD = "dead", "死亡"
        SERIOUS = "serious", "重伤"
        POISONED = "poisoned", "急性工业中毒"
        LIGHT = "light", "轻伤"
        MISSING = "missing", "下落不明"

    accident = models.ForeignKey(Accident, models.PROTECT, related_name="casualties", verbose_name="事故")
    name = models.CharField("姓名", max_length=30)
    outcome = models.CharField("伤亡情况", max_length=10, choices=Outcome.choices)
    post = models.CharField("岗位或身份", max_length=60, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)

    access_path = "accident__owner"

    class Meta:
        verbose_name = "伤亡人员"
        db_table = "accidents_casualty"
        ordering = ["accident_id", "id"]

    def __str__(self) -> str:
        return f"{self.masked_name}（{self.get_outcome_display()}）"

    @property
    def masked_name(self) -> str:
        """The family name only: 王**."""
        return masked_name(self.name)


class Report(models.Model):
    """One report of the chain; without `at` it is owed and its clock runs."""

    class Kind(models.TextChoices):
        INITIAL = "initial", "初报"
        FOLLOWING = "following", "续报"
        FINAL = "final", "终报"

    accident = models.ForeignKey(Accident, models.PROTECT, related_name="reports", verbose_name="事故")
    kind = models.CharField("报告类别", max_length=10, choices=Kind.choices)
    number = models.PositiveSmallIntegerField("序号")
    sender = models.CharField("报告单位", max_length=60)
    receiver = models.CharField("接收单位", max_length=60)
    due_at = models.DateTimeField("时限", null=True)
    at = models.DateTimeField("报告时间", null=True)
    text = models.TextField("报告内容", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人")

    access_path = "accident__owner"

    class Meta:
        verbose_name = "事故报告"
        db_table = "accidents_report"
        ordering = ["accident_id", "number"]
        constraints = [models.UniqueConstraint(fields=["accident", "number"], name="accident_report_number")]
        indexes = [models.Index(fields=["at", "due_at"], name="accident_report_owed")]

    def __str__(self) -> str:
        return f"第{self.number}号{self.get_kind_display()}（{self.sender}报{self.receiver}）"

    @property
    def in_time(self) -> bool:
        """Whether it was sent, or can still be sent, within its time limit."""
        return self.due_at is None or (self.at or now()) <= self.due_at

    @property
    def standing(self) -> str:
        """In words."""
        if self.at is None:
            return "待报" if self.in_time else "逾期未报"
        return "按时" if self.in_time else "迟报"


class Extension(models.Model):
    """A wish for more days of investigation."""

    accident = models.ForeignKey(Accident, models.PROTECT, related_name="extensions", verbose_name="事故")
    days = models.PositiveSmallIntegerField("延长天数")
    reason = models.CharField("延长理由", max_length=500)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")
    applied_at = models.DateTimeField("申请时间")
    approved = models.BooleanField("是否同意", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审批人"
    )
    decided_at = models.DateTimeField("审批时间", null=True)

    access_path = "accident__owner"

    class Meta:
        verbose_name = "延长调查申请"
        db_table = "accidents_extension"
        ordering = ["-applied_at"]

    def __str__(self) -> str:
        return f"延长{self.days}日"


class Investigation(models.Model):
    """The inquiry. It lies with the bureau (`keeper`), so that the unit concerned does not read its papers."""

    accident = models.OneToOneField(Accident, models.PROTECT, related_name="investigation", verbose_name="事故")
    keeper = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="承办单位")
    opened_at = models.DateTimeField("成立时间")
    direct_cause = models.CharField("直接原因", max_length=1000, blank=True)
    indirect_cause = models.CharField("间接原因", max_length=1000, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提交人"
    )
    submitted_at = models.DateTimeField("提交时间", null=True)
    approval = models.CharField("批复文号", max_length=60, blank=True)
    approved_by = models.CharField("批复机关", max_length=60, blank=True)
    approved_at = models.DateTimeField("批复时间", null=True)

    access_path = "keeper"

    class Meta:
        verbose_name = "事故调查"
        db_table = "accidents_investigation"

    def __str__(self) -> str:
        return f"事故调查 {self.accident_id}"


class Member(models.Model):
    """One member of the inquiry's team."""

    class Role(models.TextChoices):
        LEADER = "leader", "组长"
        MEMBER = "member", "成员"
        EXPERT = "expert", "专家"

    investigation = models.ForeignKey(Investigation, models.PROTECT, related_name="members", verbose_name="事故调查")
    role = models.CharField("职务", max_length=8, choices=Role.choices)
    name = models.CharField("姓名", max_length=30)
    unit = models.CharField("单位", max_length=60)

    access_path = "investigation__keeper"

    class Meta:
        verbose_name = "调查组成员"
        db_table = "accidents_member"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_role_display()}{self.name}（{self.unit}）"


class Check(models.Model):
    """One of 四不放过 that is done, with its evidence; files hang on the inquiry under the label `check-<item>`."""

    investigation = models.ForeignKey(Investigation, models.PROTECT, related_name="checks", verbose_name="事故调查")
    item = models.CharField("事项", max_length=10, choices=list(FOUR.items()))
    evidence = models.CharField("依据", max_length=1000, blank=True)
    files = models.PositiveSmallIntegerField("佐证文件", default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    at = models.DateTimeField("销项时间")

    access_path = "investigation__keeper"

    class Meta:
        verbose_name = "四不放过"
        db_table = "accidents_check"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["investigation", "item"], name="accident_check_once")]

    def __str__(self) -> str:
        return self.get_item_display()


class Sanction(models.Model):
    """What somebody has to answer for (责任追究), until when, and what became of it."""

    investigation = models.ForeignKey(Investigation, models.PROTECT, related_name="sanctions", verbose_name="事故调查")
    who = models.CharField("责任人或单位", max_length=100)
    what = models.CharField("处理意见", max_length=500)
    due_on = models.DateField("办理期限")
    done_on = models.DateField("办结日期", null=True)
    result = models.CharField("处理结果", max_length=500, blank=True)

    access_path = "investigation__keeper"

    class Meta:
        verbose_name = "责任追究"
        db_table = "accidents_sanction"
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return f"{self.who}：{self.what[:60]}"


class Gdp(models.Model):
    """The district's GDP of a year, the denominator of 亿元GDP死亡率."""

    class Basis(models.TextChoices):
        CURRENT = "current", "现价"
        CONSTANT = "constant", "不变价"

    year = models.PositiveSmallIntegerField("年度", unique=True)
    value = models.DecimalField("地区生产总值（亿元）", max_digits=12, decimal_places=2)
    basis = models.CharField("口径", max_length=10, choices=Basis.choices, default=Basis.CURRENT)
    source = models.CharField("数据来源", max_length=120)

    class Meta:
        verbose_name = "地区生产总值"
        db_table = "accidents_gdp"
        ordering = ["-year"]

    def __str__(self) -> str:
        return f"{self.year}年地区生产总值"
