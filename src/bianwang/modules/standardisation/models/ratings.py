"""An enterprise's rating of itself, element by element. The total is computed, never stored."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from bianwang.modules.standardisation import scoring
from bianwang.modules.standardisation.pack import Scheme, scheme_of
from bianwang.modules.standardisation.workflow import RATING
from bianwang.platform.workflow.models import WorkflowMixin


class SelfRating(WorkflowMixin):
    """One year's self-rating of one enterprise."""

    workflow = RATING

    owner = models.ForeignKey("places.Enterprise", models.PROTECT, related_name="self_ratings", verbose_name="企业")
    year = models.PositiveSmallIntegerField("年度")
    scheme = models.CharField("评定标准", max_length=30)
    """A code of `standardisation.yaml`."""
    note = models.TextField("自评说明", blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提交人"
    )
    submitted_on = models.DateField("提交日期", null=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "标准化自评"
        db_table = "standardisation_rating"
        ordering = ["-year", "-id"]
        constraints = [models.UniqueConstraint(fields=["owner", "year"], name="standard_rating_year")]

    def __str__(self) -> str:
        return f"{self.owner.name} {self.year}年自评"

    def get_absolute_url(self) -> str:
        """The rating's page."""
        return reverse("standardisation:rating", args=[self.pk])

    @property
    def standard(self) -> Scheme:
        """The standard that it follows."""
        return scheme_of(self.scheme)

    @property
    def total(self) -> Decimal:
        """Out of a hundred."""
        return scoring.total(row.mark for row in self.scores.all())


class Score(models.Model):
    """One element: what cannot apply, what was deducted, and why."""

    rating = models.ForeignKey(SelfRating, models.CASCADE, related_name="scores", verbose_name="自评")
    position = models.PositiveSmallIntegerField("序号")
    element = models.CharField("要素", max_length=40)
    full = models.DecimalField("满分", max_digits=6, decimal_places=1)
    absent = models.DecimalField("空项分", max_digits=6, decimal_places=1, default=0)
    deducted = models.DecimalField("扣分", max_digits=6, decimal_places=1, default=0)
    reason = models.CharField("空项和扣分原因", max_length=500, blank=True)

    access_path = "rating__owner"

    class Meta:
        verbose_name = "自评得分"
        db_table = "standardisation_score"
        ordering = ["rating_id", "position"]
        constraints = [models.UniqueConstraint(fields=["rating", "element"], name="standard_score_element")]

    def __str__(self) -> str:
        return self.element_name

    def clean(self) -> None:
        super().clean()
        wrong: dict[str, Any] = {}
        if words := scoring.fault(self.mark):
            wrong["deducted"] = words
        elif (self.deducted or self.absent) and not self.reason.strip():
            wrong["reason"] = f"“{self.element_name}”有扣分或空项，请写明原因。"
        if wrong:
            raise ValidationError(wrong)

    @property
    def mark(self) -> scoring.Mark:
        """As the arithmetic knows it."""
        return scoring.Mark(self.full, self.absent, self.deducted)

    @property
    def score(self) -> Decimal:
        """What was got."""
        return self.mark.score

    @property
    def element_name(self) -> str:
        """The element in words."""
        rows = scheme_of(self.rating.scheme).elements
        return next((row.name for row in rows if row.code == self.element), self.element)
