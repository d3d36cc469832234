"""The annual plan of inspections in its versions, draws, campaigns, and the visits that are made."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from bianwang.modules.enforcement.planning import Workdays


class Plan(models.Model):
    """One version of a unit's annual plan; what was approved is never changed, only superseded by a next version."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        APPROVED = "approved", "已批准"
        SUPERSEDED = "superseded", "已被取代"
        DISCARDED = "discarded", "已废弃"

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="plans", verbose_name="计划单位")
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("版本")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    statutory_days = models.PositiveSmallIntegerField("国家法定工作日")
    people = models.PositiveSmallIntegerField("执法人员数")
    other_days = models.PositiveIntegerField("其他执法工作日")
    other_note = models.CharField("其他执法工作日说明", max_length=500, blank=True)
    non_days = models.PositiveIntegerField("非执法工作日")
    non_note = models.CharField("非执法工作日说明", max_length=500, blank=True)
    reason = models.CharField("调整理由", max_length=500, blank=True)
    """Why there is another version; empty in the first."""
    base = models.ForeignKey("self", models.PROTECT, null=True, related_name="next_versions", verbose_name="上一版")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="编制人")
    made_at = models.DateTimeField("编制时间")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="批准人"
    )
    approved_at = models.DateTimeField("批准时间", null=True, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "年度检查计划"
        db_table = "enforcement_plan"
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "year", "number"], name="plan_version_unique"),
            models.UniqueConstraint(fields=["owner", "year"], condition=Q(state="approved"), name="plan_one_approved"),
            models.UniqueConstraint(fields=["owner", "year"], condition=Q(state="draft"), name="plan_one_draft"),
        ]

    def __str__(self) -> str:
        return f"{self.year}年度检查计划第{self.number}版"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("enforcement:plan", args=[self.pk])

    @property
    def workdays(self) -> Workdays:
        """The arithmetic of its working days."""
        return Workdays(self.statutory_days, self.people, self.other_days, self.non_days)

    @property
    def is_draft(self) -> bool:
        """Whether it may still be changed."""
        return self.state == self.State.DRAFT

    @property
    def colour(self) -> str:
        """The badge's colour."""
        return {"draft": "orange", "approved": "green"}.get(self.state, "secondary")


class PlanOfficer(models.Model):
    """A certified officer who carries the plan out, with the certificate of that time."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="officers", verbose_name="计划")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="执法人员")
    certificate = models.CharField("执法证号", max_length=40)

    access_path = "plan__owner"

    class Meta:
        verbose_name = "计划执法人员"
        db_table = "enforcement_plan_officer"
        constraints = [models.UniqueConstraint(fields=["plan", "user"], name="plan_officer_unique")]

    def __str__(self) -> str:
        return f"{self.user}（{self.certificate}）"


class Draw(models.Model):
    """One 双随机 draw as published; it is kept whatever becomes of the plan, and anybody can make it again."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="draws", verbose_name="计划")
    method = models.CharField("方法", max_length=30)
    seed = models.CharField("种子", max_length=100)
    inputs = models.TextField("抽取范围")
    inputs_hash = models.CharField("抽取范围的 SHA-256", max_length=64)
    result = models.TextField("结果")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="抽取人")
    made_at = models.DateTimeField("抽取时间")

    access_path = "plan__owner"

    class Meta:
        verbose_name = "双随机抽取"
        db_table = "enforcement_draw"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.plan.year}年度双随机抽取 {self.pk}号"

    def get_absolute_url(self) -> str:
        """Its published record."""
        return reverse("enforcement:draw", args=[self.pk])


class PlanItem(models.Model):
    """An enterprise that the plan has inspected, in which month and how often."""

    class Kind(models.TextChoices):
        KEY = "key", "重点检查"
        GENERAL = "general", "一般检查（双随机）"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="items", verbose_name="计划")
    enterprise = models.ForeignKey("places.Enterprise", models.PROTECT, related_name="plan_items", verbose_name="企业")
    kind = models.CharField("类别", max_length=8, choices=Kind.choices)
    month = models.PositiveSmallIntegerField("月份")
    times = models.PositiveSmallIntegerField("次数", default=1)
    days = models.PositiveSmallIntegerField("每次工作日", default=2)
    """Officers × days of one visit."""
    draw = models.ForeignKey(Draw, models.PROTECT, null=True, related_name="items", verbose_name="抽取记录")
    """None: named, not drawn."""
    officers = models.CharField("执法人员", max_length=100, blank=True)
    """The pair that was drawn with it."""

    access_path = "plan__owner"

    class Meta:
        verbose_name = "计划检查企业"
        db_table = "enforcement_plan_item"
        ordering = ["month", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "enterprise"], name="plan_item_unique"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="plan_item_month"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise}（{self.month}月）"

    def get_absolute_url(self) -> str:
        """The enterprise's visits of the year."""
        return f"{reverse('enforcement:list')}?owner={self.enterprise_id}"


class PlanRemoval(models.Model):
    """An enterprise that a new version leaves out, and why."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="removals", verbose_name="计划")
    enterprise = models.ForeignKey("places.Enterprise", models.PROTECT, related_name="+", verbose_name="企业")
    reason = models.CharField("移出理由", max_length=300)

    access_path = "plan__owner"

    class Meta:
        verbose_name = "移出计划"
        db_table = "enforcement_plan_removal"
        constraints = [models.UniqueConstraint(fields=["plan", "enterprise"], name="plan_removal_unique")]

    def __str__(self) -> str:
        return f"{self.enterprise}：{self.reason}"


class Recusal(models.Model):
    """回避: an officer who has a conflict with an enterprise, and so is not drawn for it until it is withdrawn."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="执法单位")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="执法人员")
    enterprise = models.ForeignKey("places.Enterprise", models.PROTECT, related_name="+", verbose_name="企业")
    reason = models.CharField("回避理由", max_length=300)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="撤回人"
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawal = models.CharField("撤回理由", max_length=300, blank=True)

    access_path = "owner"

    class Meta:
        verbose_name = "回避"
        db_table = "enforcement_recusal"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "enterprise"], condition=Q(withdrawn_at__isnull=True), name="recusal_one_standing"
            )
        ]

    def __str__(self) -> str:
        return f"{self.officer.name}回避{self.enterprise.name}"


class Campaign(models.Model):
    """专项行动 of the district: visits of all units are counted under its name."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="campaigns", verbose_name="牵头单位")
    name = models.CharField("名称", max_length=60, unique=True)
    first_day = models.DateField("开始日期")
    last_day = models.DateField("结束日期")
    note = models.CharField("说明", max_length=500, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "专项行动"
        db_table = "enforcement_campaign"
        ordering = ["-first_day", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("enforcement:campaign", args=[self.pk])


class Visit(models.Model):
    """One visit of one unit to one enterprise: 一家次. It belongs to the unit that reports it."""

    class Kind(models.TextChoices):
        PLAN = "plan", "计划检查"
        COMPLAINT = "complaint", "举报核查"
        MAJOR = "major", "重大隐患"
        RECHECK = "recheck", "复查"
        CAMPAIGN = "campaign", "专项检查"
        PATROL = "patrol", "乡镇巡查"
        SELF = "self", "企业自查"

    class Scope(models.TextChoices):
        DIRECT = "direct", "直管"
        DISTRICT = "district", "全区"

    class State(models.TextChoices):
        PLANNED = "planned", "未完成"
        DONE = "done", "已完成"
        VOID = "void", "已作废"

    unit = models.ForeignKey("places.Party", models.PROTECT, related_name="visits_made", verbose_name="报送单位")
    enterprise = models.ForeignKey("places.Enterprise", models.PROTECT, related_name="visits", verbose_name="企业")
    date = models.DateField("检查日期")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    scope = models.CharField("口径", max_length=8, choices=Scope.choices)
    """直管: the bureau's own visit to an enterprise that it supervises directly, as of when it was entered."""
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.DONE)
    is_statutory = models.BooleanField("执法检查", default=False)
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name="专项行动"
    )
    is_filed = models.BooleanField("立案", default=False)
    documents_complete = models.BooleanField("文书齐全", default=False)
    recheck_by = models.DateField("应复查日期", null=True, blank=True)
    rechecked_on = models.DateField("复查日期", null=True, blank=True)
    """Written by the recheck's own visit."""
    recheck_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="rechecks", verbose_name="复查哪次检查"
    )
    result = models.CharField("检查情况", max_length=500, blank=True)
    external_number = models.CharField("报送单位编号", max_length=60, null=True, blank=True)
    is_over = models.BooleanField("超频次", default=False)
    over_note = models.CharField("超频次审批意见", max_length=300, blank=True)
    over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="超频次审批人"
    )
    over_at = models.DateTimeField("超频次审批时间", null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    made_at = models.DateTimeField("登记时间")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "unit"

    class Meta:
        verbose_name = "检查"
        db_table = "enforcement_visit"
        ordering = ["-date", "-pk"]
        constraints = [models.UniqueConstraint(fields=["unit", "external_number"], name="visit_external_unique")]
        indexes = [
            models.Index(fields=["date", "scope", "state"], name="visit_days"),
            models.Index(fields=["enterprise", "scope", "state", "date"], name="visit_covered"),
            models.Index(fields=["enterprise", "unit", "date"], name="visit_ceiling"),
            models.Index(fields=["unit", "date"], name="visit_unit_date"),
            models.Index(fields=["recheck_by"], name="visit_recheck_by"),
            models.Index(fields=["rechecked_on"], name="visit_rechecked_on", condition=Q(rechecked_on__isnull=False)),
            # The annual figures are counted from this index alone, in its order.
            models.Index(
                fields=[
                    "unit",
                    "kind",
                    "scope",
                    "state",
                    "is_statutory",
                    "is_filed",
                    "documents_complete",
                    "is_over",
                    "date",
                    "recheck_by",
                    "rechecked_on",
                    "over_at",
                ],
                name="visit_figures",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.enterprise}（{self.get_kind_display()}）"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("enforcement:visit", args=[self.pk])

    @property
    def over(self) -> tuple[str, str]:
        """How it stands with the ceiling, in words and colour."""
        if not self.is_over:
            return "", ""
        return ("超频次，已审批", "secondary") if self.over_at else ("超频次，待审批", "orange")


class VisitHazard(models.Model):
    """A hazard that was found at a visit: at one only."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="found", verbose_name="检查")
    hazard = models.OneToOneField("hazards.Hazard", models.PROTECT, related_name="visit_found", verbose_name="隐患")

    access_path = "visit__unit"

    class Meta:
        verbose_name = "检查发现的隐患"
        db_table = "enforcement_visit_hazard"
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.hazard)


class VisitOfficer(models.Model):
    """Who made the visit; an inspection of law needs two with certificates (行政处罚法 art. 42, 55)."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="officers", verbose_name="检查")
    name = models.CharField("姓名", max_length=40)
    certificate = models.CharField("执法证号", max_length=40, blank=True)

    access_path = "visit__unit"

    class Meta:
        verbose_name = "检查人员"
        db_table = "enforcement_visit_officer"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.name} {self.certificate}".strip()
