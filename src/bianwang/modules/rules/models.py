"""Rules, their versions and levels, and the signals that each version is bound to."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.sensing.models import Signal
from bianwang.platform.places.models import Party, Zone


class Severity(models.TextChoices):
    """The four colours of risk, from the worst."""

    RED = "red", "红（重大）"
    ORANGE = "orange", "橙（较大）"
    YELLOW = "yellow", "黄（一般）"
    BLUE = "blue", "蓝（低）"


class Rule(models.Model):
    """What is judged, under one name through all its versions."""

    class Family(models.TextChoices):
        ACT = "act", "人的不安全行为"
        STATE = "state", "物的不安全状态"
        SEQUENCE = "sequence", "车间运行时序"

    code = models.CharField("代码", max_length=60, unique=True)
    name = models.CharField("名称", max_length=100)
    family = models.CharField("类别", max_length=10, choices=Family.choices)
    is_demo = models.BooleanField("演示数据", default=False, editable=False)

    access_path = "versions__bindings__owner"
    """Whoever answers for a bound signal may see the rule."""

    class Meta:
        verbose_name = "规则"
        db_table = "rules_rule"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The rule's page."""
        return reverse("rules:rule", args=[self.pk])


class RuleVersion(models.Model):
    """One wording of a rule. Once active it never changes: a change is a new version."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        ACTIVE = "active", "生效"
        RETIRED = "retired", "已停用"

    class Notice(models.IntegerChoices):
        """Who is told the moment an alarm begins; whoever is above them hears of it when nobody answers in time."""

        OWNER = 0, "责任单位（逾期未确认再逐级上报）"
        TOWN = 1, "责任单位和镇街（管委会）"
        BUREAU = 2, "责任单位、镇街（管委会）和区应急局"

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="versions", verbose_name="规则")
    number = models.PositiveIntegerField("版本")
    template = models.CharField("模板", max_length=60)
    parameters = models.TextField("参数", default="{}")
    """JSON {name: number} of the template's parameters."""
    definition = models.TextField("公式的信号与参数", default="{}")
    """JSON of `formulas.Definition`: what the names in the levels' formulas are. Empty for levels without one."""
    unit = models.CharField("限值单位", max_length=16, blank=True)
    """What the levels' limits are in; a binding maps it to its signal's unit."""
    schedule = models.TextField("判定时段", default="[]")
    """JSON [{days: all|working|rest, from: "08:00", to: "18:00"}]; empty: always."""
    notice = models.PositiveSmallIntegerField("告警一开始就通知", choices=Notice.choices, default=Notice.OWNER)
    source = models.CharField("依据", max_length=120)
    article = models.CharField("条款", max_length=120, blank=True)
    certainty = models.CharField("核实情况", max_length=60, blank=True)
    valid_from = models.DateField("依据生效日期")
    valid_to = models.DateField("依据失效日期", null=True, blank=True)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.DRAFT, db_index=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="编制人"
    )
    made_at = models.DateTimeField("编制时间")
    activated_at = models.DateTimeField("启用时间", null=True)
    retired_at = models.DateTimeField("停用时间", null=True)

    access_path = "bindings__owner"

    class Meta:
        verbose_name = "规则版本"
        db_table = "rules_version"
        ordering = ["rule_id", "-number"]
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="rule_version_unique")]

    def __str__(self) -> str:
        return f"{self.rule.name} 第{self.number}版"

    def get_absolute_url(self) -> str:
        """The version's page."""
        return reverse("rules:version", args=[self.pk])


class RuleLevel(models.Model):
    """One condition of a version and the severity it has; index 0 is the mildest.

    A FORMULA has its text; of the others `binding.condition` makes one. Limits and hysteresis are in the version's
    unit.
    """

    class Kind(models.IntegerChoices):
        THRESHOLD = 0, "限值"
        RATE = 1, "变化率"
        SILENCE = 2, "静默"
        FORMULA = 3, "公式"

    class Op(models.IntegerChoices):
        GT = 0, "大于"
        GE = 1, "大于或等于"
        LT = 2, "小于"
        LE = 3, "小于或等于"
        OUTSIDE = 4, "超出范围"

    version = models.ForeignKey(RuleVersion, models.CASCADE, related_name="levels")
    index = models.PositiveSmallIntegerField("级")
    severity = models.CharField("等级", max_length=8, choices=Severity.choices)
    kind = models.PositiveSmallIntegerField("条件", choices=Kind.choices)
    op = models.PositiveSmallIntegerField("比较", choices=Op.choices, default=Op.GT)
    formula = models.TextField("公式", blank=True)
    limit = models.FloatField("限值", null=True)
    limit_high = models.FloatField("上限", null=True)
    hysteresis = models.FloatField("回差", default=0.0)
    window_ms = models.BigIntegerField("窗口（毫秒）", default=0)
    n = models.PositiveSmallIntegerField("N", default=1)
    m = models.PositiveSmallIntegerField("M", default=1)
    hold_ms = models.BigIntegerField("持续（毫秒）", default=0)
    quiet_ms = models.BigIntegerField("恢复（毫秒）", default=0)
    stale_ms = models.BigIntegerField("失效（毫秒）", default=0)

    access_path = "version__bindings__owner"

    class Meta:
        verbose_name = "规则等级"
        db_table = "rules_level"
        ordering = ["version_id", "index"]
        constraints = [
            models.UniqueConstraint(fields=["version", "index"], name="rule_level_unique"),
            models.CheckConstraint(condition=models.Q(index__lte=7), name="rule_level_index"),
        ]

    def __str__(self) -> str:
        return f"{self.get_severity_display()}"


class Binding(models.Model):
    """A version applied to one signal, or to the signals of one place that a formula speaks of (`BindingSignal`).

    Limit in the signal's unit = baseline + span x the level's limit (a rate and a hysteresis: span only; a
    silence is the device's present period + the level's window). So one version serves signals with other
    units (span = factor of the units), other ranges (baseline = low, span = range / 100) and other normal
    values (baseline = median, span = robust standard deviation of the commissioning recording).
    """

    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="bindings", verbose_name="规则版本")
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="bindings", verbose_name="信号")
    """The one signal, or of a formula's the one that alarms show."""
    place = models.ForeignKey(Zone, models.PROTECT, null=True, blank=True, related_name="bindings", verbose_name="区域")
    owner = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name="所属单位")
    baseline = models.FloatField("基准", default=0.0)
    span = models.FloatField("比例", default=1.0)
    started_at = models.DateTimeField("绑定时间")
    ended_at = models.DateTimeField("解除时间", null=True)

    access_path = "owner"

    class Meta:
        verbose_name = "规则绑定"
        db_table = "rules_binding"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "signal"], name="rule_binding_unique", condition=models.Q(place__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.subject}"

    @property
    def subject(self) -> str:
        """What is judged, for people: the place, or the signal."""
        return self.place.name if self.place else self.signal.title


class BindingSignal(models.Model):
    """The signal that plays a role in a formula. A number of the role's unit x span is in the signal's unit."""

    binding = models.ForeignKey(Binding, models.CASCADE, related_name="roles")
    role = models.CharField("角色", max_length=40)
    signal = models.ForeignKey(Signal, models.PROTECT, related_name="+", verbose_name="信号")
    span = models.FloatField("比例", default=1.0)

    access_path = "binding__owner"

    class Meta:
        verbose_name = "规则绑定的信号"
        db_table = "rules_binding_signal"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["binding", "role"], name="rule_binding_role_unique")]

    def __str__(self) -> str:
        return f"{self.role}：{self.signal.title}"
