"""Broadcasts of the village loudspeakers (村村通), and each town's receipt."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from bianwang.modules.outreach.workflow.broadcasts import BROADCAST, RECEIPT
from bianwang.platform.workflow.models import WorkflowMixin


class Broadcast(WorkflowMixin):
    """One text for some towns at one time; approved by somebody else than who drafted it."""

    workflow = BROADCAST

    title = models.CharField("标题", max_length=60)
    text = models.TextField("广播内容", max_length=1000)
    towns = models.ManyToManyField("places.Territory", related_name="+", verbose_name="播出镇街")
    play_at = models.DateTimeField("播出时间", db_index=True)
    times = models.PositiveSmallIntegerField(
        "播出遍数", default=3, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="发布单位")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟稿人")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审批人"
    )
    decided_at = models.DateTimeField("审批时间", null=True, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "村村通广播"
        db_table = "outreach_broadcast"
        ordering = ["-play_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("outreach:broadcast", args=[self.pk])

    def key(self, town: str) -> str:
        """The key of its message to a town."""
        return f"broadcast:{self.pk}:{town}"


class Receipt(WorkflowMixin):
    """What became of a broadcast in one town; the town's office says so."""

    workflow = RECEIPT

    broadcast = models.ForeignKey(Broadcast, models.PROTECT, related_name="receipts", verbose_name="村村通广播")
    town = models.ForeignKey("places.Territory", models.PROTECT, related_name="+", verbose_name="镇街")
    office = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="回执单位")
    played_at = models.DateTimeField("实际播出时间", null=True, blank=True)
    speakers = models.PositiveIntegerField("播出喇叭数", null=True, blank=True)

    access_path = "office"

    class Meta:
        verbose_name = "广播回执"
        db_table = "outreach_receipt"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["broadcast", "town"], name="outreach_receipt_once")]

    def __str__(self) -> str:
        return f"{self.broadcast}（{self.town.name}）"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("outreach:receipt", args=[self.pk])
