"""Evacuation lists: the order of a batch, and each of its people until everybody is safe."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.emergency.evacuating import STATES, UNSAFE

STATE_CHOICES = [(code, word) for code, (word, _) in STATES.items()]


class Batch(models.Model):
    """One order to leave a place."""

    event = models.ForeignKey("emergency.Event", models.PROTECT, related_name="batches", verbose_name="事件")
    number = models.PositiveSmallIntegerField("批次")
    reason = models.CharField("转移原因", max_length=200)
    place_from = models.CharField("从何处", max_length=100)
    place_to = models.CharField("安置点", max_length=100)
    home = models.ForeignKey(
        "places.Territory", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所在村社"
    )
    """The village or town where they live: it calls the roll."""
    site = models.ForeignKey(
        "emergency.Resource", models.PROTECT, null=True, blank=True, related_name="batches", verbose_name="避难场所"
    )
    """The shelter that the words of the place name; NULL for a place that is no resource."""
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="下达人")
    ordered_at = models.DateTimeField("下达时间")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "event__owner"

    class Meta:
        verbose_name = "转移批次"
        db_table = "emergency_batch"
        ordering = ["event_id", "number"]
        constraints = [models.UniqueConstraint(fields=["event", "number"], name="emergency_batch_unique")]

    def __str__(self) -> str:
        return f"第{self.number}批（{self.place_from}→{self.place_to}）"

    def get_absolute_url(self) -> str:
        """Its people in the roll call of the event."""
        return f"{reverse('emergency:evacuation', args=[self.event_id])}?batch={self.number}"


class Evacuee(models.Model):
    """One person of a list. Only who moves people reads the name and the phone in full."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="people", verbose_name="批次")
    name = models.CharField("姓名", max_length=30)
    phone = models.CharField("电话", max_length=20, blank=True)
    household = models.CharField("村（社区）、组和户", max_length=60)
    place_from = models.CharField("从何处", max_length=100)
    shelter = models.CharField("安置点", max_length=100)
    """In words; of a person in one of our shelters its name."""
    home = models.ForeignKey(
        "places.Territory", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所在村社"
    )
    """The village or town where the person lives: it calls the roll."""
    site = models.ForeignKey(
        "emergency.Resource", models.PROTECT, null=True, blank=True, related_name="evacuees", verbose_name="避难场所"
    )
    """The shelter that the words of the place name; NULL for a place that is no resource."""
    help = models.CharField("需要照顾", max_length=100, blank=True)
    """Old, ill, in a wheelchair; empty for nobody in particular."""
    state = models.CharField("状态", max_length=8, choices=STATE_CHOICES, default="waiting", db_index=True)
    state_at = models.DateTimeField("状态时间")
    state_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    note = models.CharField("说明", max_length=200, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "batch__event__owner"

    class Meta:
        verbose_name = "转移人员"
        db_table = "emergency_evacuee"
        ordering = ["batch_id", "household", "id"]
        constraints = [models.UniqueConstraint(fields=["batch", "household", "name"], name="emergency_evacuee_unique")]

    def __str__(self) -> str:
        return f"{self.masked_name}（{self.household}）"

    def get_absolute_url(self) -> str:
        """The person in the roll call of the event."""
        return f"{reverse('emergency:evacuation', args=[self.batch.event_id])}#person-{self.pk}"

    @property
    def masked_name(self) -> str:
        """The family name only: 王**."""
        return self.name[:1] + "*" * max(1, len(self.name) - 1)

    @property
    def colour(self) -> str:
        """Of the state's word."""
        return STATES[self.state][1]

    @property
    def is_unsafe(self) -> bool:
        """Whether somebody has to look after this person now."""
        return self.state in UNSAFE
