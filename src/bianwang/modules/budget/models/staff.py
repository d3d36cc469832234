"""Posts, staff and retired as of a day."""

from __future__ import annotations

from django.db import models
from django.urls import reverse


class Establishment(models.Model):
    """A unit's posts of one kind and who holds them as of a day; the retired are outside the staff."""

    class Kind(models.TextChoices):
        ADMINISTRATIVE = "administrative", "行政"
        CIVIL_SERVICE_MANAGED = "civil_service_managed", "参公"
        INSTITUTION = "institution", "事业"

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="单位")
    as_of = models.DateField("截至日期", db_index=True)
    kind = models.CharField("类别", max_length=24, choices=Kind.choices)
    posts = models.PositiveIntegerField("编制", default=0)
    staff = models.PositiveIntegerField("实有", default=0)
    retired = models.PositiveIntegerField("退休", default=0)
    document = models.CharField("依据", max_length=100, blank=True)
    note = models.CharField("超编说明", max_length=300, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "编制人员"
        db_table = "budget_establishment"
        ordering = ["-as_of", "owner", "kind"]
        constraints = [models.UniqueConstraint(fields=["owner", "as_of", "kind"], name="budget_staff_once")]

    def __str__(self) -> str:
        return f"{self.owner.name}{self.get_kind_display()}编制 {self.as_of}"

    def get_absolute_url(self) -> str:
        """The list of that day."""
        return f"{reverse('budget:staff')}?as_of_from={self.as_of}&as_of_to={self.as_of}"
