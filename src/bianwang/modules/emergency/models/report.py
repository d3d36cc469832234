"""What was reported upwards of an event, and the numbers of killed, hurt and lost that stood when."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse


class Report(models.Model):
    """One information report as it was sent; never changed, the next one says more."""

    class Kind(models.TextChoices):
        PHONE = "phone", "电话报告"
        FIRST = "first", "初报"
        FURTHER = "further", "续报"
        FINAL = "final", "终报"

    event = models.ForeignKey("emergency.Event", models.PROTECT, related_name="reports", verbose_name="事件")
    kind = models.CharField("种类", max_length=8, choices=Kind.choices)
    number = models.PositiveSmallIntegerField("续报序号", default=0)
    """1 for 续报一; 0 for other kinds."""
    receiver = models.CharField("报送对象", max_length=100)
    sent_at = models.DateTimeField("报出时间", db_index=True)
    due_at = models.DateTimeField("报送时限", null=True, blank=True)
    nature = models.TextField("事件性质和经过")
    effect = models.TextField("影响和损失")
    trend = models.TextField("发展趋势", blank=True)
    leaders = models.CharField("领导到位情况", max_length=300, blank=True)
    measures = models.TextField("已采取的措施", blank=True)
    signer = models.CharField("签发人", max_length=40, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="报送人")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "event__owner"

    class Meta:
        verbose_name = "信息报告"
        db_table = "emergency_report"
        ordering = ["-sent_at", "-id"]

    def __str__(self) -> str:
        return f"{self.event.number} {self.title}"

    def get_absolute_url(self) -> str:
        """The report's page, as it is printed."""
        return reverse("emergency:report", args=[self.pk])

    @property
    def title(self) -> str:
        """初报, 续报一, 终报."""
        return f"续报{chinese(self.number)}" if self.kind == self.Kind.FURTHER else self.get_kind_display()

    @property
    def is_late(self) -> bool:
        """Whether it went out after its limit."""
        return self.due_at is not None and self.sent_at > self.due_at

    @property
    def standing(self) -> tuple[str, str]:
        """The word and colour of its timeliness."""
        if self.due_at is None:
            return "不限时", "secondary"
        return ("迟报", "red") if self.is_late else ("按时", "green")


class Loss(models.Model):
    """Casualties and losses as they were known at a moment; the latest counts."""

    event = models.ForeignKey("emergency.Event", models.PROTECT, related_name="losses", verbose_name="事件")
    as_of = models.DateTimeField("截至时间")
    deaths = models.PositiveIntegerField("死亡失踪", default=0)
    injuries = models.PositiveIntegerField("重伤", default=0)
    slight = models.PositiveIntegerField("轻伤", default=0)
    evacuated = models.PositiveIntegerField("紧急转移", default=0)
    area = models.DecimalField(
        "受害面积（公顷）", max_digits=9, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(0)]
    )
    loss = models.DecimalField(
        "直接损失（万元）", max_digits=12, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(0)]
    )
    source = models.CharField("依据", max_length=200)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="录入人")
    entered_at = models.DateTimeField("录入时间")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "event__owner"

    class Meta:
        verbose_name = "伤亡和损失"
        db_table = "emergency_loss"
        ordering = ["-as_of", "-id"]

    def __str__(self) -> str:
        return f"{self.event.number} 伤亡和损失"


def chinese(number: int) -> str:
    """A small number as reports are numbered.

    >>> [chinese(n) for n in (1, 10, 11, 20, 35)]
    ['一', '十', '十一', '二十', '三十五']
    """
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if not tens:
        return digits[ones]
    return f"{'' if tens == 1 else digits[tens]}十{digits[ones] if ones else ''}"
