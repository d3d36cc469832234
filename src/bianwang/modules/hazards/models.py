"""Hazards: found, graded, ordered, rectified, rechecked, closed."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from bianwang.modules.hazards.workflow import WORKFLOW
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.workflow.models import WorkflowMixin
from bianwang.platform.workflow.table import State


class Series(models.Model):
    """Gap-free numbering: the last number given in a year. Incremented in the transaction that uses the number."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "hazards_series"

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Criterion(models.Model):
    """One item of a sector's list of major hazards; a hazard is major by an item, never by feeling."""

    code = models.CharField("代码", max_length=40)
    name = models.CharField("判定情形", max_length=300)
    sector = models.CharField("行业", max_length=40)
    source = models.CharField("依据", max_length=120)
    article = models.CharField("条款", max_length=60)
    certainty = models.CharField("核实情况", max_length=60, blank=True)
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("失效日期", null=True, blank=True)

    class Meta:
        verbose_name = "重大隐患判定标准"
        db_table = "hazards_criterion"
        ordering = ["code", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="criterion_unique")]

    def __str__(self) -> str:
        return f"{self.name}（{self.source}{self.article}）"


class Hazard(WorkflowMixin):
    """One finding at one party, from registration to closure."""

    class Source(models.TextChoices):
        SELF = "self", "企业自查"
        TOWN = "town", "镇街检查"
        ENFORCEMENT = "enforcement", "执法检查"
        PATROL = "patrol", "人工视频巡检"
        VISION = "vision", "AI视频"
        SENSOR = "sensor", "传感器"
        HOTLINE = "hotline", "12350"
        EXPERT = "expert", "专家三方"
        DEPARTMENT = "department", "部门检查"

    class Track(models.TextChoices):
        ENTERPRISE = "enterprise", "企业自查自改"
        UNIT = "unit", "检查单位闭环"
        ENFORCEMENT = "enforcement", "执法责令整改"

    class Category(models.TextChoices):
        PERSON = "1", "人的因素"
        THING = "2", "物的因素"
        ENVIRONMENT = "3", "环境因素"
        MANAGEMENT = "4", "管理因素"

    class Grade(models.TextChoices):
        GENERAL = "general", "一般"
        MAJOR = "major", "重大"

    workflow = WORKFLOW

    number = models.CharField("编号", max_length=40, unique=True)
    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="hazards", verbose_name="责任单位")
    source = models.CharField("来源", max_length=12, choices=Source.choices)
    track = models.CharField("闭环方式", max_length=12, choices=Track.choices)
    reporting_unit = models.ForeignKey(
        "places.Party",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reported_hazards",
        verbose_name="报送单位",
    )
    external_number = models.CharField("报送单位编号", max_length=60, null=True, blank=True)
    is_direct = models.BooleanField("区局直管企业", default=False)
    """The enterprise's standing when the hazard was registered: statistics of a year do not move afterwards."""
    title = models.CharField("隐患", max_length=120)
    description = models.TextField("详细描述", blank=True)
    zone = models.ForeignKey(
        "places.Zone", models.PROTECT, null=True, blank=True, related_name="hazards", verbose_name="区域"
    )
    place = models.CharField("具体位置", max_length=100, blank=True)
    longitude = models.FloatField("经度", null=True, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)
    category = models.CharField("类别", max_length=1, choices=Category.choices)
    """GB/T 13861-2022, first digit."""
    grade = models.CharField("级别", max_length=8, choices=Grade.choices, blank=True)
    criterion = models.ForeignKey(
        Criterion, models.PROTECT, null=True, blank=True, related_name="hazards", verbose_name="判定依据"
    )
    clause = models.CharField("违反条款", max_length=200, blank=True)
    suggestion = models.CharField("整改建议", max_length=500, blank=True)
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    found_at = models.DateTimeField("发现时间")
    alarm = models.ForeignKey(
        "alarms.Alarm", models.PROTECT, null=True, blank=True, related_name="hazards", verbose_name="关联告警"
    )
    look = models.ForeignKey(
        "patrol.Look", models.PROTECT, null=True, blank=True, related_name="hazards", verbose_name="巡检记录"
    )
    suspicion = models.ForeignKey(
        "patrol.Suspicion", models.PROTECT, null=True, blank=True, related_name="hazards", verbose_name="疑似情形"
    )
    # 五落实 and what else an order demands
    responsible = models.CharField("整改责任人", max_length=30, blank=True)
    measures = models.CharField("整改措施", max_length=500, blank=True)
    funds = models.DecimalField("整改资金（元）", max_digits=14, decimal_places=2, null=True, blank=True)
    rectify_by = models.DateTimeField("整改期限", null=True, blank=True)
    plan = models.CharField("应急预案", max_length=300, blank=True)
    temporary = models.CharField("临时防范措施", max_length=300, blank=True)
    # what became of it
    result = models.CharField("整改结果", max_length=500, blank=True)
    rectified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="整改提交人"
    )
    rectified_at = models.DateTimeField("整改完成时间", null=True)
    hours_taken = models.PositiveIntegerField("整改用时（小时）", null=True)
    """From found to rectified: a year's mean is one sum, not a difference of two hundred thousand texts."""
    failures = models.PositiveSmallIntegerField("复查不合格次数", default=0)
    extensions = models.PositiveSmallIntegerField("延期次数", default=0)
    listed_at = models.DateTimeField("挂牌督办时间", null=True)
    overdue_at = models.DateTimeField("超期认定时间", null=True)
    repeat_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="repeats", verbose_name="重复于")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="销号人"
    )
    closed_at = models.DateTimeField("销号时间", null=True)

    access_path = "owner"

    class Meta:
        verbose_name = "隐患"
        db_table = "hazards_hazard"
        ordering = ["-found_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["reporting_unit", "external_number"], name="hazard_external_unique"),
            models.CheckConstraint(
                condition=~Q(grade="major") | Q(criterion__isnull=False), name="hazard_major_criterion"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "state"], name="hazard_owner_state"),
            models.Index(fields=["owner", "category", "found_at"], name="hazard_repeat"),
            models.Index(fields=["closed_at"], name="hazard_closed"),
            models.Index(fields=["state", "rectify_by", "rectified_at"], name="hazard_times"),
            # A year's hazards are counted, and the list is leafed through, in this index alone and in its order.
            models.Index(fields=["found_at", "id", "state", "rectified_at", "rectify_by"], name="hazard_found"),
            models.Index(fields=["grade", "-id"], name="hazard_grade"),
            models.Index(fields=["grade", "found_at"], name="hazard_grade_found"),
            models.Index(fields=["found_at"], condition=Q(listed_at__isnull=False), name="hazard_listed"),
            # What the search box reads of every row: a fourth of the table.
            models.Index(fields=["found_at", "id", "title", "number", "owner"], name="hazard_words"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """The hazard's page."""
        return reverse("hazards:detail", args=[self.pk])

    def duty_in(self, state: State) -> str:
        """A unit's or officer's finding is judged by others than the enterprise, which judges only its own."""
        judged = state.code in {"registered", "submitted", "passed"}
        return f"{state.todo}_others" if judged and self.track != self.Track.ENTERPRISE else state.todo

    def hours_until(self, moment: datetime) -> int:
        """Whole hours from when it was found, for `hours_taken`."""
        return hours_between(self.found_at, moment)

    @property
    def is_major(self) -> bool:
        """Whether it was graded 重大."""
        return self.grade == self.Grade.MAJOR

    @property
    def is_overdue(self) -> bool:
        """Whether the rectification is still due after its time limit."""
        return self.state == "rectifying" and self.rectify_by is not None and self.rectify_by < now()

    @property
    def rectify_day(self) -> date | None:
        """The last day of the time limit, in Shanghai."""
        return self.rectify_by.astimezone(SHANGHAI).date() if self.rectify_by else None


def hours_between(found: datetime, moment: datetime) -> int:
    """Whole hours from when a hazard was found."""
    return max(0, round((moment - found).total_seconds() / 3600))


class Order(models.Model):
    """责令限期整改 by a certified officer; its paper belongs to enforcement."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="orders", verbose_name="隐患")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="执法人员")
    certificate = models.CharField("执法证号", max_length=40)
    issued_at = models.DateTimeField("责令时间")
    rectify_by = models.DateTimeField("整改期限")
    demand = models.CharField("整改要求", max_length=500)

    access_path = "hazard__owner"

    class Meta:
        verbose_name = "责令整改"
        db_table = "hazards_order"
        ordering = ["-issued_at"]

    def __str__(self) -> str:
        return self.demand[:60]


class Extension(models.Model):
    """A wish for a later time limit, applied for before it has passed."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="extension_rows", verbose_name="隐患")
    wanted = models.DateTimeField("申请延至")
    reason = models.CharField("延期理由", max_length=300)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")
    applied_at = models.DateTimeField("申请时间")
    approved = models.BooleanField("是否同意", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审批人"
    )
    decided_at = models.DateTimeField("审批时间", null=True)
    decision = models.CharField("审批意见", max_length=300, blank=True)

    access_path = "hazard__owner"

    class Meta:
        verbose_name = "延期申请"
        db_table = "hazards_extension"
        ordering = ["-applied_at"]

    def __str__(self) -> str:
        return self.reason[:60]


class Recheck(models.Model):
    """Somebody else went and looked; two officers where enforcement does."""

    hazard = models.ForeignKey(Hazard, models.PROTECT, related_name="rechecks", verbose_name="隐患")
    passed = models.BooleanField("是否合格")
    opinion = models.CharField("复查意见", max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="复查人")
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="第二复查人"
    )
    at = models.DateTimeField("复查时间")

    access_path = "hazard__owner"

    class Meta:
        verbose_name = "复查"
        db_table = "hazards_recheck"
        ordering = ["-at"]

    def __str__(self) -> str:
        return "合格" if self.passed else "不合格"


class BoardDay(models.Model):
    """Where the enterprises stood on the see × manage board at the end of a day: the trend's memory."""

    day = models.DateField("日期", unique=True)
    both = models.PositiveIntegerField("看得到且管得了", default=0)
    unmanaged = models.PositiveIntegerField("看得到、管不了", default=0)
    unseen = models.PositiveIntegerField("管得了、看不到", default=0)
    neither = models.PositiveIntegerField("看不到、管不了", default=0)

    class Meta:
        verbose_name = "看管日结"
        db_table = "hazards_board_day"
        ordering = ["day"]

    def __str__(self) -> str:
        return str(self.day)
