"""Warnings of the weather service, who has answered them, rain gauges and internal hints."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from bianwang.modules.weather import pack
from bianwang.modules.weather.rain import WINDOWS
from bianwang.modules.weather.workflow import HINT, RECEIPT
from bianwang.platform.places.models import Organisation, Party
from bianwang.platform.workflow.models import WorkflowMixin
from bianwang.platform.workflow.table import State

STEPS = ("一档（最高）", "二档", "三档", "四档")
_level_range = [MinValueValidator(1), MaxValueValidator(4)]


def step_name(level: int) -> str:
    """A level of internal hints in words."""
    return STEPS[level - 1]


class WeatherWarning(models.Model):
    """One message of a weather service as it was received; never changed. An update or a cancel points to the first."""

    class Kind(models.TextChoices):
        ALERT = "alert", "发布"
        UPDATE = "update", "更新"
        CANCEL = "cancel", "解除"

    class Way(models.TextChoices):
        CAP = "cap", "CAP 文件"
        TYPED = "typed", "人工录入"

    owner = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name="接收单位")
    message = models.CharField("类型", max_length=8, choices=Kind.choices, default=Kind.ALERT)
    first = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="later", verbose_name="针对的预警"
    )
    """The first message of its chain; NULL in the first itself."""
    issuer = models.CharField("发布单位", max_length=60)
    identifier = models.CharField("发布编号", max_length=160, unique=True, null=True, blank=True)
    """CAP: sender and identifier; what was typed in may have none."""
    kind = models.CharField("种类", max_length=20)
    """A code of `weather.yaml`."""
    level = models.PositiveSmallIntegerField("级别", validators=_level_range)
    headline = models.CharField("标题", max_length=200)
    text = models.TextField("内容")
    area = models.CharField("区域", max_length=500)
    issued_at = models.DateTimeField("发布时间", db_index=True)
    valid_until = models.DateTimeField("有效至", db_index=True)
    ended_at = models.DateTimeField("被取代或解除时间", null=True, blank=True)
    way = models.CharField("接收方式", max_length=8, choices=Way.choices)
    source = models.TextField("CAP 原文", blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="接收人"
    )
    received_at = models.DateTimeField("接收时间")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "预警信息"
        db_table = "weather_warning"
        ordering = ["-issued_at", "-pk"]

    def __str__(self) -> str:
        return self.headline

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("weather:detail", args=[self.pk])

    @property
    def kind_name(self) -> str:
        """The kind in words."""
        return pack.kind_name(self.kind)

    @property
    def level_row(self) -> pack.Level:
        """The level's words and colour."""
        return pack.level(self.level)


class Receipt(WorkflowMixin):
    """A warning that was passed on to one unit or enterprise: delivered, seen, answered (叫应)."""

    workflow = RECEIPT

    class Way(models.TextChoices):
        BUTTON = "button", "平台应答"
        PHONE = "phone", "电话叫应"
        TEXT = "text", "短信回执"

    warning = models.ForeignKey(WeatherWarning, models.PROTECT, related_name="receipts", verbose_name="预警信息")
    unit = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name="接收单位")
    sent_at = models.DateTimeField("转发时间", db_index=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="转发人")
    answer_by = models.DateTimeField("应答时限")
    """Kept: `due_at` moves on when nobody answers."""
    delivered_at = models.DateTimeField("送达时间", null=True)
    seen_at = models.DateTimeField("已阅时间", null=True)
    answered_at = models.DateTimeField("应答时间", null=True)
    way = models.CharField("应答方式", max_length=8, choices=Way.choices, blank=True)
    note = models.CharField("应答说明", max_length=500, blank=True)
    escalation = models.PositiveSmallIntegerField("逾时上报级次", default=0)
    recipient = models.OneToOneField(
        "duty.Recipient", models.PROTECT, null=True, related_name="+", verbose_name="短信通知"
    )
    """Who was told by text, with the call tree behind them; None: nobody of the unit is in the contact list."""

    access_path = "unit"

    class Meta:
        verbose_name = "预警回执"
        db_table = "weather_receipt"
        ordering = ["-sent_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["warning", "unit"], name="weather_one_receipt")]
        indexes = [models.Index(fields=["unit", "state"], name="weather_receipt_unit")]

    def __str__(self) -> str:
        return f"{self.warning.headline}（{self.unit}）"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("weather:receipt", args=[self.pk])

    def duty_in(self, state: State) -> str:
        """What a village or an enterprise has to answer is no duty of the town in which it lies."""
        if state.todo != "weather.answer":
            return state.todo
        village = Organisation.objects.filter(pk=self.unit_id, level=Organisation.Level.VILLAGE)
        below = self.unit.party_kind == Party.Kind.ENTERPRISE or village.exists()
        return "weather.receive" if below else state.todo


class Gauge(models.Model):
    """A rain gauge: a signal of rain, how it counts, and where it stands."""

    class Way(models.TextChoices):
        STEP = "step", "时段雨量"
        COUNTER = "counter", "累计雨量"

    owner = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name="所属单位")
    name = models.CharField("名称", max_length=60)
    signal = models.OneToOneField("sensing.Signal", models.PROTECT, related_name="+", verbose_name="雨量信号")
    way = models.CharField("计量方式", max_length=8, choices=Way.choices)
    step_minutes = models.PositiveSmallIntegerField(
        "每个读数的时长（分钟）", default=5, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    report_minutes = models.PositiveSmallIntegerField(
        "报送周期（分钟）", default=60, validators=[MinValueValidator(1), MaxValueValidator(1440)]
    )
    """How often it calls in; what it has measured since then is not missing yet."""
    longitude = models.FloatField("经度", null=True, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)
    is_enabled = models.BooleanField("启用", default=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "雨量站"
        db_table = "weather_gauge"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("weather:gauge", args=[self.pk])


class Hint(WorkflowMixin):
    """An internal hint (内部提示): the rain at a gauge has reached a threshold. It is no warning.

    One row for each gauge and level; a higher level is a row of its own.
    """

    workflow = HINT

    gauge = models.ForeignKey(Gauge, models.PROTECT, related_name="hints", verbose_name="雨量站")
    level = models.PositiveSmallIntegerField("档位", validators=_level_range)
    hours = models.PositiveSmallIntegerField(
        "统计时长（小时）", choices=[(hours, f"{hours} 小时") for hours in WINDOWS]
    )
    threshold = models.DecimalField("阈值（毫米）", max_digits=7, decimal_places=2)
    basis = models.CharField("依据", max_length=300)
    opened_at = models.DateTimeField("达到时间", db_index=True)
    amount = models.DecimalField("达到时雨量（毫米）", max_digits=7, decimal_places=2)
    closed_at = models.DateTimeField("结束时间", null=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "gauge__owner"

    class Meta:
        verbose_name = "雨量内部提示"
        db_table = "weather_hint"
        ordering = ["-opened_at", "level"]
        constraints = [
            models.UniqueConstraint(
                fields=["gauge", "level"], condition=models.Q(closed_at__isnull=True), name="weather_one_open_hint"
            )
        ]

    def __str__(self) -> str:
        return f"内部提示：{self.gauge} {self.hours} 小时雨量达 {self.threshold.normalize():f} 毫米"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("weather:hint", args=[self.pk])

    @property
    def step(self) -> str:
        """The level in words that nobody takes for the colour of a warning."""
        return step_name(self.level)
