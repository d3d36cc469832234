"""Swaps (换班): after publication people change places only so."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.duty.models.people import Person
from bianwang.modules.duty.models.roster import Seat
from bianwang.modules.duty.workflow import SWAP
from bianwang.platform.workflow.models import WorkflowMixin


class Swap(WorkflowMixin):
    """Somebody asks a colleague to take a turn, perhaps for one of the colleague's own in return."""

    workflow = SWAP

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+", verbose_name="让出的班")
    giver = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="申请人")
    taker = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="替班人")
    back = models.ForeignKey(Seat, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="换回的班")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人")
    asked_at = models.DateTimeField("提出时间", db_index=True)
    reason = models.CharField("事由", max_length=300)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "seat__shift__post__owner"

    class Meta:
        verbose_name = "换班"
        db_table = "duty_swap"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.giver}请{self.taker}替 {self.seat.shift.day} {self.seat.shift.name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("duty:swap", args=[self.pk])
