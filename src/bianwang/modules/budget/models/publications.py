"""What has to be published, until when, and where it was."""

from __future__ import annotations

from django.db import models
from django.urls import reverse


class Publication(models.Model):
    """One paper of a unit's year that the law wants published within days of its approval or reply."""

    class Kind(models.TextChoices):
        BUDGET = "budget", "预算"
        FINAL = "final", "决算"
        PERFORMANCE = "performance", "绩效"

    class Clock(models.TextChoices):
        APPROVAL = "approval", "批准"
        REPLY = "reply", "批复"

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="单位")
    year = models.PositiveSmallIntegerField("年度")
    kind = models.CharField("公开内容", max_length=12, choices=Kind.choices)
    clock = models.CharField("起算", max_length=10, choices=Clock.choices)
    started_on = models.DateField("批准或批复日期")
    document = models.CharField("文号", max_length=60, blank=True)
    due_on = models.DateField("公开截止", db_index=True)
    published_on = models.DateField("公开日期", null=True, blank=True)
    place = models.CharField("公开网址或载体", max_length=300, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "预决算公开"
        db_table = "budget_publication"
        ordering = ["-due_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "year", "kind", "clock"], name="budget_publication_once")
        ]

    def __str__(self) -> str:
        return f"{self.owner.name}{self.year}年{self.get_kind_display()}公开"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("budget:publication", args=[self.pk])
