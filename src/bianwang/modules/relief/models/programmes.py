"""Relief programmes, and gap-free numbers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.disasters.models import Disaster
from bianwang.modules.relief.pack import Kind, Policy, kind, policy


class Series(models.Model):
    """The last number of a kind of paper in a year. Incremented in the transaction that uses the number."""

    kind = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "relief_series"
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="relief_series_unique")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


class Programme(models.Model):
    """Help of one kind for one disaster or one year; households claim under it."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="主办单位")
    name = models.CharField("救助项目", max_length=100)
    kind = models.CharField("救助种类", max_length=20)
    """A code of `relief.yaml`."""
    year = models.PositiveSmallIntegerField("年度", db_index=True)
    disaster = models.ForeignKey(
        Disaster, models.PROTECT, null=True, blank=True, related_name="programmes", verbose_name="灾害"
    )
    scope = models.CharField("救助范围", max_length=20)
    """The disaster's key or the year: help for it is given once."""
    policy_date = models.DateField("政策日期")
    """The policy in force on this day applies to every claim."""
    token = models.CharField("自报链接", max_length=40, unique=True)
    is_open = models.BooleanField("受理中", default=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="设立人")
    made_at = models.DateTimeField("设立时间")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "救助项目"
        db_table = "relief_programme"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "scope"], name="relief_programme_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("relief:programme", args=[self.pk])

    @property
    def kind_row(self) -> Kind:
        """The kind as the pack says."""
        return kind(self.kind)

    @property
    def kind_name(self) -> str:
        """The kind in words."""
        return self.kind_row.name

    @property
    def policy(self) -> Policy:
        """The policy that applies."""
        return policy(self.kind, self.policy_date)

    @property
    def loss(self) -> str:
        """What this helps for; the same person is helped once for it."""
        return f"{self.scope}:{self.kind_row.loss}"
