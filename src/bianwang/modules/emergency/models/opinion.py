"""Public opinion (舆情) of an event: where it was seen, how it was judged, what was answered."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.urls import reverse

from bianwang.modules.emergency.pack.opinions import form_name, platform_name
from bianwang.modules.emergency.workflow.after import OPINION
from bianwang.platform.clock import now
from bianwang.platform.workflow.models import WorkflowMixin


class Opinion(WorkflowMixin):
    """One thread of talk about an event."""

    class Heat(models.TextChoices):
        LOW = "low", "低"
        MIDDLE = "middle", "中"
        HIGH = "high", "高"

    class Trend(models.TextChoices):
        RISING = "rising", "上升"
        LEVEL = "level", "平稳"
        FALLING = "falling", "回落"

    class Truth(models.TextChoices):
        UNCLEAR = "unclear", "待核实"
        TRUE = "true", "属实"
        PARTLY = "partly", "部分属实"
        FALSE = "false", "不实"

    event = models.ForeignKey("emergency.Event", models.PROTECT, related_name="opinions", verbose_name="事件")
    platform = models.CharField("来源平台", max_length=20)
    """A code of `opinion.yaml`."""
    url = models.CharField("链接", max_length=500, blank=True, validators=[URLValidator(schemes=["http", "https"])])
    seen_at = models.DateTimeField("发现时间", db_index=True)
    summary = models.TextField("主要内容")
    heat = models.CharField("热度", max_length=8, choices=Heat.choices)
    trend = models.CharField("走势", max_length=8, choices=Trend.choices)
    truth = models.CharField("研判", max_length=8, choices=Truth.choices, default=Truth.UNCLEAR)
    responsible = models.CharField("责任单位或责任人", max_length=100, blank=True)
    form = models.CharField("回应方式", max_length=20, blank=True)
    """A code of `opinion.yaml`."""
    answer = models.TextField("回应内容", blank=True)
    answered_at = models.DateTimeField("回应时间", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="回应登记人"
    )
    version = models.PositiveIntegerField("版本", default=1)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    is_demo = models.BooleanField("演示数据", default=False)

    workflow = OPINION
    access_path = "event__owner"

    class Meta:
        verbose_name = "舆情"
        db_table = "emergency_opinion"
        ordering = ["-seen_at", "-id"]

    def __str__(self) -> str:
        return f"{self.event.number} 舆情：{self.summary[:30]}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("emergency:opinion", args=[self.pk])

    @property
    def platform_name(self) -> str:
        """Where it was seen, in words."""
        return platform_name(self.platform)

    @property
    def form_name(self) -> str:
        """How it was answered, in words."""
        return form_name(self.form)

    @property
    def standing(self) -> tuple[str, str]:
        """How the answer stands, in words and colour."""
        if self.state != "noted":
            return self.state_row.name, self.state_row.colour
        return ("逾期未回应", "red") if self.due_at and self.due_at < now() else ("待回应", "orange")
