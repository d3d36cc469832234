"""Who belongs to a 指挥部, from which day to which."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from bianwang.modules.emergency.pack.events import headquarters_name


class Member(models.Model):
    """One seat of a headquarters while one person or unit has it; a successor is a new row."""

    class Role(models.TextChoices):
        CHIEF = "1_chief", "指挥长"
        DEPUTY = "2_deputy", "副指挥长"
        OFFICE = "3_office", "办公室（牵头单位）"
        UNIT = "4_unit", "成员单位"
        LIAISON = "5_liaison", "联络员"

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="所属单位")
    headquarters = models.CharField("指挥部", max_length=20, db_index=True)
    """A code of `emergency.yaml`."""
    role = models.CharField("职责", max_length=12, choices=Role.choices)
    unit = models.CharField("单位", max_length=60)
    name = models.CharField("姓名", max_length=40, blank=True)
    title = models.CharField("职务", max_length=40, blank=True)
    phone = models.CharField("电话", max_length=20, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="平台账号"
    )
    valid_from = models.DateField("起")
    valid_to = models.DateField("止", null=True, blank=True)
    """The last day; None: still."""
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "指挥部成员"
        db_table = "emergency_member"
        ordering = ["headquarters", "role", "id"]

    def __str__(self) -> str:
        return f"{self.headquarters_name}{self.get_role_display()} {self.unit} {self.name}".rstrip()

    def get_absolute_url(self) -> str:
        """The headquarters' page, where it stands."""
        return reverse("emergency:headquarters", args=[self.headquarters])

    @property
    def headquarters_name(self) -> str:
        """In words."""
        return headquarters_name(self.headquarters)


def in_office(day: date) -> Q:
    """Members on a day."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))
