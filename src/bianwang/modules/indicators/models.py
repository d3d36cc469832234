"""A year's scheme of indicators, and the indicators with their targets and what people add to the figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.indicators import scoring


class Scheme(models.Model):
    """The indicators by which a year is evaluated."""

    class State(models.TextChoices):
        DRAFT = "draft", "编制中"
        ADOPTED = "adopted", "已下达"

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="schemes", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度", unique=True)
    name = models.CharField("名称", max_length=80)
    template = models.CharField("模板", max_length=40)
    """Its code in the district pack, which has the grades of the total."""
    total = models.DecimalField("总分", max_digits=6, decimal_places=2)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="下达人"
    )
    adopted_at = models.DateTimeField("下达时间", null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="编制人")
    made_at = models.DateTimeField("编制时间")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "年度指标"
        db_table = "indicators_scheme"
        ordering = ["-year"]

    def __str__(self) -> str:
        return f"{self.year}年度{self.name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("indicators:scheme", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        """Whether indicators and weights may still be changed."""
        return self.state == self.State.DRAFT


class Indicator(models.Model):
    """One indicator of a year: what is wanted, how it is scored, and from which figure."""

    class Direction(models.TextChoices):
        AT_LEAST = scoring.AT_LEAST, "≥ 不低于"
        AT_MOST = scoring.AT_MOST, "≤ 不高于"
        EQUAL = scoring.EQUAL, "= 等于"
        BETWEEN = scoring.BETWEEN, "区间"
        BY_DAY = scoring.BY_DAY, "完成时限"
        QUALITATIVE = scoring.QUALITATIVE, "定性"

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="indicators", verbose_name="年度指标")
    place = models.PositiveSmallIntegerField("序号")
    code = models.SlugField("代码", max_length=40)
    name = models.CharField("指标名称", max_length=80)
    level1 = models.CharField("一级指标", max_length=30, blank=True)
    level2 = models.CharField("二级指标", max_length=30, blank=True)
    unit = models.CharField("计量单位", max_length=16, blank=True)
    weight = models.DecimalField("权重", max_digits=5, decimal_places=2)
    direction = models.CharField("方向", max_length=10, choices=Direction.choices)
    target = models.DecimalField("年初目标值", max_digits=16, decimal_places=4, null=True, blank=True)
    target_high = models.DecimalField("区间上限", max_digits=16, decimal_places=4, null=True, blank=True)
    target_day = models.DateField("完成时限", null=True, blank=True)
    adjusted = models.DecimalField("调整后目标值", max_digits=16, decimal_places=4, null=True, blank=True)
    adjusted_reason = models.CharField("调整理由和文号", max_length=300, blank=True)
    rule = models.CharField("计分方式", max_length=14, choices=list(scoring.RULES.items()))
    places = models.PositiveSmallIntegerField("先取整到几位小数", null=True, blank=True)
    each = models.DecimalField("每档扣分", max_digits=5, decimal_places=2, default=Decimal(0))
    step = models.DecimalField("每档大小", max_digits=12, decimal_places=4, default=Decimal(1))
    formula = models.CharField("取数", max_length=200, blank=True)
    """The id of a figure, or arithmetic over several."""
    plan_q1 = models.PositiveSmallIntegerField("一季度末计划进度（%）", null=True, blank=True)
    plan_q2 = models.PositiveSmallIntegerField("二季度末计划进度（%）", null=True, blank=True)
    plan_q3 = models.PositiveSmallIntegerField("三季度末计划进度（%）", null=True, blank=True)
    office = models.CharField("责任科室", max_length=40, blank=True)
    evidence = models.CharField("需要的佐证", max_length=200, blank=True)
    needs_file = models.BooleanField("佐证须上传文件", default=False)
    is_core = models.BooleanField("核心指标", default=False)
    is_execution = models.BooleanField("预算执行率指标", default=False)
    excluded = models.CharField("不适用的理由", max_length=300, blank=True)
    """Not empty: the indicator does not count, the others are brought to the whole."""
    judged = models.DecimalField("定性评分（%）", max_digits=5, decimal_places=2, null=True, blank=True)
    done_on = models.DateField("完成日期", null=True, blank=True)
    finding = models.CharField("完成情况", max_length=1000, blank=True)
    reason = models.CharField("偏差原因", max_length=500, blank=True)
    measures = models.CharField("改进措施", max_length=500, blank=True)

    access_path = "scheme__owner"

    class Meta:
        verbose_name = "绩效指标"
        db_table = "indicators_indicator"
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="indicator_code_unique"),
            models.CheckConstraint(condition=models.Q(weight__gt=0), name="indicator_weight"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("indicators:indicator", args=[self.pk])

    @property
    def goal(self) -> scoring.Target:
        """What is to be reached: the adjusted target where there is one."""
        value = self.target if self.adjusted is None else self.adjusted
        return scoring.Target(self.direction, value, self.target_high, self.target_day)

    @property
    def scoring_rule(self) -> scoring.Rule:
        """How points are earned."""
        return scoring.Rule(self.rule, self.places, self.each, self.step)

    @property
    def plan(self) -> tuple[int, int, int] | None:
        """Planned share of the target by the end of the first three quarters; None for a rate, which has no plan."""
        if self.plan_q1 is None or self.plan_q2 is None or self.plan_q3 is None:
            return None
        return self.plan_q1, self.plan_q2, self.plan_q3

    @property
    def opening_text(self) -> str:
        """年初指标值 in words: ≥95%."""
        return self._words(self.target)

    @property
    def target_text(self) -> str:
        """The target that counts, in words."""
        return self._words(self.goal.value)

    def _words(self, value: Decimal | None) -> str:
        if self.direction == scoring.QUALITATIVE:
            return self.Direction.QUALITATIVE.label
        if self.direction == scoring.BY_DAY:
            return f"{self.target_day.isoformat()} 前" if self.target_day else "—"
        if value is None:
            return "—"
        if self.direction == scoring.BETWEEN and self.target_high is not None:
            return f"{scoring.plain(value)}～{scoring.plain(self.target_high)}{self.unit}"
        return f"{scoring.DIRECTIONS[self.direction]}{scoring.plain(value)}{self.unit}"

    @property
    def is_judged(self) -> bool:
        """Whether people say what was reached: a class, or a day. Whatever a module can count is never typed in."""
        return self.direction in {scoring.QUALITATIVE, scoring.BY_DAY}

    @property
    def reached(self) -> Decimal | date | None:
        """What people entered for it."""
        return self.judged if self.direction == scoring.QUALITATIVE else self.done_on
